import type { CompanySettings } from '../../model/companySettings';
import type { SideFilter } from '../../mapping/filter';
import type { MappingRules } from '../../mapping/rules';
import type { CheckedMapping, CompanyMapping } from '../../model/mappingStages';
import type { TableMapping } from '../../model/tableMapping';
import type { TemplateChoice } from '../../mapping/templates';
import type { SyncSession } from '../../ports/session';
import type { RecordSystem } from '../../ports/recordSystem';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import type { JobRecorder } from '../../jobs/recorder';
import type { References } from '../references/references';
import type { Side } from '../../model/side';
import type { FieldName, TableSource } from '../../model/record';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Lease } from '../../model/lease';
import type { FieldSets } from '../decide/comparedAgain';
import type { DecisionOptions } from '../decide/decision';

/** What a pass is: one mapping, in one direction, for one request. Nobody changes it. */
export interface PassDefinition {
	readonly mapping: CheckedMapping;
	/** All mappings of the connection, by name. */
	readonly mappings: ReadonlyMap<string, CompanyMapping>;
	readonly settings: CompanySettings;
	readonly rules: MappingRules;
	readonly direction: PassDirection;
	readonly source: PassSide;
	readonly target: PassSide;
	/** Which source records the pass reads changes of. */
	readonly filter: SideFilter;
	/** Template of a record that the pass creates. */
	readonly templateOf: TemplateChoice;
	/** Enabled fields with both sides, whatever their direction. */
	readonly fields: readonly FieldMapping[];
	readonly options: DecisionOptions;
	/** What these fields are, and what they were when couplings were compared. */
	readonly fieldSets: FieldSets;
	/** CRM row of the company; null when rows carry no company identity. */
	readonly companyRowId: string | null;
	/** Uncoupled source records that get no partner in this run, by id. */
	readonly leaveOut: ReadonlySet<string>;
	/** Couples that another state store made, by the evidence of the systems, are taken over however many they are. */
	readonly takesOver: boolean;
	/** Selected records: one that is left out is told so. */
	readonly selected: boolean;
	/** A person named these records; what other runs bring in is nobody's wish. */
	readonly byHand: boolean;
	/** All records are looked at, so those known to be unchanged count as such. */
	readonly countUnchanged: boolean;
}

/** What a pass works with: store and systems, the right to write, and where it tells what it did. */
export interface PassIo {
	readonly session: SyncSession;
	readonly references: References;
	readonly recorder: JobRecorder;
	readonly guard: MassChangeGuard;
	readonly lease: Lease;
	/** To be called before anything is written: throws RunStopped when another run has taken over, so that what was read is out of date. */
	stillHeld(): Promise<void>;
}

/** What a stage may look at; it takes of it what it uses. What the pass has found out so far (`PassState`) is not part of it. */
export interface PassContext extends PassDefinition, PassIo {}

export interface PassSide {
	readonly side: Side;
	readonly system: RecordSystem;
	readonly table: TableSource;
	/** Fields to read: mapped ones and those the rules look at. */
	readonly fields: readonly FieldName[];
}

/** The two ends of a pass. Derived fields (`@…`) are not read. */
export function passSides(
	session: SyncSession,
	mapping: TableMapping,
	rules: MappingRules,
	fields: readonly FieldMapping[],
	direction: PassDirection,
): { source: PassSide; target: PassSide } {
	const names = (mapped: ReadonlyArray<FieldName | null>, extra: readonly FieldName[] = []): FieldName[] => [
		...new Set([...mapped.filter((name): name is FieldName => name !== null && !name.startsWith('@')), ...extra]),
	];
	const bc: PassSide = {
		side: 'businessCentral',
		system: session.businessCentral,
		table: mapping.bc,
		fields: names(
			fields.map((field) => field.bcField),
			rules.extraFields?.bc,
		),
	};
	const crm: PassSide = {
		side: 'crm',
		system: session.crm,
		table: mapping.crm,
		fields: names(
			fields.map((field) => field.crmField),
			rules.extraFields?.crm,
		),
	};
	return direction === 'toCrm' ? { source: bc, target: crm } : { source: crm, target: bc };
}
