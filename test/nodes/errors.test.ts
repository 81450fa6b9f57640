import { inspect } from 'node:util';
import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import { RunStopped, SyncError } from '../../engine/model/errors';
import { toNodeError } from '../../nodes/shared/errors';

const node: INode = { id: '1', name: 'Sync Mapping', type: 'syncMapping', typeVersion: 1, position: [0, 0], parameters: {} };

/** All of an error, hidden properties and causes included: n8n stores and shows errors with everything they hold. */
const everythingIn = (error: unknown): string => inspect(error, { depth: 12, showHidden: true });

const refusal = new SyncError({
	code: 'BC_PERMISSION',
	errorClass: 'setup',
	system: 'businessCentral',
	table: 'customers',
	httpStatus: 403,
	message: 'Business Central does not let this user read customers.',
	hint: 'Give the user the permission set D365 CUSTOMER, VIEW.',
	cause: { config: { headers: { Authorization: 'Bearer secret-token' } } },
});

describe('an error of the engine', () => {
	it('becomes an API error with message, remedy, place and item when a service answered', () => {
		const error = toNodeError(node, refusal, 3);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: 'Business Central does not let this user read customers.',
			description: 'Give the user the permission set D365 CUSTOMER, VIEW. (table customers; BC_PERMISSION)',
			httpCode: '403',
			context: { itemIndex: 3 },
		});
	});

	it('becomes an operation error when no service was asked', () => {
		const { message, hint } = refusal;
		const error = toNodeError(node, new SyncError({ code: 'MAPPING_UNKNOWN', errorClass: 'setup', system: 'engine', message, hint }));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.description).toBe(`${hint} (MAPPING_UNKNOWN)`);
	});

	it('leaves its cause behind, which may hold a token', () => {
		const error = toNodeError(node, refusal);
		expect(everythingIn(error)).not.toContain('secret-token');
	});
});

it('an API error of n8n loses the request it carries and keeps its words', () => {
	const cause = Object.assign(new Error('Request failed with status code 401'), {
		config: { data: 'client_secret=shhh', headers: { Authorization: 'Bearer secret-token' } },
		response: { status: 401, data: { error: { message: 'Sign in again' } } },
	});
	const error = toNodeError(node, new NodeApiError(node, cause as never, { message: 'Authorization failed' }));
	expect(error.message).toBe('Authorization failed');
	for (const secret of ['secret-token', 'shhh']) expect(everythingIn(error)).not.toContain(secret);
});

it('a stopped run says that nothing is lost', () => {
	expect(toNodeError(node, new RunStopped('cancelled'))).toMatchObject({
		message: 'The run was cancelled.',
		description: expect.stringContaining('goes on from there') as string,
	});
});

it('an unexpected error keeps its message and asks for a report', () => {
	expect(toNodeError(node, new TypeError('x is not a function'), 1)).toMatchObject({
		message: 'x is not a function',
		description: expect.stringContaining('report it') as string,
		context: { itemIndex: 1 },
	});
});
