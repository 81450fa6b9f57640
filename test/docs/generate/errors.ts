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
	for (const rule of rules) {
		const known = byCode.get(rule.code) ?? { classes: new Set<string>(), hints: new Set<string>() };
		known.classes.add(rule.errorClass);
		known.hints.add(rule.hint);
		byCode.set(rule.code, known);
	}
	const sorted = [...byCode].sort(([left], [right]) => left.localeCompare(right));
	return table(
		['Code', 'Class', 'What to do'],
		sorted.map(([name, { classes, hints }]) => [code(prefix + name), [...classes].join(', '), [...hints].join(' Or: ')]),
	);
}
