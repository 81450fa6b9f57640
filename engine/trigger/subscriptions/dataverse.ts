import { createHash } from 'node:crypto';
import type { TriggerSubscription } from '../../model/trigger';
import { type RemoteEndpoint, type RemoteStep, type ServiceEndpoints, STEP_MESSAGES, type WantedStep } from '../../ports/webhooks';
import { hashOf, isOf, markOf, newSecret, SECRET_HEADER } from './secret';
import { blankSubscription, type SubscriptionTools } from './tools';
import { mappingsText, type WantedResource } from './wanted';

const SIDE = 'crm';
/** The row that stands for the endpoint, which all tables are told through. */
export const ENDPOINT = '*';

/** Steps that tell of the tables: creations, deletions, and updates of the columns that matter. */
export const stepsOf = (trigger: string, wanted: readonly WantedResource[]): WantedStep[] =>
	wanted.flatMap(({ resource: table, columns }) =>
		STEP_MESSAGES.map((message) => ({
			name: `${markOf(trigger)} ${message} ${table}`,
			table,
			message,
			columns: message === 'Update' ? columns : [],
		})),
	);

/** Whether what is registered is no longer what is wanted, as far as it is known here. */
export function isEndpointToBeKept(
	tools: SubscriptionTools,
	rows: readonly TriggerSubscription[],
	wanted: readonly WantedResource[],
): boolean {
	const row = rows.find(({ side, resource }) => side === SIDE && resource === ENDPOINT);
	if (tools.compare) return true;
	return row?.lastError === null ? row.remoteId === null || row.etag !== definitionOf(tools, wanted) : row === undefined;
}

/**
 * Brings the endpoint and the steps of Dataverse in line with what is wanted, by the credential that may register: makes, adopts, corrects, removes.
 * @throws SyncError what the service refused; it is put down with the endpoint
 */
export async function keepEndpoint(tools: SubscriptionTools, service: ServiceEndpoints, wanted: readonly WantedResource[]): Promise<void> {
	const { session, trigger, url } = tools;
	const rows = (await session.store.subscriptions(trigger)).filter(({ side }) => side === SIDE);
	const { endpoints, steps } = await ownOf(service, trigger);
	const row =
		rows.find(({ resource }) => resource === ENDPOINT) ?? blankSubscription(tools, { side: SIDE, resource: ENDPOINT, mapping: '*' });
	const known = endpoints.find(({ id }) => id === row.remoteId && row.secretHash !== '');
	const kept = known ?? endpoints[0];
	const surplus = endpoints.filter((endpoint) => endpoint !== kept);
	const orphans = steps.filter(({ endpoint }) => endpoint !== kept?.id);
	await service.remove(idsOf(orphans), idsOf(surplus));
	const id = kept ? await correct(tools, service, { row, kept, isKnown: known !== undefined }) : await make(tools, service, row);
	const missing = await correctSteps(
		service,
		steps.filter(({ endpoint }) => endpoint === kept?.id),
		stepsOf(trigger, wanted),
	);
	await service.createSteps(id, missing);
	await saveTables(tools, rows, wanted);
	const saved = (await session.store.subscriptions(trigger)).find(({ side, resource }) => side === SIDE && resource === ENDPOINT)!;
	await session.store.saveSubscription({ ...saved, url, etag: definitionOf(tools, wanted), lastError: null });
}

/** Endpoints of the trigger with their steps, whoever has forgotten them. */
export async function ownOf(service: ServiceEndpoints, trigger: string): Promise<{ endpoints: RemoteEndpoint[]; steps: RemoteStep[] }> {
	const { endpoints, steps } = await service.list(markOf(trigger));
	const own = endpoints.filter(({ name }) => isOf(trigger, name));
	const ids = new Set(idsOf(own));
	return { endpoints: own, steps: steps.filter(({ name, endpoint }) => isOf(trigger, name) || ids.has(endpoint)) };
}

const definitionOf = ({ trigger, url }: SubscriptionTools, wanted: readonly WantedResource[]): string =>
	createHash('sha256')
		.update(JSON.stringify([url, stepsOf(trigger, wanted)]))
		.digest('base64url')
		.slice(0, 22);

/** An endpoint whose secret nobody knows any more gets another one; one that calls elsewhere gets the address of now. */
async function correct(
	{ session, url }: SubscriptionTools,
	service: ServiceEndpoints,
	{ row, kept, isKnown }: { row: TriggerSubscription; kept: RemoteEndpoint; isKnown: boolean },
): Promise<string> {
	if (isKnown && kept.url === url) return kept.id;
	if (isKnown) {
		await service.changeEndpoint(kept.id, { url });
		return kept.id;
	}
	const secret = newSecret();
	await session.store.saveSubscription({ ...row, url, remoteId: null, secretHash: hashOf(secret) });
	await service.changeEndpoint(kept.id, { url, header: [SECRET_HEADER, secret] });
	await session.store.saveSubscription({ ...row, url, remoteId: kept.id, secretHash: hashOf(secret) });
	return kept.id;
}

async function make({ session, trigger, url }: SubscriptionTools, service: ServiceEndpoints, row: TriggerSubscription): Promise<string> {
	const secret = newSecret();
	const ready = { ...row, url, secretHash: hashOf(secret) };
	await session.store.saveSubscription({ ...ready, remoteId: null });
	const remoteId = await service.createEndpoint({ name: markOf(trigger), url, header: [SECRET_HEADER, secret] });
	await session.store.saveSubscription({ ...ready, remoteId });
	return remoteId;
}

/** Takes away what tells something else than is wanted; answers what is missing. */
async function correctSteps(service: ServiceEndpoints, there: readonly RemoteStep[], wanted: readonly WantedStep[]): Promise<WantedStep[]> {
	const right = new Set<RemoteStep>();
	const missing = wanted.filter((want) => {
		const found = there.find((step) => !right.has(step) && isAsWanted(step, want));
		if (found) right.add(found);
		return !found;
	});
	await service.remove(idsOf(there.filter((step) => !right.has(step))), []);
	return missing;
}

const isAsWanted = ({ table, message, columns, enabled }: RemoteStep, want: WantedStep): boolean =>
	enabled && table === want.table && message === want.message && columns.join() === want.columns.join();

/** One row for each table, so that what is told of it is known to belong to its mappings. */
export async function saveTables(
	tools: SubscriptionTools,
	rows: readonly TriggerSubscription[],
	wanted: readonly WantedResource[],
): Promise<void> {
	const { store } = tools.session;
	for (const row of rows)
		if (row.resource !== ENDPOINT && !wanted.some(({ resource }) => resource === row.resource)) await store.deleteSubscription(row);
	for (const { resource, mappings } of wanted) {
		const mapping = mappingsText(mappings);
		const before = rows.find((row) => row.resource === resource);
		if (before?.mapping !== mapping || before.url !== tools.url)
			await store.saveSubscription({ ...(before ?? blankSubscription(tools, { side: SIDE, resource, mapping })), mapping, url: tools.url });
	}
}

const idsOf = (rows: ReadonlyArray<{ id: string }>): string[] => rows.map(({ id }) => id);
