import { noContent } from '../answers';
import { invalidArgument } from '../errors';
import type { BoundHandler } from './handler';

export const productActions: Record<string, BoundHandler> = {
	PublishProductHierarchy: (platform, call, id) => {
		const state = platform.db.row('product', id)!.statecode;
		if (state !== 2 && state !== 3) throw invalidArgument('Only draft products and products under revision can be published.');
		platform.writer.update('product', id, { statecode: 0, statuscode: 1 }, call.session);
		return noContent();
	},
	RevertProduct: (platform, call, id) => {
		if (platform.db.row('product', id)!.statecode !== 3) throw invalidArgument('Only products under revision can be reverted.');
		platform.writer.update('product', id, { statecode: 0, statuscode: 1 }, call.session);
		return noContent();
	},
};
