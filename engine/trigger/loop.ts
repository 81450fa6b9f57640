import { SyncError } from '../model/errors';
import type { Lease } from '../model/lease';
import { type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import { type SystemTrouble, TRIGGER_LEASE, type TriggerSignal } from '../model/trigger';
import { acquireLease, isTaken } from '../jobs/lease';
import { shareCompanyRow } from '../mapping/companyIdentity';
import { reasonToStart, since } from './due';
import type { Accelerator, OpenedSession, TriggerHost } from './host';
import { itemOf } from './items';
import { lookAtAll } from './lookAtAll';
import { TriggerMemory } from './memory';
import { newestJobOf, observe, settle } from './observe';
import { type Watched, watchedMappings } from './periods';
import { ripe } from './signals';
import { isOver, isToBeTold, troubleAfter } from './trouble';
import type { TriggerSettings } from './triggerSettings';
import { startedTwice } from './twice';

const LEASE_MS = 30_000;
/** So often the lease is renewed, and so often it is asked for by who does not have it. */
const BEAT_MS = 10_000;
/** So often it is looked whether a run that was started has ended. */
const ANSWER_MS = 5_000;
/** What was done without the trigger, and whether another one is at work. */
const OBSERVE_MS = 5 * 60_000;
/** A look takes no more of the time than 1/20. */
const SHARE = 20;
/** What one session found out about the company's row holds for the next ones. */
const COMPANY_ROW_MS = 3_600_000;

/**
 * The loop of one trigger: looks, decides which mappings are due, and starts them. Nothing that happens to it ends it but `signal`; it never rejects. Two of
 * it (a change of the leader, a fast restart, a copied workflow) are kept apart by a lease, under which everything is put down before it is handed out.
 */
export class TriggerLoop {
	private opened: OpenedSession | null = null;
	private openedMs = 0;
	private lease: Lease | null = null;
	private renewedMs = 0;
	private memory: TriggerMemory | null = null;
	private watched: Watched[] = [];
	private openTrouble: SystemTrouble | null = null;
	private readonly tableTrouble = new Map<string, SystemTrouble>();
	private observedMs: number | null = null;
	private companyRowMs = 0;
	private started = false;
	private readonly logged = new Set<string>();

	constructor(
		private readonly host: TriggerHost,
		private readonly settings: TriggerSettings,
		private readonly accelerator: Accelerator | null = null,
	) {}

	async run(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			let waitMs: number;
			try {
				waitMs = await this.tick();
			} catch (error) {
				waitMs = signal.aborted ? 0 : await this.broken(error);
			}
			await this.host.clock.sleep(waitMs, signal).catch(() => undefined);
		}
		if (this.opened && this.lease) await this.opened.session.store.releaseLease(this.lease).catch(() => undefined);
		await this.closeSession();
	}

	/** One round; answers how long nothing is to be done (milliseconds). */
	private async tick(): Promise<number> {
		const now = this.now();
		if (!(await this.ready(now))) return BEAT_MS;
		const memory = this.memory!;
		await this.settleStarted(memory);
		const signals = this.accelerator ? await this.openSignals() : [];
		const sides = this.sidesToLookAt(memory, signals, now);
		if (sides.length > 0) await this.look(memory, sides, signals);
		await this.startDue(memory);
		return this.waitMs(memory);
	}

	private now(): number {
		return this.host.clock.now();
	}

	private get store() {
		return this.opened!.session.store;
	}

	/** A session is open, the lease is ours, and what is known is at hand. */
	private async ready(now: number): Promise<boolean> {
		if (!this.opened) {
			if (this.openTrouble && !isOver(this.openTrouble.nextMs, now)) return false;
			this.opened = await this.host.open();
			this.openedMs = this.companyRowMs = now;
			this.recovered(this.openTrouble, 'The connection can be opened again');
			this.openTrouble = null;
		}
		if (this.lease && (now - this.renewedMs >= BEAT_MS || now < this.renewedMs)) {
			if (await this.store.renewLease(this.lease, LEASE_MS)) this.renewedMs = now;
			else this.lease = this.memory = null;
		}
		if (!this.lease) {
			const taken = await acquireLease(this.opened.session, TRIGGER_LEASE + this.settings.lease, LEASE_MS);
			if (isTaken(taken)) return false;
			this.lease = taken;
			this.renewedMs = now;
		}
		if (!this.memory) {
			const startNow = this.settings.startNow && !this.started;
			this.memory = await TriggerMemory.load(this.store, this.settings, { startNow, now });
			this.started = true;
			this.observedMs = null;
			await this.followMappings(this.memory);
		}
		return true;
	}

	private async followMappings(memory: TriggerMemory): Promise<void> {
		const { watched, unknown } = await watchedMappings(this.opened!.session, this.settings);
		this.watched = watched;
		memory.follow(watched, this.now());
		const notices = unknown.map((name) => `MAPPING_UNKNOWN: There is no table mapping named "${name}".`);
		const kept = memory.state.notices.filter((notice) => notice.startsWith('TRIGGER_TWICE'));
		memory.state.notices = [...notices, ...kept, ...(this.accelerator?.notices() ?? [])];
	}

	private terms({ intervalMs }: Watched) {
		return { now: this.now(), intervalMs, longestRetryMs: this.settings.longestRetryMs, lookEveryMs: this.settings.lookEveryMs };
	}

	private async settleStarted(memory: TriggerMemory): Promise<void> {
		const started = this.watched.filter(({ mapping }) => memory.mappings.get(mapping.name)?.emission);
		if (started.length === 0) return;
		const running = await this.store.runningMappings();
		for (const watched of started) {
			const known = memory.mappings.get(watched.mapping.name)!;
			const terms = { ...this.terms(watched), running: running.has(known.mapping) };
			const after = await settle(this.opened!.session, watched, known, terms);
			if (after === known) continue;
			memory.put(after);
			if (after.brakeMs > known.brakeMs) this.tellNoEffect(after.mapping, after.brakeMs);
			if (after.unanswered > known.unanswered)
				this.host.log(
					'warn',
					`The trigger started ${after.mapping}, and no run followed, or none that came to its end. It is started again. Is the node Sync Mapping connected, and does n8n carry out executions?`,
					{
						code: 'TRIGGER_UNANSWERED',
					},
				);
		}
		await memory.save(this.store, this.lease!, { now: this.now() });
	}

	private tellNoEffect(mapping: string, brakeMs: number): void {
		const text = `Changes of ${mapping} started several runs in a row that had no effect; it waits ${Math.round(brakeMs / 1_000)} s between such runs until one has an effect.`;
		this.host.log('warn', text, { code: 'TRIGGER_NO_EFFECT' });
	}

	/** Signals that a look can answer now: a mapping that somebody runs is not looked at, so that what was told of it waits for the end of the run. */
	private async openSignals(): Promise<TriggerSignal[]> {
		const signals = await this.store.signals(this.settings.trigger);
		if (signals.length === 0) return signals;
		const running = await this.store.runningMappings();
		return signals.filter(({ mapping }) => !running.has(mapping));
	}

	private sidesToLookAt({ state }: TriggerMemory, signals: readonly TriggerSignal[], now: number): Side[] {
		const { lastLookMs, nextLookMs, trouble } = state;
		const told = ripe(signals, { ...this.settings, now, lastLookMs });
		const isTime = nextLookMs === null || nextLookMs <= now || (lastLookMs !== null && lastLookMs > now);
		return SIDES.filter((side) => {
			const { [side]: wrong } = trouble;
			return wrong ? isOver(wrong.nextMs, now) : told || isTime;
		});
	}

	/** Looks at systems, with the credentials as they are now, and puts down what was found. */
	private async look(memory: TriggerMemory, sides: readonly Side[], signals: readonly TriggerSignal[]): Promise<void> {
		const began = this.now();
		await this.reopen(began);
		const { session, explain } = this.opened!;
		await this.accelerator?.keep(session, began);
		await this.followMappings(memory);
		await this.observeAll(memory, began);
		for (const side of sides) {
			const before = session[side].counts.requests;
			try {
				const found = await lookAtAll(session, side, this.watched, memory.mappings, { signals, now: began });
				for (const known of found.known.values()) memory.put(known);
				this.accelerator?.looked?.(side, found.known);
				this.tablesLooked(side, found.failed);
				this.recovered(memory.state.trouble[side], `${SYSTEM_NAMES[side]} can be looked at again`);
				memory.state.trouble = { ...memory.state.trouble, [side]: null };
			} catch (error) {
				const known = await explain(error);
				if (!(known instanceof SyncError) || known.system === 'store') throw known;
				memory.state.trouble = { ...memory.state.trouble, [side]: this.inTrouble(memory.state.trouble[side], known) };
			}
			const requests = memory.state.requests[side] + session[side].counts.requests - before;
			memory.state.requests = { ...memory.state.requests, [side]: requests };
		}
		const now = this.now();
		memory.state.looks += 1;
		memory.state.lastLookMs = began;
		memory.state.nextLookMs = this.nextLook(memory, began, now);
		const running = signals.length === 0 ? new Set<string>() : await this.store.runningMappings();
		await memory.save(this.store, this.lease!, { now, signalsTaken: signals.filter(({ mapping }) => !running.has(mapping)) });
	}

	private nextLook(memory: TriggerMemory, began: number, now: number): number {
		const earliest = began + SHARE * (now - began);
		const { startWhen } = this.settings;
		const every = this.accelerator?.lookEveryMs(now) ?? this.settings.lookEveryMs;
		if (startWhen !== 'schedule') return Math.max(earliest, began + every);
		const over = this.watched.map(({ mapping, intervalMs }) => {
			const from = memory.mappings.get(mapping.name)!.waitsFromMs;
			return Math.max(now - (from === null ? intervalMs : since(from, now)), began) + intervalMs;
		});
		return Math.max(earliest, Math.min(began + 3_600_000, ...over));
	}

	/** What was wrong with single tables; their mappings go on by their interval. */
	private tablesLooked(side: Side, failed: ReadonlyMap<string, SyncError>): void {
		for (const { mapping } of this.watched) {
			const key = `${side} ${mapping.name}`;
			const error = failed.get(mapping.name);
			if (error) this.tableTrouble.set(key, this.inTrouble(this.tableTrouble.get(key) ?? null, error));
			else if (this.tableTrouble.delete(key)) this.host.log('info', `${mapping.name} can be looked at again in ${SYSTEM_NAMES[side]}.`);
		}
	}

	private async observeAll(memory: TriggerMemory, now: number): Promise<void> {
		if (this.observedMs !== null && now - this.observedMs < OBSERVE_MS && now >= this.observedMs) return;
		this.observedMs = now;
		const running = await this.store.runningMappings();
		for (const watched of this.watched) {
			const known = memory.mappings.get(watched.mapping.name)!;
			memory.put(await observe(this.opened!.session, watched, known, { running: running.has(known.mapping), now }));
		}
		const twice = startedTwice(await this.store.triggers(), this.settings.trigger, new Set(memory.mappings.keys()), now);
		for (const notice of twice) this.logOnce(notice);
		memory.state.notices = [...memory.state.notices.filter((notice) => !notice.startsWith('TRIGGER_TWICE')), ...twice];
	}

	/** Starts what is due, unless a system does not answer: it would fail, and what is known of the other one is kept. */
	private async startDue(memory: TriggerMemory): Promise<void> {
		const { trouble, lastLookMs } = memory.state;
		if (lastLookMs === null || trouble.businessCentral || trouble.crm) return;
		const now = this.now();
		const due = this.watched.flatMap((watched) => {
			const known = memory.mappings.get(watched.mapping.name)!;
			const reason = reasonToStart(watched, known, now);
			return reason === null ? [] : [{ watched, known, reason }];
		});
		if (due.length === 0) return;
		const running = await this.store.runningMappings();
		const free = due.filter(({ known }) => !running.has(known.mapping));
		if (free.length === 0) return;
		const items = free.map(({ watched, known, reason }) => itemOf(watched, known, reason));
		for (const [index, { known, reason }] of free.entries()) {
			const { wokenUp } = items[index]!;
			const emission = { atMs: now, reason, afterJob: await newestJobOf(this.store, known.mapping) };
			const woken = reason === 'changed' ? { asleepSinceMs: null, wokenByChanges: known.wokenByChanges + (wokenUp ? 1 : 0) } : {};
			memory.put({ ...known, ...woken, emission, newestJob: emission.afterJob, owed: null, starts: known.starts + 1 });
		}
		await memory.save(this.store, this.lease!, { now });
		this.host.emit(items);
	}

	private waitMs({ state, mappings }: TriggerMemory): number {
		const now = this.now();
		const waits = [BEAT_MS, (state.nextLookMs ?? now) - now];
		if (this.accelerator) waits.push(this.accelerator.everyMs);
		if ([...mappings.values()].some(({ emission }) => emission)) waits.push(ANSWER_MS);
		return Math.max(250, Math.min(...waits));
	}

	/** Whatever a round ended with: it is told when it lasts, and the next one begins from what is stored. */
	private async broken(given: unknown): Promise<number> {
		const error = this.opened ? await this.opened.explain(given).catch(() => given) : given;
		this.memory = null;
		await this.closeSession();
		if (error instanceof SyncError && error.code === 'LEASE_LOST') this.lease = null;
		else this.openTrouble = this.inTrouble(this.openTrouble, error instanceof SyncError ? error : this.unexpected(error));
		return BEAT_MS;
	}

	/** What an error of no service and of no store says is for the log alone: nobody knows what it quotes. */
	private unexpected(error: unknown): SyncError {
		this.host.log('error', 'The trigger met an error that it does not know.', { error: messageOf(error) });
		return new SyncError({
			code: 'RUN_FAILED',
			errorClass: 'setup',
			system: 'engine',
			message: 'The trigger met an error that was not expected. It goes on trying.',
			hint: 'Look into the log of n8n; if it happens again, report it with the lines around this time.',
		});
	}

	private inTrouble(before: SystemTrouble | null, error: SyncError): SystemTrouble {
		const now = this.now();
		const trouble = troubleAfter(before, error, now);
		if (!before) this.host.log('warn', `${error.message} ${error.hint}`.trim(), { code: error.code });
		if (!isToBeTold(trouble, error, now)) return trouble;
		this.host.tell(error);
		return { ...trouble, toldMs: now };
	}

	private recovered(trouble: SystemTrouble | null, what: string): void {
		if (trouble) this.host.log('info', `${what}, after ${Math.round(since(trouble.sinceMs, this.now()) / 60_000)} minutes.`);
	}

	private logOnce(notice: string): void {
		if (this.logged.has(notice)) return;
		this.logged.add(notice);
		this.host.log('warn', notice, { code: 'TRIGGER_TWICE' });
	}

	private async reopen(now: number): Promise<void> {
		if (this.openedMs === now) return;
		const before = this.opened!;
		const next = await this.host.open();
		if (now - this.companyRowMs >= COMPANY_ROW_MS || now < this.companyRowMs) this.companyRowMs = now;
		else shareCompanyRow(before.session, next.session);
		this.opened = next;
		this.openedMs = now;
		await before.close().catch(() => undefined);
	}

	private async closeSession(): Promise<void> {
		const { opened } = this;
		this.opened = null;
		await opened?.close().catch(() => undefined);
	}
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
