import { environment } from './client';

const COLUMN = { EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode' };
const PUBLISH_ACCOUNT = { ParameterXml: '<importexportxml><entities><entity>account</entity></entities></importexportxml>' };

const text = (label: string, language = 1033) => ({ LocalizedLabels: [{ Label: label, LanguageCode: language }] });

interface Option {
	Value: number;
	Label: { LocalizedLabels: Array<{ Label: string; LanguageCode: number }>; UserLocalizedLabel: { Label: string } };
}

function setting() {
	const all = environment();
	const read = async (table = 'account', column = 'paymenttermscode') => {
		const { json } = await all.get(
			`EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${column}')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`,
		);
		return ((json.OptionSet ?? json.GlobalOptionSet) as { Options: Option[] }).Options;
	};
	return { ...all, read, labels: async () => (await read()).map(({ Value, Label }) => [Value, Label.UserLocalizedLabel.Label]) };
}

describe('Option values (InsertOptionValue, UpdateOptionValue, DeleteOptionValue, OrderOption, PublishXml)', () => {
	test('a new value answers its number, and is known to nobody before it is published', async () => {
		const { crm, post, labels } = setting();
		const before = await labels();
		const inserted = await post('InsertOptionValue', { ...COLUMN, Value: 5, Label: text('NET 14') });
		expect([inserted.status, inserted.json.NewOptionValue]).toEqual([200, 5]);
		expect(await labels()).toEqual(before);
		expect((await post('accounts', { name: 'A', paymenttermscode: 5 })).code).toBe('0x8004431a');
		expect(crm.unpublishedOptionsOf('account', 'paymenttermscode')).toContainEqual([5, 'NET 14']);

		expect((await post('PublishXml', PUBLISH_ACCOUNT)).status).toBe(204);
		expect(await labels()).toEqual([...before, [5, 'NET 14']]);
		expect((await post('accounts', { name: 'A', paymenttermscode: 5 })).status).toBe(204);
	});

	test('without a number the service gives one of its own range', async () => {
		const { post } = setting();
		expect((await post('InsertOptionValue', { ...COLUMN, Label: text('A') })).json.NewOptionValue).toBe(100_000_000);
		expect((await post('InsertOptionValue', { ...COLUMN, Label: text('B') })).json.NewOptionValue).toBe(100_000_001);
	});

	test('a number that is taken is refused, also by one that is not published yet', async () => {
		const { post } = setting();
		expect(await post('InsertOptionValue', { ...COLUMN, Value: 1, Label: text('X') })).toMatchObject({ status: 400, code: '0x80048403' });
		await post('InsertOptionValue', { ...COLUMN, Value: 5, Label: text('X') });
		expect(await post('InsertOptionValue', { ...COLUMN, Value: 5, Label: text('X') })).toMatchObject({ status: 400, code: '0x80048403' });
	});

	test('publishing one table leaves the drafts of others alone; PublishAllXml takes all', async () => {
		const { post, crm } = setting();
		await post('InsertOptionValue', { ...COLUMN, Value: 5, Label: text('X') });
		await post('InsertOptionValue', { EntityLogicalName: 'quote', AttributeLogicalName: 'paymenttermscode', Value: 5, Label: text('X') });
		await post('PublishXml', PUBLISH_ACCOUNT);
		expect(crm.optionsOf('account', 'paymenttermscode')).toContainEqual([5, 'X']);
		expect(crm.optionsOf('quote', 'paymenttermscode')).not.toContainEqual([5, 'X']);
		expect((await post('PublishAllXml', {})).status).toBe(204);
		expect(crm.optionsOf('quote', 'paymenttermscode')).toContainEqual([5, 'X']);
		expect((await post('PublishXml', { ParameterXml: '<importexportxml><entities><entity>nothing</entity></entities></importexportxml>' })).status).toBe(400); // prettier-ignore
	});

	test('a label is replaced for its language; MergeLabels keeps the others', async () => {
		const { post, read } = setting();
		const update = async (label: ReturnType<typeof text>, MergeLabels: boolean) => {
			expect((await post('UpdateOptionValue', { ...COLUMN, Value: 1, Label: label, MergeLabels })).status).toBe(204);
			await post('PublishXml', PUBLISH_ACCOUNT);
			return (await read())[0]!.Label.LocalizedLabels.map(({ Label, LanguageCode }) => [LanguageCode, Label]);
		};
		expect(await update(text('30 Tage', 1031), true)).toEqual([[1031, '30 Tage'], [1033, 'Net 30']]); // prettier-ignore
		expect(await update(text('30 DAYS'), true)).toEqual([[1031, '30 Tage'], [1033, '30 DAYS']]); // prettier-ignore
		expect(await update(text('NET 30'), false)).toEqual([[1033, 'NET 30']]);
		expect(await post('UpdateOptionValue', { ...COLUMN, Value: 99, Label: text('X'), MergeLabels: true })).toMatchObject({ status: 400, code: '0x80048403' }); // prettier-ignore
		expect((await post('UpdateOptionValue', { ...COLUMN, Value: 1, Label: text('X') })).code).toBe('0x80040203');
	});

	test('values are deleted and put in order', async () => {
		const { post, labels } = setting();
		expect((await post('DeleteOptionValue', { ...COLUMN, Value: 2 })).status).toBe(204);
		expect((await post('OrderOption', { ...COLUMN, Values: [4, 1, 3] })).status).toBe(204);
		await post('PublishXml', PUBLISH_ACCOUNT);
		expect((await labels()).map(([value]) => value)).toEqual([4, 1, 3]);
		expect((await post('OrderOption', { ...COLUMN, Values: [4, 1] })).code).toBe('0x80040203');
		expect((await post('DeleteOptionValue', { ...COLUMN, Value: 2 })).status).toBe(400);
	});

	test('a global choice is named by OptionSetName, shared by its columns and published by itself', async () => {
		const { crm, post, get, read } = setting();
		const columns = [
			{ table: 'account', column: 'paymenttermscode' },
			{ table: 'quote', column: 'paymenttermscode' },
		];
		crm.defineGlobalChoice('new_terms', { '1': 'NET 30' }, columns);
		await post('InsertOptionValue', { OptionSetName: 'new_terms', Value: 2, Label: text('NET 60') });
		await post('PublishXml', PUBLISH_ACCOUNT);
		expect(await read()).toHaveLength(1);
		await post('PublishXml', {
			ParameterXml: '<importexportxml><optionsets><optionset>new_terms</optionset></optionsets></importexportxml>',
		});
		expect(await read('quote')).toHaveLength(2);
		expect((await post('accounts', { name: 'A', paymenttermscode: 2 })).status).toBe(204);
		expect((await get("GlobalOptionSetDefinitions(Name='new_terms')")).json).toMatchObject({ Name: 'new_terms', IsGlobal: true });
		expect((await get("GlobalOptionSetDefinitions(Name='nothing')")).status).toBe(404);
		expect((await post('InsertOptionValue', { OptionSetName: 'nothing', Label: text('X') })).status).toBe(400);
	});

	test('both take the privileges of a customizer', async () => {
		const { crm, post } = setting();
		crm.revokePrivilege(crm.administrator, 'prvWriteOptionSet');
		const parameters: Record<string, object> = {
			InsertOptionValue: { Value: 1, Label: text('X') },
			UpdateOptionValue: { Value: 1, Label: text('X'), MergeLabels: true },
			DeleteOptionValue: { Value: 1 },
			OrderOption: { Values: [1, 2, 3, 4] },
		};
		for (const [action, own] of Object.entries(parameters)) {
			const answer = await post(action, { ...COLUMN, ...own });
			expect(answer).toMatchObject({ status: 403, code: '0x80040220' });
			expect(answer.message).toContain('prvWriteOptionSet');
		}
		crm.revokePrivilege(crm.administrator, 'prvPublishCustomization');
		expect((await post('PublishXml', PUBLISH_ACCOUNT)).message).toContain('prvPublishCustomization');
	});

	test('only choice columns take values', async () => {
		const { post } = setting();
		for (const AttributeLogicalName of ['name', 'statuscode', 'nothing'])
			expect((await post('InsertOptionValue', { ...COLUMN, AttributeLogicalName, Label: text('X') })).code).toBe('0x80040203');
		expect((await post('InsertOptionValue', COLUMN)).code).toBe('0x80040203');
	});
});
