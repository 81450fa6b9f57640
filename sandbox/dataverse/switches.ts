import { BASE_LANGUAGE } from './choices';
import { addPair } from './collections';
import type { ColumnRights } from './columnSecurity';
import { DataApi } from './dataApi';
import type { ColumnDefinition, TableDefinition } from './model';
import type { Plugin } from './plugins';
import type { Depth } from './roles';
import { removeMessages, seedMessages } from './sdkMessages';
import { becomeCopy, restoreSnapshot, takeSnapshot, type EnvironmentSnapshot } from './snapshot';
import type { Webhooks } from './webhooks';

/** What tests and `npm run sandbox` order: rights, the model, plug-ins, webhooks, earlier states and copies of the environment. */
export class Switches extends DataApi {
	/** Takes a privilege such as `prvWriteAccount` from a user: 403 `0x80040220` from then on. */
	revokePrivilege(user: string, privilege: string): void {
		this.platform.privileges.deny(user, privilege);
	}

	grantPrivilege(user: string, privilege: string): void {
		this.platform.privileges.allow(user, privilege);
	}

	/** Takes all roles from a user or team (nothing may be owned by it: 403 `0x80040299`), or gives them back. */
	setRoles(principal: string, some: boolean): void {
		this.platform.privileges.setRoles(principal, some);
	}

	/**
	 * A security role of the root business unit with its privileges and how far each reaches: `{ prvReadAccount: 'basic' }`. Returns its id. Throws
	 * Error for a privilege that does not exist.
	 */
	defineRole(name: string, privileges: Readonly<Record<string, Depth>>): string {
		return this.platform.roles.define(name, privileges);
	}

	/** Gives a user or team these roles and no others; from then on only they count for it. Throws Error for a role that does not exist. */
	assignRoles(principal: string, ...names: string[]): void {
		this.platform.roles.assign(principal.toLowerCase(), names);
	}

	/** Adds a plug-in of the customer. Returns a function that takes it away. */
	addPlugin(plugin: Plugin): () => void {
		return this.platform.plugins.add(plugin);
	}

	/** Asynchronous delivery of webhooks: delay, ports, receiver. */
	get webhooks(): Webhooks {
		return this.platform.webhooks;
	}

	/** The rows as they are now, for `restore`. */
	snapshot(): EnvironmentSnapshot {
		return takeSnapshot(this.platform.db, this.platform.environment);
	}

	/** Goes back to an earlier state: rows, versions, stamps and the organization id of then. */
	restore(snapshot: EnvironmentSnapshot): void {
		restoreSnapshot(this.platform.db, this.platform.environment, snapshot);
	}

	/** From now on this is a copy of the environment under another organization id; background operations are off until `webhooks.running` is set. Returns the id. */
	becomeCopy(organizationId?: string): string {
		this.platform.webhooks.running = false;
		return becomeCopy(this.platform.db, this.platform.environment, organizationId);
	}

	/** RetrieveTotalRecordCount answers from a count that is up to a day old: the numbers of now, from here on; null: always those of the moment. */
	set recordCountsOf(when: 'now' | null) {
		const { platform } = this;
		platform.oldCounts =
			when === null ? null : new Map([...platform.model.tables.keys()].map((name) => [name, platform.db.store(name).rows.size]));
	}

	/** Disables a user (403 `0x80040225` from then on) or enables it again. */
	setDisabled(user: string, disabled: boolean): void {
		this.platform.writer.touch('systemuser', user.toLowerCase(), { isdisabled: disabled }, { user: this.administrator, caller: null });
	}

	/** Recommended parallel requests told in `x-ms-dop-hint`. */
	set dopHint(value: number) {
		this.platform.dopHint = value;
	}

	/** Which page of an initial tracked read the delta token belongs to (documented nowhere; the last page is the less safe one). */
	set trackingTokenOf(page: 'firstPage' | 'lastPage') {
		this.platform.trackingTokenOf = page;
	}

	/** Switches off the computation of extended amounts and totals. */
	set priceCalculation(on: boolean) {
		this.platform.environment.priceCalculation = on;
	}

	/** Answers 400 for read-only columns in a body; by default they are ignored. */
	set refuseReadOnlyColumns(on: boolean) {
		this.platform.environment.refuseReadOnlyColumns = on;
	}

	/** Adds a table; it has all of the Web API from then on. */
	defineTable(definition: TableDefinition): void {
		seedMessages(this.platform, this.platform.model.define(definition));
		this.platform.roles.addTable(definition.logicalName);
	}

	/** Adds a column to a table. */
	defineColumn(table: string, column: ColumnDefinition): void {
		const { model } = this.platform;
		model.addColumn(model.table(table), column);
		model.relate();
	}

	/**
	 * Switches the activity feed on for a table: from then on posts can be about its rows. Out of the box they can be about those of a few tables only.
	 * Source: https://learn.microsoft.com/dynamics365/customerengagement/on-premises/developer/configure-activity-feeds
	 */
	followTable(table: string): void {
		const { model } = this.platform;
		model.table(table);
		const post = model.table('post');
		const column = post.columns.get('regardingobjectid')!;
		const name = `regardingobjectid_${table}`;
		column.targets = [...new Set([...(column.targets ?? []), table])];
		column.navigation = { ...column.navigation, [table]: name };
		post.navigation.set(name, { column, targets: [table] });
		model.relate();
	}

	/** Takes a table away, as where the solution that brings it is not installed. */
	removeTable(table: string): void {
		this.platform.model.remove(table);
		removeMessages(this.platform, table);
	}

	/** Takes a column away, as an administrator who deletes it. */
	removeColumn(table: string, column: string): void {
		const { model } = this.platform;
		model.removeColumn(model.table(table), column);
	}

	/** Declares an alternate key. */
	defineKey(table: string, name: string, columns: string[]): void {
		this.platform.model.table(table).keys.set(name, columns);
	}

	/** Replaces the options of a choice column: value → label. */
	defineOptions(table: string, column: string, options: Record<string, string>): void {
		const found = this.platform.model.table(table).columns.get(column);
		if (!found) throw new Error(`The Dataverse table '${table}' has no column '${column}'.`);
		this.platform.choices.replace(table, found, options);
	}

	/** Makes choice columns share one global choice. */
	defineGlobalChoice(name: string, options: Record<string, string>, columns: ReadonlyArray<{ table: string; column: string }>): void {
		const { choices, model } = this.platform;
		choices.share(name, options, columns.map(({ table, column }) => model.table(table).columns.get(column)!)); // prettier-ignore
	}

	/** Options of a choice column, as published: value → label in the base language, in their order. */
	optionsOf(table: string, column: string): Array<[number, string]> {
		return this.optionsIn(table, column, 'published');
	}

	/** Options as they would be after publishing. */
	unpublishedOptionsOf(table: string, column: string): Array<[number, string]> {
		return this.optionsIn(table, column, 'draft');
	}

	private optionsIn(table: string, column: string, layer: 'published' | 'draft'): Array<[number, string]> {
		const { choices, model } = this.platform;
		const set = choices.of(table, model.table(table).columns.get(column)!);
		return [...((layer === 'draft' ? set.draft : null) ?? set.published)].map(([value, labels]) => [value, labels[BASE_LANGUAGE] ?? '']);
	}

	/** Secures a column: only administrators and users it is granted to see or write its values. */
	secureColumn(table: string, column: string, on = true): void {
		if (!this.platform.model.table(table).columns.has(column)) throw new Error(`The Dataverse table '${table}' has no column '${column}'.`);
		this.platform.columnSecurity.secure(table, column, on);
	}

	/** What a user's column security profiles say about a secured column. */
	grantColumn(user: string, table: string, column: string, rights: ColumnRights): void {
		this.platform.columnProfiles.grant(user.toLowerCase(), table, column, rights);
	}

	/** Makes a user a member of a team. */
	joinTeam(user: string, team: string): void {
		const { db, model } = this.platform;
		const association = model.table('systemuser').associations.get('teammembership_association')!;
		db.beside(() => addPair(this.platform, association, user.toLowerCase(), team.toLowerCase()));
	}

	setChangeTracking(table: string, enabled: boolean): void {
		this.platform.model.table(table).changeTracking = enabled;
	}
}
