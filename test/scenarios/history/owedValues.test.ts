import { listWaitingRecords } from '../../../engine/failures/listWaiting';
import type { MappingSettings } from '../../../engine/model/tableMapping';
import { createWorld, type World } from '../../kit/world';

const PAGE = 'workflowCustomers';
/** One field that travels both ways, one that only comes from CRM, and one that no field mapping knows. */
const TEMPLATE = { [`${PAGE}/contact`]: 'Reception', [`${PAGE}/faxNumber`]: '000', [`${PAGE}/name2`]: 'new in Business Central' };
const SETTINGS: MappingSettings = {
	onlyCoupled: false,
	fields: { fax: { direction: 'fromCrm' } },
	templates: { crm: [], businessCentral: [{ name: 'new', priority: 1, filter: { conditions: [] }, values: TEMPLATE }] },
};

let world: World;
beforeEach(async () => {
	world = await createWorld();
	await use((session) => session.store.saveSettings('CUSTOMER', SETTINGS));
	world.sandbox.crm.insert('account', { name: 'Adatum', customertypecode: 3, telephone1: '1', fax: '123' });
});
afterEach(() => world.close());

async function use<T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
}
const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const page = () => company().get(PAGE, String(company().rows('customers')[0]!['number']))!;
const shown = () => [page()['contact'], page()['faxNumber'], page()['name2']];
const account = () => world.sandbox.crm.rows('account')[0]!;
const waiting = () => use(async (session) => (await listWaitingRecords(session, { mapping: 'CUSTOMER', limit: 10 })).rows);

async function run(request: Partial<Parameters<World['run']>[0]> = {}) {
	const jobs = await world.run({ mapping: 'CUSTOMER', ...request });
	world.minutes(20);
	return jobs;
}
/** Two runs at most, the third writes nothing; and nothing waits any more. */
async function settled(): Promise<void> {
	for (let count = 1; count <= 2; count++) await run();
	world.takeRequests();
	await run();
	expect(world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
	expect(await waiting()).toEqual([]);
}
const delivered = async () => {
	await settled();
	expect(shown()).toEqual(['Reception', '000', 'new in Business Central']);
	// The value of a field that travels both ways goes to CRM; the others stay where they are.
	expect([account()['address1_primarycontactname'], account()['fax']]).toEqual(['Reception', '123']);
	expect(company().rows('customers')).toHaveLength(1);
};

const refuse = (status: number, body?: string) =>
	world.sandbox.faults.add({
		method: 'PATCH',
		url: new RegExp(PAGE),
		times: 999,
		fault: { kind: 'answer', status, ...(body ? { body } : {}) },
	});

it('values of a template on an additional page that answers 503 are delivered by the next run', async () => {
	refuse(503);
	await run();
	expect(shown()).toEqual(['', '', '']);
	expect(await waiting()).toMatchObject([{ reason: 'valuesOwed', state: 'waiting', message: expect.stringContaining(`${PAGE}/name2`) }]);
	world.sandbox.faults.clear();
	await delivered();
});

it('values that the page refuses are the record’s failure, named, and tried again by every run', async () => {
	const body = JSON.stringify({ error: { code: 'Application_DialogException', message: 'Name 2 must not be filled. CorrelationId: 1' } });
	refuse(400, body);
	for (let count = 1; count <= 4; count++) {
		const [, fromCrm] = await run();
		expect(fromCrm!.failed).toMatchObject([{ errorClass: 'data', message: expect.stringContaining(`${PAGE}/name2`) }]);
		expect(await waiting()).toMatchObject([{ reason: 'valuesOwed' }]);
	}
	// The rest of the record goes on meanwhile.
	world.sandbox.crm.update('account', String(account()['accountid']), { telephone1: '2' });
	await run();
	expect(company().rows('customers')[0]).toMatchObject({ phoneNumber: '2' });
	world.sandbox.faults.clear();
	await delivered();
	expect(await use((session) => session.store.failures('CUSTOMER', 'fromCrm', { includeSkipped: true, limit: 9 }))).toEqual([]);
});

it('a page that is taken away while values are owed gets them once it is back', async () => {
	refuse(503);
	await run();
	world.sandbox.faults.clear();
	world.sandbox.businessCentral.unpublish(PAGE);
	const jobs = await run({ returnChanges: 5 });
	// The account gets its company, which the failure before kept back, and nothing else.
	expect(jobs.map(({ job }) => [job.status, job.modified])).toEqual([
		['finished', 0],
		['finished', 1],
	]);
	expect(jobs[1]!.changes.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['bcbi_companyid']);
	expect(jobs[1]!.warnings).toEqual([expect.stringContaining(PAGE)]);
	expect(await waiting()).toMatchObject([{ reason: 'valuesOwed' }]);
	world.sandbox.businessCentral.publish(PAGE);
	await delivered();
});

it.each(['before', 'after'] as const)(
	'a process that dies %s the second of the two requests: the values are there in the end',
	async (when) => {
		const dying = world.run(
			{ mapping: 'CUSTOMER' },
			{
				transport: (transport) => async (request) => {
					const second = JSON.stringify(request.body ?? '').includes('PATCH') && JSON.stringify(request.body).includes(PAGE);
					if (second && when === 'before') throw new Error('killed');
					const answer = await transport(request);
					if (second) throw new Error('killed');
					return answer;
				},
			},
		);
		await expect(dying).rejects.toThrow('killed');
		expect(shown()[2]).toBe(when === 'before' ? '' : 'new in Business Central');
		world.minutes(20);
		await delivered();
	},
);

it('what a person has entered there meanwhile stays, and is told', async () => {
	refuse(503);
	await run();
	world.sandbox.faults.clear();
	company().update(PAGE, String(page()['number']), { contact: 'Anna Cruz', faxNumber: '77' });
	const [, fromCrm] = await run();
	expect(fromCrm!.warnings).toEqual([expect.stringContaining('"Reception"'), expect.stringContaining('"000"')]);
	await settled();
	expect(shown()).toEqual(['Anna Cruz', '77', 'new in Business Central']);
	expect(account()['address1_primarycontactname']).toBe('Anna Cruz');
});

it('a preview shows what is owed, and leaves it so', async () => {
	refuse(503);
	await run();
	world.sandbox.faults.clear();
	const [, fromCrm] = await run({ preview: true, returnChanges: 5 });
	expect(fromCrm!.changes).toMatchObject([
		{
			action: 'modify',
			fields: expect.arrayContaining([expect.objectContaining({ field: `${PAGE}/name2`, after: 'new in Business Central' })]),
		},
	]);
	expect(shown()).toEqual(['', '', '']);
	await delivered();
});
