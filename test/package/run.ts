import { spawnSync } from 'node:child_process';

/**
 * A command's standard output.
 * @throws with everything it printed when it fails
 */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
	const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
	if (result.error) throw result.error;
	if (result.status !== 0)
		throw new Error(`${command} ${args.join(' ')} ended with ${result.status ?? result.signal}:\n${result.stdout}\n${result.stderr}`);
	return result.stdout;
}
