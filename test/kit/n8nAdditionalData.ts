import './n8nEnvironment';
import { SsrfProtectionService } from '@n8n/backend-network';
import { Container } from '@n8n/di';
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import type { IWorkflowBase, IWorkflowExecuteAdditionalData, WorkflowExecuteMode } from 'n8n-workflow';
import type { CredentialVault } from './n8nCredentials';

let executions = 0;

const notHere = (what: string) => (): never => {
	throw new Error(`${what} is not part of the harness.`);
};

/** What n8n gives an execution besides the workflow. Addresses must be valid, but nobody calls them. */
export function additionalDataFor(
	vault: CredentialVault,
	mode: WorkflowExecuteMode,
	workflow: IWorkflowBase,
	onMessage: (message: string) => void = () => undefined,
): IWorkflowExecuteAdditionalData {
	const executionId = String(++executions);
	const address = 'http://127.0.0.1:5678';
	return {
		credentialsHelper: vault,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflow),
		executionId,
		currentNodeExecutionIndex: 0,
		restApiUrl: `${address}/rest`,
		instanceBaseUrl: address,
		formBaseUrl: `${address}/form`,
		formWaitingBaseUrl: `${address}/form-waiting`,
		formTestBaseUrl: `${address}/form-test`,
		webhookBaseUrl: `${address}/webhook`,
		webhookWaitingBaseUrl: `${address}/webhook-waiting`,
		webhookTestBaseUrl: `${address}/webhook-test`,
		mcpBaseUrl: `${address}/mcp`,
		mcpTestBaseUrl: `${address}/mcp-test`,
		variables: {},
		setExecutionStatus: () => undefined,
		// As n8n 2.41 does (workflow-execute-additional-data.js): requests of its own helpers are filtered, too.
		...(process.env['N8N_SSRF_PROTECTION_ENABLED'] === 'true' ? { ssrfBridge: Container.get(SsrfProtectionService) } : {}),
		sendDataToUI: (_type: string, data: unknown) => {
			const { messages } = data as { messages?: unknown[] };
			for (const message of messages ?? []) onMessage(String(message));
		},
		logAiEvent: () => undefined,
		externalSecretsProxy: new ExternalSecretsProxy(),
		executeWorkflow: notHere('Running another workflow'),
		getRunExecutionData: notHere('Another execution'),
		getRuntimeCredential: notHere('A runtime credential'),
		startRunnerTask: notHere('A task runner'),
	} as unknown as IWorkflowExecuteAdditionalData;
}
