import { systemClock } from '../../../engine/ports/clock';
import { openPostgresStore, openSqliteStore, type PostgresSettings } from '../../../engine/store/openStore';
import { CONNECTION, coupling, intent } from './samples';

/** Run as a process of its own: commits twice and is killed in the middle of the second time, after its rows were written. */
async function main(place: { file: string } | PostgresSettings): Promise<void> {
	const common = { connection: CONNECTION, clock: systemClock };
	const store = await ('file' in place ? openSqliteStore({ ...place, ...common }) : openPostgresStore({ ...place, ...common }));
	await store.commit({ couplings: [coupling(1)], intents: [intent('first')] });
	await store.commit({
		couplings: Array.from({ length: 1_200 }, (_, index) => coupling(index + 2)),
		intents: [intent('second')],
		// Asked for last, when everything else is written but not committed.
		get log(): never {
			process.kill(process.pid, 'SIGKILL');
			throw new Error('unreachable');
		},
	});
}

void main(JSON.parse(process.argv[2] as string) as { file: string } | PostgresSettings);
