import type { PlannedRecords } from '../references/plannedRecords';
import type { SyncError } from '../../model/errors';
import type { CompanySettings } from '../../model/companySettings';
import type { SideFilter } from '../../mapping/filter';
import type { MappingRules } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import type { TemplateChoice } from '../../mapping/templates';
import type { Progress, SyncSession } from '../../ports/session';
import type { RecordSystem } from '../../ports/recordSystem';
import type { DeletedPartners } from '../deletions/deletedPartners';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import type { JobRecorder } from '../../jobs/recorder';
import type { References } from '../references/references';
import type { Side } from '../../model/side';
import type { FieldName, TableSource } from '../../model/record';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Intent } from '../../model/intent';
import type { Lease } from '../../model/lease';
import type { DecisionOptions } from '../decide/decision';
import type { RunFollower } from '../../jobs/runFollower';
import type { Pull } from './pull';

/** Everything one pass (one mapping, one direction) works with. */
export interface PassContext {
	session: SyncSession;
	mapping: TableMapping;
	/** All mappings of the connection, by name. */
	mappings: ReadonlyMap<string, TableMapping>;
	settings: CompanySettings;
	rules: MappingRules;
	direction: PassDirection;
	source: PassSide;
	target: PassSide;
	/** Which source records the pass reads changes of. */
	filter: SideFilter;
	/** Template of a record that the pass creates. */
	templateOf: TemplateChoice;
	/** Enabled fields with both sides, whatever their direction. */
	fields: readonly FieldMapping[];
	references: References;
	options: DecisionOptions;
	preview: boolean;
	/** Preview of several mappings: what would be created is told here. */
	plannedRecords?: PlannedRecords;
	/** CRM row of the company; null when rows carry no company identity. */
	companyRowId: string | null;
	/** Null in a preview. */
	lease: Lease | null;
	/** To be called before anything is written: throws RunStopped when another run has taken over, so that what was read is out of date. */
	stillHeld(): Promise<void>;
	recorder: JobRecorder;
	/** Inserts whose outcome is not settled, by source id. */
	inDoubt: Map<string, Intent>;
	/** Open inserts of the opposite direction: their records may appear on this pass's source side at any moment. */
	opposite: readonly Intent[];
	/** Records that must not be created before somebody looked at them, by source id. */
	blocked: Map<string, SyncError>;
	/** Pairs found to have lost a record; null when this run leaves them alone. */
	deletedPartners: DeletedPartners | null;
	guard: MassChangeGuard;
	/** Uncoupled source records that get no partner in this run, by id. */
	leaveOut: ReadonlySet<string>;
	/** Source ids already dealt with in this pass. */
	processed: Set<string>;
	/** Skipped records that are to be tried again: what they lacked has been created. */
	retryNow: Set<string>;
	/** Brings in missing records that others refer to; absent when the run is not to. */
	pull?: Pull;
	/** References that were to be brought in already, whatever came of it. */
	pulled: Set<string>;
	/** Couples that another state store made, by the evidence of the systems, are taken over however many they are. */
	takesOver: boolean;
	/** Selected records: one that is left out is told so. */
	selected: boolean;
	/** How far the pass has come; null until it begins to read changes. */
	progress: Omit<Progress, 'mapping' | 'direction'> | null;
	follower?: RunFollower;
	/** All records are looked at, so those known to be unchanged count as such. */
	countUnchanged: boolean;
}

export interface PassSide {
	side: Side;
	system: RecordSystem;
	table: TableSource;
	/** Fields to read: mapped ones and those the rules look at. */
	fields: readonly FieldName[];
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
