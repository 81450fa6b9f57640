import { matchCouple, reviewMatches, runFullSync } from '../../../engine';
import type { MatchCriterion } from '../../../engine/coupling/matchCriteria';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../../nodes/FullSync/FullSync.node';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { createWorld, type World } from '../../kit/world';
import { runNode, useNewState } from '../../kit/workflow';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const crm = () => world.sandbox.crm;
const use = async <T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const couplings = (mapping: string) => use(({ store }) => store.countCouplings(mapping));
const full = (mapping: string) =>
	use((session) => runFullSync(session, { mappings: [mapping], ignoreDependencies: true, afterwards: 'keep' }));

/** Two records of one name that are two, by what the mapping holds. */
const TWO: ReadonlyArray<{ mapping: string; what: string; criteria: MatchCriterion[]; make: () => void }> = [
	{ mapping: 'CUSTOMER', what: 'E-Mail', criteria: [{ bcField: 'displayName', crmField: 'name' }], make: () => { company().insert('customers', { displayName: 'Meyer', email: 'info@meyer.de' }); crm().insert('account', { name: 'Meyer', emailaddress1: 'office@meyer.at', customertypecode: 3 }); } },
	{ mapping: 'CUSTOMER', what: 'No.', criteria: [{ bcField: 'displayName', crmField: 'name' }], make: () => { company().insert('customers', { displayName: 'Meyer' }); crm().insert('account', { name: 'Meyer', accountnumber: 'K-77', customertypecode: 3 }); } },
	{ mapping: 'VENDOR', what: 'E-Mail', criteria: [{ bcField: 'displayName', crmField: 'name' }, { bcField: 'city', crmField: 'address1_city', priority: 1 }], make: () => { company().insert('vendors', { displayName: 'Meyer', city: 'Bonn', email: 'info@meyer.de' }); crm().insert('account', { name: 'Meyer', address1_city: 'Bonn', emailaddress1: 'office@meyer.at', customertypecode: 11 }); } },
	{ mapping: 'SALESPEOPLE', what: 'E-Mail', criteria: [{ bcField: 'displayName', crmField: 'fullname' }], make: () => { company().insert('salespeoplePurchasers', { code: 'HR', displayName: 'Helena Ray', email: 'h.ray@other.example' }); } },
	{ mapping: 'ITEM-PRODUCT', what: 'number', criteria: [{ bcField: 'displayName', crmField: 'name' }], make: () => { company().insert('items', { number: '1000', displayName: 'Bicycle' }); crm().seed('product', [{ name: 'Bicycle', productnumber: '2000', producttypecode: 1, statecode: 0 }]); } },
]; // prettier-ignore

test.each(TWO)('$mapping: records of one name with different values in $what are reported, not coupled, and nothing is created for them', async ({ mapping, criteria, make }) => {
	make();
	for (const side of ['businessCentral', 'crm'] as const) {
		const { records } = await use((session) => matchCouple(session, { mapping, side, criteria, createWhenNoMatch: side === 'businessCentral' && mapping !== 'SALESPEOPLE', preview: false }));
		expect(records.filter(({ outcome }) => outcome === 'namesake')).toMatchObject([{ candidateCount: 1, message: expect.stringMatching(/but another .*: the two may only bear the same name/) }]);
	}
	expect(await couplings(mapping)).toBe(0);
}); // prettier-ignore

test.each(TWO.filter(({ mapping }) => mapping !== 'ITEM-PRODUCT'))('$mapping, $what: a full synchronization leaves both alone, and says why; its review counts them', async ({ mapping, make }) => {
	make();
	const review = await use((session) => reviewMatches(session, mapping));
	expect(review.ambiguous).toBe(1);
	const before = JSON.stringify([company().rows('customers').length, crm().rows('account').length]);
	const jobs = await full(mapping);
	expect(jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode))).toEqual(['NAMESAKE']);
	expect(JSON.stringify([company().rows('customers').length, crm().rows('account').length])).toBe(before);
}); // prettier-ignore

test('what identifies agrees, is blank on a side, or is no field of that kind: coupled as before', async () => {
	company().insert('customers', { displayName: 'Same mail', email: 'A@b.example' });
	crm().insert('account', { name: 'Same mail', emailaddress1: 'a@B.example', accountnumber: 'K-1', customertypecode: 3 });
	company().insert('customers', { displayName: 'No mail there', email: 'a@c.example' });
	crm().insert('account', { name: 'No mail there', telephone1: '1', customertypecode: 3 });
	company().insert('customers', { displayName: 'Other phone', phoneNumber: '2' });
	crm().insert('account', { name: 'Other phone', telephone1: '3', customertypecode: 3 });
	await full('CUSTOMER');
	expect([await couplings('CUSTOMER'), crm().rows('account').length, company().rows('customers').length]).toEqual([3, 3, 3]);
});

test('contacts of one name with different addresses stay apart; a run that looks for partners before creating does so, too', async () => {
	const customer = company().insert('customers', { displayName: 'Adatum' });
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	const relation = company().data.table('Contact Business Relation').withField('No.', String(customer['number']))[0]!;
	company().insert('contacts', { type: 'Person', displayName: 'Ann Lee', email: 'ann@adatum.example', companyNumber: String(relation.fields['Contact No.']) });
	crm().insert('contact', { firstname: 'Ann', lastname: 'Lee', emailaddress1: 'a.lee@other.example', parentcustomerid: { table: 'account', id: String(crm().rows('account')[0]!['accountid']) } });
	expect((await full('CONTACT')).flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode))).toEqual(['NAMESAKE']);
	expect(await couplings('CONTACT')).toBe(0);
}); // prettier-ignore

test('a row of our company that lost its store, with the name of a customer but another number, is not taken for its partner', async () => {
	await use(({ store }) => store.saveSettings('CUSTOMER', { fields: { accountnumber: { enabled: true } } }));
	crm().seed('account', [
		{ name: 'Meyer', accountnumber: 'C99', customertypecode: 3, statecode: 0, bcbi_companyid: world.base.companyRowId },
	]);
	company().insert('customers', { displayName: 'Meyer' });
	const jobs = await world.run({ mapping: 'CUSTOMER', createUncoupled: true, nothingCoupled: 'allowed' });
	expect(jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode))).toEqual(['PARTNER_UNCLEAR', 'PARTNER_UNCLEAR']);
	expect([crm().rows('account').length, company().rows('customers').length]).toEqual([1, 1]);
});

test('through the nodes: Match-Based Coupling and Full Sync hand the two on with the reason', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company: chosen } = systems;
		sandbox.businessCentral.company(base.companyName).insert('customers', { displayName: 'Meyer', email: 'info@meyer.de' });
		sandbox.crm.insert('account', { name: 'Meyer', emailaddress1: 'office@meyer.at', customertypecode: 3 });
		const vault = systems.vault();
		const full = await runNode(FullSync, { company: chosen, operation: 'run', mappingSelection: 'selection', mappings: ['CUSTOMER'], options: { ignoreDependencies: true } }, { credentials: vault }); // prettier-ignore
		expect(full.json[1]).toMatchObject([
			{ errorCode: 'NAMESAKE', message: expect.stringContaining('another E-Mail'), hint: expect.stringContaining('by hand') },
		]);
		const matched = await runNode(
			CoupleRecords,
			{ company: chosen, operation: 'matchBased', mapping: by('name', 'CUSTOMER'), criteriaFrom: 'node', criteria: { pairs: [{ businessCentralField: 'displayName', crmColumn: 'name' }] } } as never,
			{ credentials: vault },
		); // prettier-ignore
		expect(JSON.stringify([matched.json, matched.error?.message])).toContain('amesake');
		expect([sandbox.crm.rows('account').length]).toEqual([1]);
	} finally {
		await systems.close();
	}
});
