import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { inWords } from '../errors';

/**
 * Fills a picker. A list that cannot be filled says why instead of being empty.
 * @param what the list in words, e.g. "The list of companies"
 */
export async function explained<T>(context: ILoadOptionsFunctions, what: string, fill: () => Promise<T>): Promise<T> {
	try {
		return await fill();
	} catch (error) {
		throw new NodeOperationError(context.getNode(), `${what} cannot be filled. ${inWords(error)}`);
	}
}
