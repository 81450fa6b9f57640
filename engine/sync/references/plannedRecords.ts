import { spelledCode } from '../../model/upperCase';
import type { TableMapping } from '../../model/tableMapping';
import type { SystemRecord } from '../../model/record';

/**
 * What earlier mappings of a previewed run would have created and coupled, so that records referring to it are not announced as failures.
 * Only codes and ids are kept, and only of records that were announced.
 */
export class PlannedRecords {
	private readonly codes = new Map<string, Set<string>>();
	private readonly records = new Map<string, Set<string>>();
	private readonly ids = new Map<string, Set<string>>();
	private readonly started = new Set<string>();

	/** The mapping is previewed as a run that may create records. */
	begin(mapping: TableMapping): void {
		this.started.add(mapping.name);
	}

	/** A record of one side whose partner would be created. */
	add(mapping: TableMapping, side: 'businessCentral' | 'crm', record: SystemRecord): void {
		if (side === 'businessCentral') {
			remember(this.codes, mapping.name, spelledCode(record.number));
			remember(this.records, mapping.name, record.id);
		} else remember(this.ids, mapping.name, record.id);
	}

	hasCode(mapping: string, code: string): boolean {
		return this.codes.get(mapping)?.has(code) ?? false;
	}

	/** A record of Business Central, by its id. */
	hasRecord(mapping: string, id: string): boolean {
		return this.records.get(mapping)?.has(id) ?? false;
	}

	/** A row of CRM. */
	hasId(mapping: string, id: string): boolean {
		return this.ids.get(mapping)?.has(id) ?? false;
	}

	/** The local currency would have been created along with the others. */
	hasLocalCurrency(mapping: string): boolean {
		return this.started.has(mapping);
	}
}

function remember(map: Map<string, Set<string>>, mapping: string, key: string): void {
	const known = map.get(mapping);
	if (known) known.add(key);
	else map.set(mapping, new Set([key]));
}
