import {
	coupleRecords,
	createAndCouple,
	deleteOther,
	matchCouple,
	restoreRecords,
	runFullSync,
	synchronizeMapping,
	uncouple,
} from '../../engine';
import type { SyncSession } from '../../engine/ports/session';
import type { Scene } from './scene';
import type { Side } from '../../engine/model/side';

/** Something people run, with what both systems hold before it. */
export interface Operation {
	name: string;
	/** Answers what is run: the same once more, when the process died. */
	prepare(scene: Scene): Promise<(session: SyncSession) => Promise<unknown>>;
	/** Fewer steps than these, and the operation no longer does what it is here for. */
	floor: number;
}

const mapping = 'CUSTOMER';
const sync = (session: SyncSession) => synchronizeMapping(session, { mapping, createUncoupled: true, findDeleted: 'now', pageSize: 2 });
const settings = (scene: Scene, conflict: 'none' | 'send' | 'get') => scene.use(({ store }) => store.saveSettings(mapping, { conflict }));

/** Pairs that were synchronized once, by name. */
async function coupled(scene: Scene, names: readonly string[]): Promise<Array<{ bcId: string; crmId: string }>> {
	for (const name of names) scene.customer(name, { city: `City of ${name}` });
	await scene.use(sync);
	scene.world.minutes(30);
	const couplings = await scene.couplings();
	return names.map((name) => couplings.find(({ bcName }) => bcName === name)!);
}

const couple = (initial: 'send' | 'get'): Operation => ({
	name: `couple one, ${initial}`,
	floor: 10,
	prepare: (scene) => {
		const bcId = scene.customer('Here', { city: 'London', phoneNumber: '1' });
		const crmId = scene.account('There', { address1_city: 'Paris', address1_primarycontactname: 'Ann' });
		return Promise.resolve((session) => coupleRecords(session, { mapping, bcId, crmId, initial }));
	},
});

const create = (side: Side): Operation => ({
	name: `create and couple from ${side}`,
	floor: 12,
	prepare: (scene) => {
		const make = (name: string): string =>
			side === 'crm' ? scene.account(name, { fax: '1' }) : scene.customer(name, { phoneNumber: '1' });
		const ids = ['One', 'Two', 'Three'].map(make);
		return Promise.resolve((session) => createAndCouple(session, { mapping, side, ids }));
	},
});

const unpair = (name: string, floor: number, ids: (pairs: ReadonlyArray<{ crmId: string }>) => { ids?: string[] }): Operation => ({
	name: `uncouple ${name}`,
	floor,
	prepare: async (scene) => {
		const pairs = await coupled(scene, ['One', 'Two', 'Three']);
		const request = { mapping, side: 'crm' as const, ...ids(pairs) };
		return (session) => uncouple(session, request);
	},
});

/** Couples of which one record was deleted, on either side. */
async function halves(scene: Scene): Promise<string[]> {
	const pairs = await coupled(scene, ['One', 'Two', 'Three', 'Four']);
	scene.removeAccount(pairs[0]!.crmId);
	scene.removeAccount(pairs[1]!.crmId);
	scene.removeCustomer(pairs[2]!.bcId);
	return pairs.slice(0, 3).map(({ bcId }) => bcId);
}

export const OPERATIONS: readonly Operation[] = [
	{
		name: 'synchronize both ways, creating and changing on both sides',
		floor: 30,
		prepare: async (scene) => {
			await settings(scene, 'send');
			const [one, two, three] = await coupled(scene, ['One', 'Two', 'Three']);
			scene.changeCustomer(one!.bcId, { phoneNumber: '11', city: 'London' });
			scene.changeContact(two!.bcId, 'Ann');
			scene.changeAccount(two!.crmId, { emailaddress1: 'two@example.com', fax: '2' });
			scene.changeCustomer(three!.bcId, { phoneNumber: '31' });
			scene.changeAccount(three!.crmId, { telephone1: '32', address1_line1: 'Street 3' });
			scene.customer('New here', { phoneNumber: '4' });
			scene.account('New there', { telephone1: '5', fax: '5', address1_primarycontactname: 'Eve' });
			return sync;
		},
	},
	{
		name: 'full synchronization that matches first',
		floor: 30,
		prepare: (scene) => {
			for (const name of ['Both', 'Both too', 'Only here']) scene.customer(name, { city: 'London' });
			for (const name of ['Both', 'Both too', 'Only there']) scene.account(name, { address1_line1: 'Street' });
			return Promise.resolve((session) =>
				runFullSync(session, { mappings: [mapping], afterwards: 'allowCreate', ignoreDependencies: true, pageSize: 2, partRows: 4 }),
			);
		},
	},
	{
		name: 'match-based coupling that creates, synchronized afterwards',
		floor: 20,
		prepare: async (scene) => {
			await settings(scene, 'get');
			for (const name of ['Both', 'Both too', 'Only here', 'Only here too']) scene.customer(name, { city: 'London', phoneNumber: name });
			for (const name of ['Both', 'Both too', 'Only there']) scene.account(name, { address1_city: 'Paris' });
			const criteria = [{ bcField: 'displayName', crmField: 'name' }];
			return (session) => matchCouple(session, { mapping, criteria, createWhenNoMatch: true, synchronizeAfterwards: 'byStrategy' });
		},
	},
	unpair('one', 6, (pairs) => ({ ids: [pairs[1]!.crmId] })),
	unpair('many', 6, (pairs) => ({ ids: pairs.slice(0, 2).map(({ crmId }) => crmId) })),
	unpair('a mapping', 7, () => ({})),
	{
		name: 'restore',
		floor: 20,
		prepare: async (scene) => {
			const ids = await halves(scene);
			return (session) => restoreRecords(session, { mapping, side: 'businessCentral', ids });
		},
	},
	{
		name: 'delete the other record',
		floor: 10,
		prepare: async (scene) => {
			const ids = await halves(scene);
			return (session) => deleteOther(session, { mapping, side: 'businessCentral', ids });
		},
	},
	couple('send'),
	couple('get'),
	{
		name: 'move a record to another partner',
		floor: 10,
		prepare: async (scene) => {
			const [one] = await coupled(scene, ['One']);
			const crmId = scene.account('Other', { telephone1: '9' });
			return (session) => coupleRecords(session, { mapping, bcId: one!.bcId, crmId, initial: 'send' });
		},
	},
	create('businessCentral'),
	create('crm'),
];
