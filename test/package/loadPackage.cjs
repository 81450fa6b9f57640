/** Loads a package folder with n8n's own loader and prints what n8n would offer. n8n appends its modules to NODE_PATH; the caller does the same. */
require('reflect-metadata');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { PackageDirectoryLoader } = require('n8n-core');
const { checkNodesApiVersion } = require('n8n-workflow');

(async () => {
	const loader = new PackageDirectoryLoader(process.argv[2]);
	await loader.loadAll();
	const nodes = Object.values(loader.nodeTypes).map(({ type }) => {
		const description = type.description ?? type.nodeVersions[type.currentVersion].description;
		return {
			name: description.name,
			displayName: description.displayName,
			icon: description.iconUrl,
			credentials: (description.credentials ?? []).map((credential) => credential.name),
			defaults: description.defaults,
			categories: description.codex?.categories ?? type.description?.codex?.categories ?? [],
		};
	});
	const credentials = Object.values(loader.credentialTypes).map(({ type }) => ({
		name: type.name,
		displayName: type.displayName,
		icon: type.iconUrl,
	}));
	const level = checkNodesApiVersion(JSON.parse(readFileSync(join(process.argv[2], 'package.json'), 'utf8')));
	process.stdout.write('\n' + JSON.stringify({ nodes, credentials, level }));
})().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
