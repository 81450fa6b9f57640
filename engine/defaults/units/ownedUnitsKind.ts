import type { UnitOwner } from './groupNames';
import type { FieldName } from '../../model/record';

export interface OwnedUnits {
	owner: UnitOwner;
	/** Property that holds the number of the item or resource. */
	ownerField: FieldName;
	/** Mapping of the items or resources themselves. */
	products: 'ITEM-PRODUCT' | 'RESOURCE-PRODUCT';
}
