import type { Finding } from '../../model/finding';
import { type Side, SYSTEM_NAMES } from '../../model/side';
import type { SyncSession } from '../../ports/session';

/** Sign-in services refuse what was signed more than five minutes ago or from now; below that nothing depends on the clock of this machine. */
const TROUBLE_MS = 4 * 60_000;
const WORTH_TELLING_MS = 30_000;

/** How far the clock of the machine n8n runs on is from those of the services, as their last answers told. */
export function checkClocks(session: SyncSession, reachable: ReadonlySet<Side>): Finding[] {
	return [...reachable].flatMap((side): Finding[] => {
		const theirs = session[side].serviceNow();
		if (theirs === null) return [];
		const difference = session.clock.now() - theirs;
		if (Math.abs(difference) < WORTH_TELLING_MS) return [];
		const trouble = Math.abs(difference) >= TROUBLE_MS;
		const seconds = Math.round(Math.abs(difference) / 1000);
		return [
			{
				severity: trouble ? 'warning' : 'info',
				area: 'clock',
				system: side,
				subject: `${difference > 0 ? '+' : '-'}${seconds} s`,
				neededBy: [],
				message: `The clock of this machine is ${seconds} seconds ${difference > 0 ? 'ahead of' : 'behind'} that of ${SYSTEM_NAMES[side]}. Changes are read by the service's own clock; only times in the log, schedules, and signing in with a certificate go by this one.`,
				remedy: 'Let the machine that n8n runs on set its clock by a time server.',
				page: 'nodes/full-sync.md#check-set-up',
			},
		];
	});
}
