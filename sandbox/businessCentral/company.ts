import { Clerk } from './clerk';
import type { CompanyData } from './data/companyData';
import { isGuid, zeroGuid, type Fields, type Row, type Value } from './data/row';
import { roundStamp } from './data/stamp';
import { upperCase } from './data/upperCase';
import type { ApiRoutes } from './model/apiRoutes';
import { decodeMember } from './model/names';
import { relationById } from './model/relations';
import { apiViews, pageViews } from './model/schema';
import { blankOf, shows, type Property, type View } from './model/view';
import { entityWriter } from './read/entity';
import { rulesOf } from './write/tableRules';
import { deleteThrough, insertThrough, isBlank, updateThrough, withoutBlanks, type Body } from './write/writer';

/** A record as its entity set shows it, `@odata.etag` included. */
export type Entity = Record<string, unknown> & { '@odata.etag': string };

/**
 * A company as a person at the keyboard or a test meets it: the same rules as over HTTP, but no etag, no permission check and no entry in the
 * request log. Entity sets of API v2.0 and ODataV4 pages (published or not) are named alike.
 */
export class BusinessCentralCompany {
	constructor(
		readonly data: CompanyData,
		private readonly routes: ApiRoutes,
	) {}

	get id(): string {
		return this.data.id;
	}

	get name(): string {
		return this.data.settings.name;
	}

	/** What an administrator set up: LCY code, number series, templates, change log. */
	get settings() {
		return this.data.settings;
	}

	/** What people do with sales documents at the keyboard. */
	get clerk(): Clerk {
		return new Clerk(this.data);
	}

	insert(entitySet: string, values: Body, user = 'ANNA'): Entity {
		const view = this.viewOf(entitySet);
		return this.entity(view, insertThrough({ company: this.data, user }, view, values));
	}

	update(entitySet: string, id: string, values: Body, user = 'ANNA'): Entity {
		const view = this.viewOf(entitySet);
		return this.entity(view, updateThrough({ company: this.data, user }, view, this.row(view, id), values));
	}

	/** A bound action, as a person runs it. */
	act(entitySet: string, id: string, action: string, user = 'ANNA'): void {
		const view = this.viewOf(entitySet);
		const row = this.row(view, id);
		const session = { company: this.data, user };
		const { actions, afterCommit } = rulesOf(view.table);
		const run = view.actions.includes(action) ? actions?.[action] : undefined;
		if (!run) throw new Error(`${entitySet} has no action ${action}.`);
		this.data.atomically(() => run(session, row));
		const after = this.data.table(view.table).get(row.id);
		if (after) afterCommit?.[action]?.(session, after);
	}

	remove(entitySet: string, id: string, user = 'ANNA'): void {
		const view = this.viewOf(entitySet);
		deleteThrough({ company: this.data, user }, view, this.row(view, id));
	}

	get(entitySet: string, id: string): Entity | undefined {
		const view = this.viewOf(entitySet);
		const row = this.find1(view, id);
		return row && this.entity(view, row);
	}

	/** All records, in the order of the primary key. */
	rows(entitySet: string): Entity[] {
		const view = this.viewOf(entitySet);
		const write = entityWriter(view, noOptions, this.data, '');
		const found: Entity[] = [];
		for (const row of this.data.table(view.table).inKeyOrder()) if (shows(view, row)) found.push(write(row) as Entity);
		return found;
	}

	find(entitySet: string, predicate: (entity: Entity) => boolean): Entity | undefined {
		return this.rows(entitySet).find(predicate);
	}

	count(entitySet: string): number {
		const view = this.viewOf(entitySet);
		const table = this.data.table(view.table);
		if (Object.keys(view.constants).length === 0) return table.size;
		let count = 0;
		for (const row of table.rows()) if (shows(view, row)) count++;
		return count;
	}

	/** Values of FlowFields, by property name: what posting would bring about. Stamps stay, etags move. */
	setCalculated(entitySet: string, id: string, values: Readonly<Record<string, number | string>>): void {
		const view = this.viewOf(entitySet);
		const row = this.row(view, id);
		const flow = Object.fromEntries(Object.entries(values).map(([name, value]) => [view.byName.get(name)?.field ?? name, value]));
		this.data.setFlow(view.table, row, flow);
	}

	/** Status of a document or opportunity, which no API property can set: release of an order, payment of an invoice, a won opportunity. Wire name. */
	setStatus(entitySet: string, id: string, status: string, user = 'ANNA'): void {
		const view = this.viewOf(entitySet);
		const row = this.row(view, id);
		const member = decodeMember(status);
		if (!view.byName.get('status')?.members.includes(member)) throw new Error(`${status} is no status of ${entitySet}.`);
		const closed: Fields = view.table === 'Opportunity' ? { Closed: member === 'Won' || member === 'Lost' } : {};
		this.data.modify(view.table, row, withoutBlanks({ ...row.fields, Status: member, ...closed }), user);
	}

	/** Somebody changes the record in a field no API shows: stamp and etag move. */
	touch(entitySet: string, id: string, user = 'ANNA'): void {
		const view = this.viewOf(entitySet);
		this.data.touch(view.table, this.row(view, id), user);
	}

	/** Who wrote the record last (SystemModifiedBy, which no API shows). */
	modifiedBy(entitySet: string, id: string): string {
		return this.row(this.viewOf(entitySet), id).modifiedBy;
	}

	/**
	 * Loads rows in bulk: no rules, no checks, no webhooks. Property names of the view, read-only ones and `lastModifiedDateTime` included, or AL field
	 * names. Returns the ids in order.
	 */
	seed(entitySet: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>, user = 'ANNA'): string[] {
		const view = this.viewOf(entitySet);
		const now = this.data.now();
		return rows.map((values) => {
			const id = typeof values['id'] === 'string' ? values['id'].toLowerCase() : this.data.newId();
			const stamp = typeof values['lastModifiedDateTime'] === 'string' ? roundStamp(Date.parse(values['lastModifiedDateTime'])) : now;
			const { fields, flow } = this.seedFields(view, values);
			const version = this.data.installation.nextVersion();
			this.data.load(view.table, { id, fields, flow, createdAt: stamp, createdBy: user, modifiedAt: stamp, modifiedBy: user, version });
			return id;
		});
	}

	/** A Contact Business Relation, which no API shows: what ties a contact to a customer or vendor. By AL field names. */
	link(relation: Fields): void {
		this.data.insert('Contact Business Relation', relation, 'ANNA');
	}

	private seedFields(view: View, values: Readonly<Record<string, unknown>>): { fields: Fields; flow: Fields } {
		const fields: Record<string, Value> = {};
		let flow: Record<string, Value> | null = null;
		for (const [field, [first]] of Object.entries(view.constants)) if (first !== undefined) fields[field] = first;
		for (const name of Object.keys(values)) {
			if (name === 'id' || name === 'lastModifiedDateTime') continue;
			const raw = values[name] as Value | null | undefined;
			const property = view.byName.get(name);
			if (property && (property.flow || name === 'inventory')) {
				flow ??= {};
				flow[property.field] = raw!;
				continue;
			}
			const [field, value] = property ? this.seedValue(view, property, raw) : [name, raw];
			if (value === null || value === undefined || isBlank(value)) continue;
			if (field !== 'Currency Code' || value !== this.data.settings.lcyCode) fields[field] = value;
		}
		return { fields, flow: flow ?? noFields };
	}

	/** Field and value a property stands for; an id of another record is stored as the key of that record. */
	private seedValue(view: View, property: Property, raw: Value | null | undefined): [string, Value] {
		const { field, kind } = property;
		const value = raw ?? blankOf(property);
		if (kind === 'enum') return [field, decodeMember(String(value))];
		if (kind === 'code') return [field, upperCase(String(value).trim(), this.data.settings.culture)];
		const relation = kind === 'guid' ? relationById(view.table, field) : undefined;
		if (!relation) return [field, value];
		const target = this.data.table(relation.target);
		const related = value === zeroGuid ? undefined : target.get(String(value));
		return [relation.field, related?.fields[target.primaryKey[0]!] ?? ''];
	}

	/** An entity set of API v2.0, a page of ODataV4, or `publisher/group/version/entitySet` of an extension. */
	private viewOf(entitySet: string): View {
		const view = apiViews.get(entitySet) ?? pageViews.get(entitySet) ?? this.routes.page(entitySet);
		if (!view) throw new Error(`There is no entity set or page ${entitySet} in the Business Central sandbox.`);
		return view;
	}

	private entity(view: View, row: Row): Entity {
		return entityWriter(view, noOptions, this.data, '')(row) as Entity;
	}

	private row(view: View, id: string): Row {
		const row = this.find1(view, id);
		if (!row) throw new Error(`${view.name} ${id} is not in company ${this.name}.`);
		return row;
	}

	/** By SystemId, or by the primary key where that is one field. */
	private find1(view: View, id: string): Row | undefined {
		const table = this.data.table(view.table);
		const row = isGuid(id) ? table.get(id.toLowerCase()) : table.getByKey(id);
		return row && shows(view, row) ? row : undefined;
	}
}

const noFields: Fields = {};
const noOptions = { aliases: new Map<string, string>(), other: new Map<string, string>() };
