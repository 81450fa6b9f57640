import type { Clock } from '../core/clock';
import type { Session } from './environment';
import { DataverseError } from './errors';
import type { EventName, WriteEvent } from './events';
import type { Changes, Row } from './values';

/** What a plug-in of the customer does with a row; null or nothing: leave it. Throwing a plug-in's own refusal stops the write. */
export type PluginCode = (row: Row, event: { message: EventName; id: string; user: string }) => Changes | null | undefined;

export interface Plugin {
	table: string;
	messages: ReadonlyArray<'Create' | 'Update'>;
	/**
	 * `before`: changes what is about to be written. `after`: changes the row again in the same transaction, which moves its version twice. `later`: an
	 * asynchronous step that changes it as the administrator after `delayMs`.
	 */
	when: 'before' | 'after' | 'later';
	/** Milliseconds until an asynchronous step runs. Default 2,000. */
	delayMs?: number;
	run: PluginCode;
}

/** A write below this many plug-ins starting each other is stopped. */
const deepest = 8;

/** Refusal of a plug-in (`InvalidPluginExecutionException`): 400 `0x80040265` with its text. */
export const pluginRefusal = (message: string) => new DataverseError(400, '0x80040265', message);

/** Plug-ins of the customer. Source: https://learn.microsoft.com/power-apps/developer/data-platform/event-framework */
export class Plugins {
	private readonly all: Plugin[] = [];

	constructor(private readonly clock: Clock) {}

	/** Returns a function that takes the plug-in away again. */
	add(plugin: Plugin): () => void {
		this.all.push(plugin);
		return () => void this.all.splice(this.all.indexOf(plugin), 1);
	}

	private of(table: string, message: EventName, when: Plugin['when'], session: Session): Plugin[] {
		if (this.all.length === 0 || (when === 'later' ? session.bypass?.async : session.bypass?.sync)) return [];
		return this.all.filter((each) => each.table === table && each.when === when && (each.messages as readonly string[]).includes(message));
	}

	/** Pre-operation: what the plug-ins add to a write. */
	before(table: string, message: EventName, row: Row, id: string, session: Session): Changes {
		const changes: Changes = {};
		for (const plugin of this.of(table, message, 'before', session)) {
			Object.assign(changes, plugin.run({ ...row, ...changes }, { message, id, user: session.user }));
		}
		return changes;
	}

	/** Post-operation: changes the row again through `update`, whose session knows how deep it is. */
	after({ table, message, id, after, session }: WriteEvent, update: (changes: Changes, session: Session) => void): void {
		for (const plugin of this.of(table.logicalName, message, 'after', session)) {
			const depth = (session.depth ?? 1) + 1;
			if (depth > deepest) throw new DataverseError(400, '0x80044182', 'This workflow job was canceled because the workflow that started it included an infinite loop. Correct the workflow logic and try again.'); // prettier-ignore
			const changes = plugin.run(after!, { message, id, user: session.user });
			if (changes && Object.keys(changes).length) update(changes, { ...session, depth });
		}
	}

	/** Asynchronous steps: run later, with the row as it is then. */
	later(event: WriteEvent, current: () => Row | undefined, update: (changes: Changes, session: Session) => void): void {
		const { table, message, id, session } = event;
		for (const plugin of this.of(table.logicalName, message, 'later', session)) {
			const depth = (session.depth ?? 1) + 1;
			if (depth > deepest) continue;
			this.clock.after(plugin.delayMs ?? 2000, () => {
				const row = current();
				const changes = row && plugin.run(row, { message, id, user: session.user });
				if (changes && Object.keys(changes).length) update(changes, { ...session, depth });
			});
		}
	}
}
