import { join } from 'node:path';
import { runFullSync } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { createWorld, type World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import type { Sizes } from '../../kit/seededCompany';

/** A company small enough to be synchronized several times. */
export const SMALL: Sizes = {
	salespeople: 3,
	currencies: 4,
	customers: 12,
	vendors: 6,
	contacts: 20,
	items: 10,
	resources: 4,
	priceLists: 2,
	linesPerList: 8,
};

/** What Business Central offers beside API v2.0. */
export type Surfaces = 'published pages' | 'extension' | 'both' | 'nothing';

const FOLDER = join(__dirname, '../../../extension');

/** Entity sets of the extension as the sandbox names them. */
export const EXTENSION = 'd365sync/sync/v1.0';

export function offer({ sandbox }: World, surfaces: Surfaces): void {
	for (const page of ['ContactCard', 'NameDetails']) sandbox.businessCentral.publish(page);
	if (surfaces === 'extension' || surfaces === 'nothing') sandbox.businessCentral.published.clear();
	if (surfaces === 'extension' || surfaces === 'both') sandbox.businessCentral.installExtension(FOLDER, ['SALESPRICES']);
}

export async function worldWith(surfaces: Surfaces): Promise<World> {
	const world = await createWorld();
	offer(world, surfaces);
	return world;
}

export const everything = (world: World): Promise<JobResult[]> => within(world, (session) => runFullSync(session, { afterwards: 'keep' }));

/** F=0 everywhere, and nothing is left out. */
export function expectDelivered(results: readonly JobResult[]): void {
	for (const { job, failed, warnings } of results) {
		const at = `${job.mapping} ${job.direction}`;
		const leftOut = warnings.filter((warning) => /left out|not published|no longer/.test(warning));
		expect([at, job.status, job.failed, job.skipped, failed.map(({ message }) => message), leftOut]).toEqual([
			at,
			'finished',
			0,
			0,
			[],
			[],
		]);
	}
}

type Row = Readonly<Record<string, unknown>>;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Stamps, versions and ids are those of their environment. */
const OWN = /etag|stamp|DateTime|modifiedon|createdon|versionnumber|SystemId|^id$/i;

/** Numbers that Business Central gives to records made of rows of CRM, whose ids are random: which record gets which is chance. */
const NUMBER = /^(No|number|productnumber|Item_No|Resource_No)$/;

const told = (row: Row, byNumber: boolean): string =>
	JSON.stringify(
		Object.entries(row)
			.filter(
				([name, value]) => !OWN.test(name) && (byNumber || !NUMBER.test(name)) && !GUID.test(String(value)) && typeof value !== 'object',
			)
			.sort(([one], [other]) => (one < other ? -1 : 1)),
	);

const CRM_TABLES = ['account', 'contact', 'product', 'uom', 'uomschedule', 'pricelevel', 'productpricelevel', 'transactioncurrency'];
const BC_TABLES = ['customers', 'vendors', 'contacts', 'items', 'workflowCustomers', 'workflowVendors', 'workflowItems', 'ContactCard', 'NameDetails', 'ResourceCard', 'ItemUnitsOfMeasure', 'ResourceUnitsOfMeasure', 'ShippingAgents', 'SalesPriceList', 'PriceListLineReview', 'CustomerPriceGroups', 'SalesPrices', 'paymentTerms', 'shipmentMethods']; // prettier-ignore

/** Everything both systems hold, by table, without what is each environment's own. `byNumber`: the numbers of records count, too. */
export function picture({ sandbox, base }: World, byNumber = true): Record<string, string[]> {
	const company = sandbox.businessCentral.company(base.companyName);
	return Object.fromEntries([
		...CRM_TABLES.map((table) => [
			table,
			sandbox.crm
				.rows(table)
				.map((row) => told(row, byNumber))
				.sort(),
		]),
		...BC_TABLES.map((set) => [
			set,
			company
				.rows(set)
				.map((row) => told(row, byNumber))
				.sort(),
		]),
	]);
}

/** Requests to published pages, and to the extension; what they say about themselves does not count. */
export const asked = (world: World): { pages: number; extension: number } => {
	const requests = world.takeRequests().filter(({ path }) => !path.includes('$metadata'));
	const paths = requests.map(({ path }) => path);
	return {
		pages: paths.filter((path) => path.includes('/ODataV4')).length,
		extension: paths.filter((path) => path.includes(`/${EXTENSION}`)).length,
	};
};
