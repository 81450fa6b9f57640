/** What is to be done with a document, by its state on each side. Every pair of states has its action, so that none is forgotten. */
export type Transitions<Crm extends string, Bc extends string, Action extends string> = Readonly<Record<Crm, Readonly<Record<Bc, Action>>>>;

/** Pure: the same states always come to the same action. */
export const actionFor = <Crm extends string, Bc extends string, Action extends string>(
	table: Transitions<Crm, Bc, Action>,
	crm: Crm,
	businessCentral: Bc,
): Action => table[crm][businessCentral];
