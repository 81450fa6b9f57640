import type { Kind, Property } from './view';

const edmOf: Readonly<Record<string, string>> = {
	text: 'String',
	code: 'String',
	option: 'String',
	decimal: 'Decimal',
	integer: 'Int32',
	bigInteger: 'Int64',
	boolean: 'Boolean',
	date: 'Date',
	dateTime: 'DateTimeOffset',
	guid: 'Guid',
	stream: 'Stream',
};

/** Flags at the end of a property's source: `!` read-only, `~` bound to a page variable, `^` FlowField, `?` FlowFilter. */
function flagsOf(source: string): { source: string; readOnly: boolean; computed: boolean; flow: boolean; filterOnly: boolean } {
	const [, plain = source, flags = ''] = /^(.*?)([!~^?]*)$/.exec(source) ?? [];
	const has = (flag: string) => flags.includes(flag);
	return { source: plain, readOnly: has('!') || has('?'), computed: has('~'), flow: has('^'), filterOnly: has('?') };
}

/** A property out of the short notation of pages.ts and entities.ts. `known`: what other views say about the fields of the table. */
export function readProperty(name: string, text: string, known: ReadonlyMap<string, Property>, readOnlyView: boolean): Property {
	const { source, readOnly: marked, computed, flow, filterOnly } = flagsOf(text);
	const readOnly = readOnlyView || marked;
	const [field = '', spec] = source.split('|');
	if (!spec) {
		const like = known.get(field);
		if (!like) throw new Error(`Page property ${name}: nothing is known about field ${field}.`);
		const kind = like.kind === 'enum' ? 'option' : like.kind;
		return { ...like, name, kind, edmType: kind === 'option' ? 'Edm.String' : like.edmType, readOnly, computed };
	}
	const [, type = 'text', length, enumType, members] = /^([a-zA-Z]+?)(\d+)?(?:\((\w+)\))?(?::(.*))?$/.exec(spec) ?? [];
	return {
		name,
		kind: type === 'bigInteger' ? 'integer' : (type as Kind),
		edmType: enumType ? `Microsoft.NAV.${enumType}` : `Edm.${edmOf[type]}`,
		maxLength: length ? Number(length) : null,
		readOnly,
		computed,
		flow,
		...(filterOnly ? { filterOnly } : {}),
		field,
		members: members?.split(',') ?? [],
	};
}
