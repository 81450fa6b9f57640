/** Where the `Authorization` header comes from. n8n owns the tokens; this is all the engine sees of them. */
export interface Authenticator {
	/** Value of the `Authorization` header: `Bearer …` or `Basic …`. */
	header(): Promise<string>;
	/** Gets a new token. Called after a 401, once for all requests in flight. With basic authentication there is nothing to do. */
	refresh(): Promise<void>;
}
