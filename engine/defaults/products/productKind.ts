import type { UnitMapping } from './baseUnits';
import type { FieldName } from '../../model/record';

/** What tells items and resources apart on their way to products and back. */
export interface ProductKind {
	mapping: 'ITEM-PRODUCT' | 'RESOURCE-PRODUCT';
	/** Dataverse choice product.producttypecode. */
	type: 1 | 3;
	units: UnitMapping;
	/** Which unit groups are theirs. */
	owner: 'Item' | 'Resource';
	baseUnit: FieldName;
	blocked: FieldName;
	/** Page and property of the units per item or resource. */
	unitOwner: FieldName;
	/** Setting that names the write-in record. */
	writeIn: 'writeInItem' | 'writeInResource';
}
