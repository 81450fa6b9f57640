import { SIDES } from '../model/side';
import type { TriggerHost } from './host';
import { itemOf, type TriggerItem } from './items';
import { lookAtAll } from './lookAtAll';
import { TriggerMemory } from './memory';
import { watchedMappings } from './periods';
import { hasNews } from './due';
import type { TriggerSettings } from './triggerSettings';

/**
 * One look for somebody who watches: the mappings whose records changed, or, where none did, all of them, so that the workflow can be tried. Keeps nothing, and
 * takes nothing from the trigger that is at work.
 * @throws SyncError that says why there can be no look
 */
export async function lookOnce(host: Pick<TriggerHost, 'open' | 'clock'>, settings: TriggerSettings): Promise<TriggerItem[]> {
	const { session, explain, close } = await host.open();
	try {
		const now = host.clock.now();
		const { watched } = await watchedMappings(session, settings);
		const memory = await TriggerMemory.load(session.store, settings, { startNow: false, now });
		memory.follow(watched, now);
		for (const side of SIDES) {
			const { known, failed } = await lookAtAll(session, side, watched, memory.mappings, { signals: [], now });
			for (const error of failed.values()) throw error;
			for (const each of known.values()) memory.put(each);
		}
		const all = watched.map((each) => ({ watched: each, known: memory.mappings.get(each.mapping.name)! }));
		const changed = all.filter(({ known }) => hasNews(known));
		if (changed.length > 0) return changed.map((each) => itemOf(each.watched, each.known, 'changed'));
		return all.map((each) => itemOf(each.watched, each.known, 'manual'));
	} catch (error) {
		throw await explain(error);
	} finally {
		await close();
	}
}
