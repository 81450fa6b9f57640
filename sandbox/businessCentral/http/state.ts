import type { CompanyData } from '../data/companyData';
import type { ApiRoutes } from '../model/apiRoutes';
import type { View } from '../model/view';
import type { Permissions } from '../permissions';

/** What the request handling needs to know of the installation. */
export interface ServiceState {
	/** Holds the tables that belong to no company: Company, API Webhook Subscription. */
	readonly platform: CompanyData;
	/** By GUID or, as the address has it, by name (exact case). */
	companyById(id: string): CompanyData | undefined;
	companyByName(name: string): CompanyData | undefined;
	companies(): CompanyData[];
	/** Services published under ODataV4, by name. */
	readonly published: ReadonlyMap<string, View>;
	/** API v2.0 and the APIs of extensions. */
	readonly routes: ApiRoutes;
	readonly permissions: Permissions;
	/** Entities of one page when the client asks for nothing. */
	readonly pageSize: number;
}
