import { retryAll } from '../../../engine';
import type { Random } from '../random';
import type { Chronicle } from './chronicle';
import type { History } from './history';

const PAGE = 'workflowCustomers';
/** A field that no field mapping knows: only the template brings it. */
const FIELD = 'name2';
const VALUE = 'as new ones begin';

/** Marks of accounts that runs make customers of. */
const newcomers = new WeakMap<Chronicle, string[]>();

/** New customers begin with values on the further page, which refuses them, is silent for a while, or is not reached any more: they are owed. */
export const owed: History = {
	async begin(chronicle) {
		newcomers.set(chronicle, []);
		const values = { [`${PAGE}/${FIELD}`]: VALUE };
		const templates = { crm: [], businessCentral: [{ name: 'new', priority: 1, filter: { conditions: [] }, values }] };
		await chronicle.configure({ templates }, `new customers begin with ${FIELD}`);
	},
	async event(chronicle, random) {
		newcomers.get(chronicle)!.push(chronicle.create('crm'));
		if (random.chance(0.3)) return await chronicle.crash(random.between(8, 30), random.pick(['before', 'after'] as const));
		await troubled(chronicle, random);
	},
	/** What the page refused twice is skipped, and waits until somebody asks for another try. */
	async calm(chronicle) {
		await chronicle.use((session) => retryAll(session, { mapping: 'CUSTOMER' }));
	},
	end(chronicle) {
		for (const mark of newcomers.get(chronicle)!) {
			const row = chronicle.row('businessCentral', mark);
			const value = row && chronicle.tables.company.get(PAGE, String(row['number']))?.[FIELD];
			if (value !== VALUE)
				chronicle.broken(`${mark}: began without ${FIELD} of its template ("${String(value)}"), and nobody makes good for it`);
		}
	},
};

async function troubled(chronicle: Chronicle, random: Random): Promise<void> {
	const { faults } = chronicle.world.sandbox;
	const refusal = JSON.stringify({ error: { code: 'Application_DialogException', message: 'Not now.' } });
	const fault = random.pick([
		{ kind: 'answer' as const, status: 503 },
		{ kind: 'answer' as const, status: 400, body: refusal },
		{ kind: 'dropAfter' as const },
	]);
	faults.add({ system: 'businessCentral', method: 'PATCH', url: new RegExp(PAGE), times: random.pick([1, 99]), fault });
	chronicle.figures.faults++;
	chronicle.tell(`fault on the page: ${JSON.stringify(fault)}`);
	await chronicle.run({}, {}, ['*']);
	faults.clear();
}
