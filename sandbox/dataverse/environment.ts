/** On whose behalf rows are written. `caller` is the application that impersonates `user`, else null. */
export interface Session {
	user: string;
	caller: string | null;
	/** Logic of the customer that the request goes past (`MSCRM.Bypass…`). */
	bypass?: { sync: boolean; async: boolean; steps: readonly string[] };
	/** `?tag=` of the request, for plug-ins and webhooks. */
	tag?: string;
	/** How many plug-ins deep a write is; 1 for a request. */
	depth?: number;
}

/** Rows and switches every environment has. */
export interface Environment {
	organizationId: string;
	businessUnitId: string;
	baseCurrencyId: string;
	/** The administrator every environment starts with. */
	systemUserId: string;
	/** Extended amounts and document totals are computed by the service (the default). */
	priceCalculation: boolean;
	/** Refuse read-only columns in a body instead of ignoring them. */
	refuseReadOnlyColumns: boolean;
}
