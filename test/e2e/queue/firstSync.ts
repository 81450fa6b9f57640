import { equal, ok } from 'node:assert/strict';
import type { Checks } from '../checks';
import { itemsOf, type ExecutionReport } from '../n8n/report';
import type { Rest } from '../n8n/rest';
import { Person } from '../person';
import { companyNames, everywhere } from './companies';
import type { Office } from './edits';
import type { QueueEnvironment } from './environment';
import { executionsEnded, start } from './executions';
import { firstSyncs, type Scheduled } from './workflows';

export interface Synchronized {
	/** Who works where. */
	offices: Office[];
	/** Schedules of the mappings that take part: some are for one model of ownership only. */
	scheduled: Scheduled[];
}

const isEverywhere = (mapping: unknown): boolean => everywhere.some((name) => name === mapping);

/**
 * Each company is synchronized as a whole on the workers, three of them at the same time. The mappings of `everywhere` have to come out without a
 * failure; what the demonstration data lacks for others is none of the workers' business.
 */
export async function checkFirstSync(checks: Checks, environment: QueueEnvironment, rest: Rest): Promise<Synchronized> {
	const { n8n, mappings, store, sandbox, addresses } = environment;
	const workflows = firstSyncs(mappings);
	const takingPart = new Map<string, Set<unknown>>();
	await checks.must('The first synchronizations of four companies run to their end on the workers', async () => {
		await store.watch();
		for (const { id } of workflows) await rest.activate(id);
		// The first company brings the currencies that they share: four at once would find them taken by each other, and end them in a second run.
		await start(n8n.origin, workflows[0]!.id);
		await executionsEnded(rest, workflows[0]!.id, 1);
		await Promise.all(workflows.slice(1).map(({ id }) => start(n8n.origin, id)));
		for (const [index, { id }] of workflows.entries()) {
			const [execution] = await executionsEnded(rest, id, 1);
			const report = await rest.execution<ExecutionReport>(execution!.id);
			const jobs = itemsOf(report, 'Run');
			const failed = itemsOf(report, 'Run', 1);
			const wrong = failed.filter(({ mapping }) => isEverywhere(mapping));
			equal(wrong.length, 0, `${id}: ${JSON.stringify(wrong[0])}`);
			if (failed.length > 0) checks.note(`${failed.length} records of other mappings failed: ${JSON.stringify(failed[0]?.['message'])}, …`);
			for (const mapping of everywhere)
				ok(
					jobs.some((job) => job['mapping'] === mapping),
					`${id} ran no ${mapping}.`,
				);
			for (const job of jobs) if (isEverywhere(job['mapping'])) equal(job['status'], 'finished', JSON.stringify(job));
			const finished = jobs.filter(({ status }) => status === 'finished');
			takingPart.set(companyNames[index]!, new Set(finished.map(({ mapping }) => mapping)));
			await rest.deactivate(id);
		}
	});

	const offices: Office[] = [];
	for (const [index, company] of companyNames.entries()) {
		const [anna, ben] = await Promise.all([Person.signIn(addresses, 'ANNA', company), Person.signIn(addresses, 'BEN')]);
		const { id } = sandbox.businessCentral.companyList().find(({ name }) => name === company)!;
		const [row] = await ben.crm('bcbi_companies', `$filter=bcbi_externalid eq '${id}'`);
		const codes = (await anna.businessCentral('currencies')).map(({ code }) => String(code)).sort();
		offices.push({ company, companyRow: String(row!['bcbi_companyid']), anna, ben, currency: codes[index % codes.length]! });
	}
	const scheduled = environment.scheduled.filter(({ company, mapping }) => takingPart.get(company)?.has(mapping));
	return { offices, scheduled };
}
