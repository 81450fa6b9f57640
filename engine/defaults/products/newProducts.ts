import type { RuleContext, WriteValues } from '../../mapping/rules';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import { baseUnitsOf, codeOf, unitsById } from '../units/unitRows';
import { groupsByCode } from './baseUnits';
import { localCurrency, localCurrencyMissing } from './defaultPriceList';
import { SINGLE_PRODUCT } from './states';
import type { SyncError } from '../../model/errors';
import type { SystemRecord } from '../../model/record';
import type { ProductKind } from './productKind';

type Insert = { source: SystemRecord; values: WriteValues; refusal?: SyncError };

/** Digits of quantities, as the built-in integration sets them for new products. */
const QUANTITY_DECIMALS = 2;

/** What Dataverse wants to know of a new product besides its fields; it begins as a draft. */
export async function completeProducts(context: RuleContext, kind: ProductKind, inserts: readonly Insert[]): Promise<void> {
	const currency = await localCurrency(context);
	for (const insert of inserts) {
		const { values } = insert;
		values['producttypecode'] = kind.type;
		values['productstructure'] = SINGLE_PRODUCT;
		values['quantitydecimal'] = QUANTITY_DECIMALS;
		if (currency) values['transactioncurrencyid'] = { table: 'transactioncurrency', id: currency.id };
		else insert.refusal = localCurrencyMissing(context);
	}
	if (context.settings.unitGroups) await completeGroups(context, inserts);
	else await completeUnits(context, kind, inserts);
}

const idOf = (value: WriteValues[string] | undefined): string => (value !== null && typeof value === 'object' ? value.id : '');

/** With unit groups: the unit is known, its group is needed as well. */
async function completeGroups({ session }: RuleContext, inserts: readonly Insert[]): Promise<void> {
	const units = await unitsById(
		session,
		inserts.map(({ values }) => idOf(values['defaultuomid'])),
	);
	for (const { values } of inserts) {
		const group = units.get(idOf(values['defaultuomid']))?.group;
		if (group) values['defaultuomscheduleid'] = { table: 'uomschedule', id: group };
	}
}

/** Without unit groups: the group is known — or, for resources, found by the unit's code — and its one unit is needed. */
async function completeUnits(context: RuleContext, kind: ProductKind, inserts: readonly Insert[]): Promise<void> {
	const open = inserts.filter(({ values }) => values['defaultuomscheduleid'] === undefined);
	const codeIn = ({ source }: Insert): string => codeOf(source.values[kind.baseUnit]);
	const groups = await groupsByCode(context, open.map(codeIn));
	for (const insert of open) {
		const group = groups.get(codeIn(insert));
		if (group) insert.values['defaultuomscheduleid'] = { table: 'uomschedule', id: group };
		else
			insert.refusal = notCoupled({
				caption: 'Base Unit of Measure',
				value: codeIn(insert),
				mapping: 'UNIT OF MEASURE',
				off: isOff(context.mappings, 'UNIT OF MEASURE'),
			});
	}
	const bases = await baseUnitsOf(
		context.session,
		inserts.map(({ values }) => idOf(values['defaultuomscheduleid'])),
	);
	for (const { values } of inserts) {
		const unit = bases.get(idOf(values['defaultuomscheduleid']));
		if (unit) values['defaultuomid'] = { table: 'uom', id: unit };
	}
}
