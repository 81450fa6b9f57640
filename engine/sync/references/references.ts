import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import type { Side } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import { canonical } from '../../mapping/normalize';
import type { SyncSession } from '../../ports/session';
import { isGuid, ZERO_GUID } from '../../model/guid';
import { isReferredToByKey } from '../../model/compositeId';
import { idsOfKeys } from '../../mapping/idsOfKeys';
import { Choices } from './choices';
import type { FieldValue, SystemRecord } from '../../model/record';
import { type PassDirection, sourceSide } from '../../model/direction';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { UnresolvedReference } from '../../model/failure';
import { countriesOf, forgetCountries } from './countries';
import type { Countries, ReferenceLookup, Resolved } from '../../mapping/referenceLookup';
import type { Crossing } from '../../mapping/desired';

/** Properties of Business Central that hold a record's id instead of its number (`customerId`, `paymentTermsId`). */
const namesById = ({ bcField }: FieldMapping): boolean => /(^id|Id)$/.test(bcField ?? '');
/** Fields of pages, which show their tables as they are: companions, and pages as tables of their own, whose properties begin with a capital. */
const onPage = ({ bcField }: FieldMapping): boolean => /\/|^[A-Z]/.test(bcField ?? '');

/**
 * Turns codes of Business Central into ids of CRM rows and back, through the couplings of the mapping a field refers to.
 * `prepare` loads everything a page of records refers to, in batches; afterwards answers need no request, so that deciding stays pure.
 */
export class References implements ReferenceLookup {
	readonly choices: Choices;
	/** Fields of the mapping in question that cross in a way of their own, for the records prepared last (`prepareReferences`). */
	translations: ReadonlyMap<string, Crossing> = new Map();
	private readonly toCrmIds = new Map<string, Resolved>();
	private readonly toBcCodes = new Map<string, Resolved>();
	countries: Countries | null = null;
	private localCurrency: { code: string; crmId: string | null } | null = null;

	constructor(
		private readonly session: SyncSession,
		private readonly mappings: ReadonlyMap<string, TableMapping>,
	) {
		this.choices = new Choices(session, mappings);
	}

	/** Loads what the given fields of the records refer to. `records` are of the pass's source side. */
	async prepare(
		direction: PassDirection,
		mapping: TableMapping,
		fields: readonly FieldMapping[],
		records: readonly SystemRecord[],
	): Promise<void> {
		if (records.length === 0) return;
		const side = sourceSide(direction);
		const wanted = new Map<string, Set<string>>();
		for (const field of fields) {
			const name = fieldOn(field, side);
			if (name && field.country && records.some(({ values }) => canonical(field, side, values[name]) !== ''))
				this.countries = await countriesOf(this.session);
			if (!name || this.translations.has(field.key) || !['lookup', 'owner', 'currency', 'choice'].includes(field.kind)) continue;
			const values = new Set(records.map((record) => canonical(field, side, record.values[name])).filter((value) => value !== ''));
			if (field.kind === 'currency') await this.prepareLocalCurrency(field);
			if (values.size === 0) continue;
			if (field.kind === 'choice') await this.choices.prepare(direction, mapping.crm, field, [...values]);
			else
				for (const value of values) (wanted.get(field.mapping!) ?? wanted.set(field.mapping!, new Set()).get(field.mapping!)!).add(value);
		}
		for (const [name, values] of wanted) {
			if (direction === 'toCrm') await this.loadCrmIds(name, [...values]);
			else await this.loadBcCodes(name, [...values]);
		}
	}

	/** Id of the CRM row for a BC code. */
	crmId(field: FieldMapping, code: FieldValue | undefined): Resolved {
		const key = canonical(field, 'businessCentral', code);
		if (field.kind === 'currency' && this.localCurrency && (key === '' || key === this.localCurrency.code)) {
			return this.localCurrency.crmId ? { found: this.localCurrency.crmId } : { found: null, reason: 'uncoupled' };
		}
		if (key === '') return { found: null, reason: 'blank' };
		return this.toCrmIds.get(`${field.mapping} ${key}`) ?? { found: null, reason: 'unknown' };
	}

	/**
	 * BC code for the id of a CRM row. The local currency is blank in Business Central's table, and so it is on pages, which
	 * take no code for it; API v2.0 shows its code and takes it as blank, so there the code goes in and comes back.
	 */
	bcCode(field: FieldMapping, id: FieldValue | undefined): Resolved {
		const key = canonical(field, 'crm', id);
		if (field.kind === 'currency' && (key === '' || key === this.localCurrency?.crmId))
			return { found: onPage(field) ? '' : (this.localCurrency?.code ?? '') };
		if (key === '') return { found: null, reason: 'blank' };
		const known = this.toBcCodes.get(`${field.mapping} ${key}`) ?? { found: null, reason: 'unknown' };
		return known.found !== null && known.id !== undefined && namesById(field) ? { found: known.id } : known;
	}

	/**
	 * Ids of the CRM rows coupled with records of a mapping, by the records' ids in Business Central; for translations of a mapping's own.
	 */
	async coupledRows(mapping: string, bcIds: Iterable<string>): Promise<Map<string, string>> {
		const ids = [...new Set(bcIds)];
		if (!this.mappings.has(mapping) || ids.length === 0) return new Map();
		const couplings = await this.session.store.couplingsOf(mapping, 'businessCentral', ids);
		return new Map([...couplings].map(([id, { crmId }]) => [id, crmId]));
	}

	/** As `coupledRows`, by the keys that the records have (`compositeId`), of a mapping whose records pages show. */
	async rowsOfKeys(mapping: string, keys: Iterable<string>): Promise<Map<string, string>> {
		const bc = this.mappings.get(mapping)?.bc;
		if (!bc) return new Map();
		const ids = await idsOfKeys(this.session.businessCentral, bc, keys);
		const rows = await this.coupledRows(mapping, ids.values());
		return new Map([...ids].flatMap(([key, id]) => (rows.has(id) ? [[key, rows.get(id)!] as const] : [])));
	}

	/** Whether a record can be referred to: by number, code or id in Business Central, by id in CRM. Loads what is not known yet, in batches. */
	async resolvable(direction: PassDirection, mapping: string, values: readonly string[]): Promise<Set<string>> {
		if (direction === 'toCrm') await this.loadCrmIds(mapping, [...values]);
		else await this.loadBcCodes(mapping, [...values]);
		const known = direction === 'toCrm' ? this.toCrmIds : this.toBcCodes;
		return new Set(values.filter((value) => known.get(`${mapping} ${value}`)?.found != null));
	}

	/** ISO code of the company's local currency, upper case. */
	async localCurrencyCode(): Promise<string> {
		const rows = await this.session.businessCentral.readAll('companyInformation', ['currencyCode']);
		return spelledCode(rows[0]?.['currencyCode']);
	}

	/** What could not be resolved is looked up again: it may have been created. */
	forget(missing: readonly UnresolvedReference[]): void {
		for (const { mapping, value } of missing) {
			for (const known of [this.toCrmIds, this.toBcCodes]) {
				if (known.get(`${mapping} ${value}`)?.found === null) known.delete(`${mapping} ${value}`);
			}
		}
		this.choices.forget(missing);
		forgetCountries(this.session);
		this.localCurrency = null;
	}

	/** Forgets what CRM answered about the local currency, after it was created. */
	forgetLocalCurrency(): void {
		this.localCurrency = null;
	}

	private async prepareLocalCurrency(field: FieldMapping): Promise<void> {
		if (this.localCurrency) return;
		const code = await this.localCurrencyCode();
		const table = this.target(field.mapping!).crm;
		const rows = await this.session.crm.readByValues(table, 'isocurrencycode', [code], []);
		this.localCurrency = { code, crmId: rows[0]?.id ?? null };
	}

	private target(name: string): TableMapping {
		const mapping = this.mappings.get(name);
		if (mapping) return mapping;
		throw new SyncError({
			code: 'LOOKUP_WITHOUT_MAPPING',
			errorClass: 'setup',
			system: 'engine',
			message: `A field refers to records of the table mapping ${name}, which does not exist.`,
			hint: `Create or reset the table mapping ${name}, or disable the field mapping that refers to it.`,
		});
	}

	private async loadCrmIds(name: string, codes: string[]): Promise<void> {
		const missing = codes.filter((code) => !this.toCrmIds.has(`${name} ${code}`));
		if (missing.length === 0) return;
		const { bc } = this.target(name);
		const byId = (code: string): boolean => isGuid(code) || isReferredToByKey(bc);
		await this.loadCrmIdsById(name, missing.filter(byId));
		const numbers = missing.filter((code) => !byId(code));
		if (numbers.length === 0) return;
		const records = await this.session.businessCentral.readByValues(bc, bc.numberField!, numbers, []);
		const couplings = await this.session.store.couplingsOf(
			name,
			'businessCentral',
			records.map((record) => record.id),
		);
		for (const code of numbers) this.toCrmIds.set(`${name} ${code}`, { found: null, reason: 'unknown', ...this.offOf(name) });
		for (const record of records) {
			const coupling = couplings.get(record.id);
			this.toCrmIds.set(
				`${name} ${spelledCode(record.number)}`,
				coupling ? { found: coupling.crmId } : { found: null, reason: 'uncoupled', ...this.offOf(name) },
			);
		}
	}

	/** Some properties of Business Central name a record by its id (`paymentTermsId`), or by the whole key of its page. */
	private async loadCrmIdsById(name: string, ids: string[]): Promise<void> {
		if (ids.length === 0) return;
		const { bc } = this.target(name);
		const known = await idsOfKeys(
			this.session.businessCentral,
			bc,
			ids.map((id) => id.toLowerCase()),
		);
		// A key that no record has may be an id.
		const idOf = (value: string): string => known.get(value.toLowerCase()) ?? value.toLowerCase();
		const couplings = await this.session.store.couplingsOf(name, 'businessCentral', ids.map(idOf));
		const blank = (id: string): boolean => id.toLowerCase() === ZERO_GUID;
		const names = await this.namesOf(
			'businessCentral',
			name,
			ids.map(idOf).filter((id) => !blank(id) && !couplings.has(id)),
		);
		for (const id of ids) {
			const coupling = couplings.get(idOf(id));
			const lacking: Resolved = blank(id)
				? { found: null, reason: 'blank' }
				: { found: null, reason: 'uncoupled', ...names(idOf(id)), ...this.offOf(name) };
			this.toCrmIds.set(`${name} ${id}`, coupling ? { found: coupling.crmId } : lacking);
		}
	}

	private async loadBcCodes(name: string, ids: string[]): Promise<void> {
		const missing = ids.filter((id) => !this.toBcCodes.has(`${name} ${id}`));
		if (missing.length === 0) return;
		const { bc } = this.target(name);
		const couplings = await this.session.store.couplingsOf(name, 'crm', missing);
		const records = await this.session.businessCentral.readByIds(
			bc,
			[...couplings.values()].map((coupling) => coupling.bcId),
			[],
		);
		const names = await this.namesOf(
			'crm',
			name,
			missing.filter((id) => !couplings.has(id)),
		);
		for (const id of missing) {
			const coupling = couplings.get(id);
			const record = coupling && records.get(coupling.bcId);
			// The code is read afresh: a renamed record keeps its id and coupling, but not its code.
			this.toBcCodes.set(
				`${name} ${id}`,
				record ? { found: record.number, id: record.id } : { found: null, reason: 'uncoupled', ...names(id), ...this.offOf(name) },
			);
		}
	}

	private offOf(name: string): { off?: true } {
		return this.target(name).enabled ? {} : { off: true };
	}

	/** What people call records that are named by their ids and are not coupled: an id tells nobody which record to couple. One request for all of them. */
	private async namesOf(side: Side, mapping: string, ids: readonly string[]): Promise<(id: string) => { name?: string }> {
		const table = tableOn(this.target(mapping), side);
		const records = ids.length > 0 && !table.choice ? await this.session[side].readByIds(table, ids, []) : new Map<string, SystemRecord>();
		return (id) => {
			const record = records.get(id.toLowerCase());
			const name = record ? [record.number, record.name].filter(Boolean).join(' ') : '';
			return name === '' ? {} : { name };
		};
	}
}
