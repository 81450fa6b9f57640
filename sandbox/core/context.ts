import type { SandboxResponse } from './http';

/** What a service is told about one HTTP request, and what it has to tell back while carrying it out. */
export interface OperationContext {
	/** Who the `Authorization` header was found to belong to (BC: user name; CRM: systemuserid, lower case); null → the service answers 401. */
	user: string | null;
	/**
	 * Called before each single operation: the request itself or, for a `$batch`, each part (not the batch). Waits the ordered time per
	 * operation and logs the part. `path` is path and query relative to the service root or absolute; it is decoded for the log.
	 *
	 * - Throws ConnectionDropped when half a batch was ordered and this part is beyond it: let it pass through; parts carried out before stay
	 *   written, except inside an open transaction (change set, snapshot), which the service rolls back.
	 * - Resolves with an answer when a fault of kind `answer` or `html` names this part by method or url: give that as the part's answer and do
	 *   not carry the part out. Only for parts of a batch; faults on whole requests never reach the service.
	 */
	beginOperation(method: string, path: string): Promise<SandboxResponse | undefined>;
	/** Called after each operation with its HTTP status and the number of rows it created, changed or deleted. */
	endOperation(status: number, writes: number): void;
	/** Waits the time the service takes for this many rows; called between beginOperation and endOperation. */
	serveRows(rows: number): Promise<void>;
	/**
	 * Asked once by an update or delete of an existing row, between beginOperation and the check of If-Match. True: somebody else changes the row
	 * just now, so the service moves the row's etag (and stamp) before it goes on.
	 */
	stale(): boolean;
}

/** What the services write with that is not a request: acting as a user from a test. No faults, no log. */
export const silentContext = (user: string | null): OperationContext => ({
	user,
	beginOperation: async () => undefined,
	endOperation: () => {},
	serveRows: async () => {},
	stale: () => false,
});
