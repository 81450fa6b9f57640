import { SyncError } from '../../model/errors';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { BC_ORDERS } from './tables';

/**
 * The page that shows what API v2.0 does not write of an order (page 6402 Sales Document Entity, published from the start up to version 29). Its rows are
 * known by the id of the order.
 */
export const PAGE = 'salesDocuments';
const ORDERS_WITH_PAGE: TableSource = { ...BC_ORDERS, companions: [{ service: PAGE, primaryKey: 'id', companionKey: 'id' }] };

const isBillTo = (name: string): boolean => name.startsWith('billTo');
const onPage = (name: string): FieldName => `${PAGE}/${name}`;
const spelled = (value: FieldValue | undefined): string =>
	String(value ?? '')
		.trim()
		.toUpperCase();

/** A text of any length, which Business Central keeps apart: not every version shows it on the page. */
const LONG_TEXT = 'workDescription';

/**
 * Writes Your Reference, shipping agent, work description and bill-to address, where the page is there; last of all, because every write through the API
 * copies the sell-to address onto the bill-to address of a customer who pays himself. None of it keeps an order from being handed over: what cannot be
 * written is told, also where the page does not show the one or the other.
 */
export async function writeDetails(context: ImportContext, works: readonly OrderWork[]): Promise<void> {
	const open = works.filter(({ bc, document }) => bc !== null && document!.handedOverAt === null);
	if (open.length === 0 || !(await refused(() => writeAll(context, open)))) return;
	const without = open.map((work): OrderWork => {
		const { [LONG_TEXT]: text, ...details } = work.details ?? {};
		if (text !== undefined) notWritten(context, work, [onPage(LONG_TEXT)], undefined);
		return { ...work, details };
	});
	const error = await refused(() => writeAll(context, without));
	for (const work of error ? without : []) notWritten(context, work, Object.keys(work.details ?? {}).map(onPage), error);
}

/** What Business Central has against it for good; null where it went well. What may pass is thrown. */
async function refused(write: () => Promise<void>): Promise<SyncError | undefined> {
	try {
		await write();
		return undefined;
	} catch (error) {
		if (error instanceof SyncError && error.errorClass !== 'transient') return error;
		throw error;
	}
}

async function writeAll(context: ImportContext, open: readonly OrderWork[]): Promise<void> {
	const { businessCentral } = context.session;
	const fields = [...new Set(open.flatMap(({ details = {} }) => Object.keys(details)))].map(onPage);
	const ids = open.map(({ bc }) => bc!.id);
	const before = await businessCentral.readByIds(ORDERS_WITH_PAGE, ids, fields);
	if (businessCentral.absentPages?.has(PAGE)) {
		pageMissing(context);
		for (const work of open) tellBillTo(context, work, before.get(work.bc!.id));
		return;
	}
	const changes = open.flatMap((work) => {
		const record = before.get(work.bc!.id);
		const differing = Object.entries(work.details ?? {}).filter(
			([name, value]) => spelled(record?.values[onPage(name)]) !== spelled(value),
		);
		return record && differing.length > 0
			? [{ work, record, values: Object.fromEntries(differing.map(([name, value]) => [onPage(name), value])) }]
			: [];
	});
	if (changes.length === 0) return;
	const outcomes = await businessCentral.write(
		ORDERS_WITH_PAGE,
		changes.map(({ record, values }) => ({
			kind: 'update' as const,
			id: record.id,
			version: record.version,
			number: record.number,
			values,
		})),
		fields,
	);
	for (const [index, { work, values }] of changes.entries()) {
		const outcome = outcomes[index]!;
		if (outcome.status === 'written') tellBillTo(context, work, outcome.record);
		else notWritten(context, work, Object.keys(values), 'error' in outcome ? outcome.error : undefined);
	}
}

function notWritten({ report }: ImportContext, work: OrderWork, fields: readonly string[], error: SyncError | undefined): void {
	const names = fields.map((field) => field.slice(PAGE.length + 1)).join(', ');
	const why = error ? ` (${error.message})` : '';
	report.warn(work, `${names} of order ${work.bc!.number} could not be written in Business Central${why}.`, {
		code: 'ORDER_DETAILS_NOT_WRITTEN',
		hint: `Enter them in order ${work.bc!.number} by hand if they matter.`,
	});
}

/** The address of the payer is told where it is not what the order says. It is never written as sell-to address: that would change who buys. */
function tellBillTo({ report }: ImportContext, work: OrderWork, record: SystemRecord | undefined): void {
	const wanted = Object.entries(work.details ?? {}).filter(([name]) => isBillTo(name));
	const shown = (name: string): FieldValue | undefined => record?.values[onPage(name)] ?? work.bc!.values[API_NAMES[name] ?? name];
	if (wanted.every(([name, value]) => spelled(shown(name)) === spelled(value))) return;
	report.warn(work, `order ${work.bc!.number} of Business Central has the bill-to address of its customer, not the one of the CRM order.`, {
		code: 'BILL_TO_NOT_WRITTEN',
		hint: `Enter the address in order ${work.bc!.number} by hand if the invoice is to go there.`,
	});
}

/** Names of API v2.0, where the page has others. */
const API_NAMES: Readonly<Record<string, FieldName>> = {
	billToAddress: 'billToAddressLine1',
	billToAddress2: 'billToAddressLine2',
	billToCountryRegionCode: 'billToCountry',
	billToCounty: 'billToState',
};

function pageMissing({ job }: ImportContext): void {
	job.recorder.warn(
		`The page "${PAGE}" is not published as a web service in Business Central (page 6402), so Your Reference, shipping agent, work description and bill-to address of orders were not written.`,
		{
			code: 'SURFACE_MISSING',
			hint: 'Publish page 6402 under this name on the page Web Services, or enter them by hand where they matter.',
		},
	);
}
