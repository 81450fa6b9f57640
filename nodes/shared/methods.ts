import type { INodeType } from 'n8n-workflow';
import { getBusinessCentralColumns, getCrmColumns } from './pickers/listColumns';
import { searchCompanies } from './pickers/searchCompanies';
import { getMappings, searchMappings } from './pickers/searchMappings';
import { searchBusinessCentralRecords, searchCrmRecords } from './pickers/searchRecords';
import { syncStorePostgresTest } from './postgresTest';

/** What the editor calls on the nodes: pickers and the test of the PostgreSQL credential. */
export const connectionMethods = {
	credentialTest: { syncStorePostgresTest },
	listSearch: { searchCompanies, searchMappings, searchBusinessCentralRecords, searchCrmRecords },
	loadOptions: { getMappings, getBusinessCentralColumns, getCrmColumns },
} satisfies INodeType['methods'];
