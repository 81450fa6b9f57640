import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { connectAccount, CredentialVault, loadOptions, runNode, type NodeClass } from '../kit/workflow';
import type { Client } from './client';
import { addTypes } from './n8nDataverse';

const root = 'n8n-nodes-base/dist';
const type = 'microsoftDynamicsOAuth2Api';
const lists = ['getAccountCategories', 'getAccountRatingCodes', 'getAddressTypes', 'getBusinessTypes', 'getCustomerSizeCodes', 'getCustomerTypeCodes', 'getIndustryCodes', 'getPaymentTermsCodes', 'getPreferredAppointmentDayCodes', 'getPreferredAppointmentTimeCodes', 'getPreferredContactMethodCodes', 'getShippingMethodCodes', 'getTerritoryCodes']; // prettier-ignore

/** n8n's built-in node "Microsoft Dynamics CRM", signed in as a person. */
export const n8nDynamicsCrm: Client = {
	name: 'n8n Microsoft Dynamics CRM node',
	async run(surroundings) {
		const { sandbox, check, load } = surroundings;
		const { crm } = sandbox;
		addTypes(surroundings, ['OAuth2Api', 'MicrosoftOAuth2Api', 'MicrosoftDynamicsOAuth2Api']);
		const { MicrosoftDynamicsCrm: node } = load<{ MicrosoftDynamicsCrm: NodeClass }>(
			`${root}/nodes/Microsoft/Dynamics/MicrosoftDynamicsCrm.node.js`,
		);
		const person = sandbox.login.identities[1]!;
		crm.addUser({ systemuserid: person.crmUser, fullname: person.fullName });
		const { clientId, clientSecret } = sandbox.login.identities[0]!.application!;
		const vault = new CredentialVault({ [type]: { subdomain: 'sandbox', region: 'crm.dynamics.com', clientId, clientSecret } });
		await connectAccount(vault, type, person.email);

		const call = async (
			what: string,
			operation: string,
			parameters: INodeParameters,
			expected: (rows: IDataObject[]) => boolean,
			fails = false,
		) => {
			const outcome = await runNode(node, { resource: 'account', operation, ...parameters }, { credentials: vault });
			const rows = outcome.json[0] ?? [];
			check(
				what,
				fails ? Boolean(outcome.error) : !outcome.error && expected(rows),
				outcome.error ? `${outcome.error.message} — ${String(outcome.error.description)}` : rows,
			);
			return rows;
		};
		const [made] = await call('create', 'create', { name: 'Alpha' }, ([row]) => typeof row?.accountid === 'string');
		const accountId = String(made?.accountid);
		await call('create with fields and addresses', 'create', { name: 'Beta', additionalFields: { telephone1: '1', creditlimit: 5, addresses: { address: [{ line1: 'Via', city: 'Rome', addresstypecode: 1 }, { city: 'Milan' }] } }, options: { returnFields: ['name', 'address1_city'] } }, ([row]) => row?.name === 'Beta' && row.address1_city === 'Rome'); // prettier-ignore
		check(
			'… both addresses',
			crm.rows('account').some(({ address1_line1: one, address2_city: two }) => one === 'Via' && two === 'Milan'),
		);
		await call('get', 'get', { accountId }, ([row]) => row?.name === 'Alpha');
		await call(
			'get, columns and expansion',
			'get',
			{ accountId, options: { returnFields: ['name', 'ownerid'], expandFields: ['primarycontactid'] } },
			([row]) => row?.name === 'Alpha' && row._ownerid_value === person.crmUser,
		);
		await call('get of what is gone fails', 'get', { accountId: '00000000-0000-4000-8000-000000000009' }, () => true, true);
		await call(
			'update',
			'update',
			{
				accountId,
				updateFields: { fax: '2', addresses: { address: [{ city: 'Turin' }] } },
				options: { returnFields: ['fax', 'address1_city'] },
			},
			([row]) => row?.fax === '2' && row.address1_city === 'Turin',
		);
		await call('get many', 'getAll', { returnAll: false, limit: 1 }, (rows) => rows.length === 1);
		await call('get all', 'getAll', { returnAll: true }, (rows) => rows.length === 2);
		await call(
			'get many, filter and columns',
			'getAll',
			{ returnAll: false, limit: 5, filters: { query: "name eq 'Beta'" }, options: { returnFields: ['name'] } },
			(rows) => rows.length === 1 && rows[0]!.name === 'Beta',
		);
		await call('delete', 'delete', { accountId }, ([row]) => row?.success === true);
		await call('delete of what is gone fails', 'delete', { accountId }, () => true, true);

		for (const list of lists) {
			const options = await loadOptions(node, list, { resource: 'account', operation: 'create' }, vault);
			check(list, options.length > 0 && options.every(({ name, value }) => typeof name === 'string' && typeof value === 'number'), options);
		}
		const fields = await loadOptions(node, 'getAccountFields', { resource: 'account', operation: 'get' }, vault);
		check(
			'getAccountFields',
			fields.some(({ value }) => value === 'telephone1'),
			fields.length,
		);
		const expandable = await loadOptions(node, 'getExpandableAccountFields', { resource: 'account', operation: 'get' }, vault);
		check(
			'getExpandableAccountFields',
			expandable.some(({ value }) => value === 'primarycontactid'),
			expandable.length,
		);
	},
};
