/**
 * `npm run sandbox`: a local Business Central and a local Dataverse with demonstration data, until Ctrl-C.
 * Options: --port 7048 (Business Central; CRM and sign-in take their own below), --crm-port, --login-port, --customers 40, --empty, --no-documents,
 * and the switches of docs/sandbox.md.
 */
import { parseArgs } from 'node:util';
import { createSandbox, defaultIdentities, tenantId } from '../sandbox';
import { seedDemo } from '../sandbox/demo';
import { applyCrmSwitches, crmOptions } from './sandboxCrm';
import { applyBusinessCentralSwitches, businessCentralOptions } from './sandboxBusinessCentral';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '7048' },
		'crm-port': { type: 'string', default: '5555' },
		'login-port': { type: 'string', default: '5556' },
		customers: { type: 'string', default: '40' },
		empty: { type: 'boolean', default: false },
		documents: { type: 'boolean', default: true },
		...crmOptions,
		...businessCentralOptions,
	},
	allowNegative: true,
});

async function main(): Promise<void> {
	const sandbox = createSandbox();
	if (!values.empty) seedDemo(sandbox, { customers: Number(values.customers), documents: values.documents });
	applyCrmSwitches(sandbox, values);
	applyBusinessCentralSwitches(sandbox, values);
	const ports = { businessCentral: Number(values.port), crm: Number(values['crm-port']), login: Number(values['login-port']) };
	const { businessCentral, crm, login } = await sandbox.listen(ports);
	const application = defaultIdentities[0]!;
	const companies = sandbox.businessCentral.companyList().map(({ name, id }) => `    ${name}  (${id})`);
	const users = defaultIdentities.map(({ businessCentralUser, accessKey }) => `    ${businessCentralUser.padEnd(6)} ${accessKey}`);
	console.log(`
Business Central
  API v2.0          ${businessCentral}/v2.0/sandbox/api/v2.0   (on-premises style: ${businessCentral}/BC/api/v2.0)
  ODataV4           ${businessCentral}/v2.0/sandbox/ODataV4    (on-premises style: ${businessCentral}/BC/ODataV4)
  companies
${companies.join('\n')}
  basic authentication: user and web service access key
${users.join('\n')}

Dataverse
  Web API           ${crm}/api/data/v9.2/

Sign-in (OAuth2)
  tenant            ${tenantId}
  authorize URL     ${login}/${tenantId}/oauth2/v2.0/authorize
  token URL         ${login}/${tenantId}/oauth2/v2.0/token
  client id         ${application.application?.clientId}
  client secret     ${application.application?.clientSecret}
  scopes            ${businessCentral}/.default   for Business Central
                    ${crm}/.default   for Dataverse
                    add offline_access for a refresh token (authorization code)

Everything is in memory and listens on this machine only. Ctrl-C ends it.`);
	const stop = () => void sandbox.close().then(() => process.exit(0));
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
}

main().catch((error: unknown) => {
	const port =
		(error as { code?: string; port?: number }).code === 'EADDRINUSE'
			? ` Port ${(error as { port?: number }).port} is taken; choose another with --port, --crm-port or --login-port.`
			: '';
	console.error(`The sandbox could not start.${port}`, port ? '' : error);
	process.exit(1);
});
