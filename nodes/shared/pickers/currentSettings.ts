import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { authentication, crmAuthentication } from '../connectionParameters';
import type { Authentication } from '../connection';
import { SyncError } from '../../../engine';
import { COMPANY_OF_CREDENTIAL, isLeftEmpty, locator, type Locator } from '../locators';
import type { ConnectionSettings } from '../openSession';

/** How the node being edited signs in to Business Central. */
export const currentAuthentication = (context: ILoadOptionsFunctions): Authentication =>
	authentication.catch('oAuth2').parse(context.getCurrentNodeParameter('authentication'));

/** @throws SyncError that says which field must be chosen first */
export const currentConnection = (context: ILoadOptionsFunctions): ConnectionSettings => ({
	authentication: currentAuthentication(context),
	crmAuthentication: crmAuthentication.catch('oAuth2').parse(context.getCurrentNodeParameter('crmAuthentication')),
	company: currentCompany(context),
});

function currentCompany(context: ILoadOptionsFunctions): Locator {
	const entered: unknown = context.getCurrentNodeParameter('company');
	return isLeftEmpty(entered) ? COMPANY_OF_CREDENTIAL : current(context, 'company', 'Company');
}

/** @throws SyncError that says which field must be chosen first */
export const currentMapping = (context: ILoadOptionsFunctions): string => current(context, 'mapping', 'Mapping').value;

function current(context: ILoadOptionsFunctions, name: string, label: string): Locator {
	const value: unknown = context.getCurrentNodeParameter(name);
	const parsed = locator.safeParse(value);
	if (parsed.success && !parsed.data.value.startsWith('=')) return parsed.data;
	throw new SyncError({
		code: 'CHOOSE_FIRST',
		errorClass: 'setup',
		system: 'engine',
		message: parsed.success
			? `${label} is an expression, which has no value before the workflow runs.`
			: `No ${label.toLowerCase()} is chosen yet.`,
		hint: parsed.success ? `Name the record by id or number instead.` : `Choose the field "${label}" first.`,
	});
}
