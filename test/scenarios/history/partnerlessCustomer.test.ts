/**
 * The danger: an interrupted run creates a customer for an account, and people couple the account with another customer before that is found out. The
 * customer is told to have no partner; edited, or looked at by a full synchronization, it becomes a second account of the same company.
 */
import { coupleRecords, createAndCouple, runFullSync, uncouple } from '../../../engine';
import { NoAnswer, type HttpRequest, type Transport } from '../../../engine/systems/odata/transport';
import type { SyncSession } from '../../../engine/ports/session';
import { createWorld, type World } from '../../kit/world';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const customers = () => company().rows('customers');
const accounts = () => world.sandbox.crm.rows('account');
const run = (more = {}, transport?: (inner: Transport) => Transport) =>
	world.run({ mapping: 'CUSTOMER', createUncoupled: true, ...more }, transport ? { transport } : {});
const use = async <T>(work: (session: SyncSession) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('/$batch') && /"method": ?"POST"/.test(body);

/** Fabrikam in CRM, the customer a lost answer left behind for it, and Contoso, the customer people coupled it with. Ids. */
async function partnerless(): Promise<{ crmId: string; madeId: string; chosenId: string }> {
	const chosenId = String(company().insert('customers', { displayName: 'Contoso' })['id']);
	await run();
	await use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [chosenId] }));
	world.sandbox.crm.remove('account', String(accounts()[0]!['accountid']));
	world.minutes(30);
	const crmId = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3, address1_city: 'London' });
	await run({ direction: 'fromCrm' }, (inner) => async (request) => {
		const answer = await inner(request);
		if (isInsert(request)) throw new NoAnswer('The connection broke.', true);
		return answer;
	});
	const made = customers().find(({ displayName }) => displayName === 'Fabrikam');
	expect(made).toBeDefined();
	await use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: chosenId, crmId, from: 'crm', initial: 'get' }));
	return { crmId, madeId: String(made!['id']), chosenId };
}
const couples = async (): Promise<string[]> =>
	(await use(({ store }) => store.findCouplings({ mapping: 'CUSTOMER', limit: 10 }))).rows.map(({ bcId, crmId }) => `${bcId} ${crmId}`);
const told = async (): Promise<unknown[]> =>
	(await use(({ store }) => store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 10 }))).map(({ errorCode }) => errorCode);

describe.each(['edited', 'looked at by a full synchronization', 'created by name'] as const)('%s', (how) => {
	test('the customer of an interrupted run gets no second account, and the failure says what to do', async () => {
		const { crmId, madeId, chosenId } = await partnerless();
		world.minutes(20);
		await run();
		if (how === 'edited') {
			company().update('customers', madeId, { displayName: 'Fabrikam Ltd' });
			await run();
		} else if (how === 'created by name') {
			await use((session) => createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [madeId] }));
		} else {
			const full = { mappings: ['CUSTOMER'], bothSides: 'createAll' as const, afterwards: 'keep' as const, ignoreDependencies: true };
			await use((session) => runFullSync(session, full));
		}
		expect(accounts()).toHaveLength(1);
		expect(await couples()).toEqual([`${chosenId} ${crmId}`]);
		const [failure] = await use(({ store }) => store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 10 }));
		expect(failure).toMatchObject({ sourceId: madeId, errorCode: 'INSERT_PARTNERLESS' });
		expect(failure!.message).toContain('for Fabrikam, which was coupled with');
	});
});

test('the remedies work: coupled with an account of its own, and deleted', async () => {
	const { madeId } = await partnerless();
	world.minutes(20);
	company().update('customers', madeId, { displayName: 'Fabrikam Ltd' });
	await run();
	expect(await told()).toEqual(['INSERT_PARTNERLESS']);
	const own = world.sandbox.crm.insert('account', { name: 'Fabrikam Ltd', customertypecode: 3 });
	await use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: madeId, crmId: own, initial: 'send' }));
	await run();
	expect([await told(), accounts().length, customers().length]).toEqual([[], 2, 2]);
	// Parted by hand since, it is a customer like any other.
	await use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [madeId] }));
	world.minutes(20);
	company().update('customers', madeId, { city: 'Paris' });
	await run({ direction: 'toCrm' });
	expect([await told(), accounts().length]).toEqual([[], 3]);
});

test('deleted by people, nothing is left of it', async () => {
	const { madeId } = await partnerless();
	world.minutes(20);
	company().update('customers', madeId, { displayName: 'Fabrikam Ltd' });
	await run();
	company().remove('customers', madeId);
	await run();
	expect([await told(), accounts().length, customers().length]).toEqual([[], 1, 1]);
});
