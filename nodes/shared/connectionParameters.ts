import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { ConnectionSettings } from './openSession';
import { companyLocator, locator } from './locators';
import { spelled } from './recordReference';
import { labelled, oneOf, readParameter, wholeNumber } from './parameters';
import { waitProperty } from './runProperties';

export const authentication = oneOf(['oAuth2', 'servicePrincipal', 'accessKey']);
export const crmAuthentication = oneOf(['oAuth2', 'servicePrincipal']);

/** Both ways to sign in, and the company, which all nodes have. */
export const readConnection = (context: IExecuteFunctions, itemIndex: number): ConnectionSettings => ({
	authentication: readParameter(context, 'authentication', 'Authentication', itemIndex, authentication),
	crmAuthentication: readParameter(context, 'crmAuthentication', 'CRM Authentication', itemIndex, crmAuthentication),
	company: readParameter(context, 'company', 'Company', itemIndex, companyLocator(context.getNode().parameters['company'])),
});

// What changes the store alone, like Retry, has no options and nothing to wait for.
const waiting = labelled(
	z
		.object({ waitSeconds: wholeNumber(0) })
		.partial()
		.nullable(),
	{ waitSeconds: waitProperty.displayName },
);

/** As `readConnection`, for what is done by hand: it waits while another run has the mapping, five minutes unless the node says otherwise. */
export const readConnectionByHand = (context: IExecuteFunctions, itemIndex: number): ConnectionSettings => {
	const { waitSeconds = 300 } = readParameter(context, 'options', 'Options', itemIndex, waiting) ?? {};
	return { ...readConnection(context, itemIndex), waitForTurnMs: waitSeconds * 1000 };
};

/**
 * Name of the chosen mapping; whether there is such a mapping shows once a session is open.
 */
export const readMapping = (context: IExecuteFunctions, itemIndex: number): string =>
	spelled(readParameter(context, 'mapping', 'Mapping', itemIndex, locator).value);
