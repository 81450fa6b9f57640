import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
});
afterEach(async () => await systems.close());

const parameters = () => ({ company: systems.company, mapping: by('list', 'PAYMENT TERMS') });

it('the choices of a column are listed by their labels, and searched', async () => {
	const all = await loadList(CoupleRecords, 'searchCrmRecords', parameters(), vault);
	expect(all.results.map(({ name, value }) => [name, value])).toEqual([
		['2% 10; Net 30', '2'],
		['Net 30', '1'],
		['Net 45', '3'],
		['Net 60', '4'],
	]);
	const found = await loadList(CoupleRecords, 'searchCrmRecords', parameters(), vault, { filter: 'net 4' });
	expect(found.results.map(({ value }) => value)).toEqual(['3']);
});

it.each<['name' | 'id', string]>([
	['name', 'net 60'],
	['id', '4'],
])('a code is coupled with a choice named by its %s, and is shown with it', async (mode, value) => {
	const { json, error } = await runNode(
		CoupleRecords,
		{
			...{ ...parameters(), operation: 'couple', initial: 'send' },
			...{ businessCentralRecord: by('number', 'NET 60'), crmRecord: by(mode, value) },
		},
		{ credentials: vault },
	);
	expect(error).toBeUndefined();
	expect(json[0]).toMatchObject([{ mapping: 'PAYMENT TERMS', businessCentral: { number: 'NET 60' }, crm: { id: '4', name: 'Net 60' }, state: 'coupled' }]); // prettier-ignore
	expect(systems.sandbox.crm.optionsOf('account', 'paymenttermscode')).toContainEqual([4, 'Net 60']);
});

it('a new choice is created and coupled', async () => {
	const company = systems.sandbox.businessCentral.company(systems.base.companyName);
	company.insert('paymentTerms', { code: 'NET 14', displayName: 'Net 14 days' });
	const { json, error } = await runNode(
		CoupleRecords,
		{ ...parameters(), operation: 'createAndCouple', side: 'businessCentral', businessCentralRecord: by('number', 'NET 14') },
		{ credentials: vault },
	);
	expect(error).toBeUndefined();
	expect(json[0]).toMatchObject([{ inserted: 1, status: 'finished', changes: [{ action: 'insert', crm: { id: '5', name: 'NET 14' } }] }]);
	expect(systems.sandbox.crm.optionsOf('quote', 'paymenttermscode')).toContainEqual([5, 'NET 14']);
});
