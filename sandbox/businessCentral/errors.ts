/** A refusal as Business Central words it; becomes the JSON error answer. */
export class BcError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly headers: Record<string, string> = {},
	) {
		super(message);
		this.name = 'BcError';
	}
}

export const badRequest = (message: string) => new BcError(400, 'BadRequest', message);
export const notFound = () => new BcError(404, 'Internal_RecordNotFound', 'The requested record could not be found.');
/** A record some code needs is missing, e.g. that of a set-up table (dynamics-error-codes: NavCSideRecordNotFoundException). */
export const noSetup = (table: string) =>
	new BcError(404, 'Internal_RecordNotFound', `The ${table} does not exist. Identification fields and values: Primary Key=''`);
/** A key that is not written as its type demands: text without quotes, a GUID in quotes (dynamics-error-codes: ODataNotFoundException). */
export const badKey = (key: string) => new BcError(400, 'BadRequest_NotFound', `Bad Request - Error in query syntax: the key '${key}'.`);
export const noSegment = (segment: string) =>
	new BcError(404, 'BadRequest_ResourceNotFound', `Resource not found for the segment '${segment}'.`);
export const notAllowed = (what: string) =>
	new BcError(
		405,
		'BadRequest_MethodNotAllowed',
		`'${what}' requests are not allowed within Microsoft Dynamics 365 Business Central OData web services.`,
	);
export const notImplemented = (message: string) => new BcError(501, 'BadRequest_MethodNotImplemented', message);
/** AL `Error()`: a business rule; the text is all there is. */
export const dialog = (message: string) => new BcError(400, 'Application_DialogException', message);
/** AL `TestField`: a field does not hold what the code needs. */
export const testField = (message: string) => new BcError(400, 'Application_FieldValidationException', message);
export const noCompany = (name: string) =>
	new BcError(
		404,
		'Internal_CompanyNotFound',
		name === ''
			? 'Cannot process the request because the default company cannot be found. You can specify a default company in the service configuration file, or specify one for each tenant, or you can add a query string in the form of "company=[name]".'
			: `The company "${name}" does not exist.`,
	);
export const readOnly = (control: string) => new BcError(400, 'BadRequest_InvalidOperation', `Control '${control}' is read-only`);
export const badToken = () =>
	new BcError(
		400,
		'BadRequest_InvalidToken',
		'Could not validate the client concurrency token required by the service. Please provide a valid token in the client request.',
	);
export const changed = () => new BcError(409, 'Request_EntityChanged', 'Another user has already changed the record.');
export const unknownProperty = (name: string, type: string) =>
	badRequest(
		`The property '${name}' does not exist on type '${type}'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
	);
export const noRelation = (field: string, table: string, value: string, related: string) =>
	new BcError(
		400,
		'Internal_InvalidTableRelation',
		`The field ${field} of table ${table} contains a value (${value}) that cannot be found in the related table (${related}).`,
	);
export const sameKey = (table: string, key: string) =>
	new BcError(409, 'Internal_EntityWithSameKeyExists', `The ${table} already exists. Identification fields and values: ${key}`);
