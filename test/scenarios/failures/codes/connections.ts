import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../../nodes/SyncMapping/SyncMapping.node';
import type { NodeContext } from '../../../../nodes/shared/connection';
import { requireAllowed } from '../../../../nodes/shared/egress';
import type { FaultRule } from '../../../../sandbox/core/types';
import { by, startLocalSystems, type LocalSystems } from '../../../kit/n8nLocalSystems';
import { CredentialVault, loadList, runNode, useNewState, type NodeOutcome } from '../../../kit/workflow';
import { expectNamesOfNodes } from './names';
import { refusedWith, says, type Seen, type Walks } from './kit';

/** Credentials, addresses and companies, and records that are named in a node: the error of a node in n8n's own engine, and the run that succeeds then. */
let systems: LocalSystems;
const account = '0000000a-0000-4000-8000-00000000000f';

export const open = async (): Promise<void> => {
	systems = await startLocalSystems();
	const { sandbox, base } = systems;
	sandbox.businessCentral.company(base.companyName).seed('customers', [
		{ number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' },
		{ number: 'C2', displayName: 'Twin', type: 'Company', blocked: '_x0020_' },
		{ number: 'C3', displayName: 'Twin', type: 'Company', blocked: '_x0020_' },
	]);
	sandbox.crm.seed('account', [{ accountid: account, name: 'Account 1', customertypecode: 3 }]);
};
export const close = async (): Promise<void> => await systems.close();

type Fields = Record<string, Record<string, string> | null>;

function vaultWith(fields: Fields): CredentialVault {
	const vault = systems.vault();
	const values = Object.fromEntries(Object.keys(vault.references()).map((type) => [type, { ...vault.raw(type) }]));
	for (const [type, changed] of Object.entries(fields)) {
		if (changed === null) delete values[type];
		else Object.assign(values[type]!, changed);
	}
	return new CredentialVault(values);
}

function shown(code: string, { error }: NodeOutcome): Seen {
	expect(`${error?.message} ${error?.description}`).toContain(`${code})`);
	const seen = { message: error!.message, hint: String(error!.description) };
	expectNamesOfNodes(seen.hint);
	return seen;
}

const sync = (fields: Fields, parameters: INodeParameters = {}) =>
	runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CURRENCY'), ...parameters }, { credentials: vaultWith(fields) });

/** The node fails by what stands in the credential or the node, and runs when that is as the remedy says. */
const walk =
	(
		code: string,
		wrong: { fields?: Fields; parameters?: INodeParameters; fault?: FaultRule },
		steps: readonly string[],
		right: INodeParameters = {},
	): (() => Promise<void>) =>
	async () => {
		useNewState();
		if (wrong.fault) systems.sandbox.faults.add(wrong.fault);
		try {
			says(shown(code, await sync(wrong.fields ?? {}, wrong.parameters)), ...steps);
		} finally {
			systems.sandbox.faults.clear();
		}
		const { error, json } = await sync({}, right);
		expect(error).toBeUndefined();
		expect(json[0]![0]).toMatchObject({ status: 'finished' });
	};

const named = { company: by('name', 'CRONUS International Ltd.') };
const accessKey = { ...named, authentication: 'accessKey' };
const companies = (status: number): FaultRule => ({
	system: 'businessCentral',
	url: /\/companies$/,
	times: 99,
	fault: { kind: 'answer', status },
});

/** A pair named in Couple Records is not found as it is named, and coupled when it is named as the remedy says. */
const walkPair =
	(code: string, wrong: INodeParameters, steps: readonly string[], right: INodeParameters): (() => Promise<void>) =>
	async () => {
		useNewState();
		const couple = (pair: INodeParameters) =>
			runNode(
				CoupleRecords,
				{
					company: systems.company,
					mapping: by('name', 'CUSTOMER'),
					operation: 'couple',
					businessCentralRecord: by('number', 'C1'),
					crmRecord: by('id', account),
					initial: 'none',
					...pair,
				},
				{ credentials: systems.vault() },
			);
		says(shown(code, await couple(wrong)), ...steps);
		const { error, json } = await couple(right);
		expect(error).toBeUndefined();
		expect((json[0]![0] as IDataObject)['outcome']).toBe('coupled');
	};

export const connectionWalks: Walks = {
	CREDENTIAL_MISSING: walk('CREDENTIAL_MISSING', { fields: { dataverseOAuth2Api: null } }, ['Choose or create one in the field']),
	ADDRESS_INVALID: walk('ADDRESS_INVALID', { fields: { dataverseOAuth2Api: { environmentUrl: 'contoso.crm4.dynamics.com' } } }, [
		'https://',
	]),
	ADDRESS_NOT_ENCRYPTED: walk(
		'ADDRESS_NOT_ENCRYPTED',
		{ fields: { dataverseOAuth2Api: { environmentUrl: 'http://contoso.crm4.dynamics.com' } } },
		['https://'],
	),
	SIGN_IN_FAILED: walk('SIGN_IN_FAILED', { fields: { dataverseOAuth2Api: { clientSecret: 'wrong' } } }, ['client secret']),
	NOT_CONNECTED: walk('NOT_CONNECTED', { fields: { dataverseOAuth2Api: { grantType: 'authorizationCode' } } }, [
		'choose Connect, or use the grant type Client Credentials',
	]),
	UNAUTHORIZED: walk('UNAUTHORIZED', { parameters: accessKey, fault: companies(401) }, ['Check the credential'], accessKey),
	PRIVILEGE_MISSING: walk('PRIVILEGE_MISSING', { parameters: accessKey, fault: companies(403) }, ['Give it permission sets'], accessKey),
	SERVICE_ERROR: walk('SERVICE_ERROR', { parameters: accessKey, fault: companies(500) }, ['try again later'], accessKey),
	ADDRESS_WRONG: walk(
		'ADDRESS_WRONG',
		{ parameters: accessKey, fault: companies(404) },
		['Check environment name or Base URL in the credential'],
		accessKey,
	),
	NO_ANSWER: walk(
		'NO_ANSWER',
		{ fields: { businessCentralApi: { baseUrl: 'http://127.0.0.1:1/BC' } }, parameters: accessKey },
		['Check the address in the credential and the network'],
		accessKey,
	),
	COMPANY_NOT_FOUND: walk(
		'COMPANY_NOT_FOUND',
		{ parameters: { company: by('name', 'CRONUS before it was renamed') } },
		['Choose the company from the list', 'CRONUS International Ltd.'],
		named,
	),
	COMPANY_AMBIGUOUS: async () => {
		systems.sandbox.businessCentral.addCompany('cronus twin', {});
		const page = {
			value: ['CRONUS International Ltd.', 'CRONUS'].map((name, index) => ({
				id: `0000000${index}-0000-4000-8000-000000000000`,
				name,
				displayName: 'CRONUS',
			})),
		};
		const fault: FaultRule = {
			system: 'businessCentral',
			url: /\/companies$/,
			times: 1,
			fault: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(page) },
		};
		await walk('COMPANY_AMBIGUOUS', { parameters: { company: by('name', 'CRONUS') }, fault }, ['Choose the company from the list'])();
	},
	ADDRESS_BLOCKED: async () => {
		let ok = false;
		const context = {
			helpers: { getSecureEgressFilter: () => ({ validateUrl: () => Promise.resolve({ ok }) }) },
		} as unknown as NodeContext;
		const ask = () => requireAllowed(context, 'crm', systems.addresses.crm);
		says(await refusedWith('ADDRESS_BLOCKED', ask), 'N8N_SSRF_ALLOWED_HOSTNAMES');
		ok = true;
		await ask();
	},
	CHOOSE_FIRST: async () => {
		useNewState();
		const list = (parameters: INodeParameters) => loadList(CoupleRecords, 'searchBusinessCentralRecords', parameters, systems.vault());
		await expect(list({ company: systems.company })).rejects.toThrow(/No mapping is chosen yet\. Choose the field "Mapping" first\./);
		expect((await list({ company: systems.company, mapping: by('list', 'CUSTOMER') })).results.length).toBeGreaterThan(0);
	},
	RECORD_NOT_FOUND: walkPair(
		'RECORD_NOT_FOUND',
		{ businessCentralRecord: by('number', 'C9') },
		['Check the spelling, or choose the record from the list'],
		{},
	),
	RECORD_AMBIGUOUS: async () => {
		const twin = systems.sandbox.businessCentral.company(systems.base.companyName).rows('customers').find((row) => row['displayName'] === 'Twin')!; // prettier-ignore
		await walkPair(
			'RECORD_AMBIGUOUS',
			{ businessCentralRecord: by('name', 'Twin') },
			['Choose one by id: ', String(twin['id']).toLowerCase()],
			{ businessCentralRecord: by('id', String(twin['id'])) },
		)();
	},
	NO_NUMBER: async () => {
		useNewState();
		const { sandbox, base } = systems;
		const unit = sandbox.businessCentral.company(base.companyName).insert('unitsOfMeasure', { code: 'PCS', displayName: 'piece' });
		void unit;
		const [vendor] = sandbox.businessCentral
			.company(base.companyName)
			.seed('contacts', [{ number: 'K1', type: 'Person', displayName: 'Ann' }]);
		void vendor;
		const contact = sandbox.crm.insert('contact', { lastname: 'Ann' });
		const find = (crmRecord: INodeParameters) =>
			runNode(
				CoupleRecords,
				{
					company: systems.company,
					mapping: by('name', 'CONTACT'),
					operation: 'couple',
					businessCentralRecord: by('number', 'K1'),
					crmRecord,
					initial: 'none',
				},
				{ credentials: systems.vault() },
			);
		says(shown('NO_NUMBER', await find(by('number', 'Ann'))), 'Name the record by name or id, or choose it from the list');
		// The record is found then; that it takes no part in the mapping is another matter.
		const { error } = await find(by('id', contact));
		expect(String(error?.description)).not.toContain('NO_NUMBER');
	},
};
