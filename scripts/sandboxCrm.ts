import type { Sandbox } from '../sandbox';

/** Switches of the CRM for `npm run sandbox`; docs/sandbox.md lists them. Those that may be given several times are lists. */
export const crmOptions = {
	'latency-ms': { type: 'string' },
	'operation-ms': { type: 'string' },
	'row-ms': { type: 'string' },
	'crm-requests': { type: 'string' },
	'crm-concurrent': { type: 'string' },
	'crm-dop-hint': { type: 'string' },
	'crm-secure': { type: 'string', multiple: true },
	'crm-revoke': { type: 'string', multiple: true },
	'crm-no-roles': { type: 'string', multiple: true },
	'crm-key': { type: 'string', multiple: true },
	'crm-track': { type: 'string', multiple: true },
	'crm-upper': { type: 'string', multiple: true },
	'crm-upper-later': { type: 'string', multiple: true },
	'crm-webhook-ms': { type: 'string' },
	'crm-webhook-any-port': { type: 'boolean' },
	'crm-copy': { type: 'boolean' },
} as const;

type Values = Partial<Record<keyof typeof crmOptions, string | boolean | string[]>>;

const pair = (text: string, separator: string, usage: string): [string, string] => {
	const at = text.indexOf(separator);
	if (at <= 0) throw new Error(`'${text}' is not of the form ${usage}.`);
	return [text.slice(0, at), text.slice(at + 1)];
};

/** Sets what the command line orders. Throws for a table, column or value that is none. */
export function applyCrmSwitches(sandbox: Sandbox, values: Values): void {
	const { crm } = sandbox;
	const number = (name: keyof typeof crmOptions): number | undefined => {
		if (values[name] === undefined) return undefined;
		const value = Number(values[name]);
		if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} needs a number.`);
		return value;
	};
	const list = (name: keyof typeof crmOptions): string[] => (values[name] as string[] | undefined) ?? [];
	const application = sandbox.login.identities[0]!.crmUser;
	sandbox.latency = {
		roundTripMs: number('latency-ms') ?? 0,
		perOperationMs: number('operation-ms') ?? 0,
		perRowMs: number('row-ms') ?? 0,
	};
	crm.limits.requests = number('crm-requests') ?? crm.limits.requests;
	crm.limits.concurrent = number('crm-concurrent') ?? crm.limits.concurrent;
	const hint = number('crm-dop-hint');
	if (hint !== undefined) crm.dopHint = hint;
	for (const text of list('crm-secure')) crm.secureColumn(...pair(text, '.', 'table.column'));
	for (const privilege of list('crm-revoke')) crm.revokePrivilege(application, privilege);
	for (const principal of list('crm-no-roles')) crm.setRoles(principal, false);
	for (const text of list('crm-key')) {
		const [table, columns] = pair(text, ':', 'table:column,column');
		crm.defineKey(table, `key_${columns.replaceAll(',', '_')}`, columns.split(','));
	}
	for (const table of list('crm-track')) crm.setChangeTracking(table, true);
	for (const text of list('crm-upper')) upper(sandbox, text, 'before');
	for (const text of list('crm-upper-later')) upper(sandbox, text, 'later');
	crm.webhooks.delayMs = number('crm-webhook-ms') ?? crm.webhooks.delayMs;
	crm.webhooks.anyPort = values['crm-webhook-any-port'] === true;
	if (values['crm-copy']) crm.becomeCopy();
}

/** A plug-in that writes a text column in capitals. */
function upper({ crm }: Sandbox, text: string, when: 'before' | 'later'): void {
	const [table, column] = pair(text, '.', 'table.column');
	crm.addPlugin({
		table,
		messages: ['Create', 'Update'],
		when,
		run: (row) => {
			const value = row[column];
			return typeof value === 'string' && value !== value.toUpperCase() ? { [column]: value.toUpperCase() } : null;
		},
	});
}
