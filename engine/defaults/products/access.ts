import type { MoreAccess } from '../../model/access';
import type { Setup } from '../../model/companySettings';
import type { ProductKind } from './productKind';

/** What keeping the default price list takes: the list, its prices, and what they point to. */
export const DEFAULT_PRICES: NonNullable<MoreAccess['crm']> = {
	organization: ['Read'],
	transactioncurrency: ['Read', 'AppendTo'],
	pricelevel: ['Read', 'Create', 'Append', 'AppendTo'],
	productpricelevel: ['Read', 'Create', 'Write', 'Append'],
	product: ['Read', 'AppendTo'],
	uom: ['Read', 'AppendTo'],
	uomschedule: ['Read', 'AppendTo'],
};

/** Products are published and priced in CRM; a record made of one takes over its units, with unit groups those of its own. */
export const accessOfProducts = ({ owner }: ProductKind, { unitGroups }: Setup): MoreAccess => ({
	businessCentral: {
		companyInformation: ['Read'],
		unitsOfMeasure: ['Read'],
		...(owner === 'Item' ? { vendors: ['Read'] } : {}),
		...(unitGroups
			? { ItemUnitGroups: ['Read'], [owner === 'Item' ? 'ItemUnitsOfMeasure' : 'ResourceUnitsOfMeasure']: ['Read', 'Insert'] }
			: {}),
	},
	crm: { ...DEFAULT_PRICES, product: ['Read', 'Write', 'Append', 'AppendTo'] },
});
