import type { FieldTranslation } from '../../mapping/rules';
import type { Desired } from '../../mapping/desired';
import { cutText } from '../../model/cutText';
import { sourceSide, targetSide } from '../../model/direction';
import { lengthOn } from '../../model/fieldMapping';

/** Page of Business Central that shows first name, middle name and surname; published by an administrator only. */
export const NAME_PAGE = 'NameDetails';

/**
 * The whole name, for API v2.0 knows no other. Where the page with the parts of the name is published, those travel one by one, and the whole
 * name is only needed to create a contact, which Business Central refuses without it.
 */
export const contactName: FieldTranslation = async ({ session, mapping, direction }, field, records) => {
	const inParts = await partsAreShown(session, mapping);
	const coupled = inParts
		? await session.store.couplingsOf(
				mapping.name,
				sourceSide(direction),
				records.map(({ id }) => id),
			)
		: new Map<string, unknown>();
	return (source, creating): Desired => {
		const name = String((direction === 'toCrm' ? source.values[field.bcField!] : source.values[field.crmField!]) ?? '')
			.trim()
			.replace(/\s+/g, ' ');
		if (name === '' || (coupled.has(source.id) && !creating)) return { kind: 'leave' };
		return { kind: 'value', value: cutText(name, lengthOn(field, targetSide(direction)) ?? Infinity) };
	};
};

type Shown = Parameters<FieldTranslation>[0];

async function partsAreShown(session: Shown['session'], mapping: Shown['mapping']): Promise<boolean> {
	const part = mapping.fields.find(({ crmField, enabled }) => crmField === 'lastname' && enabled);
	if (!part?.bcField) return false;
	return (await session.businessCentral.describe(mapping.bc)).columns.has(part.bcField);
}
