/** Fails the run when a secret was found anywhere, also after the last test of a suite, when no test is left to fail. */
const { existsSync, readFileSync, rmSync } = require('node:fs');

module.exports = class SecretsReporter {
	onRunStart() {
		rmSync(process.env.SECRET_LEAKS, { force: true });
	}

	onRunComplete() {
		const file = process.env.SECRET_LEAKS;
		if (!existsSync(file)) return;
		const leaks = [...new Set(readFileSync(file, 'utf8').trim().split('\n'))];
		this.error = new Error(`Secrets were let out:\n${leaks.join('\n')}`);
		console.error(this.error.message);
		rmSync(file, { force: true });
	}

	getLastError() {
		return this.error;
	}
};
