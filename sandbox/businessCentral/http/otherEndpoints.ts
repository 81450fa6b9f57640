import { badRequest, noCompany, noSegment, notAllowed, notImplemented } from '../errors';
import { decodeQueryText } from '../../odata/query';
import { answer, type Answer } from './answer';
import { parseKey } from './address';
import { checkHeaders } from './headers';
import type { Operation } from './operation';
import { checkOptions } from './queryOptions';
import type { ServiceState } from './state';

/** A user of the installation, as the automation API shows him. */
export interface BusinessCentralUser {
	userSecurityId: string;
	userName: string;
	displayName: string;
	contactEmail: string;
}

export interface OtherState extends ServiceState {
	readonly environments: ReadonlySet<string>;
	users(): readonly BusinessCentralUser[];
	/** `v2.0/customers` and so on: what `webhookSupportedResources` lists. */
	supportedResources(): string[];
}

/** The addresses that are neither API v2.0 nor ODataV4: environments, the runtime API, automation. Read-only, without records. */
export function otherEndpoint(operation: Operation, state: OtherState): Answer {
	const { address, method, headers } = operation;
	if (method !== 'GET') throw notAllowed(method);
	checkHeaders(method, headers, false);
	if (address.endpoint === 'environments') return environments(operation, state);
	const [first, second, ...rest] = address.segments;
	if (address.endpoint === 'runtime') {
		const resource = first?.name === 'companies' && first.key !== null ? second : first;
		if (first !== resource) company(first!.key!, state);
		if (resource?.name.toLowerCase() === 'apiroutes' && rest.length === 0) return routes(operation, state, 'apiRoutes');
		if (resource?.name !== 'webhookSupportedResources' || rest.length > 0) throw noSegment(resource?.name ?? '');
		checkOptions(address.query, 'resources');
		return answer(200, { '@odata.context': `${address.root}/$metadata#webhookSupportedResources`, value: resources(operation, state) });
	}
	checkOptions(address.query, 'none');
	if (first?.name !== 'companies' || rest.length > 0) throw noSegment(first?.name ?? '');
	if (first.key === null && !second) {
		const value = state
			.companies()
			.map(({ id, settings }) => ({ id, name: settings.name, displayName: settings.name, evaluationCompany: false }));
		return answer(200, { '@odata.context': `${address.root}/$metadata#companies`, value });
	}
	company(first.key ?? '', state);
	// dynamics_apicategoryroutes
	if (second?.name === 'apicategoryroutes' && second.key === null) return routes(operation, state, second.name);
	if (second?.name !== 'users' || second.key !== null) throw noSegment(second?.name ?? '');
	const value = state.users().map((user) => ({ ...user, state: 'Enabled', expiryDate: '0001-01-01T00:00:00Z' }));
	return answer(200, { '@odata.context': `${address.root}/$metadata#companies(${first.key})/users`, value });
}

/** The APIs of the environment, those of extensions included. */
function routes({ address }: Operation, state: OtherState, name: string): Answer {
	checkOptions(address.query, 'none');
	return answer(200, { '@odata.context': `${address.root}/$metadata#${name}`, value: state.routes.list() });
}

function company(key: string, state: ServiceState): void {
	const id = (parseKey(key).single ?? '').toLowerCase();
	if (!state.companyById(id)) throw noCompany(key);
}

function environments({ address }: Operation, state: OtherState): Answer {
	if (address.segments.length > 0) throw noSegment(address.segments[0]!.name);
	checkOptions(address.query, 'none');
	const value = [...state.environments].map((name) => ({
		name,
		type: name === 'production' ? 'Production' : 'Sandbox',
		countryCode: 'GB',
	}));
	return answer(200, { value });
}

/** `resource eq 'v2.0*'`: the literal is a filter of AL, where `*` stands for anything (dynamics-subscriptions, Supported entities). */
function resources({ address }: Operation, state: OtherState): Array<{ resource: string }> {
	const all = state.supportedResources().map((resource) => ({ resource }));
	const filter = address.query
		.split('&')
		.map(decodeQueryText)
		.find((pair) => pair.startsWith('$filter='));
	if (filter === undefined) return all;
	const [, pattern] = /^\$filter=\s*resource eq '([^']*)'\s*$/.exec(filter) ?? [];
	if (pattern === undefined) {
		if (!/\bresource\b/.test(filter)) throw badRequest('Could not find a property in the filter.');
		throw notImplemented('The filter uses an operator that is not supported.');
	}
	const wanted = new RegExp(
		`^${pattern
			.split('*')
			.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
			.join('.*')}$`,
	);
	return all.filter(({ resource }) => wanted.test(resource));
}
