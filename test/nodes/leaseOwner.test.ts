import type { IExecuteFunctions } from 'n8n-workflow';

const context = {
	getInstanceId: () => 'instance',
	getExecutionId: () => '4711',
	getWorkflow: () => ({ id: '12', name: 'Nightly', active: true }),
	getNode: () => ({ id: 'node', name: 'Sync' }),
	getExecutionCancelSignal: () => undefined,
	logger: {},
} as unknown as IExecuteFunctions;

/** As a worker of its own sees it. */
function ownersOfOneProcess(): string[] {
	let owners: string[] = [];
	jest.isolateModules(() => {
		const { executionOpener } = jest.requireActual<typeof import('../../nodes/shared/openSession')>('../../nodes/shared/openSession');
		owners = [executionOpener(context).owner, executionOpener(context).owner];
	});
	return owners;
}

test('an execution that n8n gives to a second worker, because the first was not heard of, does not take over its lease as if it were the same', () => {
	const [first, again] = ownersOfOneProcess();
	const [second] = ownersOfOneProcess();
	expect(again).toBe(first);
	expect(second).not.toBe(first);
});
