import type { FieldTranslation, MappingRules, RuleContext } from '../mapping/rules';

/**
 * Rules of a mapping to CRM, looked at in that direction only: rows of CRM whose partner in Business Central was deleted pass through such a mapping
 * the other way round, and its rules are not made for them.
 */
export function toCrmOnly(rules: MappingRules): MappingRules {
	const { derive, ignore, refuse, findPartner, translations, afterWrite, beforeInsert } = rules;
	const own: MappingRules = {
		...(derive && { derive: unless(derive, new Map()) }),
		...(ignore && { ignore: unless(ignore, new Set()) }),
		...(refuse && { refuse: unless(refuse, new Map()) }),
		...(findPartner && { findPartner: unless(findPartner, new Map()) }),
		...(afterWrite && { afterWrite: unless(afterWrite, new Map()) }),
		...(beforeInsert && { beforeInsert: unless(beforeInsert, undefined) }),
	};
	return { ...rules, ...own, ...(translations && { translations: translating(translations) }) };
}

const unless =
	<Given, Answer>(hook: (context: RuleContext, given: Given) => Promise<Answer>, nothing: NoInfer<Answer>) =>
	(context: RuleContext, given: Given): Promise<Answer> =>
		context.direction === 'toCrm' ? hook(context, given) : Promise.resolve(nothing);

const leave: FieldTranslation = () => Promise.resolve(() => ({ kind: 'leave' }));

const translating = (translations: NonNullable<MappingRules['translations']>): NonNullable<MappingRules['translations']> =>
	Object.fromEntries(
		Object.entries(translations).map(([key, own]): [string, FieldTranslation] => [
			key,
			(context, field, records) => (context.direction === 'toCrm' ? own : leave)(context, field, records),
		]),
	);
