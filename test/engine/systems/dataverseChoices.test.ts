import { SyncError } from '../../../engine/model/errors';
import { clearDataverseMetadata, type DataverseSystem } from '../../../engine/systems/dataverse';
import { account, changes, lines, sandboxed, type Sandboxed } from './sandboxed';
import type { TableSource } from '../../../engine/model/record';
import type { WriteOperation } from '../../../engine/ports/write';

let world: Sandboxed;
let system: DataverseSystem;
const crm = () => world.sandbox.crm;
const user = () => world.sandbox.crm.rows('systemuser').find((row) => row['applicationid'])!['systemuserid'] as string;

const terms: TableSource = {
	name: 'account.paymenttermscode',
	numberField: 'label',
	nameField: 'label',
	choice: {
		table: 'account',
		column: 'paymenttermscode',
		mirrors: [
			{ table: 'salesorder', column: 'paymenttermscode' },
			{ table: 'quote', column: 'paymenttermscode' },
		],
	},
};
const COLUMNS = ['account', 'salesorder', 'quote'];
const labelIn = (table: string, value: number) =>
	crm()
		.optionsOf(table, 'paymenttermscode')
		.find(([each]) => each === value)?.[1];
const inserting = (id: string, label: string): WriteOperation => ({ kind: 'insert', id, values: { label } });

beforeEach(() => {
	clearDataverseMetadata();
	world = sandboxed();
	system = world.dataverse();
});
afterEach(() => world.sandbox.close());

async function record(id: string) {
	return (await system.readByIds(terms, [id], ['label'])).get(id)!;
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
	const error: unknown = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
}

describe('reading', () => {
	test('the values are records, read afresh in one request each time', async () => {
		const first = await changes(system, { table: terms, fields: ['value', 'label'] });
		expect(lines(world.taken())).toEqual(["GET Microsoft.Dynamics.CRM.PicklistAttributeMetadata → 200"]); // prettier-ignore
		expect(first.records[0]).toMatchObject({
			id: '1',
			modifiedAt: '',
			number: 'Net 30',
			name: 'Net 30',
			values: { value: 1, label: 'Net 30' },
		});
		crm().defineOptions('account', 'paymenttermscode', { '1': 'Net 30 days', '4': 'Net 60' });
		const second = await changes(system, { table: terms, fields: ['value', 'label'] });
		expect(second.records.map(({ id, name }) => [id, name])).toEqual([['1', 'Net 30 days'], ['4', 'Net 60']]); // prettier-ignore
		expect(second.records[0]!.version).not.toBe(first.records[0]!.version);
		expect(second.records[1]!.version).toBe(first.records[3]!.version);
	});

	test('by id, by label without regard to case, counted, searched, described', async () => {
		expect([...(await system.readByIds(terms, ['2', '99'], [])).keys()]).toEqual(['2']);
		expect([...(await system.existing(terms, ['2', '99']))]).toEqual(['2']);
		expect((await system.readByValues(terms, 'label', ['NET 60', 'no'], [])).map(({ id }) => id)).toEqual(['4']);
		expect((await system.readByValues(terms, 'value', [4], [])).map(({ id }) => id)).toEqual(['4']);
		expect(await system.count(terms, null)).toEqual({ count: 4, atLeast: false });
		expect((await system.search(terms, 'net 4', null)).records.map(({ name }) => name)).toEqual(['Net 45']);
		const shape = await system.describe(terms);
		expect([...shape.columns.values()].map(({ name, type, writable }) => [name, type, writable])).toEqual([['value', 'integer', false], ['label', 'text', true]]); // prettier-ignore
		expect(system.link(terms, '1')).toBeNull();
	});

	test('a column that is none, and a filter, are errors of the set-up', async () => {
		const wrong: TableSource = { ...terms, choice: { ...terms.choice!, column: 'name' } };
		expect(await failure(system.readByIds(wrong, ['1'], []))).toMatchObject({ code: 'CRM_CHOICE_UNKNOWN', errorClass: 'setup' });
		expect(await failure(system.count(terms, "label eq 'x'"))).toMatchObject({ code: 'CRM_CHOICE_FILTER', errorClass: 'setup' });
	});
});

describe('writing', () => {
	test('a new value goes into the column and its mirrors, and is published once', async () => {
		const [id] = await system.newIds!(terms, 1, []);
		expect(id).toBe('5');
		world.taken();
		const [outcome] = await system.write(terms, [inserting(id!, 'NET 14')]);
		expect(outcome).toMatchObject({ status: 'written', record: { id: '5', number: 'NET 14', values: { value: 5, label: 'NET 14' } } });
		expect(COLUMNS.map((table) => labelIn(table, 5))).toEqual(['NET 14', 'NET 14', 'NET 14']);
		expect(lines(world.taken())).toEqual([
			'POST $batch → 200 (3 × GET)',
			'POST $batch → 200 (2 × POST)',
			'POST $batch → 200 (1 × POST)',
			'POST PublishXml → 204',
		]);
		const row = crm().insert('account', { name: 'A', paymenttermscode: 5 });
		expect(crm().get('account', row)['paymenttermscode']).toBe(5);
	});

	test('many values take no more requests than one', async () => {
		const ids = await system.newIds!(terms, 30, []);
		world.taken();
		const outcomes = await system.write(terms, ids.map((id) => inserting(id, `T ${id}`))); // prettier-ignore
		expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
		expect(world.taken()).toHaveLength(4);
	});

	test('a repeated insert is answered exists, published or not', async () => {
		await system.write(terms, [inserting('5', 'NET 14')]);
		world.taken();
		expect(await system.write(terms, [inserting('5', 'NET 14')])).toEqual([{ status: 'exists' }]);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (3 × GET)']);

		world.sandbox.faults.add({ url: /PublishXml/, times: 99, fault: { kind: 'answer', status: 400 } });
		expect(await system.write(terms, [inserting('6', 'NET 21')])).toMatchObject([{ status: 'unknown', error: { code: 'CRM_CHOICE_UNPUBLISHED', errorClass: 'transient' } }]); // prettier-ignore
		expect(labelIn('account', 6)).toBeUndefined();
		world.sandbox.faults.clear();
		expect(await system.write(terms, [inserting('6', 'NET 21')])).toEqual([{ status: 'exists' }]);
		expect(COLUMNS.map((table) => labelIn(table, 6))).toEqual(['NET 21', 'NET 21', 'NET 21']);
	});

	test('a new label reaches the mirrors, except where the value is called something of its own', async () => {
		crm().defineOptions('quote', 'paymenttermscode', { '1': 'On receipt' });
		const { version } = await record('1');
		const rename: WriteOperation = { kind: 'update', id: '1', version, number: '', values: { label: 'NET 30 D' } };
		const [outcome] = await system.write(terms, [rename]);
		expect(outcome).toMatchObject({ status: 'written', record: { id: '1', name: 'NET 30 D' } });
		expect((await record('1')).version).toBe(outcome!.status === 'written' ? outcome!.record.version : '');
		expect(COLUMNS.map((table) => labelIn(table, 1))).toEqual(['NET 30 D', 'NET 30 D', 'On receipt']);
		expect(system.warnings).toEqual([expect.stringContaining('"On receipt"')]);
		expect(await system.write(terms, [rename])).toEqual([{ status: 'stale' }]);
		expect(await system.write(terms, [{ ...rename, id: '77' }])).toEqual([{ status: 'missing' }]);
	});

	test('texts in other languages stay, and a new value has all of them', async () => {
		const german = { LocalizedLabels: [{ Label: '30 Tage', LanguageCode: 1031 }] };
		const names = { EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode' };
		const post = async (name: string, body: unknown) => {
			const headers = { authorization: `Bearer ${world.sandbox.login.token('crm')}` };
			const url = `http://crm.sandbox/api/data/v9.2/${name}`;
			return await world.sandbox.handle({ method: 'POST', url, headers, body: JSON.stringify(body) });
		};
		await post('UpdateOptionValue', { ...names, Value: 1, Label: german, MergeLabels: true });
		await post('PublishAllXml', {});
		const { version } = await record('1');
		await system.write(terms, [
			{ kind: 'update', id: '1', version, number: '', values: { label: 'N30' } },
			inserting('5', 'NET 14'),
		]); // prettier-ignore
		world.taken();
		await record('1');
		const body = JSON.parse(world.taken()[0]!.responseBody) as { OptionSet: { Options: Array<{ Value: number; Label: { LocalizedLabels: Array<{ Label: string }> } }> } }; // prettier-ignore
		const texts = (value: number) =>
			body.OptionSet.Options.find(({ Value }) => Value === value)!.Label.LocalizedLabels.map(({ Label }) => Label);
		expect(texts(1)).toEqual(['30 Tage', 'N30']);
		expect(texts(5)).toEqual(['NET 14', 'NET 14']);
	});

	test('metadata that was remembered is asked for again', async () => {
		const remembered = async () => (await system.describe(account)).columns.get('paymenttermscode')!.options!.length;
		expect(await remembered()).toBe(4);
		await system.write(terms, [inserting('5', 'NET 14')]);
		expect(await remembered()).toBe(5);
	});

	test('a number that a mirror gave to something else is taken; a mirror that does not exist is left out with a warning', async () => {
		crm().defineOptions('quote', 'paymenttermscode', { '1': 'Net 30', '5': 'Prepaid' });
		expect(await system.write(terms, [inserting('5', 'NET 14')])).toEqual([{ status: 'exists' }]);
		expect(await system.newIds!(terms, 2, ['6'])).toEqual(['7', '8']);
		const elsewhere: TableSource = { ...terms, choice: { ...terms.choice!, mirrors: [{ table: 'nothing', column: 'x' }] } };
		expect(await system.write(elsewhere, [inserting('5', 'NET 14')])).toMatchObject([{ status: 'written' }]);
		expect(system.warnings).toEqual([expect.stringContaining('x of nothing')]);
	});

	test('a global choice is changed by its own name, once for all its columns', async () => {
		crm().defineGlobalChoice('new_terms', { '1': 'NET 30' }, COLUMNS.map((table) => ({ table, column: 'paymenttermscode' }))); // prettier-ignore
		world.taken();
		expect(await system.write(terms, [inserting('2', 'NET 60')])).toMatchObject([{ status: 'written' }]);
		expect(COLUMNS.map((table) => labelIn(table, 2))).toEqual(['NET 60', 'NET 60', 'NET 60']);
		const requests = world.taken();
		expect(requests.at(-1)!.requestBody).toContain('<optionset>new_terms</optionset>');
		expect(requests.at(-1)!.requestBody).not.toContain('<entity>');
	});

	test.each(['prvWriteOptionSet', 'prvPublishCustomization'])('without %s it says so, naming role and privilege', async (privilege) => {
		crm().revokePrivilege(user(), privilege);
		const [outcome] = await system.write(terms, [inserting('5', 'NET 14')]);
		expect(outcome).toMatchObject({ status: 'failed', error: { code: 'CRM_CHOICE_PRIVILEGE', errorClass: 'setup' } });
		const { message, hint } = (outcome as { error: SyncError }).error;
		expect(message).toContain(privilege);
		expect(hint).toContain('System Customizer');
		expect(labelIn('account', 5)).toBeUndefined();
	});

	test('values are never deleted, and none is without a label', async () => {
		expect(await system.write(terms, [{ kind: 'delete', id: '1', version: 'x' }, inserting('5', ' ')])).toMatchObject([{ status: 'failed', error: { code: 'CRM_CHOICE_NO_DELETION' } }, { status: 'failed', error: { code: 'CRM_CHOICE_WITHOUT_LABEL' } }]); // prettier-ignore
		expect(labelIn('account', 1)).toBe('Net 30');
	});

	test('a lost answer leaves the insert open; sending it again settles it', async () => {
		world.sandbox.faults.add({ url: /\$batch/, nth: 3, times: 99, fault: { kind: 'dropAfter' } });
		expect(await system.write(terms, [inserting('5', 'NET 14')])).toMatchObject([{ status: 'unknown' }]);
		world.sandbox.faults.clear();
		expect(await system.write(terms, [inserting('5', 'NET 14')])).toEqual([{ status: 'exists' }]);
		expect(COLUMNS.map((table) => labelIn(table, 5))).toEqual(['NET 14', 'NET 14', 'NET 14']);
	});
});
