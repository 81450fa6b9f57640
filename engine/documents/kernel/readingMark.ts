import { createHash } from 'node:crypto';
import { BC_OVERLAP_MS } from '../../defaults/defaultMapping';
import type { StoreChanges } from '../../ports/storeChanges';
import type { SyncSession } from '../../ports/session';
import { type ServiceTime, sinceOf } from '../../sync/reading/since';

/** Up to where a reading by stamps is dealt with, by the clock of Business Central. */
export class ReadingMark {
	private began: ServiceTime | null = null;

	private constructor(
		private readonly session: SyncSession,
		private readonly name: string,
		private readonly scope: string | null,
		/** From when on to read, the overlap included; null for all. */
		readonly since: string | null,
		/** Something was read under this name before. */
		readonly isKnown: boolean,
		/** What was read then is what is read now. */
		readonly isSameScope: boolean,
	) {
		this.begin();
	}

	static async open(session: SyncSession, name: string, scope: string | null = null): Promise<ReadingMark> {
		const mark = await session.store.watermarkOf(name, 'businessCentral');
		const hash = scope === null ? null : createHash('sha256').update(scope).digest('hex').slice(0, 32);
		if (mark === null) return new ReadingMark(session, name, hash, null, false, false);
		const { stamp } = sinceOf(mark, BC_OVERLAP_MS, serviceTime(session), session.clock.now());
		return new ReadingMark(session, name, hash, stamp, true, mark.scope === hash);
	}

	/** To be called once the service has answered, where it had not before. */
	begin(): void {
		this.began ??= serviceTime(this.session);
	}

	/** All that was read is dealt with. Undefined where the service does not tell the time: then the same is read again. */
	end(): StoreChanges['watermark'] | undefined {
		if (this.began === null) return undefined;
		return this.at(new Date(this.began.at).toISOString(), 'anyhow');
	}

	/** So far, for records that are stamped up to then. */
	upTo(stamp: string): StoreChanges['watermark'] | undefined {
		if (this.began === null) return undefined;
		const limit = new Date(this.began.at).toISOString();
		return this.at(stamp < limit ? stamp : limit, this.isSameScope ? 'forward' : 'anyhow');
	}

	private at(stamp: string, moves: 'forward' | 'anyhow'): StoreChanges['watermark'] {
		return { mapping: this.name, side: 'businessCentral', stamp, clockAheadMs: this.began!.ahead, scope: this.scope, moves };
	}
}

function serviceTime({ businessCentral, clock }: SyncSession): ServiceTime | null {
	const at = businessCentral.serviceNow();
	return at === null ? null : { at, ahead: at - clock.now() };
}
