import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFullSync } from '../../../engine';
import { openSqliteStore } from '../../../engine/store/openStore';
import { rememberWhole } from '../../../engine/store/sqlite/remembered';
import type { CompanySettings } from '../../../engine/model/companySettings';
import { placeEmptyStore, storeFolder } from '../../kit/storeFolder';
import { createWorld, type World } from '../../kit/world';
import { takeOver } from '../stage';
import { type Customer, companyOf, FREIGHT_ACCOUNT, ITEMS, RESOURCE, WRITE_IN_ITEM } from './assortment';

/** Master data that is coupled, before the first document is entered. */
interface Prepared {
	crm: ReturnType<World['sandbox']['crm']['snapshot']>;
	businessCentral: ReturnType<World['sandbox']['businessCentral']['snapshot']>;
	store: Buffer;
	customers: readonly Customer[];
	priceList: string;
	now: number;
}

export interface Stage {
	world: World;
	customers: readonly Customer[];
	/** Price list of the orders that people enter. */
	priceList: string;
	close(): Promise<void>;
}

const MASTER_DATA = ['CURRENCY', 'CUSTOMER', 'UNIT GROUP', 'UNIT OF MEASURE', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT']; // prettier-ignore
const SEED = 30;

let prepared: Promise<Prepared> | undefined;

/** A stage of one's own that begins as all do: made once in a process, and copied. */
export async function openStage(seed: number, settings: Partial<CompanySettings>): Promise<Stage> {
	const template = await (prepared ??= prepare());
	const restore = takeOver(seed);
	const folder = storeFolder();
	const file = join(folder, 'state.sqlite');
	writeFileSync(file, template.store, { mode: 0o600, flag: 'wx' });
	rememberWhole(file);
	const world = await createWorld({ store: (connection, clock) => openSqliteStore({ file, connection, clock }), isNew: false });
	const { sandbox } = world;
	sandbox.clock.set(template.now);
	sandbox.crm.restore(template.crm);
	sandbox.businessCentral.restore(template.businessCentral);
	sandbox.businessCentral.drawIdsFrom(seed);
	// The second customer has a discount of her own in Business Central, which orders of CRM do not carry.
	companyOf(world).data.settings.invoiceDiscountPercent['C2'] = 10;
	sandbox.crm.followTable('invoice');
	sandbox.log.keepBodies = false;
	await world.settings(settings);
	return {
		world,
		customers: template.customers,
		priceList: template.priceList,
		close: async () => {
			restore();
			await world.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function prepare(): Promise<Prepared> {
	const restore = takeOver(SEED);
	const folder = storeFolder();
	try {
		const file = join(folder, 'state.sqlite');
		await placeEmptyStore(file);
		const world = await createWorld({ store: (connection, clock) => openSqliteStore({ file, connection, clock }) });
		const { sandbox } = world;
		const names = enterMasterData(world);
		await world.settings({ writeInItem: WRITE_IN_ITEM, freightAccount: FREIGHT_ACCOUNT });
		const session = await world.open();
		const results = await runFullSync(session, { mappings: active(), afterwards: 'keep', ignoreDependencies: true });
		await session.store.close();
		for (const { job, failed } of results)
			if (job.status !== 'finished' || failed.length > 0) throw new Error(`${job.mapping} of the stage: ${job.message}`);
		const priceList = sandbox.crm.insert('pricelevel', { name: 'Orders', transactioncurrencyid: world.base.baseCurrencyId });
		const customers = names.map(({ id, name }) => {
			const account = sandbox.crm.rows('account').find((row) => row['name'] === name)!;
			return { customerId: id, accountId: String(account['accountid']), name };
		});
		const state = {
			crm: sandbox.crm.snapshot(),
			businessCentral: sandbox.businessCentral.snapshot(),
			customers,
			priceList,
			now: world.clock.now(),
		};
		await world.close();
		return { ...state, store: readFileSync(file) };
	} finally {
		restore();
		rmSync(folder, { recursive: true, force: true });
	}
}

const active = (): string[] => MASTER_DATA.filter((name) => name !== 'UNIT OF MEASURE');

function enterMasterData(world: World): Array<{ id: string; name: string }> {
	const company = companyOf(world);
	for (const code of ['PCS', 'HOUR']) company.insert('unitsOfMeasure', { code, displayName: code.toLowerCase() });
	for (const { number, price, ...values } of ITEMS)
		company.insert('items', {
			...{ number, displayName: `Item ${number}`, type: 'Inventory', baseUnitOfMeasureCode: 'PCS', unitPrice: price },
			...values,
		});
	company.insert('ResourceCard', { No: RESOURCE, Name: 'Lina', Type: 'Person', Base_Unit_of_Measure: 'HOUR', Unit_Price: 50 });
	company.data.insert('G/L Account', { 'No.': FREIGHT_ACCOUNT, Name: 'Freight', 'Direct Posting': true }, 'ANNA');
	return ['Adatum', 'Relecloud'].map((displayName, index) => {
		const { id } = company.insert('customers', { number: `C${index + 1}`, displayName, city: 'London', blocked: '_x0020_' });
		return { id: String(id).toLowerCase(), name: displayName };
	});
}
