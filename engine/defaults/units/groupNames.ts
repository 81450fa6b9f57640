import { cutText } from '../../model/cutText';
import type { SyncError } from '../../model/errors';
import { spelledCode } from '../../model/upperCase';
import type { FieldTranslation, RuleContext, WrittenPair } from '../../mapping/rules';
import { UNIT, UNIT_GROUP, unitsOfGroups } from './unitRows';
import type { SystemRecord } from '../../model/record';

/** Table a unit group's units belong to, as the page of unit groups tells it. */
export type UnitOwner = 'Item' | 'Resource';

export const ownerOf = ({ values }: SystemRecord): UnitOwner => (values['Source_Type'] === 'Resource' ? 'Resource' : 'Item');

/** "ITEM 1896-S UOM GR", "RESOURCE LINA UOM GR". */
export const groupNameOf = (record: SystemRecord): string => `${ownerOf(record).toUpperCase()} ${record.number} UOM GR`;

/** Without unit groups: the group of a unit of measure; the built-in integration names it so, too. */
export const groupName = (code: string): string => `NAV ${code}`;

export const isGroupName = (name: string): boolean => /^(ITEM|RESOURCE) .+ UOM GR$/i.test(name);

/** The base unit bears the name of its group; a group that got another name takes it along. Units with names of their own keep them. */
export async function followName({ session }: RuleContext, pairs: readonly WrittenPair[]): Promise<Map<string, SyncError>> {
	const units = await unitsOfGroups(
		session,
		pairs.map(({ target }) => target.id),
	);
	const wrong = pairs.flatMap(({ source, target }) =>
		(units.get(target.id) ?? [])
			.filter((unit) => unit.isGroupBase && isGroupName(unit.name) && unit.name !== groupNameOf(source))
			.map((unit) => ({ source, unit })),
	);
	const outcomes = await session.crm.write(
		UNIT,
		wrong.map(({ source, unit }) => ({
			kind: 'update' as const,
			id: unit.id,
			version: unit.version,
			number: '',
			values: { name: cutText(groupNameOf(source), 100) },
		})),
	);
	return new Map(
		outcomes.flatMap((outcome, index): Array<[string, SyncError]> =>
			outcome.status === 'failed' || outcome.status === 'unknown' ? [[wrong[index]!.source.id, outcome.error]] : [],
		),
	);
}

/**
 * The name of its group that the record gives, unless another group of CRM bears it, as the group of a former product may: names exist once there, and
 * the group keeps its own.
 */
export const nameUnlessTaken: FieldTranslation = async ({ session, mapping }, _field, records) => {
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	const renamed = records.filter((record) => couplings.has(record.id) && spelledCode(couplings.get(record.id)!.crmName) !== spelledCode(groupNameOf(record))); // prettier-ignore
	const asked = [...renamed, ...records.filter(({ id }) => !couplings.has(id))];
	const bearers = asked.length === 0 ? [] : await session.crm.readByValues(UNIT_GROUP, 'name', asked.map(groupNameOf), []);
	const byName = new Map(bearers.map(({ id, name }) => [spelledCode(name), id]));
	return (source, creating) => {
		const bearer = byName.get(spelledCode(groupNameOf(source)));
		// A group that was found by this very name has it already.
		const taken = bearer !== undefined && !creating && bearer !== couplings.get(source.id)?.crmId;
		return taken ? { kind: 'leave' } : { kind: 'value', value: groupNameOf(source) };
	};
};
