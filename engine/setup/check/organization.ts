import type { Finding } from '../../model/finding';
import { type Checked, orNull } from './checked';

/** CRM tables that prices are made of. */
const PRICED = new Set(['pricelevel', 'productpricelevel', 'product', 'opportunity', 'quote', 'salesorder', 'invoice']);

/**
 * How the organization calculates prices. Source:
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/organization (OOBPriceCalculationEnabled)
 */
export async function checkPricing({ session, mappings, reachable }: Checked): Promise<Finding[]> {
	const users = mappings.filter(({ crm }) => PRICED.has(crm.name)).map(({ name }) => name);
	if (!reachable.has('crm') || users.length === 0) return [];
	const [row] = (await orNull(session.crm.readAll('organization', ['oobpricecalculationenabled']))) ?? [];
	if (row?.['oobpricecalculationenabled'] !== false) return [];
	return [
		{
			severity: 'warning',
			area: 'pricing',
			system: 'crm',
			subject: 'System price calculation',
			neededBy: users,
			message:
				'System price calculation is switched off in CRM: prices and price lists are synchronized, but CRM does not work out amounts of opportunities, quotes, orders and invoices from them.',
			remedy:
				'Switch it on (App Settings → Product Catalog → Use system pricing calculation), or make sure that a plug-in of your own calculates prices.',
			page: 'nodes/full-sync.md#check-set-up',
		},
	];
}

/** Tables whose changes Dataverse does not note: runs read them by their stamps. */
export async function checkTracking({ session, mappings, reachable }: Checked): Promise<Finding[]> {
	const { crm } = session;
	if (!reachable.has('crm') || !crm.tracksChanges) return [];
	const findings: Finding[] = [];
	const tables = new Map<string, string[]>();
	for (const mapping of mappings) {
		if (mapping.crm.choice || mapping.direction === 'toCrm') continue;
		tables.set(mapping.crm.name, [...(tables.get(mapping.crm.name) ?? []), mapping.name]);
	}
	for (const [name, neededBy] of tables) {
		const tracks = await orNull(crm.tracksChanges({ name, numberField: null, nameField: '' }));
		if (tracks !== false) continue;
		findings.push({
			severity: 'info',
			area: 'tracking',
			system: 'crm',
			subject: name,
			neededBy,
			message: `Dataverse does not track changes of ${name}: runs find them by their stamps, and deleted rows by the daily comparison.`,
			remedy: `To have deletions found at once: Power Apps → Tables → ${name} → Properties → Advanced options → Track changes.`,
			page: 'concepts/runs.md#where-dataverse-tracks-changes',
		});
	}
	return findings;
}
