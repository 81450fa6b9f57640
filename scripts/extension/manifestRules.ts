import type { AppManifest } from '../../sandbox/businessCentral/extension/project';
import type { Tell } from './tell';

/** Numbers of objects that a customer may give in one tenant ("Object ranges"). */
const OWN = { from: 50_000, to: 99_999 };

/** app.json, as far as the pages depend on it. */
export function checkManifest(manifest: AppManifest, symbols: readonly string[], tell: Tell): void {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(manifest.id ?? ''))
		tell(1, 'The id is no GUID.', 'Give the app a GUID of its own.');
	for (const name of ['name', 'publisher'] as const) if (!manifest[name]) tell(1, `The ${name} is missing.`, `Write "${name}".`);
	if (!/^\d+\.\d+\.\d+\.\d+$/.test(manifest.version ?? '')) tell(1, 'The version is not of the form 1.0.0.0.', 'Write four numbers.');
	if (!manifest.idRanges?.length) tell(1, 'There is no range of object numbers.', 'Write "idRanges".');
	for (const { from, to } of manifest.idRanges ?? []) {
		if (from > to || from < OWN.from || to > OWN.to)
			tell(1, `The range ${from} to ${to} is not one of a tenant's own.`, `Choose numbers from ${OWN.from} to ${OWN.to}.`);
	}
	for (const name of manifest.preprocessorSymbols ?? [])
		if (!symbols.includes(name)) tell(1, `No source asks for the symbol ${name}.`, 'Take it out of "preprocessorSymbols".');
}
