import { deepEqual, match, ok, rejects } from 'node:assert/strict';
import type { Checks } from '../checks';
import { withCredentials } from '../n8n/environment';
import type { Rest } from '../n8n/rest';
import { companyNames, everywhere } from './companies';
import type { QueueEnvironment } from './environment';
import { executionsEnded, start } from './executions';
import { withoutStore, withoutStoreId } from './workflows';

/** What the refusal of the embedded store has to tell. */
const whatToAttach = /queue mode[\s\S]*Sync Store \(PostgreSQL\)/;

/** Pickers are filled by the main process; runs are made by workers; neither takes the embedded store. */
export async function checkMain(checks: Checks, environment: QueueEnvironment, rest: Rest): Promise<void> {
	const { credentials, n8n } = environment;
	const shared = withCredentials(withoutStore(), credentials).nodes[1]!;
	const embedded = withCredentials(
		withoutStore(),
		credentials.filter(({ type }) => type !== 'syncStorePostgresApi'),
	).nodes[1]!;

	await checks.that('The main process fills the pickers for companies and mappings', async () => {
		const companies = await rest.picker({ node: shared, path: 'company', method: 'searchCompanies' });
		deepEqual(
			companies.map(({ name }) => name),
			companyNames.toSorted(),
		);
		const offered = await rest.picker({ node: shared, path: 'mapping', method: 'searchMappings' });
		for (const mapping of everywhere)
			ok(
				offered.some(({ value }) => value === mapping),
				`${mapping} is not offered.`,
			);
	});

	await checks.that('The main process fills the picker for records with the shared store attached', async () => {
		const customers = await rest.picker({ node: shared, path: 'businessCentralRecord', method: 'searchBusinessCentralRecords' });
		ok(customers.length > 0);
	});

	await checks.that('The main process refuses the embedded store and says what to attach', async () => {
		await rejects(rest.picker({ node: embedded, path: 'businessCentralRecord', method: 'searchBusinessCentralRecords' }), whatToAttach);
	});

	await checks.that('A worker refuses the embedded store and says what to attach', async () => {
		await rest.activate(withoutStoreId);
		await start(n8n.origin, withoutStoreId);
		const [execution] = await executionsEnded(rest, withoutStoreId, 1);
		const details = await rest.execution<{ data: { resultData: { error?: { message: string; description?: string } } } }>(execution!.id);
		const { error } = details.data.resultData;
		match(`${error?.message}\n${error?.description}`, whatToAttach);
		await rest.deactivate(withoutStoreId);
	});
}
