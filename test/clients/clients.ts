import { businessCentralOdataClient, businessCentralOdataQuery, businessCentralOJs } from './businessCentral';
import type { Client } from './client';
import { dynamicsWebApi } from './dynamicsWebApi';
import { generators } from './generators';
import { n8nDataverse } from './n8nDataverse';
import { n8nDynamicsCrm } from './n8nDynamicsCrm';
import { odataQuery } from './odataQuery';

/** Every client, in the order in which they run. */
export const clients: Client[] = [
	n8nDataverse,
	n8nDynamicsCrm,
	dynamicsWebApi,
	odataQuery,
	businessCentralOdataQuery,
	businessCentralOdataClient,
	businessCentralOJs,
	generators,
];
