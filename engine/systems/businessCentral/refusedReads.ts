import type { SyncError } from '../../model/errors';
import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { fixedSize } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { type Addresses, anyAddress, type EntityAddress, extensionPageOf } from './address';
import { EXTENSION_ROUTE } from './extensionPages';
import { pageFailure } from './pageErrors';
import { ZERO_GUID } from '../../model/guid';

/** Rows worked out for one record at a time: they are asked for one that does not exist. */
const NEEDS_FILTER: Readonly<Record<string, string>> = { contactsInformation: `contactId eq ${ZERO_GUID}` };

/** See `RecordSystem.refusedReads`: one row of each, a batch for each service root. */
export async function refusedReads(
	{ connection, runner, addresses }: { connection: Connection; runner: BatchRunner; addresses: Addresses },
	names: readonly string[],
): Promise<Map<string, SyncError>> {
	const refused = new Map<string, SyncError>();
	const byRoot = new Map<string, Array<{ name: string; address: EntityAddress }>>();
	for (const name of names) {
		const address = placeOf(addresses, name);
		byRoot.set(address.root, [...(byRoot.get(address.root) ?? []), { name, address }]);
	}
	for (const [root, asked] of byRoot) {
		const parts = asked.map(({ address: { path, set } }): BatchPart => ({
			method: 'GET',
			url: `${path}${queryString({ $top: '1', $filter: NEEDS_FILTER[set] ?? null })}`,
			headers: {},
		}));
		const call = { url: `${root}/$batch`, table: asked[0]!.address.set, repeatable: true, reading: true, sizer: fixedSize(parts.length) };
		const answers = await runner.run(parts, call);
		answers.forEach((answer, index) => {
			const { name, address } = asked[index]!;
			const context = connection.context(true, address.set);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status === 200) return;
			const error = serviceError(answer, context);
			refused.set(name, address.root === addresses.odataRoot ? (pageFailure(error, address.set) as SyncError) : error);
		});
	}
	return refused;
}

/** A page is read from the extension where that stands for it. */
function placeOf(addresses: Addresses, name: string): EntityAddress {
	if (name === 'companies') return { root: addresses.apiRoot, path: name, set: name };
	const service = /^ODataV4\/([^/]+)$/.exec(name)?.[1];
	const own = service === undefined ? null : extensionPageOf(addresses, service);
	return anyAddress(addresses, own ? `${EXTENSION_ROUTE}/${own.set}` : name);
}
