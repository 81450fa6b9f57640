/** AL enum member → wire name of API v2.0: `Non-Inventory` → `Non_x002D_Inventory`, blank → `_x0020_`. */
export const encodeMember = (name: string): string =>
	name.replace(/[^A-Za-z0-9_]/g, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);

export const decodeMember = (wire: string): string =>
	wire.includes('_x') ? wire.replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) : wire;

const notCode =
	/(^|[ -])(Phone|Fax|Telex|Vendor Item|Security|Bank Account|Registration) No\.$|^Post Code$|^Entry No\.$|^Line No\.$|^Link ID$|^Table No\.$/;
const codes = new Set([
	'Code',
	'No.',
	'Post Code',
	'GTIN',
	'Search Name',
	'Base Unit of Measure',
	'Sales Unit of Measure',
	'Gen. Prod. Posting Group',
	'VAT Prod. Posting Group',
	'Inventory Posting Group',
	'VAT Bus. Posting Gr. (Price)',
	'Customer Price Group',
	'Dispute Status',
]);

/** Whether a text field is of AL type Code: BC upper-cases and trims it, and compares it without regard to case. */
export const isCodeField = (field: string): boolean => codes.has(field) || (/(^|[ -])(Code|No\.)$/.test(field) && !notCode.test(field));
