import type { StoreTables } from '../schema';
import type { StateTable, StateTableName } from '../../ports/stateTransfer';

const table =
	<N extends StateTableName>(name: N) =>
	<C extends keyof StoreTables[N] & string>(columns: readonly C[], keySize: number, counter?: string): StateTable => ({
		name,
		columns,
		key: counter ? [counter] : columns.slice(0, keySize),
		...(counter ? { counter } : {}),
	});

/**
 * All that belongs to a connection, in the order in which it travels; a test compares the columns with those of the database. Leases are rights of
 * processes, not state. The key of each table comes first in its columns.
 */
export const STATE_TABLES: readonly StateTable[] = [
	table('mapping_setting')(['mapping', 'settings'], 1),
	table('field_list')(['id', 'fields'], 1),
	table('coupling')(
		[
			'mapping',
			'bc_id',
			'crm_id',
			'bc_number',
			'bc_name',
			'crm_name',
			'search',
			'bc_version',
			'crm_version',
			'bc_stamp',
			'crm_stamp',
			'crm_created_at',
			'baseline',
			'initial',
			'coupled_at',
			'last_synced_at',
			'sent',
			'field_set',
			'created_on',
			'to_crm_ms',
			'from_crm_ms',
		],
		2,
	),
	table('intent')(['mapping', 'direction', 'source_id', 'target_id', 'values_json', 'created_at', 'announced_at'], 3),
	table('failure')(
		[
			'mapping',
			'direction',
			'source_id',
			'error_class',
			'error_code',
			'message',
			'hint',
			'attempts',
			'skipped',
			'source_version',
			'partner_version',
			'missing',
			'first_failed_at',
			'failed_at',
		],
		3,
	),
	table('requeued_record')(
		['mapping', 'direction', 'source_id', 'reason', 'fields', 'missing', 'source_version', 'attempts', 'since', 'owed'],
		3,
	),
	table('watermark')(['mapping', 'side', 'stamp', 'sort_key', 'clock_ahead_ms', 'scope', 'uncoupled_too'], 2),
	table('deletion_search')(['mapping', 'side', 'token', 'position', 'checked_at', 'began_at', 'phase', 'knows_uncoupled', 'untold'], 2),
	table('compared_record')(['mapping', 'side', 'record_id', 'began_at', 'version'], 3),
	table('missing_partner')(['mapping', 'side', 'bc_id', 'crm_id'], 4),
	table('former_partner')(['mapping', 'crm_id', 'bc_id', 'kind', 'version', 'ended_ms'], 2),
	table('full_sync')(['mapping', 'run_id', 'status', 'choices', 'to_crm', 'from_crm', 'message', 'started_at', 'finished_at'], 1),
	table('origin')(['mapping', 'kind', 'at_ms'], 1),
	table('field_set')(['mapping', 'hash', 'fields', 'current', 'position'], 2),
	table('mass_change')(['mapping', 'record_id', 'action', 'title', 'at_ms'], 3),
	table('document')(
		[
			'mapping',
			'crm_id',
			'bc_id',
			'crm_number',
			'bc_number',
			'name',
			'search',
			'stage',
			'content',
			'amounts',
			'accepted',
			'gone_since',
			'coupled_at',
			'handed_over_at',
			'payment',
			'life',
		],
		2,
	),
	table('document_line')(['mapping', 'crm_id', 'sequence', 'kind', 'bc_line_id', 'crm_line_id'], 3),
	table('derived_row')(['mapping', 'source_id', 'target_id', 'owner_id', 'content', 'at'], 2),
	table('record_identity')(['mapping', 'identity'], 1),
	table('record_key')(['table_name', 'system_id', 'key_id'], 2),
	table('job')(
		[
			'id',
			'mapping',
			'direction',
			'type',
			'status',
			'preview',
			'started_at',
			'started_ms',
			'finished_at',
			'finished_ms',
			'message',
			'counters',
			'requests',
			'writes',
		],
		1,
	),
	table('log_entry')(
		[
			'job_id',
			'mapping',
			'direction',
			'kind',
			'error_class',
			'code',
			'message',
			'hint',
			'bc_id',
			'business_central',
			'crm_id',
			'crm',
			'fields',
			'attempts',
			'skipped',
			'at',
			'at_ms',
		],
		0,
		'seq',
	),
];

/** What a log can be without. */
export const isLog = ({ name }: StateTable): boolean => name === 'job' || name === 'log_entry';

/** What an import must not be laid over without being asked: somebody has worked with this state. */
export const isWork = ({ name }: StateTable): boolean =>
	['coupling', 'intent', 'failure', 'requeued_record', 'former_partner', 'mapping_setting', 'document'].includes(name);
