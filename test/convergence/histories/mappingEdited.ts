import type { Direction } from '../../../engine/model/direction';
import { unblocked } from '../../../engine/defaults/parties/account';
import type { ConflictStrategy } from '../../../engine/model/tableMapping';
import { FIELDS, NAME, type EditableField, type Side } from '../fields';
import type { Chronicle } from './chronicle';
import { close, open } from './fieldsAway';
import type { History } from './history';

const CHOSEN = FIELDS.filter((field) => field !== NAME);
/** The field whose rule of transformation comes and goes. */
const SPELLED = FIELDS.find(({ caption }) => caption === 'Address')!;
const upper = { toCrm: [{ rule: 'uppercase', parameters: {} }] };
/** The city of a customer that the filter leaves out at first. */
const OUTSIDE = 'Elsewhere';
const EVENTS = ['field', 'field', 'direction', 'conflict', 'spelling', 'filter'] as const;

/** People edit the table mapping while it is in use: existing couples follow, or are told, and no edit made meanwhile is lost. */
export const mappingEdited: History = {
	async begin(chronicle) {
		const more = { field: 'city', operator: 'ne', value: OUTSIDE, type: 'text' } as const;
		await chronicle.configure(
			{ bcFilter: { ...unblocked, conditions: [...(unblocked.conditions ?? []), more] } },
			`without customers of ${OUTSIDE}`,
		);
		chronicle.outside.add(chronicle.create('businessCentral', { city: OUTSIDE }));
	},
	async event(chronicle, random) {
		const kind = random.pick(EVENTS);
		if (kind === 'field') return await toggle(chronicle, random.pick(CHOSEN));
		if (kind === 'conflict') {
			const conflict = random.pick<ConflictStrategy>(['none', 'send', 'get', 'newest']);
			return await chronicle.configure({ conflict }, `conflicts: ${conflict}`);
		}
		if (kind === 'direction') return await turn(chronicle, random.pick<Direction>(['toCrm', 'fromCrm', 'bidirectional']));
		if (kind === 'spelling') return await spell(chronicle, random.chance(0.5));
		await widen(chronicle);
	},
	async calm(chronicle) {
		for (const field of CHOSEN.filter(({ caption }) => chronicle.closed.has(caption))) await toggle(chronicle, field);
		await turn(chronicle, 'bidirectional');
	},
};

async function toggle(chronicle: Chronicle, field: EditableField): Promise<void> {
	const off = !chronicle.closed.has(field.caption);
	const fields = { ...chronicle.settings.fields, [field.crm]: { ...chronicle.settings.fields?.[field.crm], enabled: !off } };
	await chronicle.configure({ fields }, `${field.caption} is ${off ? 'switched off' : 'switched on'}`);
	(off ? close : open)(chronicle, [field]);
}

/** A mapping that goes one way takes back what people enter on the other side, and says so. */
async function turn(chronicle: Chronicle, direction: Direction): Promise<void> {
	// Edits of the time before are to be delivered first: which of them still may be is nobody's guess.
	if (direction !== chronicle.settings.direction) await chronicle.agreed();
	await chronicle.configure({ direction }, `direction: ${direction}`);
	const against: Partial<Record<Direction, Side>> = { toCrm: 'crm', fromCrm: 'businessCentral' };
	chronicle.oneWay.clear();
	if (against[direction]) chronicle.oneWay.add(against[direction]);
}

/** Addresses are spelled in capitals in CRM, or as they are again. */
async function spell(chronicle: Chronicle, capitals: boolean): Promise<void> {
	const transform = capitals ? upper : null;
	const fields = { ...chronicle.settings.fields, [SPELLED.crm]: { ...chronicle.settings.fields?.[SPELLED.crm], transform } };
	await chronicle.configure({ fields: fields as never }, `${SPELLED.caption} ${capitals ? 'in capitals' : 'as it is'}`);
	const alike = (bc: string, crm: string): boolean => bc.toUpperCase() === crm.toUpperCase();
	chronicle.standing.relations.set(SPELLED.caption, alike);
	chronicle.standing.anew(SPELLED.caption);
}

/** The filter is widened to what it is by default: the customer that it left out, and that nobody touches, gets a partner. */
async function widen(chronicle: Chronicle): Promise<void> {
	if (chronicle.outside.size === 0 || !chronicle.script.rules.creates || chronicle.settings.direction === 'fromCrm') return;
	const { bcFilter: _narrow, ...settings } = chronicle.settings;
	chronicle.settings = settings;
	await chronicle.configure({}, 'the filter lets everything in');
	chronicle.outside.clear();
}
