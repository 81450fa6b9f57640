import type { FieldTranslation } from '../../mapping/rules';
import type { FieldName } from '../../model/record';

/** Dataverse choice product.statecode, with the status that belongs to it. */
export const PRODUCT_STATE = { active: 0, retired: 1, draft: 2 } as const;
export const PRODUCT_STATUS = { 0: 1, 1: 2 } as const;

/** Dataverse choice product.productstructure: neither a family nor a bundle. */
export const SINGLE_PRODUCT = 1;

/**
 * Blocked retires the product, unblocked makes it active; a product that is not active blocks the item or resource. It is a field
 * like others, so that only a change of it reaches the other side.
 */
export const blockedFollowsState =
	(blocked: FieldName): FieldTranslation =>
	({ direction }) =>
		Promise.resolve(({ values }) =>
			direction === 'toCrm'
				? { kind: 'value', value: values[blocked] === true ? PRODUCT_STATE.retired : PRODUCT_STATE.active }
				: { kind: 'value', value: values['statecode'] !== PRODUCT_STATE.active },
		);
