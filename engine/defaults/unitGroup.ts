import { common, type DefaultMapping, field } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { findGroups, inactiveGroups } from './units/groupsInCrm';
import { followName, groupNameOf, nameUnlessTaken } from './units/groupNames';
import { unitsOfGroups } from './units/unitsOf';
import type { FieldValue } from '../model/record';

/** With unit groups each item and each resource has a unit group of its own in CRM. */
export const unitGroup: DefaultMapping = {
	activeWhen: ({ unitGroups }) => unitGroups,
	mapping: {
		...common,
		name: 'UNIT GROUP',
		caption: 'Unit groups of items and resources – unit groups',
		bc: {
			name: 'ItemUnitGroups',
			numberField: 'Item_No',
			nameField: 'Code',
			page: { keys: ['Source_Id'], also: [{ service: 'ResourceUnitGroups', properties: { Item_No: 'Resource_No' } }] },
		},
		crm: { name: 'uomschedule', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		fields: [
			field('Source No.', '@group', 'name', 'text', 'toCrm', { crmLength: 200 }),
			// CRM makes a base unit of that name; the unit codes follow as ITEM UOM and RESOURCE UOM.
			field('Source No.', '@group', 'baseuomname', 'text', 'toCrm', { insertOnly: true, crmLength: 100 }),
		],
	},
	rules: toCrmOnly({
		access: () => ({ crm: { uom: ['Read', 'Write'], product: ['Read'] } }),
		extraFields: { bc: ['Source_Type'] },
		derive: (_context, records) =>
			Promise.resolve(
				new Map(records.map((record): [string, Record<string, FieldValue>] => [record.id, { '@group': groupNameOf(record) }])),
			),
		translations: { name: nameUnlessTaken },
		findPartner: findGroups,
		refuse: inactiveGroups,
		afterWrite: followName,
		dependents: unitsOfGroups,
	}),
};
