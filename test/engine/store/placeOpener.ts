import { systemClock } from '../../../engine/ports/clock';
import { type SyncError } from '../../../engine/model/errors';
import { openSqliteStore } from '../../../engine/store/openStore';
import { CONNECTION, coupling } from './samples';

/** Run as a process of its own, because a call that never comes back cannot be stopped from inside. Opens each of the files; prints what came of it. */
async function main(files: readonly string[]): Promise<void> {
	for (const file of files) {
		try {
			const store = await openSqliteStore({ file, connection: CONNECTION, clock: systemClock });
			await store.commit({ couplings: [coupling(1)] });
			await store.close();
			console.log(JSON.stringify({ code: 'none' }));
		} catch (error) {
			const { code, errorClass, message } = error as SyncError;
			console.log(JSON.stringify({ code, errorClass, message }));
		}
	}
}

void main(process.argv.slice(2));
