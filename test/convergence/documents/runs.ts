import { importOrders, synchronizeInvoices, updatePaymentStatus } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { RunStopped, SyncError } from '../../../engine/model/errors';
import type { SyncSession } from '../../../engine/ports/session';
import type { Transport } from '../../../engine/systems/odata/transport';
import { dieAt, Killed } from '../../kit/killing';
import type { SessionOptions } from '../../kit/world';
import { atRequest } from '../carry';
import { describeFault, drawFault } from '../faults';
import type { Manner, Weights } from '../families';
import type { Random } from '../random';
import { weighted } from '../script';
import type { Office } from './office';

export type Flow = 'orders' | 'invoices' | 'payments';
export const FLOWS: readonly Flow[] = ['orders', 'invoices', 'payments'];

/** Small, so that people find something to do between two pages. */
const PAGE = 3;

interface FlowResult {
	job: JobResult;
	/** What was told beside the outcome of each document, by the id of the row in CRM or the number of the invoice. */
	warned: Array<readonly [about: string, warning: string]>;
}

async function runFlow(session: SyncSession, flow: Flow, preview: boolean): Promise<FlowResult> {
	if (flow === 'orders') {
		const { job, orders } = await importOrders(session, { preview, pageSize: PAGE });
		return { job, warned: orders.flatMap(({ crm, warnings }) => warnings.map((warning) => [crm.id, warning] as const)) };
	}
	const result =
		flow === 'invoices'
			? await synchronizeInvoices(session, { preview, createFrom: '', pageSize: PAGE })
			: await updatePaymentStatus(session, { preview });
	const warned = result.invoices.flatMap(({ businessCentral, warnings }) =>
		warnings.map((warning) => [businessCentral.number, warning] as const),
	);
	return { job: result.job, warned };
}

/** Runs a flow in a process of its own. What the engine explains is an end like others; anything else is not. */
export async function perform(office: Office, flow: Flow, options: SessionOptions = {}, preview = false): Promise<FlowResult | null> {
	const transport = (inner: Transport): Transport => office.late.watch((options.transport ?? ((same) => same))(inner));
	const session = await office.world.open({ ...options, transport });
	try {
		const result = await runFlow(session, flow, preview);
		if (!preview) hear(office, flow, result);
		return result;
	} catch (error) {
		if (!(error instanceof SyncError || error instanceof RunStopped)) throw error;
		office.tell(`${flow}: ${error.name} ${'code' in error ? error.code : ''} ${error.message}`);
		return null;
	} finally {
		await session.store.close();
	}
}

function hear(office: Office, flow: Flow, { job, warned }: FlowResult): void {
	for (const { crm, businessCentral, errorCode } of job.failed)
		for (const about of [crm?.id, businessCentral?.number]) if (about) office.told.add(`${about} ${errorCode}`);
	for (const [about, warning] of warned) if (/apart/.test(warning)) office.told.add(`${about} AMOUNTS_DIFFER`);
	const failed = job.failed.map(({ errorCode, crm, businessCentral }) => `${errorCode}:${crm?.name || businessCentral?.number || ''}`);
	office.tell(`${flow}: ${job.job.status} ${job.job.message} ${failed.join(', ')} ${job.warnings.join(' | ')}`.trimEnd());
}

export const writesOf = (office: Office): number => office.world.sandbox.log.requests.reduce((sum, { writes }) => sum + writes, 0);

/** A flow under bad luck: faults, a process that dies, one beside another, a request that is carried out late, people at work meanwhile. */
export async function carry(
	office: Office,
	random: Random,
	means: { manners: Weights<Manner>; faults: readonly number[] },
	work: (random: Random) => Promise<void>,
): Promise<void> {
	// prettier-ignore
	const flow = random.pick(FLOWS);
	const manner = weighted(random, means.manners);
	const { faults } = office.world.sandbox;
	for (let count = random.pick(means.faults); count > 0; count--) {
		const rule = drawFault(random);
		faults.add(rule);
		office.figures.faults++;
		office.tell(`fault: ${describeFault(rule)}`);
	}
	office.figures.runs++;
	const step = random.pick([random.between(1, 10), random.between(8, 30), random.between(1, 60)]);
	const when = random.pick(['before', 'after'] as const);
	office.tell(`${flow} ${manner}${manner === 'plain' ? '' : ` at ${step}`}`);
	await inManner(office, { flow, manner, step, when }, random, work);
	faults.clear();
	office.look();
}

interface Carried {
	flow: Flow;
	manner: Manner;
	step: number;
	when: 'before' | 'after';
}

async function inManner(
	office: Office,
	{ flow, manner, step, when }: Carried,
	random: Random,
	work: (random: Random) => Promise<void>,
): Promise<void> {
	// prettier-ignore
	switch (manner) {
		case 'kill': {
			office.figures.kills++;
			const death = dieAt(step, when);
			await Promise.race([perform(office, flow, death.options), death.happened]).catch((error: unknown) => {
				if (!(error instanceof Killed)) throw error;
				office.tell('the process dies');
			});
			return;
		}
		case 'late': {
			const arrival = { ms: random.pick([30_000, 120_000, 500_000]), requests: random.between(1, 20) };
			const { transport } = office.late.wrap(random.between(1, 8), arrival);
			return void (await perform(office, flow, { transport }));
		}
		case 'overlap': {
			const other = random.pick(FLOWS);
			return void (await Promise.all([perform(office, flow), perform(office, other)]));
		}
		case 'busy': {
			const meanwhile = async (): Promise<void> => {
				office.tell('meanwhile');
				office.importing = flow === 'orders';
				await work(random);
				office.importing = false;
			};
			return void (await perform(office, flow, { transport: atRequest(step, when, meanwhile) }));
		}
		case 'preview': {
			const before = writesOf(office);
			await perform(office, flow, {}, true);
			if (writesOf(office) !== before) office.broken(`a preview of ${flow} wrote ${writesOf(office) - before} rows`);
			return;
		}
		default:
			await perform(office, flow);
	}
}
