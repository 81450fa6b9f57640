/** Who may sign in to the editor of a throw-away n8n. */
export const owner = { email: 'owner@example.com', password: 'Sandbox-Owner-1', firstName: 'Olivia', lastName: 'Owner' } as const;

export interface ExecutionSummary {
	id: string;
	status: string;
	startedAt: string;
	stoppedAt: string | null;
}

/** The parts of n8n's REST interface that the runs use: the editor's own (`/rest`, cookie) and the public one (`/api/v1`, key). */
export class Rest {
	private cookie = '';
	private apiKey = '';

	constructor(private readonly origin: string) {}

	private async send<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(this.origin + path, {
			method,
			headers: {
				'content-type': 'application/json',
				// n8n ties a session to the browser that opened it.
				'browser-id': 'end-to-end',
				...(this.cookie === '' ? {} : { cookie: this.cookie }),
				...(this.apiKey === '' ? {} : { 'x-n8n-api-key': this.apiKey }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 1000)}`);
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session !== undefined) this.cookie = session.split(';', 1)[0]!;
		return JSON.parse(text) as T;
	}

	/**
	 * Creates the owner, who takes over everything imported before, signs in as the owner and makes a key for the public interface.
	 * n8n 2.41 writes the row of the future owner once more while it starts; a setup in that very moment is undone, so it is made sure of.
	 */
	async setUpOwner(): Promise<void> {
		let scopes: string[] | undefined;
		for (let attempt = 1; scopes === undefined; attempt++) {
			await this.send('POST', '/rest/owner/setup', owner);
			await new Promise((done) => setTimeout(done, 1000));
			scopes = await this.send<{ data: string[] }>('GET', '/rest/api-keys/scopes').then(
				({ data }) => data,
				(error: unknown) => {
					if (attempt === 5) throw error;
					this.cookie = '';
					return undefined;
				},
			);
		}
		const { data } = await this.send<{ data: { rawApiKey: string } }>('POST', '/rest/api-keys', {
			label: 'end-to-end',
			expiresAt: null,
			scopes,
		});
		this.apiKey = data.rawApiKey;
	}

	/** Public names of the node types the server offers. */
	async nodeTypes(): Promise<Array<{ name: string; displayName: string }>> {
		return this.send('GET', '/types/nodes.json');
	}

	async activate(workflowId: string): Promise<void> {
		await this.send('POST', `/api/v1/workflows/${workflowId}/activate`);
	}

	async deactivate(workflowId: string): Promise<void> {
		await this.send('POST', `/api/v1/workflows/${workflowId}/deactivate`);
	}

	/** Saves the workflow anew, as the editor does. */
	async update({ id, name, nodes, connections, settings }: Record<string, unknown>): Promise<void> {
		await this.send('PUT', `/api/v1/workflows/${String(id)}`, { name, nodes, connections, settings });
	}

	async isActive(workflowId: string): Promise<boolean> {
		return (await this.send<{ active: boolean }>('GET', `/api/v1/workflows/${workflowId}`)).active;
	}

	/**
	 * *Execute step* of a trigger, as the editor asks for it.
	 * @returns whether n8n waits for a webhook now
	 */
	async executeStep(workflow: Record<string, unknown> & { id: string }, node: string): Promise<boolean> {
		const { data } = await this.send<{ data: { waitingForWebhook?: boolean } }>('POST', `/rest/workflows/${workflow.id}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name: node },
			destinationNode: { nodeName: node, mode: 'inclusive' },
		});
		return data.waitingForWebhook === true;
	}

	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		return (await this.send<{ data: ExecutionSummary[] }>('GET', `/api/v1/executions?workflowId=${workflowId}&limit=100`)).data;
	}

	async execution<T>(id: string): Promise<T> {
		return this.send('GET', `/api/v1/executions/${id}?includeData=true`);
	}

	/** The entries of a searchable picker, as the editor asks the server for them. */
	async picker(request: {
		node: { type: string; parameters: Record<string, unknown>; credentials?: Record<string, { id: string; name: string }> };
		/** Name of the parameter, and of the method that fills it. */
		path: string;
		method: string;
	}): Promise<Array<{ name: string; value: string }>> {
		const { node, path, method } = request;
		const { data } = await this.send<{ data: { results: Array<{ name: string; value: string }> } }>(
			'POST',
			'/rest/dynamic-node-parameters/resource-locator-results',
			{
				nodeTypeAndVersion: { name: node.type, version: 1 },
				path: `parameters.${path}`,
				methodName: method,
				currentNodeParameters: node.parameters,
				credentials: node.credentials,
			},
		);
		return data.results;
	}

	/** The credential test of the editor. */
	async testCredential(credential: {
		id: string;
		name: string;
		type: string;
		data: Record<string, unknown>;
	}): Promise<{ status: string; message: string }> {
		return (await this.send<{ data: { status: string; message: string } }>('POST', '/rest/credentials/test', { credentials: credential }))
			.data;
	}
}
