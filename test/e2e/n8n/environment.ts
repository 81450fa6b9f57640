import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSandbox, type Sandbox } from '../../../sandbox';
import type { SandboxAddresses } from '../../../sandbox/core/types';
import { defaultIdentities, tenantId } from '../../../sandbox/login/identities';
import { selfSigned } from '../../kit/certificate';
import { installAsCommunityPackage } from '../../package/communityInstall';
import { packProject, projectRoot } from '../../package/stagedProject';
import { startDatabase } from './database';
import { installN8n } from './install';
import { N8n, type StoredCredential } from './n8n';

export type Workflow = Record<string, unknown> & { id: string; name: string; nodes: WorkflowNode[] };
export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
}

/** A real n8n with the package in it, and the sandbox with its demonstration data behind it. */
export interface Environment {
	n8n: N8n;
	sandbox: Sandbox;
	addresses: SandboxAddresses;
	credentials: StoredCredential[];
	/** Ends the server, the database and the sandbox. */
	stop(): Promise<void>;
}

export const workFolder = resolve(__dirname, '..', '.work');

const integration = defaultIdentities[0]!;

/** How a user would fill in the credentials, with the sandbox's addresses in place of Microsoft's. */
export function credentialsFor(addresses: SandboxAddresses, ownershipModel: 'person' | 'team' = 'team'): StoredCredential[] {
	const application = { grantType: 'clientCredentials', tenantId, authority: addresses.login, ...integration.application };
	const environment = `${addresses.businessCentral}/v2.0/sandbox`;
	return [
		{
			id: 'sandboxBusinessC',
			name: 'Business Central (sandbox)',
			type: 'businessCentralOAuth2Api',
			data: { environmentType: 'online', environmentName: 'sandbox', baseUrlOverride: environment, ...application },
		},
		{
			id: 'sandboxAccessKey',
			name: 'Business Central user (sandbox)',
			type: 'businessCentralApi',
			data: { baseUrl: environment, username: integration.businessCentralUser, accessKey: integration.accessKey },
		},
		{
			id: 'sandboxDataverse',
			name: 'CRM (sandbox)',
			type: 'dataverseOAuth2Api',
			data: { environmentUrl: addresses.crm, ownershipModel, ...application },
		},
		{
			id: 'sandboxRegistrat',
			name: 'CRM registration of webhooks (sandbox)',
			type: 'dataverseRegistrationApi',
			data: { environmentUrl: addresses.crm, clientAuthentication: 'clientSecret', ...secretOf(application) },
		},
	];
}

/** Without what only OAuth2 credentials ask for. */
const secretOf = ({ grantType: _grantType, ...application }: Record<string, unknown>): Record<string, unknown> => application;

/** The same application with a certificate, which the sandbox is told of, as an administrator uploads it. */
export function servicePrincipalsFor(addresses: SandboxAddresses, login: Sandbox['login']): StoredCredential[] {
	const { clientId } = integration.application!;
	const { privateKey, certificate } = selfSigned();
	login.registerCertificate(clientId, certificate);
	const application = { clientAuthentication: 'certificate', tenantId, authority: addresses.login, clientId, privateKey, certificate };
	return [
		{
			id: 'sandboxBcCertifi',
			name: 'Business Central certificate (sandbox)',
			type: 'businessCentralServicePrincipalApi',
			data: {
				environmentType: 'online',
				environmentName: 'sandbox',
				baseUrlOverride: `${addresses.businessCentral}/v2.0/sandbox`,
				...application,
			},
		},
		{
			id: 'sandboxCrmCertif',
			name: 'CRM certificate (sandbox)',
			type: 'dataverseServicePrincipalApi',
			data: { environmentUrl: addresses.crm, ownershipModel: 'team', ...application },
		},
	];
}

/** There is no mail server; without any credential n8n marks the mail nodes as incomplete. */
const mailServer: StoredCredential = {
	id: 'placeholderSmtp1',
	name: 'SMTP (put your server)',
	type: 'smtp',
	data: { host: '127.0.0.1', port: 25, secure: false, user: '', password: '' },
};

const businessCentralTypes: Record<string, string> = {
	accessKey: 'businessCentralApi',
	servicePrincipal: 'businessCentralServicePrincipalApi',
};

/** The workflow with the sandbox's credentials chosen in each of our nodes, as a user does after an import. */
export function withCredentials(workflow: Workflow, credentials: readonly StoredCredential[]): Workflow {
	const nodes = workflow.nodes.map((node) => {
		if (node.type === 'n8n-nodes-base.emailSend') {
			return { ...node, credentials: { smtp: { id: mailServer.id, name: mailServer.name } } };
		}
		if (!node.type.startsWith('n8n-nodes-dynamics365-sync.')) return node;
		const wanted = [
			businessCentralTypes[String(node.parameters['authentication'])] ?? 'businessCentralOAuth2Api',
			node.parameters['crmAuthentication'] === 'servicePrincipal' ? 'dataverseServicePrincipalApi' : 'dataverseOAuth2Api',
			'syncStorePostgresApi',
			...(node.parameters['startWhen'] === 'webhooks' ? ['dataverseRegistrationApi'] : []),
		];
		const chosen = credentials.filter(({ type }) => wanted.includes(type)).map(({ id, name, type }) => [type, { id, name }]);
		return { ...node, credentials: Object.fromEntries(chosen) as WorkflowNode['credentials'] };
	});
	return { ...workflow, nodes };
}

/** The example workflows of the project; file names serve as ids. */
/** The workflow with the company of the sandbox chosen wherever it is still to be chosen, as a user does after an import. */
const withCompany = (workflow: Workflow): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) => {
		const { company } = node.parameters;
		const open = typeof company === 'object' && company !== null && 'value' in company && company.value === '';
		return open
			? { ...node, parameters: { ...node.parameters, company: { __rl: true, mode: 'name', value: 'CRONUS International Ltd.' } } }
			: node;
	}),
});

export function exampleWorkflows(): Workflow[] {
	const folder = join(projectRoot, 'workflows');
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	return files.sort().map((file) => ({
		active: false,
		...withCompany(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Workflow),
		id: file.slice(0, -'.json'.length),
	}));
}

/**
 * Installs n8n if needed, installs the package the way n8n does, starts sandbox and database, and imports credentials and workflows.
 * @param note told about each step, for steps take from seconds to minutes
 */
export async function startEnvironment(options: {
	userFolder: string;
	port?: number;
	/** Variables of n8n's environment, over those that all runs have. */
	variables?: NodeJS.ProcessEnv;
	workflows: readonly Workflow[];
	/** Fills the sandbox. */
	seed: (sandbox: Sandbox) => void;
	note: (text: string) => void;
	/** Gives up between two steps. */
	signal?: AbortSignal;
}): Promise<Environment> {
	const { userFolder, signal } = options;
	const note = (text: string) => {
		signal?.throwIfAborted();
		options.note(text);
	};
	const undo: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => options.note(String(error)));
	};
	try {
		note('n8n (the first time it is installed, which takes some minutes)');
		await installN8n();
		note('building, packing and installing the package');
		rmSync(userFolder, { recursive: true, force: true });
		mkdirSync(userFolder, { recursive: true });
		installAsCommunityPackage(packProject(join(userFolder, 'packed')), userFolder);
		note('sandbox and database');
		const sandbox = createSandbox();
		undo.push(() => sandbox.close());
		options.seed(sandbox);
		const addresses = await sandbox.listen();
		const database = await startDatabase();
		undo.push(() => database.stop());
		const n8n = await N8n.create(userFolder, database, options.port, options.variables);
		undo.push(() => n8n.stopServer());
		note('credentials and workflows');
		const credentials = [...credentialsFor(addresses), ...servicePrincipalsFor(addresses, sandbox.login)];
		await n8n.importCredentials([...credentials, mailServer]);
		await n8n.importWorkflows(options.workflows.map((workflow) => withCredentials(workflow, credentials)));
		return { n8n, sandbox, addresses, credentials, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
