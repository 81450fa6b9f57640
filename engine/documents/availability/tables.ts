import { BC_OVERLAP_MS } from '../../defaults/defaultMapping';
import type { CompanySettings } from '../../model/companySettings';
import type { TableSource } from '../../model/record';
import type { TableMapping } from '../../model/tableMapping';

/** Name under which quantities on hand keep their lease, failures, watermark and log. */
export const AVAILABILITY = 'ITEM-AVAILABILITY';
/** Mapping whose couples say which item is which product. */
export const ITEM_MAPPING = 'ITEM-PRODUCT';

export const BC_ITEMS: TableSource = { name: 'items', numberField: 'number', nameField: 'displayName' };
export const BC_LEDGER: TableSource = { name: 'itemLedgerEntries', numberField: null, nameField: 'description' };
export const PRODUCTS: TableSource = { name: 'product', numberField: 'productnumber', nameField: 'name' };
export const ON_HAND = 'quantityonhand';
/** Digits that CRM keeps of a quantity. */
export const PLACES = 5;

/** Page 30, which an administrator publishes: what is on sales orders, and quantities of a location. */
export const CARD = 'ItemCard';
export const itemCard = ({ pages }: CompanySettings): TableSource => ({
	name: pages[CARD] ?? CARD,
	numberField: 'No',
	nameField: 'No',
	page: { keys: ['No'], standardName: CARD },
	written: [],
});

/** Quantities on hand as jobs and the log name them. */
export const AVAILABILITY_FLOW: TableMapping = {
	name: AVAILABILITY,
	caption: 'Item availability',
	bc: BC_ITEMS,
	crm: PRODUCTS,
	direction: 'toCrm',
	onlyCoupled: true,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: [ITEM_MAPPING],
	fields: [],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: BC_OVERLAP_MS, crm: 0 },
};
