import { createHash } from 'node:crypto';
import type { NeededRight } from '../../../engine/model/access';
import { tableDataOf } from '../../../engine/model/tableData';
import { usualPrivilegeName } from '../../../engine/systems/dataverse/privilegeNames';
import { publishedPages, rightsOfDefaults } from './rights';

/** Files to import, relative to `docs/`: a permission set for Business Central, and the parts of a solution with a security role for Dataverse. */
export function rightFiles(): Readonly<Record<string, string>> {
	const rights = rightsOfDefaults();
	return {
		'security/business-central-permission-set.xml': permissionSet(rights.filter(({ side }) => side === 'businessCentral')),
		'security/dataverse-role/customizations.xml': customizations(rights.filter(({ side }) => side === 'crm')),
		'security/dataverse-role/solution.xml': SOLUTION,
		'security/dataverse-role/[Content_Types].xml': CONTENT_TYPES,
	};
}

/** Numbers of object types in permission sets: data of tables, and pages. */
const TABLE_DATA = 0;
const PAGE = 8;
type Flags = Partial<Record<'Read' | 'Insert' | 'Modify' | 'Delete' | 'Execute', boolean>>;

/**
 * As the page Permission Sets imports it. Source of the format:
 * https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-export-permission-sets
 */
function permissionSet(rights: readonly NeededRight[]): string {
	const tables = new Map<number, Flags>();
	for (const { number, right } of rights) {
		if (number !== null) tables.set(number, { ...tables.get(number), [right]: true });
	}
	const sets = [...rights.flatMap((right) => right.sets), ...publishedPages().keys()];
	const pages = new Set(sets.flatMap((set) => tableDataOf(set)?.page ?? []));
	const inOrder = <T>(list: Iterable<[number, T]>): Array<[number, T]> => [...list].sort(([one], [other]) => one - other);
	return lines([
		'<?xml version="1.0" encoding="utf-8"?>',
		'<PermissionSets>',
		'  <PermissionSet RoleID="D365SYNC LEAST" RoleName="Dynamics 365 Sync, least">',
		...inOrder(tables).flatMap(([id, flags]) => permission(TABLE_DATA, id, flags)),
		...inOrder([...pages].map((id): [number, Flags] => [id, { Execute: true }])).flatMap(([id, flags]) => permission(PAGE, id, flags)),
		'  </PermissionSet>',
		'</PermissionSets>',
	]);
}

const permission = (type: number, id: number, flags: Flags): string[] => [
	'    <Permission>',
	`      <ObjectType>${type}</ObjectType>`,
	`      <ObjectID>${id}</ObjectID>`,
	...(['Read', 'Insert', 'Modify', 'Delete', 'Execute'] as const).map((name) => `      <${name}Permission>${flags[name] ? 1 : 0}</${name}Permission>`),
	'      <SecurityFilter />',
	'    </Permission>',
];

const ROLE = 'Dynamics 365 Sync, least';
const UNIQUE_NAME = 'dynamics365syncrole';

/**
 * Source of the format: solutions exported with a role ("Solution component file reference", Roles; level Global is Organization).
 * https://learn.microsoft.com/power-platform/alm/solution-component-file-reference
 */
function customizations(rights: readonly NeededRight[]): string {
	const names = [...new Set(rights.map(({ table, right }) => (table === null ? right : usualPrivilegeName(table, right as 'Read'))))].sort();
	return lines([
		'<?xml version="1.0" encoding="utf-8"?>',
		'<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
		'  <Entities />',
		'  <Roles>',
		`    <Role id="{${guid(ROLE)}}" name="${ROLE}" isinherited="1">`,
		'      <RolePrivileges>',
		...names.map((name) => `        <RolePrivilege name="${name}" level="Global" />`),
		'      </RolePrivileges>',
		'    </Role>',
		'  </Roles>',
		'  <Workflows />',
		'  <FieldSecurityProfiles />',
		'  <Templates />',
		'  <EntityMaps />',
		'  <EntityRelationships />',
		'  <OrganizationSettings />',
		'  <optionsets />',
		'  <Languages>',
		'    <Language>1033</Language>',
		'  </Languages>',
		'</ImportExportXml>',
	]);
}

/** The same whenever the files are made: an import changes the role that is there instead of making a second one. */
function guid(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const lines = (parts: readonly string[]): string => `${parts.join('\n')}\n`;

const SOLUTION = lines([
	'<?xml version="1.0" encoding="utf-8"?>',
	'<ImportExportXml version="9.2.0.0" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
	'  <SolutionManifest>',
	`    <UniqueName>${UNIQUE_NAME}</UniqueName>`,
	'    <LocalizedNames>',
	`      <LocalizedName description="${ROLE}" languagecode="1033" />`,
	'    </LocalizedNames>',
	'    <Descriptions />',
	'    <Version>1.0.0.0</Version>',
	'    <Managed>0</Managed>',
	'    <Publisher>',
	'      <UniqueName>dynamics365sync</UniqueName>',
	'      <LocalizedNames>',
	'        <LocalizedName description="Dynamics 365 Sync" languagecode="1033" />',
	'      </LocalizedNames>',
	'      <Descriptions />',
	'      <EMailAddress xsi:nil="true" />',
	'      <SupportingWebsiteUrl xsi:nil="true" />',
	'      <CustomizationPrefix>dsync</CustomizationPrefix>',
	'      <CustomizationOptionValuePrefix>61536</CustomizationOptionValuePrefix>',
	'      <Addresses />',
	'    </Publisher>',
	'    <RootComponents>',
	`      <RootComponent type="20" id="{${guid(ROLE)}}" behavior="0" />`,
	'    </RootComponents>',
	'    <MissingDependencies />',
	'  </SolutionManifest>',
	'</ImportExportXml>',
]);

const CONTENT_TYPES = lines([
	'<?xml version="1.0" encoding="utf-8"?>',
	'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
	'  <Default Extension="xml" ContentType="text/xml" />',
	'</Types>',
]);
