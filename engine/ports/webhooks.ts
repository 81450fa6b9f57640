import type { TableSource } from '../model/record';

/** A subscription as Business Central has it. */
export interface RemoteSubscription {
	id: string;
	/** What is watched, as a path without host: `/api/v2.0/companies(…)/customers`. */
	resource: string;
	url: string;
	/** What was sent along to know it by; everybody who may read subscriptions sees it. */
	clientState: string;
	etag: string | null;
	/** Epoch milliseconds by the service's clock; null where it did not say. */
	expiresMs: number | null;
}

/** Subscriptions of Business Central; they last three days from their making, or from the last renewal. */
export interface Subscriptions {
	/** The resource a table is watched as; null: rows of the table cannot be watched (published pages). */
	resourceOf(table: TableSource): Promise<string | null>;
	/** All of the environment that the user may see, whoever made them. `resources`: those of whose APIs are asked for. */
	list(resources: readonly string[]): Promise<RemoteSubscription[]>;
	/** The service calls the address before it answers. */
	create(wanted: { url: string; resource: string; clientState: string }): Promise<RemoteSubscription>;
	/**
	 * Makes it last three more days, with another address or state where they are given; the service calls the address before it answers. Null: there is no
	 * such subscription.
	 */
	renew(
		known: { id: string; resource: string; etag: string | null },
		changes: { url?: string; clientState?: string },
	): Promise<RemoteSubscription | null>;
	/** One that is gone counts as removed. */
	remove(known: { id: string; resource: string }): Promise<void>;
}

/** What a step of Dataverse tells of. */
export type StepMessage = 'Create' | 'Update' | 'Delete';
export const STEP_MESSAGES: readonly StepMessage[] = ['Create', 'Update', 'Delete'];

/** A service endpoint of Dataverse: where steps send what they tell. */
export interface RemoteEndpoint {
	id: string;
	name: string;
	url: string;
}

/** A step of Dataverse: what is told. */
export interface RemoteStep {
	id: string;
	name: string;
	endpoint: string;
	table: string;
	message: string;
	/** Columns whose writing is told, in order of their names; empty: all. */
	columns: readonly string[];
	enabled: boolean;
}

export interface WantedStep {
	name: string;
	table: string;
	message: StepMessage;
	columns: readonly string[];
}

export interface WantedEndpoint {
	name: string;
	url: string;
	/** Name and value of the header that proves who calls. */
	header: readonly [string, string];
}

/** A request of the Web API. `{endpoint}`, `{message}` and `{filter}` stand for ids of the answers before. */
export interface RegistrationRequest {
	method: 'GET' | 'POST';
	/** From the root of the Web API. */
	path: string;
	body: object | null;
}

/** Service endpoints and steps of Dataverse: webhooks that last until they are removed. Registering takes rights that only administrators have by default. */
export interface ServiceEndpoints {
	/** Those whose name begins so, with their steps. */
	list(namePrefix: string): Promise<{ endpoints: RemoteEndpoint[]; steps: RemoteStep[] }>;
	/** @param header name and value of the header that proves who calls; the service never shows it again */
	createEndpoint(wanted: WantedEndpoint): Promise<string>;
	changeEndpoint(id: string, changes: { url?: string; header?: readonly [string, string] }): Promise<void>;
	createSteps(endpoint: string, steps: readonly WantedStep[]): Promise<void>;
	/** The same in words for somebody who registers by hand; asks nobody. `header` value `{secret}`, and ids that answers give, stand for what is filled in. */
	requests(wanted: WantedEndpoint, steps: readonly WantedStep[]): RegistrationRequest[];
	/** Steps first, then endpoints: the service keeps an endpoint that has steps. What is gone counts as removed. */
	remove(steps: readonly string[], endpoints: readonly string[]): Promise<void>;
}
