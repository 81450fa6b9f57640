import type { ICredentialType } from 'n8n-workflow';
import { BusinessCentralApi } from '../../../credentials/BusinessCentralApi.credentials';
import { BusinessCentralOAuth2Api } from '../../../credentials/BusinessCentralOAuth2Api.credentials';
import { BusinessCentralServicePrincipalApi } from '../../../credentials/BusinessCentralServicePrincipalApi.credentials';
import { DataverseOAuth2Api } from '../../../credentials/DataverseOAuth2Api.credentials';
import { DataverseRegistrationApi } from '../../../credentials/DataverseRegistrationApi.credentials';
import { DataverseServicePrincipalApi } from '../../../credentials/DataverseServicePrincipalApi.credentials';
import { SyncStorePostgresApi } from '../../../credentials/SyncStorePostgresApi.credentials';
import { table } from './markdown';
import { propertyRows } from './properties';
import type { Sections } from './sections';

/** For each credential: its fields as the editor shows them. */
export const credentialSections = (): Sections => ({
	'business-central-oauth2-fields': fields(new BusinessCentralOAuth2Api()),
	'business-central-access-key-fields': fields(new BusinessCentralApi()),
	'business-central-service-principal-fields': fields(new BusinessCentralServicePrincipalApi()),
	'dataverse-service-principal-fields': fields(new DataverseServicePrincipalApi()),
	'dataverse-registration-fields': fields(new DataverseRegistrationApi()),
	'dataverse-fields': fields(new DataverseOAuth2Api()),
	'sync-store-postgresql-fields': fields(new SyncStorePostgresApi()),
});

const fields = ({ properties }: ICredentialType): string => table(['Field', 'Default', 'What to enter, and where it is found'], propertyRows(properties));
