import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { freePorts } from '../n8n/freePorts';
import { start } from '../n8n/process';

export interface Redis {
	host: string;
	port: number;
	/** What all keys and channels of this run begin with: others may use the same Redis. */
	prefix: string;
	/** Takes the keys away, and ends the server when it was started for this. */
	stop(): Promise<void>;
}

const host = '127.0.0.1';
/** Redis, and its twin under another licence. */
const servers = ['redis-server', 'valkey-server'];

/**
 * The Redis at 127.0.0.1:6379 where it lets us in without a password, else one of our own from a `redis-server` or `valkey-server` of the
 * machine. `TEST_REDIS=own` always takes the latter. npm has none to offer: its packages compile Redis or download it from elsewhere, and
 * those that imitate it lose jobs of n8n's queue.
 */
export async function startRedis(): Promise<Redis> {
	const prefix = `e2e-queue-${randomBytes(6).toString('hex')}`;
	if (process.env['TEST_REDIS'] !== 'own' && (await answers(6379))) {
		return { host, port: 6379, prefix, stop: () => removeKeys(6379, prefix) };
	}
	const binary = onPath();
	if (binary === undefined) {
		throw new Error(
			'n8n in queue mode needs Redis, and none was found: nothing answers at 127.0.0.1:6379 without a password, and there is no redis-server ' +
				'or valkey-server on the PATH. Install one (Debian: apt-get install redis-server) and run this again.',
		);
	}
	const [port] = await freePorts(1);
	const folder = mkdtempSync(join(tmpdir(), 'e2e-redis-'));
	const options = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no', '--dir', folder];
	const server = start(binary, options, { env: { PATH: process.env['PATH'] } });
	const stop = async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	for (let tries = 0; !(await answers(port!)); tries++) {
		if (tries === 50) {
			await stop();
			throw new Error(`${binary} did not start:\n${server.output().slice(-2000)}`);
		}
		await new Promise((done) => setTimeout(done, 100));
	}
	return { host, port: port!, prefix, stop };
}

function onPath(): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return servers.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

const answers = (port: number): Promise<boolean> =>
	command(port, 'PING').then(
		(answer) => answer.startsWith('+PONG'),
		() => false,
	);

/** One command of Redis' inline protocol; the answer as it comes. */
function command(port: number, line: string): Promise<string> {
	return new Promise((done, failed) => {
		const socket = connect(port, host, () => socket.write(`${line}\r\n`));
		socket.setTimeout(5000, () => socket.destroy(new Error('Redis did not answer within five seconds.')));
		socket.on('error', failed);
		socket.on('data', (data) => {
			socket.end();
			done(data.toString());
		});
	});
}

async function removeKeys(port: number, prefix: string): Promise<void> {
	const script = "local n = 0 for _, key in ipairs(redis.call('KEYS', ARGV[1])) do n = n + redis.call('DEL', key) end return n";
	const answer = await command(port, `EVAL "${script}" 0 "*${prefix}*"`);
	if (!answer.startsWith(':')) throw new Error(`The keys of this run stay in Redis: ${answer}`);
}
