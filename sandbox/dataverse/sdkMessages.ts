import type { SandboxResponse } from '../core/http';
import { compileFilter, FilterSyntaxError, parseFilter } from '../odata/filter';
import { jsonAnswer } from './answers';
import type { Call } from './call';
import { DataverseError } from './errors';
import { metadataId } from './metadata';
import type { Platform } from './platform';

interface MessageFilter {
	sdkmessagefilterid: string;
	primaryobjecttypecode: string;
	message: string;
}

const plain = ['Create', 'Update', 'Delete', 'Retrieve', 'RetrieveMultiple', 'Upsert'];
const bulk = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'];

/** `sdkmessagefilters`: which messages a table has; clients test bulk support with it (facts §8). */
export function messageFilters(platform: Platform, call: Call): SandboxResponse {
	const filters: MessageFilter[] = [];
	for (const table of platform.model.tables.values()) {
		for (const message of table.bulk ? [...plain, ...bulk] : plain) {
			filters.push({
				sdkmessagefilterid: metadataId('filter', table.logicalName, message),
				primaryobjecttypecode: table.logicalName,
				message,
			});
		}
	}
	const value = filters.filter(test(call)).map((filter) => ({
		'@odata.etag': 'W/"1"',
		sdkmessagefilterid: filter.sdkmessagefilterid,
		...(call.query.select?.includes('primaryobjecttypecode') && { primaryobjecttypecode: filter.primaryobjecttypecode }),
		...(call.query.expand?.some((item) => item.property === 'sdkmessageid') && { sdkmessageid: { name: filter.message } }),
	}));
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#sdkmessagefilters(sdkmessagefilterid)`, value });
}

function test(call: Call): (filter: MessageFilter) => boolean {
	if (call.query.filter === undefined) return () => true;
	try {
		return compileFilter<MessageFilter>(
			parseFilter(call.query.filter, call.query.aliases),
			(filter, path) => {
				const name = path.join('/');
				if (name === 'sdkmessageid/name') return filter.message;
				if (name === 'primaryobjecttypecode' || name === 'sdkmessagefilterid') return filter[name];
				throw new DataverseError(
					400,
					'0x0',
					`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.sdkmessagefilter'.`,
				);
			},
			{ ignoreCase: true },
		);
	} catch (error) {
		if (error instanceof FilterSyntaxError) throw new DataverseError(400, '0x0', error.message);
		throw error;
	}
}
