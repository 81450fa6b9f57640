import type { ChangeToken } from '../../model/changeToken';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import { isTrackingLost } from '../reading/linkLost';
import { knownToken, listingOf, readsWholeTable, tokenScope } from './due';

/** So many pages of a table (200,000 rows) are walked through in one run; the beginning of a larger one goes on in the next. */
const MOST_PAGES = 40;

/** The token of a mapping, and whether the service was asked for it just now. */
export interface TokenAtHand {
	/** Null where there is none, or none yet: changes are read by their stamps. */
	token: ChangeToken | null;
	/** What was read by stamps before says nothing of what changed meanwhile: it is to be read after. */
	begunNow: boolean;
}

/**
 * The token of the mapping; where it has none, and the service notes the changes of the table, one is begun. The service shows the whole table first, so
 * that costs one request for 5,000 rows, once; they are passed over, because the reading by stamps that follows deals with what is to be dealt with. It is kept
 * page by page, so that a run that ends meanwhile leaves its part to the next one.
 * @param lost the link that is known leads nowhere any more
 */
export async function tokenAtHand(context: PassContext, range: PassRange, lost: boolean): Promise<TokenAtHand> {
	const known = lost ? null : await knownToken(context);
	if (known && known.state !== 'beginning') return { token: known, begunNow: false };
	if (readsWholeTable(context) || !(await isTracked(context))) {
		await forgetToken(context);
		return { token: null, begunNow: false };
	}
	if (lost) await forgetToken(context);
	return await begin(context, range, known);
}

async function isTracked({ source }: PassContext): Promise<boolean> {
	try {
		return (await source.system.tracksChanges?.(source.table)) ?? false;
	} catch (error) {
		if (isTrackingLost(error)) return false;
		throw error;
	}
}

async function begin(context: PassContext, range: PassRange, known: ChangeToken | null): Promise<TokenAtHand> {
	const { session, mapping, source, lease } = context;
	const question = listingOf(context);
	const keep = async (link: string, state: ChangeToken['state']): Promise<ChangeToken> => {
		const token = { mapping: mapping.name, side: source.side, scope: tokenScope(question), link, state };
		await session.store.commit({ changeToken: token }, lease);
		return token;
	};
	let from = known?.link ?? null;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		await range.checkpoint();
		try {
			const { link, more } = await source.system.readTracked!({ table: question.table, fields: question.fields, from });
			const token = await keep(link, more ? 'beginning' : 'usable');
			if (!more) return { token, begunNow: true };
			from = link;
		} catch (error) {
			if (!isTrackingLost(error)) throw error;
			session.log('info', `${mapping.name}: Dataverse does not tell which records of ${source.table.name} changed, so they are read by their time stamps.`); // prettier-ignore
			await forgetToken(context);
			break;
		}
		if (range.budget?.isSpent) break;
	}
	return { token: null, begunNow: false };
}

async function forgetToken({ session, mapping, source, lease }: PassContext): Promise<void> {
	const { name } = mapping;
	if ((await session.store.changeToken(name, source.side)) === null) return;
	await session.store.commit({ changeToken: { mapping: name, side: source.side, link: null } }, lease);
}
