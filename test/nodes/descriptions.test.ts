import '../kit/n8nEnvironment';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { NodeHelpers, type ICredentialType, type INodeParameters, type INodeProperties, type INodeType } from 'n8n-workflow';
import { BusinessCentralApi } from '../../credentials/BusinessCentralApi.credentials';
import { BusinessCentralOAuth2Api } from '../../credentials/BusinessCentralOAuth2Api.credentials';
import { BusinessCentralServicePrincipalApi } from '../../credentials/BusinessCentralServicePrincipalApi.credentials';
import { DataverseOAuth2Api } from '../../credentials/DataverseOAuth2Api.credentials';
import { DataverseRegistrationApi } from '../../credentials/DataverseRegistrationApi.credentials';
import { DataverseServicePrincipalApi } from '../../credentials/DataverseServicePrincipalApi.credentials';
import { SyncStorePostgresApi } from '../../credentials/SyncStorePostgresApi.credentials';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SalesDocuments } from '../../nodes/SalesDocuments/SalesDocuments.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { Dynamics365SyncTrigger } from '../../nodes/Dynamics365SyncTrigger/Dynamics365SyncTrigger.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';

const root = resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };
const nodes: INodeType[] = [
	new SyncMapping(),
	new FullSync(),
	new CoupleRecords(),
	new SalesDocuments(),
	new ReadSyncLog(),
	new TableMappings(),
	new Dynamics365SyncTrigger(),
];
const credentials: ICredentialType[] = [
	new BusinessCentralOAuth2Api(),
	new BusinessCentralServicePrincipalApi(),
	new BusinessCentralApi(),
	new DataverseOAuth2Api(),
	new DataverseRegistrationApi(),
	new DataverseServicePrincipalApi(),
	new SyncStorePostgresApi(),
];
const source = (built: string): string => join(root, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

interface Codex {
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>>;
}

/** Whether a link to the documentation leads to a page of the repository. */
function pageOf(url: string): string {
	const [, page] = /\/blob\/main\/(docs\/[^#]+)/.exec(url) ?? [];
	return page !== undefined && existsSync(join(root, page)) ? 'there' : `${url} is no page`;
}

/** A property with everything inside it: options of collections and fixed collections. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = property.type === 'collection' ? (property.options as INodeProperties[]) : [];
	return [property, ...inner.flatMap(withInner)];
}

/** Fields with a list of choices must be in alphabetical order, as n8n wants it; short lists keep the order of work. */
const choices = (property: INodeProperties): string[] =>
	property.type === 'options' || property.type === 'multiOptions' || property.type === 'collection'
		? (property.options ?? []).map((option) => ('displayName' in option ? option.displayName : option.name))
		: [];

describe('the manifest', () => {
	it('names every node and credential there is, each by the file of its class', () => {
		expect(manifest.n8n.nodes.map((file) => /(\w+)\.node\.js$/.exec(file)?.[1]).sort()).toEqual(
			nodes.map((node) => node.constructor.name).sort(),
		);
		expect(manifest.n8n.credentials.map((file) => /(\w+)\.credentials\.js$/.exec(file)?.[1]).sort()).toEqual(
			credentials.map((credential) => credential.constructor.name).sort(),
		);
		for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) expect(existsSync(source(file))).toBe(true);
	});
});

describe.each(nodes.map((node) => [node.description.displayName, node] as const))('node %s', (_name, node) => {
	const { description } = node;
	const file = source(manifest.n8n.nodes.find((path) => path.endsWith(`/${node.constructor.name}.node.js`)) ?? '');
	const all = description.properties.flatMap(withInner);

	it('is found among its kind, and its links lead to pages that there are', () => {
		expect(description.displayName).toMatch(/^Dynamics 365 Sync/);
		const codex = JSON.parse(readFileSync(file.replace(/\.ts$/, '.json'), 'utf8')) as Codex;
		expect(codex.alias).toEqual(expect.arrayContaining(['crm sync', 'Navision', 'synchronize']));
		const { primaryDocumentation, credentialDocumentation } = codex.resources;
		expect(primaryDocumentation[0]!.url).toMatch(/\/docs\/nodes\/[a-z0-9-]+\.md$/);
		for (const { url } of [...primaryDocumentation, ...credentialDocumentation]) expect(pageOf(url)).toBe('there');
	});

	it('has a light and a dark icon and a codex file beside it', () => {
		const icon = description.icon as { light: string; dark: string };
		expect(icon.light).not.toBe(icon.dark);
		for (const path of Object.values(icon)) expect(existsSync(resolve(dirname(file), path.replace('file:', '')))).toBe(true);
		const codex = JSON.parse(readFileSync(file.replace(/\.ts$/, '.json'), 'utf8')) as { node: string };
		expect(codex.node).toBe(`n8n-nodes-dynamics365-sync.${description.name}`);
	});

	it('names its outputs when it has several', () => {
		// Worked out for each node (see newNodes.test.ts), or the same for all.
		if (!Array.isArray(description.outputs)) expect(description.outputNames).toEqual(['Done', 'Failed']);
		else if (description.outputs.length > 1) expect(description.outputNames).toHaveLength(description.outputs.length);
	});

	it('explains every field in words', () => {
		for (const property of all) {
			if (property.name === 'operation' || property.type === 'collection') continue;
			expect(property.description ?? `no description: ${property.name}`).toMatch(/\S{2,} \S{2,}/);
		}
	});

	it('says "Whether" where a switch is explained', () => {
		for (const property of all.filter(({ type }) => type === 'boolean')) expect(property.description).toMatch(/^Whether /);
	});

	it('sorts long lists of choices by name, but operations in the order of use', () => {
		for (const property of all.filter(({ name }) => name !== 'operation')) {
			const names = choices(property);
			if (names.length >= 5) expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		}
	});

	it('has a default among the choices', () => {
		for (const property of all.filter(({ type }) => type === 'options')) {
			// What somebody has to choose.
			if (property.required && property.default === '') continue;
			expect((property.options as Array<{ value: unknown }>).map(({ value }) => value)).toContain(property.default);
		}
	});

	it('shows a field only by fields that exist', () => {
		const names = new Set(description.properties.map(({ name }) => name));
		for (const property of description.properties) {
			const conditions = { ...property.displayOptions?.show, ...property.displayOptions?.hide };
			// The version of the node is n8n's own name for a condition.
			for (const condition of Object.keys(conditions).filter((each) => each !== '@version')) expect(names).toContain(condition);
		}
	});

	it('shows no two fields of one name at once', () => {
		const operations = (description.properties.find(({ name }) => name === 'operation')?.options ?? [{ value: '' }]) as Array<{
			value: string;
		}>;
		for (const { value } of operations) {
			for (const [side, typeVersion] of [
				['businessCentral', 1],
				['crm', 1],
				['businessCentral', 1.1],
				['crm', 1.1],
			] as const) {
				const parameters: INodeParameters = { operation: value, side, scope: 'records', mappingSelection: 'selection', returnAll: false };
				const shown = description.properties.filter((property) =>
					NodeHelpers.displayParameter(parameters, property, { typeVersion } as never, description),
				);
				const names = shown.map(({ name }) => name);
				expect(names).toEqual([...new Set(names)]);
			}
		}
	});

	it('gives every picker a list, an id or name, and a method that fills the list', () => {
		for (const property of all.filter(({ type }) => type === 'resourceLocator')) {
			const modes = property.modes ?? [];
			expect(modes.map(({ name }) => name)[0]).toBe('list');
			expect(modes.length).toBeGreaterThan(1);
			const method = modes[0]?.typeOptions?.searchListMethod ?? '';
			expect(Object.keys(node.methods?.listSearch ?? {})).toContain(method);
		}
		for (const property of all.filter(({ typeOptions }) => typeOptions?.loadOptionsMethod)) {
			expect(Object.keys(node.methods?.loadOptions ?? {})).toContain(property.typeOptions?.loadOptionsMethod);
		}
	});

	it('takes credentials of this package only, and each under its own kind of sign-in', () => {
		const known = credentials.map(({ name }) => name);
		for (const { name } of description.credentials ?? []) expect(known).toContain(name);
		const shownFor = Object.fromEntries((description.credentials ?? []).map(({ name, displayOptions }) => [name, displayOptions?.show]));
		expect(shownFor).toMatchObject({
			businessCentralOAuth2Api: { authentication: ['oAuth2'] },
			businessCentralServicePrincipalApi: { authentication: ['servicePrincipal'] },
			businessCentralApi: { authentication: ['accessKey'] },
			dataverseOAuth2Api: { crmAuthentication: ['oAuth2'] },
			dataverseServicePrincipalApi: { crmAuthentication: ['servicePrincipal'] },
		});
	});

	it('is offered to language models only when it cannot change business data', () => {
		expect(description.usableAsTool === true).toBe(description.name === 'readSyncLog');
	});
});

describe('names that workflows depend on', () => {
	it('stay as they are', () => {
		const operationsOf = (node: INodeType): string[] =>
			((node.description.properties.find(({ name }) => name === 'operation')?.options ?? []) as Array<{ value: string }>)
				.map(({ value }) => value)
				.filter((value) => value !== '__CUSTOM_API_CALL__');
		expect(Object.fromEntries(nodes.map((node) => [node.description.name, operationsOf(node).sort()]))).toEqual({
			syncMapping: ['settleRestored', 'synchronizeAll', 'synchronizeModified', 'synchronizeSelected'],
			fullSync: ['checkSetUp', 'restartMapping', 'resume', 'review', 'run', 'settleCopied'],
			dynamics365SyncTrigger: [],
			coupleRecords: [
				'couple',
				'coupleWithSurvivor',
				'createAndCouple',
				'createAndCoupleAll',
				'deleteOther',
				'findForDeleted',
				'getMany',
				'matchBased',
				'restore',
				'retry',
				'synchronizeWithSide',
				'uncouple',
			],
			salesDocuments: [
				'acceptAmounts',
				'createOrders',
				'getItemAvailability',
				'getMany',
				'releaseClaim',
				'synchronizeInvoices',
				'updateAccountStatistics',
				'updateItemAvailability',
				'updateOrders',
				'updatePaymentStatus',
			],
			readSyncLog: [
				'backUpState',
				'deleteOldEntries',
				'exportState',
				'getErrors',
				'getHistory',
				'getJobs',
				'getTriggerState',
				'getWebhookRegistration',
				'importState',
				'renderReport',
				'settleDoubledState',
			],
			tableMappings: [
				'companySettings',
				'create',
				'delete',
				'enable',
				'export',
				'get',
				'getMany',
				'import',
				'optionValues',
				'reset',
				'setFields',
				'update',
			],
		});
		expect(Object.fromEntries(nodes.map((node) => [node.description.name, node.description.outputNames ?? ['']]))).toEqual({
			dynamics365SyncTrigger: [''],
			syncMapping: ['Done', 'Failed'],
			fullSync: ['Done', 'Failed'],
			coupleRecords: ['Done', 'Failed'],
			salesDocuments: ['Done', 'Failed'],
			readSyncLog: [''],
			tableMappings: [''],
		});
		expect([...new Set(nodes.flatMap((node) => node.description.properties.flatMap(withInner).map(({ name }) => name)))].sort()).toEqual([
			'acceptAmounts',
			'acceptBeginning',
			'afterwards',
			'allowMassChanges',
			'amountPolicy',
			'amountTolerance',
			'anyConnection',
			'applyResubmitted',
			'askDuplicateRules',
			'attachPdf',
			'authentication',
			'backUpTo',
			'bcFilter',
			'billTo',
			'billToColumn',
			'binaryPropertyName',
			'bothSides',
			'businessCentralRecord',
			'businessCentralTable',
			'businessCentralTemplates',
			'cancelInBusinessCentral',
			'caption',
			'claimUnstamped',
			'commentLines',
			'company',
			'companySettings',
			'companyStamp',
			'conflict',
			'conflicts',
			'copiedWay',
			'coupledFrom',
			'couplings',
			'createUncoupled',
			'createWhenNoMatch',
			'creditLimits',
			'criteria',
			'criteriaFrom',
			'crmAuthentication',
			'crmFilter',
			'crmOrder',
			'crmRecord',
			'crmTable',
			'crmTemplates',
			'crmWebhooks',
			'customer',
			'customerScope',
			'defaultPriceListCode',
			'deleteOwn',
			'deletion',
			'deletionCheckMinutes',
			'dependsOn',
			'direction',
			'disable',
			'documentKind',
			'doubledState',
			'enabled',
			'errorClass',
			'extendedPrices',
			'externalDocumentFrom',
			'field',
			'fieldMappings',
			'filePath',
			'filters',
			'findDeleted',
			'force',
			'freightAccount',
			'from',
			'guardCreations',
			'guardRecords',
			'guardShare',
			'ignoreDependencies',
			'importStamped',
			'inactivitySleepMinutes',
			'includeLog',
			'initial',
			'initialWithSurvivor',
			'intervalMinutes',
			'invoiceScope',
			'itemScope',
			'jobId',
			'json',
			'kind',
			'limit',
			'location',
			'longestRetryMinutes',
			'longestWaitSeconds',
			'lookEverySeconds',
			'manner',
			'mapping',
			'mappingSelection',
			'mappings',
			'missing',
			'multiCompany',
			'name',
			'newSecret',
			'nothingCoupled',
			'notice',
			'olderThanDays',
			'onlyCoupled',
			'operation',
			'options',
			'orderScope',
			'otherTable',
			'output',
			'overwrite',
			'own',
			'pages',
			'period',
			'postedFrom',
			'postedInvoice',
			'preview',
			'product',
			'pullDependencies',
			'quietSeconds',
			'record',
			'recordLimit',
			'replaceState',
			'restoredWay',
			'retryScope',
			'returnAll',
			'returnChanges',
			'returnRecords',
			'returnRestored',
			'rows',
			'scope',
			'settings',
			'side',
			'startAtActivation',
			'startWhen',
			'state',
			'stateBinaryProperty',
			'status',
			'stopAfterMinutes',
			'synchronizeAfterwards',
			'text',
			'title',
			'to',
			'traces',
			'unitGroups',
			'updateScope',
			'waitSeconds',
			'webhookBaseUrl',
			'webhookNotice',
			'webhooksFrom',
			'which',
			'winner',
			'writeInItem',
			'writeInResource',
		]);
	});
});

describe.each(credentials.map((credential) => [credential.displayName, credential] as const))('credential %s', (_name, credential) => {
	it('has icons, a page that explains it, and a test', () => {
		const icon = credential.icon as { light: string; dark: string };
		for (const path of Object.values(icon)) expect(existsSync(resolve(root, 'credentials', path.replace('file:', '')))).toBe(true);
		expect(pageOf(credential.documentationUrl!)).toBe('there');
		const uses = nodes.flatMap(({ description: { credentials: taken = [] } }) => taken.filter(({ name }) => name === credential.name));
		const testedByNode = uses.length > 0 && uses.every(({ testedBy }) => typeof testedBy === 'string');
		expect(credential.test !== undefined || testedByNode).toBe(true);
	});

	it('hides what must be hidden and explains the rest', () => {
		for (const property of credential.properties) {
			const secret = /secret|password|key$/i.test(property.name);
			expect(property.typeOptions?.password === true).toBe(secret);
			if (property.type !== 'hidden') expect(property.description).toMatch(/\S{3,}/);
		}
	});
});
