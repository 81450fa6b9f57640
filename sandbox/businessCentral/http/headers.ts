import { badRequest, BcError, notImplemented } from '../errors';

type Headers = Readonly<Record<string, string>>;

const json = /^\s*application\/([\w.-]+\+)?json\b/i;

/**
 * Refuses headers that ask for something the service does not do. Those that may be disregarded by their own definition (Accept, Accept-Language,
 * If-None-Match of a read, unknown preferences) are left alone.
 */
export function checkHeaders(method: string, headers: Headers, bytes: boolean): void {
	for (const name of ['x-http-method', 'x-http-method-override']) {
		if (headers[name]) throw notImplemented(`The header ${name} is not supported; send the request with the method itself.`);
	}
	const intent = headers['data-access-intent']?.trim();
	if (intent && !/^(readonly|readwrite)$/i.test(intent)) throw badRequest(`'${intent}' is not a value of the Data-Access-Intent header.`);
	if (intent && method !== 'GET' && /^readonly$/i.test(intent)) {
		throw badRequest('The Data-Access-Intent header ReadOnly is only allowed on GET requests.');
	}
	const isolation = headers['isolation']?.trim();
	if (isolation && isolation.toLowerCase() !== 'snapshot') throw badRequest(`'${isolation}' is not a value of the Isolation header.`);
	checkVersions(headers);
	if (method === 'GET' || method === 'DELETE') return;
	if (headers['if-none-match'] !== undefined) throw notImplemented('The header If-None-Match is not supported on writes.');
	const type = headers['content-type'];
	if (type !== undefined && !bytes && !json.test(type)) throw unsupportedType(type);
}

export const unsupportedType = (type: string): BcError =>
	new BcError(415, 'BadRequest', `A supported MIME type could not be found that matches the content type of the request '${type}'.`);

function checkVersions(headers: Headers): void {
	const most = headers['odata-maxversion']?.trim();
	if (most !== undefined && !/^4\.\d+$/.test(most))
		throw badRequest(`The OData-MaxVersion '${most}' is not supported; the service speaks 4.0.`);
	const version = headers['odata-version']?.trim();
	if (version !== undefined && !/^4\.(0|01)$/.test(version))
		throw badRequest(`The OData-Version '${version}' is not supported; the service speaks 4.0.`);
}
