import type { Table } from './model';
import type { Platform } from './platform';
import { edmType } from './values';

const namespace = 'Microsoft.Dynamics.CRM';

/** `$metadata`: the model as CSDL. */
export function csdl(platform: Platform): string {
	const tables = [...platform.model.tables.values()];
	const types = tables.map((table) => entityType(platform, table)).join('');
	const sets = tables.map((table) => entitySet(platform, table)).join('');
	return `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="${namespace}" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="crmbaseentity" Abstract="true" />${types}<EntityContainer Name="System">${sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
}

function entityType(platform: Platform, table: Table): string {
	const properties = [...table.properties.values()].map((column) => `<Property Name="${column.property}" Type="${edmType(column)}"${edmType(column) === 'Edm.String' ? ' Unicode="false"' : ''} />`); // prettier-ignore
	const single = [...table.navigation].filter(([, { targets }]) => targets.some((target) => platform.model.tables.has(target))).map(([name, { column, targets }]) => {
		const type = targets.length > 1 ? 'principal' : targets[0]!;
		return `<NavigationProperty Name="${name}" Type="mscrm.${type}" Nullable="true"><ReferentialConstraint Property="${column.property}" ReferencedProperty="${type}id" /></NavigationProperty>`;
	}); // prettier-ignore
	const collections = [...table.collections.values()].map(({ name, referencing, navigation }) => `<NavigationProperty Name="${name}" Type="Collection(mscrm.${referencing})" Partner="${navigation}" />`); // prettier-ignore
	return `<EntityType Name="${table.logicalName}" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="${table.primaryId}" /></Key>${[...properties, ...single, ...collections].join('')}</EntityType>`;
}

function entitySet(platform: Platform, table: Table): string {
	const bindings: string[] = [];
	for (const [name, { targets }] of table.navigation) {
		const target = platform.model.tables.get(targets[0]!);
		if (target) bindings.push(`<NavigationPropertyBinding Path="${name}" Target="${target.entitySetName}" />`);
	}
	for (const { name, referencing } of table.collections.values()) {
		bindings.push(`<NavigationPropertyBinding Path="${name}" Target="${platform.model.table(referencing).entitySetName}" />`);
	}
	return `<EntitySet Name="${table.entitySetName}" EntityType="${namespace}.${table.logicalName}">${bindings.join('')}</EntitySet>`;
}
