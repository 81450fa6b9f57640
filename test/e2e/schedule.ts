import { equal, ok } from 'node:assert/strict';
import { disagreements, mustAgree, type Pair } from './agreement';
import type { Checks } from './checks';
import { exampleWorkflows, type Environment, type Workflow } from './n8n/environment';
import type { Rest } from './n8n/rest';
import type { Person } from './person';

const everySeconds = 3;
/** How long both sides may differ after the last edit: a few turns of the schedule, on a busy machine. */
const agreeWithinMs = 45_000;
const workflowId = 'scheduled-often';

/** The example workflow for the scheduled sync, only more impatient. */
export function scheduledOften(): Workflow {
	const example = exampleWorkflows().find(({ id }) => id === 'scheduled-sync');
	if (example === undefined) throw new Error('There is no workflows/scheduled-sync.json.');
	const rule = { interval: [{ field: 'seconds', secondsInterval: everySeconds }] };
	// The trigger's intervals are minutes: a schedule of seconds stands in for it, and runs all mappings.
	const nodes = example.nodes.map((node) => {
		if (node.type.endsWith('.dynamics365SyncTrigger'))
			return { ...node, type: 'n8n-nodes-base.scheduleTrigger', typeVersion: 1.2, parameters: { rule } };
		if (!node.type.endsWith('.syncMapping')) return node;
		const { mapping: _mapping, ...parameters } = node.parameters;
		return { ...node, parameters: { ...parameters, operation: 'synchronizeAll' } };
	});
	return { ...example, id: workflowId, name: 'Synchronize all mappings every few seconds', nodes };
}

interface Execution {
	data: { resultData: { runData: Record<string, Array<{ data?: { main: Array<Array<{ json: Record<string, unknown> }> | null> } }>> } };
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A schedule runs in the server while people edit both systems. */
export async function checkSchedule(
	checks: Checks,
	environment: Environment,
	rest: Rest,
	pairs: readonly Pair[],
	people: { anna: Person; ben: Person },
): Promise<void> {
	const { sandbox } = environment;
	const { anna, ben } = people;
	const finished = async () => (await rest.executions(workflowId)).filter(({ stoppedAt }) => stoppedAt !== null);

	await checks.must('The scheduled workflow is activated', () => rest.activate(workflowId));

	await checks.that('Both systems agree soon after people edited them while the schedule ran', async () => {
		for (let round = 1; round <= 8; round++) {
			const at = (index: number) => pairs[(round * 3 + index) % pairs.length]!;
			await anna.changeInBusinessCentral('customers', at(0).customer, { phoneNumber: `+44 20 7946 0${100 + round}` });
			await ben.changeInCrm('accounts', at(1).account, { address1_city: `Harbour ${round}` });
			// One record in both systems at once, in different fields.
			await Promise.all([
				anna.changeInBusinessCentral('customers', at(2).customer, { addressLine1: `${round} Quay Road` }),
				ben.changeInCrm('accounts', at(2).account, { emailaddress1: `office${round}@quay.example` }),
			]);
			await wait(1500);
		}
		const deadline = Date.now() + agreeWithinMs;
		while ((await disagreements(anna, pairs)).length > 0 && Date.now() < deadline) await wait(1000);
		await mustAgree(anna, pairs);
	});

	await checks.that('Every edit survived', async () => {
		const accounts = await ben.crm('accounts');
		const at = (index: number) => accounts.find(({ accountid }) => accountid === pairs[(8 * 3 + index) % pairs.length]!.account);
		equal(at(0)?.['telephone1'], '+44 20 7946 0108');
		equal(at(1)?.['address1_city'], 'Harbour 8');
		equal(at(2)?.['address1_line1'], '8 Quay Road');
		equal(at(2)?.['emailaddress1'], 'office8@quay.example');
	});

	await checks.that('Nothing is written once both sides agree', async () => {
		// One run may have been on its way when the last edit arrived.
		const settled = (await finished()).length + 2;
		while ((await finished()).length < settled) await wait(500);
		const before = sandbox.log.requests.length;
		const until = settled + 3;
		while ((await finished()).length < until) await wait(500);
		const written = sandbox.log.requests.slice(before).filter(({ writes }) => writes > 0);
		equal(written.length, 0, written.map(({ method, path }) => `${method} ${path}`).join('\n'));
	});

	await checks.that('A record that cannot be delivered becomes an e-mail text that names it', async () => {
		const pair = pairs[0]!;
		const [customer] = await anna.businessCentral('customers', `id eq ${pair.customer}`);
		// A conflict must not be undone by the schedule between the two edits.
		await rest.deactivate(workflowId);
		while ((await rest.executions(workflowId)).some(({ stoppedAt }) => stoppedAt === null)) await wait(300);
		await anna.changeInBusinessCentral('customers', pair.customer, { city: 'Hull' });
		await ben.changeInCrm('accounts', pair.account, { address1_city: 'Leith' });
		const before = (await finished()).length;
		await rest.activate(workflowId);
		/** Of the runs since: on a busy machine the first that ends may be one that found the mapping taken by another, which tells of nothing. */
		const mailsSince = async (): Promise<string[]> => {
			const mails: string[] = [];
			const runs = await finished();
			for (const { id } of runs.slice(0, runs.length - before)) {
				const { data } = await rest.execution<Execution>(id);
				mails.push(JSON.stringify(data.resultData.runData['Write e-mail']?.[0]?.data?.main[0] ?? null));
			}
			return mails;
		};
		let mails = await mailsSince();
		while (mails.length < 10 && mails.every((mail) => mail === 'null')) {
			await wait(500);
			mails = await mailsSince();
		}
		await rest.deactivate(workflowId);
		ok(
			mails.some((mail) => mail.includes(String(customer?.['displayName']))),
			mails.join('\n').slice(0, 1500),
		);
	});

	await checks.that('No scheduled run ended in an error', async () => {
		const bad = (await finished()).filter(({ status }) => status !== 'success');
		equal(bad.length, 0, JSON.stringify(bad));
	});
}
