interface Identified {
	getInstanceId(): string;
	getWorkflow(): { id?: string };
	getNode(): { id: string };
}

/** `instance/workflow/node`: whose the state, the subscriptions and the signals are. */
export const triggerId = (context: Identified): string =>
	`${context.getInstanceId()}/${context.getWorkflow().id ?? ''}/${context.getNode().id}`;

/** A test in the editor registers and receives for itself; what is published is not touched by it. */
export const testTrigger = (trigger: string): string => `${trigger}/test`;
