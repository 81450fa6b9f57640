import type { ParseArgsConfig } from 'node:util';
import type { Sandbox } from '../../sandbox';
import { pageViews } from '../../sandbox/businessCentral/model/schema';

/** Options of `npm run sandbox` about Business Central (docs/sandbox.md says what they do). */
export const businessCentralOptions = {
	documents: { type: 'string', default: '1' },
	page: { type: 'string', multiple: true, default: [] },
	'page-size': { type: 'string' },
	tenant: { type: 'string' },
	rate: { type: 'string' },
	'post-codes': { type: 'boolean', default: false },
	'permission-texts': { type: 'string', default: '403' },
	'turkish-server': { type: 'boolean', default: false },
	'missing-setup': { type: 'string', multiple: true, default: [] },
	'job-queue': { type: 'string', default: '0' },
	copy: { type: 'string', multiple: true, default: [] },
} as const satisfies ParseArgsConfig['options'];

interface Values {
	page: string[];
	'page-size'?: string;
	tenant?: string;
	rate?: string;
	'post-codes': boolean;
	'permission-texts': string;
	'turkish-server': boolean;
	'missing-setup': string[];
	'job-queue': string;
	copy: string[];
}

const texts = ['403', 'sorry400', 'older400'] as const;

/** Sets Business Central up as the options say. Throws an error that names the option for a value it cannot take. */
export function applyBusinessCentral(values: Values, { businessCentral }: Sandbox): void {
	for (const page of values.page.includes('all') ? pageViews.keys() : values.page) businessCentral.publish(page);
	if (values['page-size'] !== undefined) businessCentral.pageSize = whole('page-size', values['page-size']);
	if (values.rate !== undefined) businessCentral.throttle.limits.rate = whole('rate', values.rate);
	if (values.tenant !== undefined) businessCentral.tenant = values.tenant;
	const answer = texts.find((one) => one === values['permission-texts']);
	if (!answer) throw new Error(`--permission-texts takes ${texts.join(', ')}, not '${values['permission-texts']}'.`);
	businessCentral.permissions.answer = answer;
	const delay = whole('job-queue', values['job-queue']);
	businessCentral.webhooks.jobQueueDelayMs = () => delay;
	for (const { settings } of businessCentral.companyList()) {
		if (values['post-codes']) {
			settings.postCodes = [
				{ code: 'W2 8HG', city: 'London', country: 'GB' },
				{ code: '20095', city: 'Hamburg', county: 'Hamburg', country: 'DE' },
				{ code: '53111', city: 'Bonn', county: 'NRW', country: 'DE' },
			];
		}
		if (values['turkish-server']) settings.culture = 'tr-TR';
		for (const table of values['missing-setup']) settings.missingSetup.add(table);
	}
	for (const name of values.copy) businessCentral.copyEnvironment(name);
}

function whole(name: string, text: string): number {
	if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not '${text}'.`);
	return Number(text);
}
