import { createSandbox, type Sandbox } from '../../../sandbox';
import { seedDemo } from '../../../sandbox/demo';

/** Four companies of one Business Central, which share one CRM: four connections. */
export const companyNames = ['CRONUS International Ltd.', 'CRONUS Deutschland GmbH', 'CRONUS Nederland BV', 'CRONUS Sverige AB'] as const;

/** Mappings that run in every company; with four companies these make twelve. */
export const everywhere = ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER'] as const;

/**
 * Both systems with demonstration data in four companies. All of them reckon in the base currency of the CRM, so that the currencies they share
 * have the same rates.
 */
export function sandboxOfFour(): Sandbox {
	const sandbox = createSandbox({ companies: companyNames.map((name) => ({ name, lcyCode: 'GBP' })) });
	// No accounts without a company: each of the four would rightly take them.
	seedDemo(sandbox, { customers: 100, vendors: 5, items: 5, accounts: 0 });
	sandbox.log.keepBodies = false;
	return sandbox;
}
