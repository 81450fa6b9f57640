import { serviceRules, type ServiceRule } from '../../../engine/systems/odata/serviceRules';
import { code, table } from './markdown';
import type { Sections } from './sections';

/** Answers of the two services and what they mean, from the table the engine itself uses. */
export const errorSections = (): Sections => ({
	'errors-business-central': rows('BC_', serviceRules.businessCentral),
	'errors-crm': rows('CRM_', serviceRules.crm),
});

function rows(prefix: string, rules: readonly ServiceRule[]): string {
	const byCode = new Map<string, { classes: Set<string>; hints: Set<string> }>();
	// What the same answer means when records are read, where no single record is to blame, has a name of its own.
	const readings = rules.flatMap((rule) => (rule.reading ? [{ ...rule.reading, errorClass: 'setup' as const }] : []));
	for (const rule of [...rules, ...readings]) {
		const known = byCode.get(rule.code) ?? { classes: new Set<string>(), hints: new Set<string>() };
		// A refused read concerns the whole table, and ends the run.
		known.classes.add(rule.errorClass === 'data' && !('reading' in rule && rule.reading) ? 'data (setup when records are read)' : rule.errorClass);
		known.hints.add(rule.hint);
		byCode.set(rule.code, known);
	}
	const sorted = [...byCode].sort(([left], [right]) => left.localeCompare(right));
	return table(
		['Code', 'Class', 'What to do'],
		sorted.map(([name, { classes, hints }]) => [code(prefix + name), [...classes].join(', '), [...hints].join(' Or: ')]),
	);
}
