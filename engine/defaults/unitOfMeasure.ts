import type { SyncError } from '../model/errors';
import { linesOfUnitsOfMeasure } from './prices/linesOf';
import type { RuleContext } from '../mapping/rules';
import { common, type DefaultMapping, field } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { groupHasOtherUnits, groupInactive } from './units/unitErrors';
import { groupName } from './units/groupNames';
import { codeOf, UNIT, UNIT_GROUP, unitsOfGroups } from './units/unitRows';
import type { SystemRecord } from '../model/record';

const ACTIVE = 0;

/** Without unit groups each unit of measure of Business Central is a unit group of CRM, which holds that one unit. */
export const unitOfMeasure: DefaultMapping = {
	activeWhen: ({ unitGroups }) => !unitGroups,
	mapping: {
		...common,
		name: 'UNIT OF MEASURE',
		caption: 'Units of measure – unit groups',
		bc: { name: 'unitsOfMeasure', numberField: 'code', nameField: 'displayName' },
		crm: { name: 'uomschedule', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		fields: [
			field('Code', 'code', 'baseuomname', 'code', 'toCrm', { insertOnly: true, bcLength: 10, crmLength: 100 }),
			field('Name of the Unit Group', '@group', 'name', 'text', 'toCrm', { crmLength: 200 }),
		],
	},
	rules: toCrmOnly({
		access: () => ({ crm: { uom: ['Read', 'Write'] } }),
		dependents: linesOfUnitsOfMeasure,
		matchBeforeCreate: { bcField: '@group', crmField: 'name' },
		derive: (_context, records) =>
			Promise.resolve(new Map(records.map((record) => [record.id, { '@group': groupName(codeOf(record.number)) }]))),
		refuse: unfitGroups,
		// A unit that was renamed takes its unit in CRM along: its name follows the code.
		async afterWrite({ session }, pairs) {
			const units = await unitsOfGroups(
				session,
				pairs.map(({ target }) => target.id),
			);
			const wrong = pairs.flatMap(({ source, target }) =>
				(units.get(target.id) ?? [])
					.filter((unit) => unit.isGroupBase && unit.code !== codeOf(source.number))
					.map((unit) => ({ source, unit })),
			);
			const outcomes = await session.crm.write(
				UNIT,
				wrong.map(({ source, unit }) => ({
					kind: 'update' as const,
					id: unit.id,
					version: unit.version,
					number: '',
					values: { name: codeOf(source.number) },
				})),
			);
			return new Map(
				outcomes.flatMap((outcome, index): Array<[string, SyncError]> =>
					outcome.status === 'failed' || outcome.status === 'unknown' ? [[wrong[index]!.source.id, outcome.error]] : [],
				),
			);
		},
	}),
};

/** The group that a unit has, or would take, must be active and hold that one unit. */
async function unfitGroups({ session, mapping }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SyncError>> {
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	const coupled = await session.crm.readByIds(
		UNIT_GROUP,
		[...couplings.values()].map(({ crmId }) => crmId),
		['statecode'],
	);
	const open = records.filter(({ id }) => !couplings.has(id)).map(({ number }) => groupName(codeOf(number)));
	const named = open.length === 0 ? [] : await session.crm.readByValues(UNIT_GROUP, 'name', open, ['statecode']);
	const byName = new Map(named.map((group) => [codeOf(group.name), group]));
	const units = await unitsOfGroups(session, [...coupled.keys(), ...named.map(({ id }) => id)]);
	const refused = new Map<string, SyncError>();
	for (const { id, number } of records) {
		const coupling = couplings.get(id);
		const code = codeOf(number);
		const group = coupling ? coupled.get(coupling.crmId) : byName.get(codeOf(groupName(code)));
		if (!group) continue;
		const [unit, ...others] = units.get(group.id) ?? [];
		// The name of a coupled group's unit may be out of date: it follows the code.
		const fits = unit !== undefined && others.length === 0 && unit.quantity === 1 && (coupling !== undefined || unit.code === code);
		if (group.values['statecode'] !== ACTIVE) refused.set(id, groupInactive(group.name));
		else if (!fits) refused.set(id, groupHasOtherUnits(group.name, code));
	}
	return refused;
}
