/** On whose behalf rows are written. `caller` is the application that impersonates `user`, else null. */
export interface Session {
	user: string;
	caller: string | null;
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
