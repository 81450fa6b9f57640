import type { TableDefinition } from '../model';
import { defineTable } from './define';

/**
 * What a client that checks rights reads, and what an administrator sets up. Source:
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities (role, privilege, fieldsecurityprofile, fieldpermission)
 */
export const securityTables: TableDefinition[] = [
	defineTable({ logicalName: 'role', entitySetName: 'roles', primaryName: 'name', ownership: 'BusinessOwned', bulk: false }, [
		'name:String(100)!',
		'businessunitid:Lookup(businessunit)',
		'roletemplateid:Uniqueidentifier?',
		'ismanaged:Boolean?',
		'isinherited:Picklist(0=Team privileges only,1=Direct User (Basic) access level and Team privileges)',
	]),
	defineTable({ logicalName: 'privilege', entitySetName: 'privileges', primaryName: 'name', ownership: 'None', bulk: false }, [
		'name:String(100)?',
		'accessright:Integer?',
		...['basic', 'local', 'deep', 'global', 'entityreference', 'parententityreference'].map((depth) => `canbe${depth}:Boolean?`),
	]),
	defineTable(
		{
			logicalName: 'fieldsecurityprofile',
			entitySetName: 'fieldsecurityprofiles',
			primaryName: 'name',
			ownership: 'OrganizationOwned',
			bulk: false,
		},
		['name:String(100)!', 'description:Memo(2000)'],
	),
	defineTable(
		{
			logicalName: 'fieldpermission',
			entitySetName: 'fieldpermissions',
			primaryName: 'attributelogicalname',
			ownership: 'None',
			bulk: false,
		},
		[
			'fieldsecurityprofileid:Lookup(fieldsecurityprofile)!',
			'entityname:EntityName',
			'attributelogicalname:String(50)!',
			...['canread', 'cancreate', 'canupdate'].map((right) => `${right}:Picklist(0=Not Allowed,4=Allowed)`),
			'canreadunmasked:Picklist(0=Not Allowed,1=One Record,3=All Records)',
		],
	),
];
