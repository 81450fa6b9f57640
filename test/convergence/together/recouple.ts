import { coupleRecords } from '../../../engine';
import type { Random } from '../random';
import { text } from './kinds/kind';
import { pick } from './people';
import type { Town } from './town';

/**
 * Somebody couples a customer or vendor with an account that was entered twice. What Business Central has goes there, and so do the persons; of the
 * account that it had nothing is made, whatever becomes of it.
 */
export async function recouple(town: Town, random: Random): Promise<void> {
	await town.agreed();
	const resident = pick(town, random, ['customer', 'vendor']);
	if (town.found.length > 0 || !resident) return;
	const [bc, former] = [town.row('businessCentral', resident), town.row('crm', resident)];
	if (!bc || !former) return;
	const { crm } = town.world.sandbox;
	const customertypecode = Number(former['customertypecode']);
	const crmId = crm.insert('account', { name: `left ${resident.mark}`, customertypecode });
	town.world.minutes(1);
	const request = { mapping: resident.kind.mapping, bcId: text(bc['id']), crmId, initial: 'send' as const };
	town.figures.runs++;
	const preview = await town.use((session) => coupleRecords(session, { ...request, preview: true }));
	const view = await town.use((session) => coupleRecords(session, request));
	town.tell(`${resident.kind.name} ${resident.mark} is coupled with another account: ${(view.warnings ?? []).join(' ')}`);
	const said = (preview.warnings ?? []).map((warning) => warning.replace('Would be: ', ''));
	if (said.join('\n') !== (view.warnings ?? []).join('\n'))
		town.broken(`the preview of coupling says "${said.join(' ')}", coupling "${(view.warnings ?? []).join(' ')}"`);
	if (view.outcome !== 'moved' || view.lastError)
		town.broken(`${resident.mark} is not coupled: ${view.outcome} ${view.lastError?.message ?? ''}`);
	crm.update('account', text(former['accountid']), { name: `left ${resident.mark}` });
	// What was entered stands on both sides again, whichever it came from.
	for (const entered of resident.values.values()) entered.settled = false;
	for (const each of town.residents.values())
		if (each.owner === resident.mark) for (const entered of each.values.values()) entered.settled = false;
	town.touch(resident.kind);
	await town.agreed();
}
