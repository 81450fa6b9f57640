import type { Workflow } from '../n8n/environment';
import { by, byHand, byWebhook, everySeconds } from '../workflows';
import { companyNames, everywhere } from './companies';

export interface Scheduled {
	workflow: Workflow;
	company: string;
	mapping: string;
}

/** What two cores, the main process and two workers on them can take. */
const runsPerSecond = 2;
/** Customers run so often that a run meets the one before it, on a fast machine, too. */
const customersEverySeconds = 4;

/**
 * A workflow of its own for each mapping, every few seconds: all mappings in the first company, those of `everywhere` in the others. More mappings
 * run less often.
 */
export function schedules(mappings: readonly string[]): Scheduled[] {
	const seconds = Math.ceil((mappings.length + everywhere.length * (companyNames.length - 1)) / runsPerSecond);
	return companyNames.flatMap((company, index) =>
		mappings
			.filter((mapping) => index === 0 || everywhere.some((name) => name === mapping))
			.map((mapping) => ({
				company,
				mapping,
				workflow: everySeconds(
					mapping === 'CUSTOMER' ? customersEverySeconds : seconds,
					`every-${index}-${mapping.replace(/\W+/g, '-')}`,
					`${mapping} of ${company}`,
					{
						name: 'Sync',
						type: 'syncMapping',
						parameters: {
							company: by('name', company),
							operation: 'synchronizeModified',
							mapping: by('name', mapping),
							direction: 'mapping',
							preview: false,
							// New records travel too: that is where a run that ran twice would make duplicates.
							options: { nothingCoupled: 'isNew', ...(mapping === 'CUSTOMER' ? { createUncoupled: true } : {}) },
						},
					},
				),
			})),
	);
}

/** The first synchronization of each company. */
export const firstSyncs = (mappings: readonly string[]): Workflow[] =>
	companyNames.map((company, index) =>
		byWebhook(
			byHand(`first-sync-${index}`, `First synchronization of ${company}`, {
				name: 'Run',
				type: 'fullSync',
				parameters: {
					company: by('name', company),
					operation: 'run',
					...(index === 0
						? { mappingSelection: 'all' }
						: { mappingSelection: 'selection', mappings: mappings.filter((name) => everywhere.some((one) => one === name)) }),
					bothSides: 'matchFirst',
					afterwards: 'keep',
					preview: false,
					options: { ignoreDependencies: true },
				},
			}),
		),
	);

export const withoutStoreId = 'without-store';

/** Somebody forgot to attach the shared store. */
export const withoutStore = (): Workflow =>
	byWebhook(
		byHand(withoutStoreId, 'Without the shared store', {
			name: 'Sync',
			type: 'syncMapping',
			parameters: {
				company: by('name', companyNames[0]),
				operation: 'synchronizeModified',
				mapping: by('name', 'CUSTOMER'),
				direction: 'mapping',
				preview: false,
				options: {},
			},
		}),
	);
