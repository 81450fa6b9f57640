/** What a finding is about. */
export type FindingArea =
	| 'sign-in'
	| 'privilege'
	| 'page'
	| 'solution'
	| 'column'
	| 'choice'
	| 'company'
	| 'currency'
	| 'tracking'
	| 'pricing'
	| 'store'
	| 'clock'
	| 'mapping';

/**
 * One line of the set-up check. `error`: what needs it cannot run; `warning`: it runs, with something left out or at risk; `info`: good to know, nothing
 * to do now.
 */
export interface Finding {
	severity: 'error' | 'warning' | 'info';
	area: FindingArea;
	system: 'businessCentral' | 'crm' | 'n8n';
	/** What is missing, or what is told of: a privilege, page, table, column, currency … */
	subject: string;
	/** Table mappings that need it, with the fields in brackets where not the whole mapping does; empty where it concerns everything. */
	neededBy: string[];
	message: string;
	/** Empty where there is nothing to do. */
	remedy: string;
	/** Page of the documentation, relative to `docs/`, with anchor. */
	page: string;
}

const RANK: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** The worst first; otherwise as found. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
	[...findings].sort((one, other) => RANK[one.severity] - RANK[other.severity]);
