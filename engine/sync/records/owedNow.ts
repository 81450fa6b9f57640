import { canonical, fingerprint } from '../../mapping/normalize';
import { idOn } from '../../model/coupling';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { indexOf, pair } from '../../mapping/baseline';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';

/**
 * Looks at what stands in the places of values that are owed to partners, in one read. A value that is there needs nothing more; what somebody has
 * entered there meanwhile stays, and is told; the rest may be sent, each record at the version that was seen.
 */
export async function lookAtOwed(context: PassContext, items: readonly WorkItem[]): Promise<void> {
	const owing = items.filter(({ coupling, requeued }) => coupling && requeued?.owed);
	if (owing.length === 0) return;
	const { system, table, side } = context.target;
	const names = [...new Set(owing.flatMap(({ requeued }) => Object.keys(requeued!.owed!.values)))];
	const idOf = ({ coupling }: WorkItem): string => idOn(coupling!, side);
	const rows = await system.readByIds(table, owing.map(idOf), names);
	for (const item of owing) {
		const row = rows.get(idOf(item));
		if (row) look(context, item, row);
		else item.owed = { left: item.requeued!.owed, send: {}, version: null };
	}
}

function look(context: PassContext, item: WorkItem, row: SystemRecord): void {
	const { side } = context.target;
	const { values, version } = item.requeued!.owed!;
	const send: Record<FieldName, FieldValue> = {};
	for (const [name, value] of Object.entries(values)) {
		const field = context.mapping.fields.find((each) => each.enabled && fieldOn(each, side) === name);
		const spelled = (each: FieldValue): string => canonical(field ?? plainField(name, value), side, each);
		const there = row.values[name];
		const untouched = there === undefined || row.version === version || isBlank(spelled(there));
		if (there !== undefined && spelled(there) === spelled(value)) stands(context, item, field, there);
		else if (untouched) send[name] = value;
		else {
			stands(context, item, field, there);
			tell(context, item, row, field?.caption ?? name, value);
		}
	}
	const left = Object.keys(send).length > 0 ? { values: send, version } : undefined;
	item.owed = { left, send, version: row.version };
}

/** What is there is nobody's edit where the source would be written over it: a field of this direction alone keeps it until the source changes. */
function stands({ direction, source, target }: PassContext, item: WorkItem, field: FieldMapping | undefined, there: FieldValue): void {
	const base = field && item.coupling!.baseline?.[field.key];
	if (!base || field.direction !== direction) return;
	const marks = pair(source.side, base[indexOf(source.side)], fingerprint(field, target.side, there));
	item.coupling = { ...item.coupling!, baseline: { ...item.coupling!.baseline, [field.key]: marks } };
}

function tell({ recorder, target }: PassContext, { coupling }: WorkItem, row: SystemRecord, caption: string, value: FieldValue): void {
	const called = [row.number, row.name].filter(Boolean).join(' ') || row.id;
	recorder.warn(
		`${called}: the value "${String(value)}" of the template was not written to ${caption}, because something else was entered there meanwhile.`,
		{
			code: 'TEMPLATE_VALUE_LEFT',
			hint: 'Nothing to do; enter the value by hand if it is the right one.',
			[target.side]: recorder.ref(target.side, { businessCentral: null, crm: null, coupling, [target.side]: row }),
		},
	);
}

/** What a new record holds by itself. */
const isBlank = (text: string): boolean => ['', '0', 'false'].includes(text);

/** A field that no mapping knows, by the kind of its value. */
const plainField = (key: string, value: FieldValue): FieldMapping => ({
	...{ key, caption: key, bcField: key, crmField: null, direction: 'fromCrm', enabled: true },
	kind: typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text',
});
