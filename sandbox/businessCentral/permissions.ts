import { BcError } from './errors';
import type { View } from './model/view';

export type Right = 'Read' | 'Insert' | 'Modify' | 'Delete';

/** Permission sets turned round: everything is allowed but what is denied here. */
export class Permissions {
	private readonly denied = new Map<string, Set<string>>();
	private readonly disabled = new Set<string>();

	/** Takes rights on a table (AL name, e.g. Customer) from a user. */
	deny(user: string, table: string, ...rights: Right[]): void {
		const set = this.denied.get(user) ?? new Set();
		for (const right of rights) set.add(`${table}/${right}`);
		this.denied.set(user, set);
	}

	/** Gives everything back. */
	allowAll(user: string): void {
		this.denied.delete(user);
		this.disabled.delete(user);
	}

	/** The user's card is set to Disabled: every request is 401. */
	disable(user: string): void {
		this.disabled.add(user);
	}

	isDisabled(user: string): boolean {
		return this.disabled.has(user);
	}

	/** Throws 403, naming table and right, when the user lacks the right. */
	require(user: string, right: Right, view: View): void {
		if (!this.denied.get(user)?.has(`${view.table}/${right}`)) return;
		throw new BcError(
			403,
			'Authorization_RequestDenied',
			`Sorry, the current permissions prevented the action. (TableData ${view.tableNo} ${view.table} ${right}: Base Application)`,
		);
	}
}
