import { translate } from '../../mapping/translate';
import { fingerprint } from '../../mapping/normalize';
import type { FieldTranslation, RuleContext } from '../../mapping/rules';
import type { SystemRecord, TableSource } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Desired } from '../../mapping/desired';

/**
 * Primary contact of a customer or vendor: the coupled contact, empty where it is not coupled. A contact that was taken away in CRM is taken away
 * in Business Central, too, if it is coupled itself: one that is not in CRM stays.
 */
export const primaryContact: FieldTranslation = async (context, field, records) => {
	const { references, direction, mapping } = context;
	const byCoupling = { ...field, key: `${field.key} by coupling` };
	await references.prepare(direction, mapping, [byCoupling], records);
	const blank = (source: SystemRecord): boolean => (source.values[field.crmField!] ?? '') === '';
	const clears = direction === 'fromCrm' ? await clearing(context, field, byCoupling, records.filter(blank)) : new Set<string>();
	// Dataverse deletes the contacts of an account with it: what is restored must not name one that is gone.
	const gone = direction === 'toCrm' ? await deleted(context, records.map((source) => translate(references, direction, byCoupling, source))) : new Set(); // prettier-ignore
	return (source): Desired => {
		if (direction === 'fromCrm' && blank(source) && !clears.has(source.id)) return { kind: 'leave' };
		const desired = translate(references, direction, byCoupling, source);
		return desired.kind === 'value' && gone.has(desired.value) ? { kind: 'value', value: null } : desired;
	};
};

const CONTACT: TableSource = { name: 'contact', numberField: null, nameField: 'fullname' };

/** Those of the rows wanted that do not exist any more. */
async function deleted({ session }: RuleContext, desired: readonly Desired[]): Promise<Set<unknown>> {
	const ids = [...new Set(desired.flatMap((each) => (each.kind === 'value' && typeof each.value === 'string' ? [each.value] : [])))];
	if (ids.length === 0) return new Set();
	const existing = await session.crm.existing(CONTACT, ids);
	return new Set(ids.filter((id) => !existing.has(id)));
}

/** Accounts that had a primary contact when the sides last agreed, and whose customer's or vendor's one is coupled. */
async function clearing(
	{ session, references, mapping }: RuleContext,
	field: FieldMapping,
	byCoupling: FieldMapping,
	accounts: readonly SystemRecord[],
): Promise<Set<string>> {
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'crm',
		accounts.map(({ id }) => id),
	);
	const none = fingerprint(field, 'crm', null);
	const cleared = [...couplings.values()].filter(({ baseline }) => baseline?.[field.key] !== undefined && baseline[field.key]![1] !== none);
	if (cleared.length === 0) return new Set();
	const parties = await session.businessCentral.readByIds(
		mapping.bc,
		cleared.map(({ bcId }) => bcId),
		[field.bcField!],
	);
	await references.prepare('toCrm', mapping, [byCoupling], [...parties.values()]);
	return new Set(
		cleared.flatMap(({ bcId, crmId }) => {
			const party = parties.get(bcId);
			return party && references.crmId(byCoupling, party.values[field.bcField!]).found !== null ? [crmId] : [];
		}),
	);
}
