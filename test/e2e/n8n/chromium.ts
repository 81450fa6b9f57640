import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const places = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function present(): string | undefined {
	const wanted = process.env['CHROMIUM_PATH'];
	return [...(wanted === undefined ? [] : [wanted]), ...places].find((path) => {
		try {
			accessSync(path, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

/**
 * Path of a Chromium. On a bare Debian or Ubuntu it is installed, which needs root.
 * @throws with what to do where that is not possible
 */
export function chromium(): string {
	const found = present();
	if (found !== undefined) return found;
	try {
		const apt = (...args: string[]) =>
			execFileSync('apt-get', args, { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 });
		apt('update', '-qq');
		apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
	} catch (error) {
		throw new Error(`Chromium is missing and could not be installed by apt-get. Install it or set CHROMIUM_PATH. (${String(error)})`, {
			cause: error,
		});
	}
	const installed = present();
	if (installed === undefined) throw new Error('Chromium was installed but not found. Set CHROMIUM_PATH.');
	return installed;
}
