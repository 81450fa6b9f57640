import type { JobResult } from '../../../engine/jobs/jobResult';
import { familyOf } from '../families';
import type { StoryOutcome } from '../outcome';
import { Random } from '../random';
import { type Script, type Step, weighted } from '../script';
import { actInBc } from './bcPeople';
import { cancelOrder, deleteOrder, editOrder, enterOrder, handleInvoice, reopenOrder, submitOrder } from './crmPeople';
import { lookAtInvoices, lookAtOrders } from './look';
import { Office } from './office';
import { carry, type Flow, FLOWS, perform, writesOf } from './runs';
import { openStage } from './stage';

/** Runs of all flows after the misfortune, with time for what is in doubt to become certain. */
const QUIET_RUNS = 4;
const QUIET_MINUTES = 20;

/**
 * Stories of sales documents: people enter, edit, submit, reopen, cancel and delete orders in CRM, release, ship, post and delete them in Business
 * Central, post, pay and cancel invoices; flows run in between, under bad luck. A model of its own: it knows what people entered and what that comes to.
 */
export async function playDocuments(script: Script): Promise<StoryOutcome> {
	const random = new Random(script.seed);
	const stage = await openStage(script.seed, {
		externalDocumentFrom: random.chance(0.7) ? 'name' : 'number',
		amountPolicy: random.chance(0.3) ? 'hold' : 'warn',
	});
	const office = new Office(stage, script.family === 'documents');
	try {
		await tell(office, script, random);
	} catch (error) {
		office.found.push(`unexplained: ${error instanceof Error ? error.stack : String(error)}`);
	} finally {
		await stage.close();
	}
	return { script, figures: office.figures, violations: office.found, plot: office.plot };
}

async function tell(office: Office, script: Script, random: Random): Promise<void> {
	office.tell(`family ${script.family}`);
	for (let count = 0; count < script.start; count++) enterOrder(office, random);
	for (const step of script.steps) {
		await office.late.arrive();
		office.look();
		if (office.found.length > 0) return;
		await happen(office, step, script.family);
	}
	await quiet(office);
}

async function happen(office: Office, { kind, seed }: Step, family: string): Promise<void> {
	const random = new Random(seed);
	const { manners = {}, faults = [0] } = familyOf(family);
	switch (kind) {
		case 'create':
			return enterOrder(office, random);
		case 'edit':
			return editOrder(office, random);
		case 'act':
			office.world.minutes(random.pick([1, 2, 15]));
			return await carry(office, random, { manners, faults }, (more) => work(office, more));
		case 'remove':
			return await remove(office, random);
		case 'event':
			return actInBc(office, random);
		case 'wait':
			return random.chance(0.5) ? submitOrder(office, random) : reopenOrder(office, random);
		case 'lull':
			office.world.minutes(random.pick([1, 5, 15, 40]));
			return await office.late.arrive();
		default:
			throw new Error(`Nothing is known of ${kind}.`);
	}
}

/** What people do while a flow runs. */
async function work(office: Office, random: Random): Promise<void> {
	for (let count = random.between(1, 3); count > 0; count--) {
		const what = weighted(random, { edit: 3, bc: 4, remove: 1, submit: 1, create: 1 });
		if (what === 'edit') editOrder(office, random);
		else if (what === 'bc') actInBc(office, random);
		else if (what === 'remove') await remove(office, random);
		else if (what === 'submit') submitOrder(office, random);
		else enterOrder(office, random);
	}
}

async function remove(office: Office, random: Random): Promise<void> {
	const what = weighted(random, { invoice: 3, cancel: 1, remove: 1 });
	if (what === 'invoice') handleInvoice(office, random);
	else if (what === 'cancel') await cancelOrder(office, random);
	else deleteOrder(office, random);
}

async function quiet(office: Office): Promise<void> {
	const { world } = office;
	world.minutes(QUIET_MINUTES);
	await office.late.hurry();
	world.sandbox.faults.clear();
	office.tell('quiet');
	const last = new Map<Flow, JobResult>();
	for (let run = 1; run <= QUIET_RUNS && office.found.length === 0; run++) {
		world.minutes(QUIET_MINUTES);
		const before = writesOf(office);
		for (const flow of FLOWS) {
			const result = await perform(office, flow);
			if (result?.job.job.status !== 'finished') return office.broken(`${flow} in quiet ends as ${result?.job.job.status ?? 'an error'}`);
			last.set(flow, result.job);
			office.look();
		}
		if (run === QUIET_RUNS && writesOf(office) !== before) office.broken(`run ${run} in quiet still writes`);
	}
	if (office.found.length > 0) return;
	lookAtOrders(office, last.get('orders')!);
	lookAtInvoices(office, last.get('invoices')!);
}
