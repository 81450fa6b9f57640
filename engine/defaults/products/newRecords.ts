import type { SyncError } from '../../model/errors';
import type { RuleContext, WriteValues } from '../../mapping/rules';
import { codesMissing, groupIsShared } from '../units/unitErrors';
import { isGroupName } from '../units/groupNames';
import { unitsById, unitsOfGroups } from '../units/unitRows';
import { knownCodes } from './baseUnits';
import { PRODUCT } from './priceOfUnits';
import type { SystemRecord } from '../../model/record';
import type { ProductKind } from './productKind';

type Insert = { source: SystemRecord; values: WriteValues; refusal?: SyncError };

export const groupOf = ({ values }: SystemRecord): string => String(values['defaultuomscheduleid'] ?? '');

/**
 * Items and resources about to be made from products: with unit groups, all units of the product must be codes of
 * Business Central, and its unit group its own.
 */
export async function completeRecords(context: RuleContext, kind: ProductKind, inserts: readonly Insert[]): Promise<void> {
	if (context.settings.unitGroups) await refuseUnfit(context, inserts);
	const open = inserts.filter(({ values, refusal }) => values[kind.baseUnit] === undefined && !refusal);
	const unitOf = ({ source }: Insert): string => String(source.values['defaultuomid'] ?? '');
	const units = await unitsById(context.session, open.map(unitOf));
	const known = await knownCodes(
		context.session,
		[...units.values()].map(({ code }) => code),
	);
	for (const insert of open) {
		const code = units.get(unitOf(insert))?.code;
		if (code === undefined) continue;
		if (known.has(code)) insert.values[kind.baseUnit] = code;
		else insert.refusal = codesMissing([code]);
	}
}

async function refuseUnfit({ session }: RuleContext, inserts: readonly Insert[]): Promise<void> {
	const groups = [...new Set(inserts.map(({ source }) => groupOf(source)))].filter((group) => group !== '');
	const units = await unitsOfGroups(session, groups);
	const codes = (group: string): string[] => (units.get(group) ?? []).filter(({ name }) => !isGroupName(name)).map(({ code }) => code);
	const known = await knownCodes(session, groups.flatMap(codes));
	const users =
		groups.length === 0 ? [] : await session.crm.readByValues(PRODUCT, 'defaultuomscheduleid', groups, ['defaultuomscheduleid']);
	for (const insert of inserts) {
		const group = groupOf(insert.source);
		const missing = codes(group).filter((code) => !known.has(code));
		const products = users.filter((user) => groupOf(user) === group).length;
		if (products > 1) insert.refusal = groupIsShared(products);
		else if (missing.length > 0) insert.refusal = codesMissing(missing);
	}
}
