import type { SyncError } from '../../model/errors';
import type { RuleContext } from '../../mapping/rules';
import { targetFields } from '../targetFields';
import { groupNameOf, ownerOf, type UnitOwner } from './groupNames';
import { groupInactive } from './unitErrors';
import { codeOf, UNIT_GROUP } from './unitRows';
import type { SyncSession } from '../../ports/session';
import type { FieldName, SystemRecord, TableSource } from '../../model/record';

const ACTIVE = 0;
const PRODUCT: TableSource = { name: 'product', numberField: 'productnumber', nameField: 'name' };
/** Dataverse choice product.producttypecode. */
const PRODUCT_TYPE: Record<UnitOwner, number> = { Item: 1, Resource: 3 };

/**
 * Partners of uncoupled unit groups: the one that the coupled product has, for a product never gets another unit group; or the one that bears its name; or
 * else the one the product of that number has. A group that several products have is nobody's own.
 */
export async function findGroups(context: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SystemRecord>> {
	const { session, mapping } = context;
	const fields = targetFields(mapping);
	const named = await session.crm.readByValues(mapping.crm, 'name', records.map(groupNameOf), fields);
	const byName = new Map(named.map((group) => [codeOf(group.name), group]));
	const found = new Map<string, SystemRecord>();
	const ofCoupled = await groupsOfCoupled(context, records);
	const there = await session.crm.readByIds(mapping.crm, [...ofCoupled.values()], fields);
	for (const record of records) {
		const group = there.get(ofCoupled.get(record.id) ?? '') ?? byName.get(codeOf(groupNameOf(record)));
		if (group) found.set(record.id, group);
	}
	const open = records.filter(({ id }) => !found.has(id));
	const owned = await groupsOfProducts(context, open);
	const groups = await session.crm.readByIds(mapping.crm, [...owned.values()], fields);
	for (const [id, group] of owned) if (groups.has(group)) found.set(id, groups.get(group)!);
	return found;
}

/** Groups that products of the same number and kind have for themselves, by id of the record. */
async function groupsOfProducts({ session }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, string>> {
	if (records.length === 0) return new Map();
	const fields: FieldName[] = ['producttypecode', 'defaultuomscheduleid'];
	const products = await session.crm.readByValues(
		PRODUCT,
		'productnumber',
		records.map(({ number }) => number),
		fields,
	);
	const shared = await sharedAmong(session, products);
	return new Map(
		records.flatMap((record): Array<[string, string]> => {
			const product = products.find(
				({ number, values }) => codeOf(number) === codeOf(record.number) && values['producttypecode'] === PRODUCT_TYPE[ownerOf(record)],
			);
			const group = product ? groupOf(product) : '';
			return group === '' || shared(group) ? [] : [[record.id, group]];
		}),
	);
}

const groupOf = ({ values }: SystemRecord): string => String(values['defaultuomscheduleid'] ?? '');

/** Which of the products' groups other products have, too. */
export async function sharedAmong(session: SyncSession, products: readonly SystemRecord[]): Promise<(group: string) => boolean> {
	const groups = [...new Set(products.map(groupOf))].filter(Boolean);
	const users =
		groups.length === 0 ? [] : await session.crm.readByValues(PRODUCT, 'defaultuomscheduleid', groups, ['defaultuomscheduleid']);
	return (group) => users.filter((each) => groupOf(each) === group).length > 1;
}

/** Groups that the products coupled with the items and resources have for themselves, by id of the record. */
async function groupsOfCoupled({ session, mappings }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const [owner, name] of [
		['Item', 'ITEM-PRODUCT'],
		['Resource', 'RESOURCE-PRODUCT'],
	] as const) {
		const bc = mappings.get(name)?.bc;
		const own = records.filter((record) => ownerOf(record) === owner);
		if (!bc || own.length === 0 || (await session.store.countCouplings(name)) === 0) continue;
		const owners = await session.businessCentral.readByValues(bc, bc.numberField!, own.map(({ number }) => number), []); // prettier-ignore
		const couplings = await session.store.couplingsOf(
			name,
			'businessCentral',
			owners.map(({ id }) => id),
		);
		if (couplings.size === 0) continue;
		const products = await session.crm.readByIds(PRODUCT, [...couplings.values()].map(({ crmId }) => crmId), ['defaultuomscheduleid']); // prettier-ignore
		const shared = await sharedAmong(session, [...products.values()]);
		const byNumber = new Map(owners.map((each) => [codeOf(each.number), products.get(couplings.get(each.id)?.crmId ?? '')]));
		for (const record of own) {
			const product = byNumber.get(codeOf(record.number));
			if (product && groupOf(product) !== '' && !shared(groupOf(product))) found.set(record.id, groupOf(product));
		}
	}
	return found;
}

/** A group that is there already, coupled or by its name, must be active. */
export async function inactiveGroups({ session, mapping }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SyncError>> {
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	const inactive = new Map<string, SyncError>();
	const coupled = await session.crm.readByIds(
		UNIT_GROUP,
		[...couplings.values()].map(({ crmId }) => crmId),
		['statecode'],
	);
	for (const [id, { crmId }] of couplings) {
		const group = coupled.get(crmId);
		if (group && group.values['statecode'] !== ACTIVE) inactive.set(id, groupInactive(group.name));
	}
	const open = records.filter(({ id }) => !couplings.has(id));
	if (open.length === 0) return inactive;
	const named = await session.crm.readByValues(UNIT_GROUP, 'name', open.map(groupNameOf), ['statecode']);
	for (const record of open) {
		const group = named.find(({ name }) => codeOf(name) === codeOf(groupNameOf(record)));
		if (group && group.values['statecode'] !== ACTIVE) inactive.set(record.id, groupInactive(group.name));
	}
	return inactive;
}
