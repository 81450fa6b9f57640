/** What a store holds in the recorded releases: at least one row per table, with blanks, quotes, letters beyond ASCII and large numbers. */
export type Row = Readonly<Record<string, string | number | null>>;

export const NOON = '2026-03-01T12:00:00.000Z';
const NOON_MS = Date.parse(NOON);
export const BC_ID = 'b0000000-0000-4000-8000-000000000001';
export const CRM_ID = 'c0000000-0000-4000-8000-000000000001';
const PENDING_BC_ID = 'b0000000-0000-4000-8000-000000000002';
const PENDING_CRM_ID = 'c0000000-0000-4000-8000-000000000002';
const owned = { connection_key: 1, mapping: 'CUSTOMER' };
const record = (id: string): string => JSON.stringify({ id, number: 'N1', name: "O'Brien & Söhne 🚀", url: null });

/**
 * Rows by table, with every column there is by now; a release's recording holds those columns it knew. A new table or column gets its rows here
 * together with its migration. Recordings of older releases stay as they are.
 */
export const rows: Readonly<Record<string, readonly Row[]>> = {
	connection: [
		{
			connection_key: 1,
			// connectionIdOf(CONNECTION) of test/engine/store/samples.ts
			id: 'f89609f6b9da22b2deb5f67794bc233b',
			bc_address: 'https://api.businesscentral.dynamics.com/v2.0/tenant/Production/api/v2.0',
			company_id: '0e4b5a3e-0000-4000-8000-000000000001',
			company_name: "CRONUS d'Or Ülm",
			crm_address: 'https://contoso.crm4.dynamics.com',
			created_ms: NOON_MS,
			opened_ms: NOON_MS,
			bc_system: null,
			crm_system: '0a1b2c3d-0000-4000-8000-00000000000c',
		},
	],
	connection_address: [
		{
			connection_key: 1,
			bc_address: 'https://api.businesscentral.dynamics.com/v2.0/tenant/production/api/v2.0',
			crm_address: 'https://contoso.crm4.dynamics.com',
			former_id: 'f89609f6b9da22b2deb5f67794bc233b',
		},
	],
	mapping_setting: [
		{ ...owned, settings: JSON.stringify({ direction: 'toCrm', bcFilter: { conditions: [], raw: "displayName ne 'O''Brien'" } }) },
	],
	lease: [
		{ ...owned, owner: null, fence: 41, expires_ms: 0, holder: null, acquired_ms: null },
		{
			...owned,
			mapping: 'VENDOR',
			owner: 'run 7',
			fence: 3,
			expires_ms: NOON_MS + 60_000,
			holder: JSON.stringify({
				owner: 'run 7',
				what: 'workflow "O\'Brien & Söhne", node "Sync", execution 7',
				host: 'n8n-1',
				pid: 12,
				process: { pid: 12, started: '4711', place: 'boot pid:[4026531836] time:[4026531834]' },
			}),
			acquired_ms: NOON_MS,
		},
	],
	coupling: [
		{
			...owned,
			bc_id: BC_ID,
			crm_id: CRM_ID,
			bc_number: 'N1',
			bc_name: "O'Brien & Söhne 🚀",
			crm_name: "O'Brien & Söhne",
			search: "n1 o'brien & söhne 🚀 o'brien & söhne",
			bc_version: 'W/"JzE5OzEyMzs0NTY7Jw=="',
			crm_version: 'W/"1234567"',
			bc_stamp: '2026-03-01T11:00:00.123Z',
			crm_stamp: '2026-03-01T11:00:05Z',
			baseline: JSON.stringify({ name: ['f1', 'f1'], currency: ['f2', 'f3'] }),
			initial: null,
			coupled_at: NOON,
			last_synced_at: NOON,
		},
		{
			...owned,
			bc_id: PENDING_BC_ID,
			crm_id: PENDING_CRM_ID,
			bc_number: 'N2',
			bc_name: '',
			crm_name: '',
			search: 'n2  ',
			bc_version: null,
			crm_version: null,
			bc_stamp: null,
			crm_stamp: null,
			baseline: null,
			initial: 'send',
			coupled_at: NOON,
			last_synced_at: null,
		},
	],
	intent: [
		{
			...owned,
			direction: 'fromCrm',
			source_id: 'c0000000-0000-4000-8000-000000000003',
			target_id: null,
			values_json: JSON.stringify({ displayName: 'Adatum', creditLimit: 12.5, blocked: false, faxNumber: null }),
			created_at: NOON,
		},
	],
	failure: [
		{
			...owned,
			direction: 'toCrm',
			source_id: 'b0000000-0000-4000-8000-000000000004',
			error_class: 'data',
			error_code: 'CONFLICT',
			message: 'Both sides changed the name.',
			hint: 'Choose a side.',
			attempts: 2,
			skipped: 1,
			source_version: 'W/"4"',
			partner_version: 'W/"44"',
			missing: JSON.stringify([{ field: 'currencyCode', caption: 'Currency', mapping: 'CURRENCY', value: 'EUR' }]),
			first_failed_at: '2026-02-28T12:00:00.000Z',
			failed_at: NOON,
		},
	],
	requeued_record: [
		{
			...owned,
			direction: 'toCrm',
			source_id: 'b0000000-0000-4000-8000-000000000005',
			reason: 'referenceDeferred',
			fields: JSON.stringify(['parentcustomerid']),
			missing: JSON.stringify([{ field: 'parentcustomerid', caption: "Company's Ülm", mapping: 'CUSTOMER', value: 'C00010' }]),
			source_version: 'W/"5"',
			attempts: 3,
			since: '2026-02-28T12:00:00.000Z',
		},
	],
	watermark: [
		{ ...owned, side: 'businessCentral', stamp: '2026-03-01T11:00:00.123Z', sort_key: '2026-03-01T11:00:00.123000000Z' },
		{ ...owned, side: 'crm', stamp: null, sort_key: '' },
	],
	job: [
		{
			...owned,
			id: 'job 1',
			direction: 'toCrm',
			type: 'synchronization',
			status: 'finished',
			preview: 0,
			started_at: NOON,
			started_ms: NOON_MS,
			finished_at: NOON,
			finished_ms: NOON_MS,
			message: 'Done.',
			counters: JSON.stringify({ inserted: 1, modified: 2, deleted: 3, unchanged: 4, skipped: 5, failed: 6, coupled: 7, uncoupled: 8 }),
			requests: JSON.stringify({ businessCentral: 9, crm: 10 }),
			writes: JSON.stringify({ businessCentral: 11, crm: 12 }),
		},
	],
	log_entry: [
		{
			...owned,
			seq: 1,
			job_id: 'job 1',
			direction: 'toCrm',
			kind: 'error',
			error_class: 'data',
			code: 'CONFLICT',
			message: 'Both sides changed the name.',
			hint: 'Choose a side.',
			bc_id: BC_ID,
			business_central: record(BC_ID),
			crm_id: CRM_ID,
			crm: record(CRM_ID),
			fields: JSON.stringify([{ name: 'Name', businessCentral: 'A', crm: null }]),
			attempts: 2,
			skipped: 1,
			at: NOON,
			at_ms: NOON_MS,
		},
	],
	full_sync: [
		{
			...owned,
			run_id: 'run 1',
			status: 'stopped',
			choices: JSON.stringify({ afterwards: 'keep', bothSides: 'matchFirst' }),
			to_crm: JSON.stringify({
				jobId: 'job 1',
				status: 'stopped',
				done: 500,
				total: 2_000,
				atLeast: false,
				failed: false,
				checkpoint: '2026-03-01T11:00:00.123Z',
			}),
			from_crm: null,
			message: '',
			started_at: NOON,
			finished_at: null,
		},
	],
	deletion_search: [
		{
			...{ ...owned, side: 'crm', token: 'token-7', position: null, checked_at: NOON },
			...{ began_at: NOON, phase: 'rest', knows_uncoupled: 1, untold: 2 },
		},
	],
	compared_record: [{ ...owned, side: 'crm', record_id: CRM_ID, began_at: NOON, version: 'W/"9"' }],
	missing_partner: [{ ...owned, side: 'crm', bc_id: BC_ID, crm_id: CRM_ID }],
	former_partner: [{ ...owned, bc_id: BC_ID, crm_id: CRM_ID, kind: 'deleted', version: 'W/"9"', ended_ms: NOON_MS }],
	store_identity: [{ only: 1, id: 'd0000000-0000-4000-8000-000000000001', created_ms: NOON_MS }],
	change_token: [{ ...owned, side: 'crm', scope: 'scope-1', link: 'https://crm.example/api/data/v9.2/accounts?$deltatoken=1', state: 'current' }], // prettier-ignore
	document: [
		{
			...owned,
			mapping: 'SALESORDER-ORDER',
			crm_id: CRM_ID,
			bc_id: BC_ID,
			crm_number: 'ORD-01001',
			bc_number: '101001',
			name: "O'Brien & Söhne 🚀",
			search: "ord-01001\n101001\no'brien & söhne 🚀",
			stage: 'held',
			content: 'abc',
			amounts: JSON.stringify({
				status: 'differ',
				currency: 'GBP',
				crm: { discount: 0, net: 100, tax: 0, total: 100 },
				businessCentral: { discount: 5, net: 95, tax: 19, total: 114 },
				causes: ['invoice discount'],
			}),
			accepted: null,
			gone_since: null,
			coupled_at: NOON,
			handed_over_at: null,
			payment: null,
		},
		{
			...owned,
			mapping: 'SALESORDER-ORDER',
			crm_id: PENDING_CRM_ID,
			bc_id: null,
			crm_number: 'ORD-01002',
			bc_number: '',
			name: '',
			search: 'ord-01002\n\n',
			stage: 'handedOver',
			content: '',
			amounts: null,
			accepted: '100/0/95/5',
			gone_since: NOON,
			coupled_at: NOON,
			handed_over_at: NOON,
			payment: 'partial',
		},
	],
	document_line: [
		{ ...owned, mapping: 'SALESORDER-ORDER', crm_id: CRM_ID, sequence: 10000, kind: 'line', bc_line_id: BC_ID, crm_line_id: CRM_ID },
		{ ...owned, mapping: 'SALESORDER-ORDER', crm_id: CRM_ID, sequence: 20000, kind: 'freight', bc_line_id: null, crm_line_id: null },
	],
	origin: [{ ...owned, mapping: 'VENDOR', kind: 'uncoupled', at_ms: NOON_MS }],
};
