import type { IExecuteFunctions } from 'n8n-workflow';

const context = {
	getInstanceId: () => 'instance',
	getExecutionId: () => '4711',
	getNode: () => ({ id: 'node' }),
	getExecutionCancelSignal: () => undefined,
	logger: {},
} as unknown as IExecuteFunctions;

/** As a worker of its own sees it. */
async function ownersOfOneProcess(): Promise<string[]> {
	let owners: string[] = [];
	await jest.isolateModulesAsync(async () => {
		const { executionOpener } = await import('../../nodes/shared/openSession');
		owners = [executionOpener(context).owner, executionOpener(context).owner];
	});
	return owners;
}

test('an execution that n8n gives to a second worker, because the first was not heard of, does not take over its lease as if it were the same', async () => {
	const [first, again] = await ownersOfOneProcess();
	const [second] = await ownersOfOneProcess();
	expect(again).toBe(first);
	expect(second).not.toBe(first);
});
