import type { IExecuteFunctions } from 'n8n-workflow';
import type { ConnectionSettings } from './openSession';
import { locator } from './locators';
import { spelled } from './recordReference';
import { oneOf, readParameter } from './parameters';

export const authentication = oneOf(['oAuth2', 'servicePrincipal', 'accessKey']);
export const crmAuthentication = oneOf(['oAuth2', 'servicePrincipal']);

/** Both ways to sign in, and the company, which all nodes have. */
export const readConnection = (context: IExecuteFunctions, itemIndex: number): ConnectionSettings => ({
	authentication: readParameter(context, 'authentication', 'Authentication', itemIndex, authentication),
	crmAuthentication: readParameter(context, 'crmAuthentication', 'CRM Authentication', itemIndex, crmAuthentication),
	company: readParameter(context, 'company', 'Company', itemIndex, locator),
});

/**
 * Name of the chosen mapping; whether there is such a mapping shows once a session is open.
 */
export const readMapping = (context: IExecuteFunctions, itemIndex: number): string =>
	spelled(readParameter(context, 'mapping', 'Mapping', itemIndex, locator).value);
