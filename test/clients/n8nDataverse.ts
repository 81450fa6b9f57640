import type { ICredentialType, IDataObject, INodeParameters } from 'n8n-workflow';
import { tenantId } from '../../sandbox';
import { addCredentialTypes } from '../kit/n8nCredentials';
import { CredentialVault, loadList, loadOptions, runNode, testCredential, type NodeClass } from '../kit/workflow';
import type { Client, Surroundings } from './client';

const root = 'n8n-nodes-base/dist';
const type = 'microsoftDataverseOAuth2Api';

/** Credential types of n8n-nodes-base, with their parents. */
export function addTypes({ load }: Surroundings, names: string[]): void {
	addCredentialTypes(
		names.map((name) => {
			const module = load<Record<string, new () => ICredentialType>>(`${root}/credentials/${name}.credentials.js`);
			return new (Object.values(module)[0]!)();
		}),
	);
}

/** n8n's built-in node "Microsoft Dataverse": every operation with every option. */
export const n8nDataverse: Client = {
	name: 'n8n Microsoft Dataverse node',
	async run(surroundings) {
		const { sandbox, crm: address, check, load } = surroundings;
		const { crm } = sandbox;
		addTypes(surroundings, ['OAuth2Api', 'MicrosoftOAuth2Api', 'MicrosoftDataverseOAuth2Api']);
		const { MicrosoftDataverse: node } = load<{ MicrosoftDataverse: NodeClass }>(
			`${root}/nodes/Microsoft/Dataverse/MicrosoftDataverse.node.js`,
		);
		const { clientId, clientSecret } = sandbox.login.identities[0]!.application!;
		const vault = new CredentialVault({
			[type]: { grantType: 'clientCredentials', tenantId, environmentUrl: address, cloud: 'global', clientId, clientSecret },
		});
		crm.defineKey('account', 'number', ['accountnumber']);
		crm.defineKey('account', 'numberAndCity', ['accountnumber', 'address1_city']);
		const contact = crm.insert('contact', { firstname: 'Ada', lastname: 'One' });

		const set = (name: string): INodeParameters => ({ __rl: true, mode: 'name', value: name });
		const call = async (
			what: string,
			operation: string,
			parameters: INodeParameters,
			expected: (rows: IDataObject[]) => boolean,
			fails = false,
		) => {
			const outcome = await runNode(
				node,
				{ resource: 'row', operation, entitySet: set('accounts'), ...parameters },
				{ credentials: vault },
			);
			const rows = outcome.json[0] ?? [];
			const problem = outcome.error && `${outcome.error.message} — ${String(outcome.error.description)}`;
			check(what, fails ? Boolean(outcome.error) : !outcome.error && expected(rows), problem ?? rows);
			return rows;
		};
		const json = (value: unknown): INodeParameters => ({ inputMode: 'json', fieldsJson: JSON.stringify(value) });

		check('test of the credential', (await testCredential(vault, type)).status === 'OK');

		const [made] = await call(
			'create',
			'create',
			json({ name: 'Alpha', accountnumber: '1', revenue: 10 }),
			([row]) => row?.name === 'Alpha',
		);
		const id = String(made?.accountid);
		await call(
			'create with fields',
			'create',
			{ inputMode: 'fields', fieldsCollection: { field: [{ name: 'name', value: 'Beta' }] } },
			([row]) => row?.name === 'Beta',
		);
		await call(
			'create, full metadata',
			'create',
			{ ...json({ name: 'Gamma' }), createOptions: { returnFullMetadata: true } },
			([row]) => row?.['statecode@OData.Community.Display.V1.FormattedValue'] === 'Active',
		);
		await call(
			'create, session token',
			'create',
			{ ...json({ name: 'Delta' }), createOptions: { sessionToken: 'abc' } },
			([row]) => row?.name === 'Delta',
		);
		await call(
			'create with a lookup by id',
			'create',
			json({ name: 'Epsilon', primarycontactid: contact }),
			([row]) => row?._primarycontactid_value === contact,
		);
		await call(
			'create with a lookup by address',
			'create',
			json({ name: 'Zeta', primarycontactid: `contacts(${contact})` }),
			([row]) => row?._primarycontactid_value === contact,
		);
		await call(
			'create with a bound lookup',
			'create',
			json({ name: 'Eta', 'primarycontactid@odata.bind': `/contacts(${contact})` }),
			([row]) => row?._primarycontactid_value === contact,
		);
		await call(
			'create with an owner',
			'create',
			json({ name: 'Theta', ownerid: `/systemusers(${crm.administrator})` }),
			([row]) => row?._ownerid_value === crm.administrator,
		);
		await call('create of an unknown column fails', 'create', json({ name: 'X', nothing: 1 }), () => true, true);
		await call(
			'create in another table',
			'create',
			{ entitySet: set('contacts'), ...json({ lastname: 'Two', parentcustomerid: `accounts(${id})` }) },
			([row]) => row?._parentcustomerid_value === id,
		);

		await call('get', 'get', { recordId: id }, ([row]) => row?.name === 'Alpha');
		await call(
			'get, columns and expansion',
			'get',
			{ recordId: id, getOptions: { select: ['name'], expand: 'primarycontactid($select=fullname)' } },
			([row]) => row?.name === 'Alpha' && row.primarycontactid === null,
		);
		await call(
			'get, full metadata',
			'get',
			{ recordId: id, getOptions: { returnFullMetadata: true } },
			([row]) => typeof row?.['revenue@OData.Community.Display.V1.FormattedValue'] === 'string',
		);
		await call('get of what is gone fails', 'get', { recordId: '00000000-0000-4000-8000-000000000009' }, () => true, true);

		await call('update', 'update', { recordId: id, ...json({ telephone1: '1' }) }, ([row]) => row?.telephone1 === '1');
		await call(
			'update of a lookup',
			'update',
			{ recordId: id, ...json({ primarycontactid: contact }) },
			([row]) => row?._primarycontactid_value === contact,
		);
		await call(
			'update clears a lookup',
			'update',
			{ recordId: id, ...json({ primarycontactid: null }) },
			([row]) => row?._primarycontactid_value === null,
		);
		await call(
			'update of what is gone fails',
			'update',
			{ recordId: '00000000-0000-4000-8000-000000000009', ...json({ name: 'X' }) },
			() => true,
			true,
		);

		const fresh = '00000000-0000-4000-8000-000000000001';
		const byId = (more: INodeParameters) => ({ identifierType: 'guid', recordId: fresh, ...more });
		const byKey = (alternateKey: string, more: INodeParameters) => ({ identifierType: 'alternateKey', alternateKey, ...more });
		await call('upsert creates', 'upsert', byId(json({ name: 'Upserted' })), ([row]) => row?.accountid === fresh);
		await call('upsert updates', 'upsert', byId(json({ fax: '2' })), ([row]) => row?.fax === '2' && row.name === 'Upserted');
		await call(
			'upsert, update only',
			'upsert',
			byId({ ...json({ fax: '3' }), upsertOptions: { behavior: 'updateOnly' } }),
			([row]) => row?.fax === '3',
		);
		await call(
			'upsert, create only, on what is there fails',
			'upsert',
			byId({ ...json({ fax: '4' }), upsertOptions: { behavior: 'createOnly' } }),
			() => true,
			true,
		);
		await call(
			'upsert by alternate key updates',
			'upsert',
			byKey("accountnumber='1'", json({ fax: '5' })),
			([row]) => row?.accountid === id && row.fax === '5',
		);
		await call(
			'upsert by alternate key creates',
			'upsert',
			byKey("accountnumber='2'", json({ name: 'By key' })),
			([row]) => row?.accountnumber === '2',
		);
		await call(
			'upsert by a key of two columns',
			'upsert',
			byKey("accountnumber='3',address1_city='Rome'", json({ name: 'Two' })),
			([row]) => row?.address1_city === 'Rome',
		);
		await call(
			'upsert, update only, by a key nobody has fails',
			'upsert',
			byKey("accountnumber='9'", { ...json({ name: 'X' }), upsertOptions: { behavior: 'updateOnly' } }),
			() => true,
			true,
		);
		await call('upsert by a key that is none fails', 'upsert', byKey("fax='1'", json({ name: 'X' })), () => true, true);

		const list = (more: INodeParameters) => ({ returnAll: true, ...more });
		const total = crm.rows('account').length;
		await call('get all', 'getAll', list({}), (rows) => rows.length === total);
		await call('get many with limit', 'getAll', { returnAll: false, limit: 3 }, (rows) => rows.length === 3);
		await call(
			'get many, filter, columns, order',
			'getAll',
			list({
				getAllOptions: {
					filter: "startswith(name,'A') or name eq 'Beta'",
					select: ['name'],
					orderbyColumn: 'name',
					orderbyDirection: 'desc',
				},
			}),
			(rows) => rows.map(({ name }) => name).join() === 'Beta,Alpha',
		);
		await call(
			'get many, own order',
			'getAll',
			list({ getAllOptions: { orderby: 'createdon desc, name asc', top: 2 } }),
			(rows) => rows.length === 2,
		);
		await call(
			'get many, expansion',
			'getAll',
			list({ getAllOptions: { filter: '_primarycontactid_value ne null', expand: 'primarycontactid($select=fullname)' } }),
			(rows) => rows.length > 0 && rows.every((row) => (row.primarycontactid as IDataObject).fullname === 'Ada One'),
		);
		await call(
			'get many, full metadata',
			'getAll',
			{ returnAll: false, limit: 1, getAllOptions: { returnFullMetadata: true } },
			([row]) => row?.['statecode@OData.Community.Display.V1.FormattedValue'] === 'Active',
		);
		const fetchXml =
			"<fetch top='2'><entity name='account'><attribute name='name'/><filter><condition attribute='name' operator='like' value='%eta'/></filter><order attribute='name'/></entity></fetch>";
		await call(
			'get many by FetchXML',
			'getAll',
			{ returnAll: false, limit: 50, getAllOptions: { fetchXml } },
			(rows) => rows.map(({ name }) => name).join() === 'Beta,Eta',
		);
		await call(
			'get many by a wrong FetchXML fails',
			'getAll',
			{ returnAll: false, limit: 50, getAllOptions: { fetchXml: "<fetch><entity name='nothing'/></fetch>" } },
			() => true,
			true,
		);
		await call('get many by a wrong filter fails', 'getAll', list({ getAllOptions: { filter: 'nothing eq 1' } }), () => true, true);
		crm.seed(
			'contact',
			Array.from({ length: 5200 }, (_, number) => ({ lastname: `Many ${number}` })),
		);
		await call(
			'get all over pages',
			'getAll',
			{ entitySet: set('contacts'), returnAll: true, getAllOptions: { select: ['lastname'], filter: "startswith(lastname,'Many')" } },
			(rows) => rows.length === 5200,
		);

		await call('delete', 'delete', { recordId: fresh }, ([row]) => row?.success === true);
		check('… and it is gone', crm.row('account', fresh) === undefined);
		await call('delete of what is gone fails', 'delete', { recordId: fresh }, () => true, true);

		const parameters = { resource: 'row', operation: 'getAll', entitySet: set('accounts') };
		const tables = await loadOptions(node, 'getEntitySets', parameters, vault);
		check(
			'list of tables',
			tables.some(({ value }) => value === 'accounts') && tables.some(({ value }) => value === 'salesorders'),
			tables.length,
		);
		const found = await loadList(node, 'searchEntitySets', parameters, vault, { filter: 'opportun' });
		check(
			'search of tables',
			found.results.some(({ value }) => value === 'opportunities'),
			found,
		);
		const rows = await loadList(node, 'searchRows', parameters, vault, { filter: 'Alpha' });
		check('search of rows', rows.results.length === 1 && rows.results[0]!.value === id, rows);
		const read = await loadOptions(node, 'getReadColumns', parameters, vault);
		check(
			'columns to read',
			read.some(({ value }) => value === '_primarycontactid_value') && !read.some(({ value }) => value === 'primarycontactidname'),
			read.length,
		);
		const write = await loadOptions(node, 'getWriteColumns', { ...parameters, operation: 'create' }, vault);
		check(
			'columns to write',
			write.some(({ value }) => value === 'name') && !write.some(({ value }) => value === 'createdon'),
			write.length,
		);
	},
};
