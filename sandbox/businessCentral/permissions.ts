import { BcError } from './errors';
import type { View } from './model/view';

export type Right = 'Read' | 'Insert' | 'Modify' | 'Delete';

/** Temporary tables need no permission; the tables that their rows are worked out of do (page 30072, APIV2 - Contacts Information). */
const READ_FROM: Readonly<Record<string, readonly [table: string, no: number]>> = {
	'Contact Information Buffer': ['Contact Business Relation', 5054],
};

/** Permission sets turned round: everything is allowed but what is denied here. */
export class Permissions {
	private readonly denied = new Map<string, Set<string>>();
	private readonly disabled = new Set<string>();
	private readonly allowed = new Map<string, ReadonlySet<string>>();
	/** `table/right` of all that was asked for, whether allowed or not; a test empties it. */
	readonly asked = new Set<string>();

	/** Takes rights on a table (AL name, e.g. Customer) from a user. */
	deny(user: string, table: string, ...rights: Right[]): void {
		const set = this.denied.get(user) ?? new Set();
		for (const right of rights) set.add(`${table}/${right}`);
		this.denied.set(user, set);
	}

	/** Permission sets as they are: the user may do this and nothing else. `rights`: `table/right`, e.g. `Customer/Read`. */
	allowOnly(user: string, rights: Iterable<string>): void {
		this.allowed.set(user, new Set(rights));
	}

	/** Gives everything back. */
	allowAll(user: string): void {
		this.denied.delete(user);
		this.allowed.delete(user);
		this.disabled.delete(user);
	}

	/** The user's card is set to Disabled: every request is 401. */
	disable(user: string): void {
		this.disabled.add(user);
	}

	isDisabled(user: string): boolean {
		return this.disabled.has(user);
	}

	/**
	 * Which text a missing right brings: `403` as current servers say it; `sorry400` the same text with 400 Internal_ServerError (version 20 and 21, seen in
	 * public issues); `older400` the text of servers before.
	 */
	answer: '403' | 'sorry400' | 'older400' = '403';

	/** Throws when the user lacks the right to the table of the page, in the words of `answer`. */
	require(user: string, right: Right, view: Pick<View, 'table' | 'tableNo'>): void {
		const [table, tableNo] = READ_FROM[view.table] ?? [view.table, view.tableNo];
		const wanted = `${table}/${right}`;
		this.asked.add(wanted);
		const allowed = this.allowed.get(user)?.has(wanted) ?? true;
		if (allowed && !this.denied.get(user)?.has(wanted)) return;
		if (this.answer === 'older400') {
			const text = `You do not have the following permissions on TableData ${table}: ${right}.`;
			throw new BcError(400, 'Internal_ServerError', text);
		}
		const older = this.answer === 'sorry400';
		throw this.refusal(`TableData ${older ? '' : `${tableNo} `}${table} ${right}: Base Application`);
	}

	/** The answer to somebody who lacks a right, in the words of current servers. */
	refusal(right: string): BcError {
		const older = this.answer !== '403';
		return new BcError(
			older ? 400 : 403,
			older ? 'Internal_ServerError' : 'Authorization_RequestDenied',
			`Sorry, the current permissions prevented the action. (${right})`,
		);
	}
}
