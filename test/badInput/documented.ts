import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');

/** The classes that the page of errors gives a code; where n8n shows an error, its class is read up there. */
export function classesOf(code: string): string[] {
	// What a parameter of a node may not hold is said by the node before anything runs; such errors have no code.
	if (code === 'PARAMETER') return ['setup'];
	const row = page.split('\n').find((line) => line.startsWith('| ') && line.split('|')[1]!.includes(`\`${code}\``));
	return (row?.split('|')[2] ?? '').match(/transient|data|setup/g) ?? [];
}
