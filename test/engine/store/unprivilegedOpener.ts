import { systemClock } from '../../../engine/ports/clock';
import { type SyncError } from '../../../engine/model/errors';
import { openSqliteStore } from '../../../engine/store/openStore';
import { CONNECTION, coupling } from './samples';

/** Run as a process of its own: gives up the rights of root, which no file mode stops, then opens the file and writes. Prints what came of it. */
async function main(file: string): Promise<void> {
	const NOBODY = 65534;
	if (process.getuid?.() === 0) process.setuid?.(NOBODY);
	try {
		const store = await openSqliteStore({ file, connection: CONNECTION, clock: systemClock });
		await store.commit({ couplings: [coupling(2)] });
		await store.close();
		console.log(JSON.stringify({ code: 'none' }));
	} catch (error) {
		const { code, errorClass, message } = error as SyncError;
		console.log(JSON.stringify({ code, errorClass, message }));
	}
}

void main(process.argv[2] as string);
