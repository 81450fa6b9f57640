/**
 * Runs before every suite. Whatever the product lets out while tests run is held against the secrets that were planted: errors of the engine (all that
 * are made, also those that are caught again), store files, and what is printed. Items, log lines and requests are handed over by the kit.
 */
import { DatabaseSync } from 'node:sqlite';
import { SyncError } from '../../../engine/model/errors';
import { takeLeaks, watch, watchFile, watchLater } from './watch';

// The constructor sets the name before its other fields: the error is remembered here and looked at when it is whole.
Object.defineProperty(SyncError.prototype, 'name', {
	configurable: true,
	set(this: SyncError, name: string) {
		Object.defineProperty(this, 'name', { value: name, writable: true, enumerable: true, configurable: true });
		watchLater('an error', this);
	},
});

const ORIGINAL = Symbol.for('closes without a look');
type Closing = typeof DatabaseSync.prototype.close & { [ORIGINAL]?: Closing };
// Modules of Node are shared by all suites of a process: each puts its own look in the place of the one before.
const current: Closing = DatabaseSync.prototype.close;
const original: Closing = current[ORIGINAL] ?? current;
const watched: Closing = function (this: DatabaseSync) {
	const file = this.isOpen ? this.location() : null;
	original.call(this);
	if (file) watchFile(file);
};
watched[ORIGINAL] = original;
DatabaseSync.prototype.close = watched;

for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
	const print = console[level].bind(console);
	console[level] = (...parameters: unknown[]) => {
		watch('what is printed', parameters);
		print(...parameters);
	};
}

afterEach(() => {
	const found = takeLeaks();
	if (found.length > 0) throw new Error(found.join('\n'));
});
