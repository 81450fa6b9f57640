/** An answer of the service that is not a success: its status, code and text. */
export class DataverseError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly headers: Record<string, string> = {},
	) {
		super(message);
		this.name = 'DataverseError';
	}
}

export const rowMissing = (table: string, id: string) => new DataverseError(404, '0x80040217', `${table} With Id = ${id} Does Not Exist`);

export const segmentMissing = (segment: string) =>
	new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`);

/** A message a table does not have. */
export const notSupported = (method: string, table: string) =>
	new DataverseError(400, '0x80040800', `The '${method}' method does not support entities of type '${table}'.`);

/** No row has these values of an alternate key. */
export const keyMissing = (table: string) =>
	new DataverseError(404, '0x80060891', `A record with the specified key values does not exist in ${table} entity`);

/** The body says something the model does not have or the type cannot hold. */
export const payload = (set: string, inner: string) =>
	new DataverseError(
		400,
		'0x80048d19',
		`Error identified in Payload provided by the user for Entity :'${set}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : ${inner}`,
	);

export const invalidProperty = (set: string, property: string, table: string) =>
	payload(set, `Microsoft.OData.ODataException: Invalid property '${property}' was found in entity 'Microsoft.Dynamics.CRM.${table}'.`);

export const unknownProperty = (property: string, table: string) =>
	new DataverseError(400, '0x0', `Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${table}'.`);

export const queryOption = (message: string) => new DataverseError(400, '0x80060888', message);

export const invalidArgument = (message: string) => new DataverseError(400, '0x80040203', message);

export const versionMismatch = () =>
	new DataverseError(412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.");

export const keyExists = (message = 'A record with matching key values already exists.') => new DataverseError(412, '0x80040237', message);

export const alternateKeyViolated = (key: string, columns: string[]) =>
	new DataverseError(
		412,
		'0x80060892',
		`Entity Key ${key} violated. A record with the same value for ${columns.join(', ')} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
	);
