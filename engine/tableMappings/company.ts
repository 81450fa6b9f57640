import { z } from 'zod/v4';
import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { DEFAULT_COMPANY_SETTINGS, type CompanySettings } from '../model/companySettings';

const text = z.string({ error: 'must be text.' }).trim();
const schema = z
	.strictObject({
		unitGroups: z.boolean(),
		extendedPrices: z.boolean(),
		multiCompany: z.boolean(),
		writeInItem: text,
		writeInResource: text,
		defaultPriceListCode: text,
		creditLimits: z.enum(['asTheyAre', 'converted'], { error: 'must be asTheyAre or converted.' }),
		freightAccount: text,
		externalDocumentFrom: z.enum(['name', 'number'], { error: 'must be name or number.' }),
		billTo: z.enum(['customerDefault', 'sellTo', 'column'], { error: 'must be customerDefault, sellTo or column.' }),
		billToColumn: text,
		amountTolerance: z.number({ error: 'must be a number.' }).min(0, { error: 'must not be less than 0.' }),
		amountPolicy: z.enum(['warn', 'hold'], { error: 'must be warn or hold.' }),
		applyResubmitted: z.boolean(),
		cancelInBusinessCentral: z.boolean(),
		claimUnstamped: z.boolean(),
		pages: z.record(z.string(), text.min(1, { error: 'must be filled in.' })),
	})
	.partial();

/** What holds for all mappings of the connection. */
export const getCompanySettings = async ({ store }: SyncSession): Promise<CompanySettings> => ({
	...DEFAULT_COMPANY_SETTINGS,
	...(await store.companySettings()),
});

/**
 * Changes settings of the connection; those left out stay. Only what differs from the usual settings is kept.
 * @throws SyncError `COMPANY_SETTINGS_INVALID` (setup)
 */
export async function changeCompanySettings(session: SyncSession, changes: unknown): Promise<CompanySettings> {
	const parsed = schema.safeParse(changes);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new SyncError({
			code: 'COMPANY_SETTINGS_INVALID',
			errorClass: 'setup',
			system: 'engine',
			message: `The company setting "${issue?.path.join(' → ') ?? ''}" ${issue?.message ?? 'is not valid.'}`,
			hint: 'Correct the setting in the node Table Mappings.',
		});
	}
	const wanted = { ...(await getCompanySettings(session)), ...(parsed.data as Partial<CompanySettings>) };
	const differing = Object.entries(wanted).filter(
		([name, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_COMPANY_SETTINGS[name as keyof CompanySettings]),
	);
	await session.store.saveCompanySettings(differing.length === 0 ? null : (Object.fromEntries(differing) as Partial<CompanySettings>));
	return wanted;
}
