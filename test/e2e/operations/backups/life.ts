import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Sandbox } from '../../../../sandbox';
import type { Setting } from '../../../bench/messages';
import { N8nProcess } from './n8nProcess';

/** Longer than any creation can stay unsettled. */
const JUMP_MS = 20 * 60_000;
/** Rounds of scheduled runs after which nothing may be left to do. */
const ROUNDS = 12;

/** The life of one n8n: its process, which is killed and started again, its state file, and time. */
export class Life {
	kills = 0;
	private aheadMs = 0;
	private current: N8nProcess | undefined;
	/** Started ahead of need: starting takes longer than what is tested. */
	private spare = N8nProcess.start();

	constructor(
		private readonly sandbox: Sandbox,
		private setting: Setting,
	) {}

	get n8n(): N8nProcess {
		return this.current!;
	}

	get state(): string {
		return this.setting.stateFile;
	}

	async start(): Promise<void> {
		this.current = this.spare;
		this.spare = N8nProcess.start();
		await this.n8n.order({ kind: 'open', setting: this.setting, aheadMs: this.aheadMs });
	}

	async kill(): Promise<void> {
		this.kills++;
		await this.n8n.kill();
	}

	async killAndStart(): Promise<void> {
		await this.kill();
		await this.start();
	}

	/** As docs/state-store.md tells: n8n has ended, the backup is at the place, nothing of another database beside it. */
	async restore(backup: string, place: string): Promise<void> {
		await this.kill();
		copyFileSync(backup, place);
		if (existsSync(`${backup}-wal`)) copyFileSync(`${backup}-wal`, `${place}-wal`);
		this.removeState();
		this.setting = { ...this.setting, stateFile: place };
		await this.start();
	}

	/** Runs until nothing is left to do; answers what waits for people then: code and id of each record that fails. */
	async comeToRest(): Promise<string[]> {
		await this.n8n.order({ kind: 'stop' });
		for (let round = 0; round < ROUNDS; round++) {
			const { written, told, ended } = await this.n8n.order({ kind: 'round' });
			if (ended.length > 0) throw new Error(`A run ended early: ${ended.join(', ')}`);
			const unsettled = told.some((code) => /UNSETTLED|NOT_SENT/.test(code));
			if (written === 0 && !unsettled && round > 0) return (await this.n8n.order({ kind: 'failures' })).told;
			if (told.length > 0) await this.later();
		}
		throw new Error('The runs come to no end.');
	}

	async end(): Promise<void> {
		await Promise.allSettled([this.current?.kill(), this.spare.kill()]);
	}

	/** Lets time pass for everybody, so that creations that were cut off are settled. */
	private async later(): Promise<void> {
		this.aheadMs += JUMP_MS;
		this.sandbox.clock.skew.businessCentral += JUMP_MS;
		this.sandbox.clock.skew.crm += JUMP_MS;
		await this.n8n.order({ kind: 'later', aheadMs: this.aheadMs });
	}

	private removeState(): void {
		const folder = dirname(this.state);
		for (const name of readdirSync(folder)) if (name.startsWith(basename(this.state))) rmSync(join(folder, name), { force: true });
	}
}
