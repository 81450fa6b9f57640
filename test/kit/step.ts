import type { HttpRequest } from '../../engine/systems/odata/transport';

/** What a process does at one of its steps: a request to a service, or a transaction of the store. */
export interface Step {
	/** What it is, without whom it is about: ids, values and counts are left out. */
	kind: string;
	/** Whether something is different afterwards; a process that dies at a step that only reads leaves what it left at the step before. */
	writes: boolean;
}

/** Operations of a batch, of either format: in JSON, or as parts of MIME. */
const OPERATIONS = /"method":"(?<verb>[A-Z]+)"[^}]*?"url":"(?<target>[^"]*)"|^(?<method>GET|POST|PATCH|PUT|DELETE) (?<address>\S+)/gm;

/** The place of an address in a service, without host, company, keys and query. */
const placeOf = (address: string): string =>
	address
		.replace(/^https?:\/\/[^/]+/, '')
		.replace(/\?.*/, '')
		.replace(/^.*\/(?:v\d\.\d|ODataV4)\//, '')
		.replace(/companies\([^)]*\)\//i, '')
		.replace(/\([^)]*\)/g, '()');

export function requestStep({ method, url, body = '' }: HttpRequest): Step {
	const place = placeOf(url);
	if (!place.endsWith('$batch')) return { kind: `${method} ${place}`, writes: method !== 'GET' };
	const operations = new Set<string>();
	for (const { groups = {} } of body.matchAll(OPERATIONS))
		operations.add(`${groups['verb'] ?? groups['method']} ${placeOf(groups['target'] ?? groups['address'] ?? '')}`);
	// A batch of an unknown form is taken for one that writes.
	const writes = operations.size === 0 || [...operations].some((operation) => !operation.startsWith('GET '));
	return { kind: `batch of ${[...operations].sort().join(', ')}`, writes };
}

/** A call of the store that is a transaction of its own; of a commit, what it changes. */
export function storeStep(name: string, [changes]: readonly unknown[]): Step {
	const isSaid = ([, value]: [string, unknown]): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
	const said = name === 'commit' ? Object.entries(changes as object).filter(isSaid) : [];
	return { kind: ['store', name, ...said.map(([part]) => part).sort()].join(' '), writes: true };
}
