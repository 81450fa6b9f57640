import type { INodeType } from 'n8n-workflow';
import { getBusinessCentralColumns, getCrmColumns } from './pickers/listColumns';
import { searchCompanies } from './pickers/searchCompanies';
import { getMappings, searchMappings } from './pickers/searchMappings';
import { searchBusinessCentralRecords, searchCrmRecords } from './pickers/searchRecords';
import { syncStorePostgresTest } from './postgresTest';
import { businessCentralTest, crmTest } from './signIn/serviceTests';

/** What the editor calls on the nodes: pickers and the tests of the credentials. */
export const connectionMethods = {
	credentialTest: { businessCentralTest, crmTest, syncStorePostgresTest },
	listSearch: { searchCompanies, searchMappings, searchBusinessCentralRecords, searchCrmRecords },
	loadOptions: { getMappings, getBusinessCentralColumns, getCrmColumns },
} satisfies INodeType['methods'];
