import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { shortenWaits } from '../kit/shortWaits';
import { CredentialVault, runNode, useNewState, type NodeOutcome } from '../kit/workflow';
import { ACCOUNT_ID, connectionTopics, CUSTOMER_ID, type ConnectionCase } from './connections';
import type { Outcome } from './expectation';
import { classesOf } from './documented';
import { expectOutcome } from './verdict';

shortenWaits();

let systems: LocalSystems;
const account = '0000000a-0000-4000-8000-00000000000f';
beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	const { id } = systems.sandbox.businessCentral.addCompany("Crêpes d'Or & Söhne #1", {});
	systems.sandbox.crm.seed('bcbi_company', [{ bcbi_externalid: id, bcbi_name: 'Crêpes' }]);
	bc().seed('customers', [{ number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' }]);
	systems.sandbox.crm.seed('account', [{ accountid: account, name: 'Account 1', accountnumber: 'A1', customertypecode: 3 }]);
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);

async function vaultFor(each: ConnectionCase): Promise<CredentialVault> {
	const vault = systems.vault();
	const values = Object.fromEntries(Object.keys(vault.references()).map((type) => [type, { ...vault.raw(type) }]));
	for (const [type, fields] of Object.entries(each.credentials?.(systems.addresses) ?? {})) {
		if (fields === null) delete values[type];
		else Object.assign(values[type]!, fields);
	}
	return new CredentialVault(values);
}

/** Ids the tables do not know. */
function withIds(parameters: INodeParameters): INodeParameters {
	const customer = String(bc().rows('customers')[0]!['id']);
	const text = JSON.stringify(parameters)
		.replaceAll(CUSTOMER_ID.toUpperCase(), customer.toUpperCase())
		.replaceAll(ACCOUNT_ID.toUpperCase(), account.toUpperCase())
		.replaceAll(CUSTOMER_ID, customer)
		.replaceAll(ACCOUNT_ID, account);
	return JSON.parse(text) as INodeParameters;
}

/** What n8n shows: an error of the node, or the first item of the output Failed. */
function outcomeIn({ error, json }: Pick<NodeOutcome, 'error' | 'json'>, { expect: expected }: ConnectionCase): Outcome | null {
	if (error) {
		const description = error.description ?? '';
		const code = /([A-Z][A-Z0-9_]+)\)$/.exec(description)?.[1] ?? 'PARAMETER';
		const classes = classesOf(code);
		const wanted = 'works' in expected ? '' : expected.errorClass;
		// n8n checks some parameters by their form before the node runs, and then shows no more than a message.
		const hint = code === 'PARAMETER' ? error.message : description;
		return { errorClass: classes.includes(wanted) ? wanted : classes.join(), code, message: error.message, hint };
	}
	const failed = json[1]?.[0];
	if (!failed) return null;
	const { errorClass, errorCode, message, hint } = failed as Record<string, string>;
	return { errorClass: errorClass!, code: errorCode!, message: message!, hint: hint! };
}

describe.each(Object.values(connectionTopics))('$title', ({ cases }) => {
	test.each(cases)('$what', async (each) => {
		if (each.fault) systems.sandbox.faults.add(each.fault);
		const credentials = await vaultFor(each);
		const common = { company: systems.company, mapping: by('name', 'CUSTOMER'), ...each.parameters };
		const run = each.couple
			? runNode(CoupleRecords, { ...common, operation: 'couple', ...withIds(each.couple) }, { credentials })
			: runNode(SyncMapping, { ...common, options: { createUncoupled: true, nothingCoupled: 'isNew' } }, { credentials });
		const outcome = await run.catch((error: Error) => ({ error, json: [] }));
		expectOutcome(outcomeIn(outcome, each), each.expect);
		if (!('works' in each.expect)) expect(systems.sandbox.crm.rows('account')).toHaveLength(1);
	});
});
