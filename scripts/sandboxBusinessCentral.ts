import type { ParseArgsConfig } from 'node:util';
import type { Sandbox } from '../sandbox';
import { pageViews } from '../sandbox/businessCentral/model/schema';

/** Options of `npm run sandbox` about Business Central (docs/sandbox.md says what they do). */
export const businessCentralOptions = {
	'bc-page': { type: 'string', multiple: true, default: [] },
	'bc-page-size': { type: 'string' },
	'bc-tenant': { type: 'string' },
	'bc-rate': { type: 'string' },
	'bc-post-codes': { type: 'boolean', default: false },
	'bc-permission-texts': { type: 'string', default: '403' },
	'bc-turkish': { type: 'boolean', default: false },
	'bc-missing-setup': { type: 'string', multiple: true, default: [] },
	'bc-job-queue-ms': { type: 'string', default: '0' },
	'bc-copy': { type: 'string', multiple: true, default: [] },
} as const satisfies ParseArgsConfig['options'];

interface Values {
	'bc-page': string[];
	'bc-page-size'?: string;
	'bc-tenant'?: string;
	'bc-rate'?: string;
	'bc-post-codes': boolean;
	'bc-permission-texts': string;
	'bc-turkish': boolean;
	'bc-missing-setup': string[];
	'bc-job-queue-ms': string;
	'bc-copy': string[];
}

const texts = ['403', 'sorry400', 'older400'] as const;

/** Sets Business Central up as the options say. Throws an error that names the option for a value it cannot take. */
export function applyBusinessCentralSwitches({ businessCentral }: Sandbox, values: Values): void {
	for (const page of values['bc-page'].includes('all') ? pageViews.keys() : values['bc-page']) businessCentral.publish(page);
	if (values['bc-page-size'] !== undefined) businessCentral.pageSize = whole('bc-page-size', values['bc-page-size']);
	if (values['bc-rate'] !== undefined) businessCentral.throttle.limits.rate = whole('bc-rate', values['bc-rate']);
	if (values['bc-tenant'] !== undefined) businessCentral.tenant = values['bc-tenant'];
	const answer = texts.find((one) => one === values['bc-permission-texts']);
	if (!answer) throw new Error(`--bc-permission-texts takes ${texts.join(', ')}, not '${values['bc-permission-texts']}'.`);
	businessCentral.permissions.answer = answer;
	const delay = whole('bc-job-queue-ms', values['bc-job-queue-ms']);
	businessCentral.webhooks.jobQueueDelayMs = () => delay;
	for (const { settings } of businessCentral.companyList()) {
		if (values['bc-post-codes']) {
			settings.postCodes = [
				{ code: 'W2 8HG', city: 'London', country: 'GB' },
				{ code: '20095', city: 'Hamburg', county: 'Hamburg', country: 'DE' },
				{ code: '53111', city: 'Bonn', county: 'NRW', country: 'DE' },
			];
		}
		if (values['bc-turkish']) settings.culture = 'tr-TR';
		for (const table of values['bc-missing-setup']) settings.missingSetup.add(table);
	}
	for (const name of values['bc-copy']) businessCentral.copyEnvironment(name);
}

function whole(name: string, text: string): number {
	if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not '${text}'.`);
	return Number(text);
}
