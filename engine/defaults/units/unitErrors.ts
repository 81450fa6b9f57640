import { SyncError } from '../../model/errors';

const aboutGroup = { errorClass: 'data', system: 'crm', table: 'uomschedule' } as const;

/** A unit group that is there already must be active. */
export const groupInactive = (name: string): SyncError =>
	new SyncError({
		...aboutGroup,
		code: 'UNIT_GROUP_INACTIVE',
		message: `The unit group "${name}" is inactive in CRM.`,
		hint: 'Activate the unit group in Dynamics 365 Sales; it is tried again in every run.',
	});

/** A group of a unit of measure holds one base unit of the code's name, quantity 1, and no other. */
export const groupHasOtherUnits = (name: string, code: string): SyncError =>
	new SyncError({
		...aboutGroup,
		code: 'UNIT_GROUP_UNITS',
		message: `The unit group "${name}" must hold exactly one unit, named ${code}, with quantity 1.`,
		hint: `Remove the other units from the group and name its base unit ${code}. If no product needs the group as it is, rename the group instead (and uncouple the unit of measure in Couple Records, where it is coupled): a new one is created then.`,
	});

/** A product keeps the unit group it was created with. */
export const groupIsFixed = (code: string): SyncError =>
	new SyncError({
		...aboutGroup,
		code: 'UNIT_GROUP_FIXED',
		field: 'Base Unit of Measure',
		message: `The unit ${code} is not in the unit group of the product, and a product keeps its unit group for ever.`,
		hint: 'Go back to a unit of that group in Business Central. Or make room for a new product: uncouple it in Couple Records, give it another number in CRM, retire it, and use Create and Couple for the record of Business Central.',
	});

/** An item can be created only if its units are its own. */
export const groupIsShared = (products: number): SyncError =>
	new SyncError({
		...aboutGroup,
		code: 'UNIT_GROUP_SHARED',
		message: `The unit group of the product is used by ${products} products; the units of an item belong to that item only.`,
		hint: 'Give the product a unit group of its own: create it anew, because a product keeps its group, and retire the old one.',
	});

export const codesMissing = (codes: readonly string[]): SyncError =>
	new SyncError({
		errorClass: 'data',
		system: 'businessCentral',
		table: 'unitsOfMeasure',
		field: 'Base Unit of Measure',
		code: 'UNIT_CODE_MISSING',
		message: `Business Central has no unit of measure ${codes.map((code) => `"${code}"`).join(', ')}, which the product's unit group has.`,
		hint: 'Create the missing codes on the page Units of Measure in Business Central, or rename the units in Dynamics 365 Sales (10 characters at most).',
	});

/** A product needs a base unit, so an item or resource without one cannot become a product. */
export const baseUnitMissing = (): SyncError =>
	new SyncError({
		errorClass: 'data',
		system: 'businessCentral',
		field: 'Base Unit of Measure',
		code: 'BASE_UNIT_MISSING',
		message: 'The record has no base unit of measure, which a product cannot do without.',
		hint: 'Enter the Base Unit of Measure on the card in Business Central.',
	});
