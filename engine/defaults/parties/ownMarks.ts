import { owedBack } from '../../mapping/baseline';
import { fingerprint } from '../../mapping/normalize';
import type { Coupling, FieldBaseline } from '../../model/coupling';
import type { FieldMapping } from '../../model/fieldMapping';
import type { SystemRecord } from '../../model/record';

/** Baselines of fields that Business Central gave another value by itself: nobody's edit, and still to go to CRM. */
export const marksOf = (fields: readonly FieldMapping[], record: SystemRecord, { baseline }: Coupling): Record<string, FieldBaseline> =>
	Object.fromEntries(
		fields.map((field): [string, FieldBaseline] => {
			const mark = fingerprint(field, 'businessCentral', record.values[field.bcField!] ?? null);
			return [field.key, [owedBack(mark, 1), baseline![field.key]![1]]];
		}),
	);
