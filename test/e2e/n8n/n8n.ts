import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database';
import { freePorts } from './freePorts';
import { hostFolder } from './install';
import type { ExecutionReport } from './report';
import { start, type Outcome, type Running } from './process';
import { Rest } from './rest';

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** One n8n with a user folder of its own: its command line, and its server when started. */
export class N8n {
	private server: Running | undefined;
	private readonly env: NodeJS.ProcessEnv;

	private constructor(
		readonly userFolder: string,
		readonly origin: string,
		env: NodeJS.ProcessEnv,
	) {
		this.env = env;
	}

	/**
	 * @param port of the server; a free one if left out
	 * @param more variables of the environment, over those that all runs have
	 */
	static async create(userFolder: string, database: Database, port?: number, more: NodeJS.ProcessEnv = {}): Promise<N8n> {
		mkdirSync(userFolder, { recursive: true });
		const [freePort, brokerPort] = await freePorts(2);
		const serverPort = port ?? freePort!;
		const { PATH, HOME, LANG, TMPDIR } = process.env;
		return new N8n(userFolder, `http://127.0.0.1:${serverPort}`, {
			...{ PATH, HOME, LANG, TMPDIR },
			N8N_USER_FOLDER: userFolder,
			N8N_ENCRYPTION_KEY: 'only-for-throw-away-data',
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_HOST: '127.0.0.1',
			N8N_PORT: String(serverPort),
			N8N_RUNNERS_BROKER_PORT: String(brokerPort),
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			N8N_DYNAMIC_BANNERS_ENABLED: 'false',
			N8N_AI_ENABLED: 'false',
			// It asks api.n8n.io at every start.
			N8N_DISABLED_MODULES: 'mcp-registry',
			GENERIC_TIMEZONE: 'UTC',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: database.host,
			DB_POSTGRESDB_PORT: String(database.port),
			DB_POSTGRESDB_DATABASE: database.name,
			DB_POSTGRESDB_USER: database.user,
			DB_POSTGRESDB_PASSWORD: database.password,
			...more,
		});
	}

	private launch(args: readonly string[], logFile?: string, more: NodeJS.ProcessEnv = {}): Running {
		return start(process.execPath, [join(hostFolder, 'node_modules', 'n8n', 'bin', 'n8n'), ...args], {
			env: { ...this.env, ...more },
			cwd: this.userFolder,
			logFile,
		});
	}

	/** Runs a command of n8n's command line to its end. */
	command(...args: string[]): Promise<Outcome> {
		return this.launch(args).ended;
	}

	private async mustSucceed(...args: string[]): Promise<Outcome> {
		const outcome = await this.command(...args);
		if (outcome.code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${outcome.code}:\n${outcome.stdout}\n${outcome.stderr}`);
		return outcome;
	}

	async importCredentials(credentials: readonly StoredCredential[]): Promise<void> {
		const file = join(this.userFolder, 'credentials.import.json');
		writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
		await this.mustSucceed('import:credentials', `--input=${file}`);
	}

	async importWorkflows(workflows: ReadonlyArray<Record<string, unknown>>): Promise<void> {
		const file = join(this.userFolder, 'workflows.import.json');
		writeFileSync(file, JSON.stringify(workflows));
		await this.mustSucceed('import:workflow', `--input=${file}`);
	}

	/** Executes a stored workflow once. The report stands between log lines on the same stream. */
	async execute(workflowId: string): Promise<ExecutionReport> {
		const outcome = await this.command('execute', `--id=${workflowId}`, '--rawOutput');
		const [report] = /^\{$[\s\S]*?^\}$/m.exec(outcome.stdout) ?? [];
		if (report === undefined)
			throw new Error(`n8n execute printed no report (ended with ${outcome.code}):\n${outcome.stdout}\n${outcome.stderr}`);
		return JSON.parse(report) as ExecutionReport;
	}

	/** Starts the server, with `more` variables over those of its command line, and waits until it takes requests. `/healthz` alone answers before the database is ready. */
	async startServer(logFile: string, more: NodeJS.ProcessEnv = {}): Promise<Rest> {
		const server = this.launch(['start'], logFile, more);
		this.server = server;
		let ended = false;
		void server.ended.then(() => (ended = true));
		const deadline = Date.now() + 180_000;
		for (;;) {
			if (ended) throw new Error(`n8n ended while starting:\n${server.output().slice(-4000)}`);
			if (Date.now() > deadline) throw new Error(`n8n did not become ready in three minutes:\n${server.output().slice(-4000)}`);
			const answer = await fetch(`${this.origin}/healthz/readiness`).catch(() => undefined);
			if (answer?.status === 200 && server.output().includes('Editor is now accessible')) return new Rest(this.origin);
			await new Promise((done) => setTimeout(done, 250));
		}
	}

	/**
	 * Starts a worker of this n8n (queue mode) and waits until it takes executions.
	 * @param more variables of its environment, over those of the server
	 */
	async startWorker(logFile: string, concurrency: number, more: NodeJS.ProcessEnv): Promise<Running> {
		const [brokerPort] = await freePorts(1);
		const worker = this.launch(['worker', `--concurrency=${concurrency}`], logFile, {
			N8N_RUNNERS_BROKER_PORT: String(brokerPort),
			...more,
		});
		let ended = false;
		void worker.ended.then(() => (ended = true));
		const deadline = Date.now() + 120_000;
		while (!worker.output().includes('n8n worker is now ready')) {
			if (ended) throw new Error(`The worker ended while starting:\n${worker.output().slice(-4000)}`);
			if (Date.now() > deadline) throw new Error(`The worker did not become ready in two minutes:\n${worker.output().slice(-4000)}`);
			await new Promise((done) => setTimeout(done, 100));
		}
		return worker;
	}

	serverOutput(): string {
		return this.server?.output() ?? '';
	}

	/** The running server itself, to send it signals and to see how it ends; `stopServer` afterwards does nothing more. */
	takeServer(): Running {
		if (this.server === undefined) throw new Error('The server does not run.');
		const { server } = this;
		this.server = undefined;
		return server;
	}

	async stopServer(): Promise<void> {
		await this.server?.stop();
		this.server = undefined;
	}
}
