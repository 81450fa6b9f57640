/** One HTTP exchange as the sandbox servers see it; served in process (`Sandbox.handle`) and over real HTTP alike. */
export interface SandboxRequest {
	method: string;
	/** Absolute. The host decides who answers: Business Central, Dataverse or the token endpoint. */
	url: string;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: string;
}

export interface SandboxResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: string;
}

/** The service commits a write before the answer is sent; faults can cut on either side of it. */
export class ConnectionDropped extends Error {
	constructor(readonly committed: boolean) {
		super(committed ? 'The connection was dropped after the write.' : 'The connection was dropped before the write.');
		this.name = 'ConnectionDropped';
	}
}
