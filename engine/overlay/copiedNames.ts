import type { RecordSystem } from '../ports/recordSystem';
import type { WriteOperation } from '../ports/write';
import type { TableSource } from '../model/record';

const PRODUCT: TableSource = { name: 'product', numberField: 'productnumber', nameField: 'name' };

/**
 * What Dataverse copies into a new row by itself, and lists show it by: a price list item bears the number of its product
 * (learn.microsoft.com/power-apps/developer/data-platform/reference/entities/productpricelevel). One question for all of them.
 */
export async function withCopiedNames(
	system: RecordSystem,
	table: TableSource,
	operations: readonly WriteOperation[],
): Promise<readonly WriteOperation[]> {
	if (system.side !== 'crm' || table.name !== 'productpricelevel') return operations;
	const ids = operations.map(productOf);
	const wanted = [...new Set(ids.flatMap((id) => id ?? []))];
	if (wanted.length === 0) return operations;
	const products = await system.readByIds(PRODUCT, wanted, []);
	return operations.map((operation, index) => {
		const number = products.get(ids[index] ?? '')?.number;
		if (number === undefined || operation.kind !== 'insert') return operation;
		return { ...operation, values: { productnumber: number, ...operation.values } };
	});
}

function productOf(operation: WriteOperation): string | null {
	const product = operation.kind === 'insert' ? operation.values['productid'] : undefined;
	return product !== null && typeof product === 'object' ? product.id.toLowerCase() : null;
}
