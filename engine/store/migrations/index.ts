import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';
import { initial } from './0001_initial';
import { failureReasons } from './0002_failure_reasons';
import { fullSync } from './0003_full_sync';
import { deletions } from './0004_deletions';
import { sentValues } from './0005_sent_values';
import { formerPartners } from './0006_former_partners';
import { leaseHolders } from './0007_lease_holders';
import { storeIdentity } from './0008_store_identity';
import { requeuedRecords } from './0009_requeued_records';
import { connectionSystems } from './0010_connection_systems';
import { readUntil } from './0011_read_until';
import { versionComparison } from './0012_version_comparison';
import { fieldSets } from './0013_field_sets';
import { massChanges } from './0014_mass_changes';
import { owedValues } from './0015_owed_values';
import { changeTokens } from './0016_change_tokens';
import { runsOfCouples } from './0017_runs_of_couples';
import { recordIdentities } from './0018_record_identities';
import { surfaceOffers } from './0019_surface_offers';
import { trigger } from './0020_trigger';
import { documents } from './0021_documents';
import { packedBaselines } from './0023_packed_baselines';
import { documentPayments } from './0024_document_payments';
import { orderLife } from './0025_order_life';
import { derivedRows } from './0026_derived_rows';

/** Every change of the store's shape, oldest first by name. A published migration is never edited; a change is a new file. */
export const migrations = (dialect: DialectName): Record<string, Migration> => ({
	'0001_initial': initial(dialect),
	'0002_failure_reasons': failureReasons(dialect),
	'0003_full_sync': fullSync(dialect),
	'0004_deletions': deletions(dialect),
	'0005_sent_values': sentValues(dialect),
	'0006_former_partners': formerPartners(dialect),
	'0007_lease_holders': leaseHolders(dialect),
	'0008_store_identity': storeIdentity(dialect),
	'0009_requeued_records': requeuedRecords(dialect),
	'0010_connection_systems': connectionSystems(dialect),
	'0011_read_until': readUntil(dialect),
	'0012_version_comparison': versionComparison(dialect),
	'0013_field_sets': fieldSets(dialect),
	'0014_mass_changes': massChanges(dialect),
	'0015_owed_values': owedValues,
	'0016_change_tokens': changeTokens(dialect),
	'0017_runs_of_couples': runsOfCouples(dialect),
	'0018_record_identities': recordIdentities(dialect),
	'0019_surface_offers': surfaceOffers(dialect),
	'0020_trigger': trigger(dialect),
	'0021_documents': documents(dialect),
	'0023_packed_baselines': packedBaselines(dialect),
	'0024_document_payments': documentPayments(dialect),
	'0025_order_life': orderLife(dialect),
	'0026_derived_rows': derivedRows(dialect),
});

/** Those that leave a file with much less in it than it takes on the disk. */
export const SHRINKING: ReadonlySet<string> = new Set(['0023_packed_baselines']);
