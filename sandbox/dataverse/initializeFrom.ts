import { copied } from './actions/copies';
import type { Call } from './call';
import { invalidArgument } from './errors';
import { readReference } from './payload';
import type { Platform } from './platform';
import { targetTable, type JsonRow } from './rowView';
import { wireValue } from './values';

/** Table → table a row of which can be begun from it, and the navigation property that leads back. */
const maps: Record<string, Record<string, string | null>> = {
	account: { contact: 'parentcustomerid_account', opportunity: 'customerid_account', account: 'parentaccountid', quote: 'customerid_account', salesorder: 'customerid_account', invoice: 'customerid_account' }, // prettier-ignore
	contact: {
		opportunity: 'customerid_contact',
		quote: 'customerid_contact',
		salesorder: 'customerid_contact',
		invoice: 'customerid_contact',
	},
	lead: { account: null, contact: null, opportunity: null },
	opportunity: { quote: 'opportunityid', salesorder: 'opportunityid', invoice: 'opportunityid' },
	quote: { salesorder: 'quoteid' },
	salesorder: { invoice: 'salesorderid' },
};

/**
 * Values for a new row from another one; nothing is created.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api ("Create a row from another row")
 */
export function initializeFrom(platform: Platform, call: Call, moniker: string, name: string, fieldType: string): JsonRow {
	if (!/^(Microsoft\.Dynamics\.CRM\.TargetFieldType)?'(All|ValidForCreate|ValidForUpdate|ValidForRead)'$/.test(fieldType)) throw invalidArgument("The parameter 'TargetFieldType' is not valid."); // prettier-ignore
	const address = /['"]@odata\.id['"]\s*:\s*['"]([^'"]*)['"]/.exec(moniker)?.[1];
	const target = platform.model.tables.get(name.replace(/^'|'$/g, ''));
	if (!address || !target) throw invalidArgument("The parameters 'EntityMoniker' and 'TargetEntityName' must name a row and a table.");
	const { table, id } = readReference(platform, call, address);
	platform.demand(call.session, 'Read', table.logicalName);
	const row = platform.db.row(table.logicalName, id);
	const back = maps[table.logicalName]?.[target.logicalName];
	if (!row || back === undefined) throw invalidArgument(`There is no entity map from '${table.logicalName}' to '${target.logicalName}'.`);
	const json: JsonRow = { '@odata.type': `#Microsoft.Dynamics.CRM.${target.logicalName}` };
	const values = copied(platform, platform.masked(call.session, table, row), table.logicalName, target.logicalName);
	for (const [column, value] of Object.entries(values)) {
		const found = target.columns.get(column);
		if (!found || found.hidden || value === null || found.access === 'read' || column === 'ownerid') continue;
		if (!found.isLookup) json[column] = wireValue(found, value);
		else {
			const other = targetTable(found, values);
			const navigation = found.navigation?.[other];
			if (navigation) json[`${navigation}@odata.bind`] = `${platform.model.table(other).entitySetName}(${String(value)})`;
		}
	}
	if (back !== null) json[`${back}@odata.bind`] = `${table.entitySetName}(${id})`;
	return json;
}
