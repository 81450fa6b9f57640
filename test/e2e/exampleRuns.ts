import { exampleWorkflows, type Workflow, type WorkflowNode } from './n8n/environment';

/** Ids of example workflows that `n8n execute` cannot run as they are, and of their runnable twins. */
export const runnable = {
	firstSync: 'first-sync-with-review-by-hand',
	nightly: 'nightly-deletion-check-by-hand',
	failures: 'failures-by-mail-by-hand',
	weekly: 'weekly-report-by-hand',
} as const;

type Parameters = Record<string, unknown>;

/** `n8n execute` starts at a manual trigger only. */
const startedByHand = (node: WorkflowNode): WorkflowNode =>
	node.type === 'n8n-nodes-base.scheduleTrigger'
		? Object.assign({ ...node }, { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} })
		: node;

/**
 * There is no mail server here. In place of the sending stands a node of the same name that fills in the same expressions, so that what
 * would be mailed can be looked at, attachment included.
 */
function writtenNotSent(node: WorkflowNode): WorkflowNode {
	if (node.type !== 'n8n-nodes-base.emailSend') return node;
	const { subject, text, html, toEmail } = node.parameters;
	const assignments = Object.entries({ subject, text, html, toEmail }).map(([name, value]) => ({ id: name, name, value, type: 'string' }));
	const parameters: Parameters = { assignments: { assignments }, includeOtherFields: true, options: { stripBinary: false } };
	return Object.assign({ ...node }, { type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters });
}

/** In place of the form stands what a person answers there: the command line cannot wait for one. */
function approved(node: WorkflowNode): WorkflowNode {
	if (node.type !== 'n8n-nodes-base.wait') return node;
	const { values } = node.parameters['formFields'] as { values: ReadonlyArray<{ fieldLabel: string }> };
	const assignments = values.map(({ fieldLabel }) => ({ id: fieldLabel, name: fieldLabel, value: 'Yes', type: 'string' }));
	return Object.assign(
		{ ...node },
		{ type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { assignments: { assignments }, options: {} } },
	);
}

export const example = (id: string): Workflow => {
	const found = exampleWorkflows().find((workflow) => workflow.id === id);
	if (found === undefined) throw new Error(`There is no workflows/${id}.json.`);
	return found;
};

/** The examples that wait for a time of day or a person, or send mail, such that the command line runs them; otherwise node for node the file. */
export const runnableExamples = (): Workflow[] =>
	Object.values(runnable).map((id) => {
		const { nodes, name, ...rest } = example(id.slice(0, -'-by-hand'.length));
		return { ...rest, id, name: `${name} (by hand)`, nodes: nodes.map((node) => approved(writtenNotSent(startedByHand(node)))) };
	});
