import { fingerprint } from '../../../engine/mapping/normalize';
import { field } from '../../../engine/defaults/defaultMapping';
import type { Coupling } from '../../../engine/model/coupling';
import type { PassDirection } from '../../../engine/model/direction';
import type { ConflictStrategy } from '../../../engine/model/tableMapping';
import { openStage, type Stage } from '../deciding/stage';

/** What both sides hold when they agree, what the run announced, and what else people enter on each side. */
const [A, B] = ['+44 0', '+44 1'];
const OTHER = { source: '+44 2', partner: '+44 3' };

type Here = 'A' | 'B' | 'C';
const COMBINATIONS = (['A', 'B', 'C'] as const).flatMap((source) => (['A', 'B', 'C'] as const).map((partner) => ({ source, partner })));
const DIRECTIONS: readonly PassDirection[] = ['toCrm', 'fromCrm'];
const STRATEGIES: readonly ConflictStrategy[] = ['none', 'send', 'get', 'newest'];

const phone = field('Phone No.', 'phoneNumber', 'telephone1', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 });
const valueOf = (here: Here, side: 'source' | 'partner'): string => (here === 'A' ? A : here === 'B' ? B : OTHER[side]);

/** Source and partner afterwards, and the value that has to be in the log. */
type Outcome = { source: string; partner: string; logged: string | null; failed: boolean };

/** What must become of a pair whose update was announced and of which nobody knows whether it arrived. */
function expected(source: Here, partner: Here, winner: 'source' | 'partner' | null): Outcome {
	const [own, other] = [valueOf(source, 'source'), valueOf(partner, 'partner')];
	const delivered = { source: own, partner: own, failed: false };
	if (own === other) return { ...delivered, logged: null };
	// The source holds something newer than what was agreed on, and the partner nothing that is surely a person's.
	if (source !== 'A' && partner !== 'C') return { ...delivered, logged: other };
	if (winner === null) return { source: own, partner: other, logged: null, failed: true };
	return winner === 'source' ? { ...delivered, logged: other } : { source: other, partner: other, logged: own, failed: false };
}

/** As if a run had announced B for the partner, and died before or after it was sent. */
async function announce(stage: Stage, number: number, direction: PassDirection): Promise<void> {
	const coupling = await stage.coupling(number);
	const side = direction === 'toCrm' ? 'crm' : 'businessCentral';
	const version = (side === 'crm' ? coupling.crmVersion : coupling.bcVersion)!;
	const marks = { telephone1: [fingerprint(phone, 'businessCentral', B), fingerprint(phone, 'crm', B)] as const };
	const announced: Coupling = { ...coupling, inFlight: { side, marks, version } };
	await stage.with((session) => session.store.commit({ couplings: [announced] }));
}

describe.each(DIRECTIONS)('a run announced an update %s and died', (direction) => {
	const enter = (stage: Stage, who: 'source' | 'partner', number: number, value: string, more: object = {}): void =>
		(who === 'source') === (direction === 'toCrm')
			? stage.inBc(number, { phoneNumber: value, ...more })
			: stage.inCrm(number, { telephone1: value, ...more });
	const held = (stage: Stage, number: number): [source: unknown, partner: unknown] => {
		const [bc, crm] = [stage.customer(number)!['phoneNumber'], stage.account(number)!['telephone1']];
		return direction === 'toCrm' ? [bc, crm] : [crm, bc];
	};

	async function agreedOnA(count: number, conflict: ConflictStrategy): Promise<Stage> {
		const stage = await openStage(count);
		await stage.settings({ conflict });
		for (let number = 1; number <= count; number++) stage.inBc(number, { phoneNumber: A });
		await stage.run();
		stage.world.minutes(20);
		await stage.run();
		stage.world.minutes(20);
		return stage;
	}

	it.each(STRATEGIES)(
		'conflict strategy %s: nothing that may be a person’s is replaced in silence',
		async (conflict) => {
			const stage = await agreedOnA(COMBINATIONS.length, conflict);
			try {
				for (const [index, { source }] of COMBINATIONS.entries()) {
					const number = index + 1;
					await announce(stage, number, direction);
					enter(stage, 'source', number, valueOf('B', 'source'));
					enter(stage, 'source', number, valueOf(source, 'source'));
				}
				stage.world.minutes(5);
				// The record is another one in any case: what was sent may have arrived, whatever stands there now.
				for (const [index, { partner }] of COMBINATIONS.entries()) {
					enter(stage, 'partner', index + 1, valueOf('B', 'partner'));
					enter(stage, 'partner', index + 1, valueOf(partner, 'partner'));
				}
				stage.world.minutes(5);
				const winner =
					conflict === 'none' ? null : conflict === 'newest' || (conflict === 'send') !== (direction === 'toCrm') ? 'partner' : 'source';
				for (let run = 1; run <= 2; run++) {
					await stage.run();
					stage.world.minutes(20);
				}
				const failures = new Set((await stage.failures(direction)).map(({ sourceId, errorCode }) => `${sourceId} ${errorCode}`));
				const log = await stage.log('overwritten');
				const found = COMBINATIONS.map(({ source, partner }, index): [string, Outcome] => {
					const number = index + 1;
					const [own, other] = held(stage, number);
					const entries = log.filter((entry) => entry.businessCentral?.id === stage.customerId(number));
					const lost = entries.flatMap(({ fields, direction: of }) =>
						fields.map(({ businessCentral, crm }) => (of === 'toCrm' ? crm : businessCentral)),
					);
					const id = direction === 'toCrm' ? stage.customerId(number) : stage.accountId(number);
					const outcome = {
						source: String(own),
						partner: String(other),
						logged: (lost[0] as string | undefined) ?? null,
						failed: failures.has(`${id} CONFLICT`),
					};
					return [`${source} ${partner}`, outcome];
				});
				expect(Object.fromEntries(found)).toEqual(
					Object.fromEntries(COMBINATIONS.map(({ source, partner }) => [`${source} ${partner}`, expected(source, partner, winner)])),
				);
				stage.writes();
				await stage.run();
				expect(stage.writes()).toBe(0);
			} finally {
				await stage.world.close();
			}
		},
		60_000,
	);

	it('a partner of the version that was known was reached by nobody: it goes on as if nothing had been announced', async () => {
		const stage = await agreedOnA(3, 'none');
		try {
			for (const [index, source] of (['A', 'B', 'C'] as const).entries()) {
				await announce(stage, index + 1, direction);
				enter(stage, 'source', index + 1, valueOf('B', 'source'));
				enter(stage, 'source', index + 1, valueOf(source, 'source'));
			}
			stage.world.minutes(5);
			await stage.run();
			expect([1, 2, 3].map((number) => held(stage, number))).toEqual([A, B, OTHER.source].map((value) => [value, value]));
			expect([await stage.log('overwritten'), await stage.failures(direction)]).toEqual([[], []]);
		} finally {
			await stage.world.close();
		}
	});
});

it('an update that was announced and never sent: B entered by hand in CRM is not overwritten when Business Central is back at A', async () => {
	const stage = await openStage(1);
	try {
		stage.inBc(1, { phoneNumber: A });
		await stage.run();
		stage.world.minutes(20);
		await stage.run();
		stage.world.minutes(20);
		stage.inBc(1, { phoneNumber: B });
		const dying = stage.world.run(
			{ mapping: 'CUSTOMER' },
			{
				transport: (transport) => (request) =>
					request.url.startsWith('http://crm') && JSON.stringify(request.body ?? '').includes(B)
						? Promise.reject(new Error('killed'))
						: transport(request),
			},
		);
		await expect(dying).rejects.toThrow('killed');
		expect((await stage.coupling(1)).inFlight).toMatchObject({ side: 'crm' });
		stage.world.minutes(5);
		stage.inBc(1, { phoneNumber: A });
		stage.inCrm(1, { telephone1: B });
		stage.world.minutes(5);
		const jobs = await stage.run();
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual([A, B]);
		expect(jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode))).toEqual(['CONFLICT', 'CONFLICT']);
		// A person decides, and it is over.
		stage.inBc(1, { phoneNumber: B });
		stage.world.minutes(5);
		await stage.run();
		stage.world.minutes(5);
		await stage.run();
		expect([await stage.failures('toCrm'), await stage.failures('fromCrm')]).toEqual([[], []]);
	} finally {
		await stage.world.close();
	}
});
