import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { type HistoryEvent, isGuid, recordHistory, SyncError } from '../../../engine';
import { item, jobJson, nothingItem, recordJson } from '../../shared/items';
import { limitProperties, readLimit, tellMore } from '../../shared/limit';
import { mappingFilterProperty, readMappingFilter } from '../../shared/listProperties';
import type { Operation } from '../../shared/operation';
import { filledText, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { tellGoneCompany, withSession } from '../../shared/withSession';

const recordProperty: INodeProperties = {
	displayName: 'Record',
	name: 'record',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 10000, Adatum Corporation or {{ $json.crm.id }}',
	description: 'The record in either system: its number, its exact name, or its ID in Business Central or CRM',
};

/** All that is known of one record, newest first. */
export const getHistory: Operation = {
	name: 'Get History of a Record',
	value: 'getHistory',
	action: 'Get the history of a record',
	description:
		'List everything known of one record, newest first: when it was created or coupled, delivered and last synchronized, by which runs, how it stands now, its errors, overwritten values and jobs',
	properties: [recordProperty, mappingFilterProperty, ...limitProperties],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				record: readParameter(context, 'record', 'Record', itemIndex, filledText),
				mapping: readMappingFilter(context, itemIndex),
				limit: readLimit(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { record, mapping, limit } = first;
					await tellGoneCompany(context, first.connection);
					const known = await recordHistory(session, { record, limit: limit + 1, ...(mapping === undefined ? {} : { mapping }) });
					const events = known.slice(0, limit);
					if (known.length > limit) tellMore(context, limit);
					if (events.length === 0 && isGuid(record)) throw notKnown(record);
					if (events.length === 0) {
						const message = `Nothing is known of "${record}": no couple has this number, name or ID, and the log does not name it.`;
						return [[nothingItem(message, itemIndexes)]];
					}
					return [events.map((event) => item(eventJson(event), itemIndexes))];
				}),
		}),
};

/** A name may be sought in vain; an id names one record. */
const notKnown = (record: string): SyncError =>
	new SyncError({
		code: 'RECORD_MISSING',
		errorClass: 'data',
		system: 'engine',
		message: `Nothing is known of the record ${record}: no couple has this ID, and the log does not name it.`,
		hint: 'There is no such record, or it was never synchronized with this company. Check the ID and the company, or leave the mapping empty.',
	});

const eventJson = (event: HistoryEvent): IDataObject => ({
	at: event.at,
	kind: event.kind,
	mapping: event.mapping,
	direction: event.direction,
	jobId: event.jobId,
	errorCode: event.code === '' ? null : event.code,
	message: event.message,
	hint: event.hint,
	...recordJson(event),
	...(event.fields.length > 0 ? { fields: event.fields.map((field) => ({ ...field })) } : {}),
	...(event.job ? { job: jobJson(event.job) } : {}),
});
