import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMappings, runFullSync } from '../../../engine';
import type { Filter } from '../../../engine/model/filter';
import { openSqliteStore } from '../../../engine/store/openStore';
import { rememberWhole } from '../../../engine/store/sqlite/remembered';
import { placeEmptyStore, storeFolder } from '../../kit/storeFolder';
import { createWorld, type World } from '../../kit/world';
import { Random } from '../random';
import { takeOver } from '../stage';
import { companyOf, type KindName } from './kinds/kind';
import { create, enter } from './people';
import { type Resident, Town } from './town';

/** Everything a story begins with: a few records of each table, on both sides alike. */
interface Prepared {
	crm: ReturnType<World['sandbox']['crm']['snapshot']>;
	businessCentral: ReturnType<World['sandbox']['businessCentral']['snapshot']>;
	options: Array<readonly [number | string, string]>;
	store: Buffer;
	residents: ReadonlyMap<string, Resident>;
	token: number;
	now: number;
}

/** The sides do not come to agree on what every story begins with; `found`: what is broken. */
export class TownNotMade extends Error {
	constructor(readonly town: Town) {
		super(`The town cannot be made: ${town.found.join('; ')}`);
	}
}

const RESIDENTS: readonly KindName[] = ['salesperson', 'currency', 'terms', 'customer', 'customer', 'vendor', 'person', 'person', 'person', 'item', 'item', 'resource', 'unit', 'list', 'line', 'line']; // prettier-ignore
const SEED = 20;
const OPTION_TABLES = ['account', 'salesorder', 'quote', 'invoice'];

let prepared: Promise<Prepared> | undefined;

/** A town of one's own that begins as all do: made once in a process, and copied. */
export async function openTown(seed: number): Promise<{ town: Town; close(): Promise<void> }> {
	const template = await (prepared ??= prepare());
	const restore = takeOver(seed);
	const folder = storeFolder();
	const file = join(folder, 'state.sqlite');
	writeFileSync(file, template.store, { mode: 0o600, flag: 'wx' });
	rememberWhole(file);
	const world = await createWorld({ store: (connection, clock) => openSqliteStore({ file, connection, clock }), isNew: false });
	const { sandbox } = world;
	sandbox.clock.set(template.now);
	publish(world);
	sandbox.crm.restore(template.crm);
	sandbox.businessCentral.restore(template.businessCentral);
	sandbox.businessCentral.drawIdsFrom(seed);
	for (const table of OPTION_TABLES) sandbox.crm.defineOptions(table, 'paymenttermscode', Object.fromEntries(template.options));
	sandbox.log.keepBodies = false;
	const town = new Town(world, template.token);
	for (const [mark, resident] of template.residents) {
		const values = new Map([...resident.values].map(([name, entered]) => [name, { ...entered }]));
		town.residents.set(mark, { ...resident, values });
	}
	return {
		town,
		close: async () => {
			restore();
			await world.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

const publish = ({ sandbox }: World): void => sandbox.businessCentral.publish('NameDetails');

async function prepare(): Promise<Prepared> {
	const restore = takeOver(SEED);
	const folder = storeFolder();
	try {
		const file = join(folder, 'state.sqlite');
		await placeEmptyStore(file);
		const world = await createWorld({ store: (connection, clock) => openSqliteStore({ file, connection, clock }) });
		publish(world);
		const town = new Town(world, 0);
		await fill(town);
		if (town.found.length > 0) throw new TownNotMade(town);
		const { sandbox } = world;
		const state = {
			crm: sandbox.crm.snapshot(),
			businessCentral: sandbox.businessCentral.snapshot(),
			options: [...sandbox.crm.optionsOf('account', 'paymenttermscode')] as Prepared['options'],
			residents: town.residents,
			token: town.next(),
			now: world.clock.now(),
		};
		await world.close();
		return { ...state, store: readFileSync(file) };
	} finally {
		restore();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function fill(town: Town): Promise<void> {
	await setUp(town);
	const random = new Random(SEED);
	for (const name of RESIDENTS) while (create(town, name, random) === null);
	const request = { afterwards: 'keep' as const, ignoreDependencies: true };
	town.report('full sync', await town.use((session) => runFullSync(session, request)));
	await town.agreed();
	// Something stands in every field, so that what gets lost is seen; but a person has blanks, and the next one more, which its company may fill.
	let blanks = 0;
	for (const resident of town.residents.values()) {
		if (resident.kind.name === 'person') blanks++;
		for (const field of resident.kind.fields) {
			if (resident.kind.name === 'person' && random.chance((blanks - 1) / 2)) continue;
			if (field.values === 'yesNo' || (field.values === 'reference' && random.chance(0.4))) continue;
			const side = field.way === 'fromCrm' ? 'crm' : 'businessCentral';
			if (town.found.length === 0 && town.isFree(resident, field, side)) enter(town, resident, field, side, random);
		}
	}
	if (town.found.length === 0) await town.agreed();
	if (town.found.length === 0) await town.run({ everything: true });
	if (town.found.length === 0) await town.quiet();
}

/** Units of measure of the company; and blocked items and resources stay within the filters, so that blocking travels. */
async function setUp(town: Town): Promise<void> {
	for (const code of ['PCS', 'HOUR']) companyOf(town.world).insert('unitsOfMeasure', { code, displayName: code.toLowerCase() });
	const without = (filter: Filter): Filter => ({
		...filter,
		conditions: filter.conditions.filter((condition) => !('field' in condition) || !/^(blocked|statecode)$/i.test(condition.field)),
	});
	await town.use(async (session) => {
		for (const { name, bcFilter, crmFilter } of await loadMappings(session))
			if (name === 'ITEM-PRODUCT' || name === 'RESOURCE-PRODUCT')
				await session.store.saveSettings(name, { bcFilter: without(bcFilter), crmFilter: without(crmFilter) });
	});
	await town.world.settings({ extendedPrices: true });
}
