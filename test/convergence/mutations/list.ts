import { DOCUMENT_MUTATIONS } from './documents';

/** A place in the source, and what stands there with the bug. It must be there exactly once. */
export interface Place {
	file: string;
	find: string;
	put: string;
}

/** A bug that somebody could make, mostly as a change of one place. */
export interface Mutation extends Place {
	name: string;
	/** Families whose stories are about what it breaks, with commas between; default all. */
	families?: string;
	/** Where something else would make good for it. */
	also?: Place;
}

export const MUTATIONS: readonly Mutation[] = [
	{
		name: 'what was written does not become the baseline',
		file: 'engine/sync/record/advanceBaseline.ts',
		find: 'if (target !== undefined) baseline[key] =',
		put: 'if (target !== undefined && !write) baseline[key] =',
	},
	{
		name: 'the baseline takes the two sides for each other',
		families: 'calmTexts,texts',
		file: 'engine/mapping/baseline.ts',
		find: "sourceSide === 'businessCentral' ? [source, target] : [target, source];",
		put: "sourceSide === 'businessCentral' ? [target, source] : [source, target];",
	},
	{
		name: 'a write of ours is not remembered as agreed',
		families: 'longRuns',
		file: 'engine/sync/record/advanceBaseline.ts',
		find: 'if (write) target = made ?? fingerprint(field, targetSide, write.value);',
		put: 'if (write) continue;',
	},
	{
		name: 'the version of a record that is not at its baseline is remembered as settled',
		file: 'engine/sync/record/advanceBaseline.ts',
		find: 'return (side === sourceSide ? sourceClean : partnerClean) ? record.version : null;',
		put: 'return sourceClean || partnerClean || record.version ? record.version : null;',
	},
	{
		name: 'inserts are sent without an intent',
		file: 'engine/sync/write/write.ts',
		find: 'planned.flatMap((write) => (write.insertion ? [write.insertion.intent] : [])),\n\t\tinFlight',
		put: '[],\n\t\tinFlight',
	},
	{
		name: 'intents of a dead run are not recovered',
		file: 'engine/sync/run/openPass.ts',
		find: 'const doubtsThere = await recoverInDoubt(back);\n\tconst doubts = await recoverInDoubt(context);',
		put: 'void recoverInDoubt;\n\tconst doubts = { open: [], blocked: new Map() };\n\tconst doubtsThere = doubts;',
	},
	{
		name: 'a lost insert is repeated although it may still arrive',
		families: 'lateRequests,cancels',
		file: 'engine/sync/recover/inDoubt.ts',
		find: '(msSince(context, intent) ?? 0) < SETTLE_MS;',
		put: '(msSince(context, intent) ?? 0) < SETTLE_MS - SETTLE_MS;',
	},
	{
		name: 'nothing before the watermark is read again',
		file: 'engine/sync/reading/since.ts',
		find: 'stamp: new Date(from - overlapMs).toISOString()',
		put: 'stamp: new Date(from).toISOString()',
		also: {
			file: 'engine/sync/comparison/overlooked.ts',
			find: "modifiedAt !== '' && reading !== null",
			put: "modifiedAt === 'never' && reading !== null",
		},
	},
	{
		name: 'the answer that a record was changed meanwhile is ignored',
		file: 'engine/sync/write/write.ts',
		find: "case 'stale':\n\t\t\tpage.refused(item);\n\t\t\titem.partner = 'unread';\n\t\t\tdelete item.unanswered;\n\t\t\treturn 'again';",
		put: "case 'stale':\n\t\t\twritten(context, write, { status: 'written', record: { id: '', modifiedAt: '', version: '?', number: '', name: '', values: {} } }, page);\n\t\t\treturn 'done';",
	},
	{
		name: 'updates of Dataverse rows are sent without a condition',
		file: 'engine/systems/dataverse/writer.ts',
		find: "{ 'If-None-Match': '*' } : { 'If-Match': operation.version };",
		put: "{ 'If-None-Match': '*' } : { 'If-Match': '*' };",
	},
	{
		name: 'records of Business Central are changed whatever their version',
		families: 'drift,overlaps',
		file: 'engine/systems/businessCentral/writer.ts',
		find: "headers: { 'If-Match': operation.version }, body };",
		put: "headers: { 'If-Match': '*' }, body };",
	},
	{
		name: 'the value that lost a conflict is not logged',
		file: 'engine/sync/write/write.ts',
		find: 'context.recorder.overwritten(context.direction, page.pair(item), decision.overwritten);',
		put: 'void page.pair(item);',
	},
	{
		name: 'edits of a record do not count when its partner was deleted',
		file: 'engine/sync/decide/decideDeleted.ts',
		find: '\tconst edited = editsOf(input.fields, sourceSide(direction), input.source, coupling);',
		put: '\tconst edited = editsOf(input.fields, sourceSide(direction), input.source, coupling).slice(0, 0);',
	},
	{
		name: 'previews write',
		file: 'engine/overlay/overlaySystem.ts',
		find: '\t\tconst taken = await takenAmong(this, table, operations);',
		put: '\t\tconst taken = await takenAmong(this, table, operations);\n\t\tawait this.system.write(table, operations, returning);',
	},
	{
		name: 'previews change the store',
		file: 'engine/overlay/overlayStore.ts',
		find: 'return this.state.apply(changes, this.clock.now());',
		put: 'return this.state.apply(changes, this.clock.now()).then(() => this.store.commit({ failures: changes.failures ?? [], couplings: changes.couplings ?? [] }));',
	},
	{
		name: 'created records count twice',
		file: 'engine/sync/write/write.ts',
		find: "if (!incomplete) recorder.count('inserted');",
		put: "for (const _ of [1, 2]) if (!incomplete) recorder.count('inserted');",
	},
	{
		name: 'records outside the filter are read, too',
		file: 'engine/sync/pass/due.ts',
		find: 'filter: context.filter.odata, since: null',
		put: 'filter: null, since: null',
	},
	{
		name: 'the watermark passes the records of a page that broke',
		families: 'lulls',
		file: 'engine/sync/pass/page.ts',
		find: 'if (part && failure === undefined) page',
		put: 'if (part) page',
	},
	{
		name: 'the watermark moves before the page is dealt with',
		families: 'lulls',
		file: 'engine/sync/pass/page.ts',
		find: 'const decided = await unit.decide(items, page);',
		put: 'const early = part ? state.frontier?.upTo(part.upTo) : null;\n\tif (early) await context.session.store.commit({ watermark: early }, context.lease);\n\tconst decided = await unit.decide(items, page);',
	},
	{
		name: 'a record whose delivery failed is forgotten, unless its data are to blame',
		families: 'lulls',
		file: 'engine/sync/record/pageRecord.ts',
		find: 'this.failures.push({ ...failure, partnerVersion',
		put: "if (error.errorClass === 'data') this.failures.push({ ...failure, partnerVersion",
	},
	{
		name: 'a record is coupled although it belongs to another one that is there',
		file: 'engine/coupling/couple.ts',
		find: 'if (!same && taken) await refuseIfAlive(session, mapping, taken, from);',
		put: 'void [taken, refuseIfAlive];',
	},
	{
		name: 'rows of CRM get random ids instead of those made of their record',
		families: 'storesToCrm',
		file: 'engine/sync/write/insertion.ts',
		find: 'coupling?.crmId ?? item.newId ?? firstRow(context, source))',
		put: 'coupling?.crmId ?? (firstRow && globalThis.crypto.randomUUID()))',
	},
	{
		name: 'nobody asks for partners before a creation',
		families: 'twoStores,lostStore,olderStore',
		file: 'engine/sync/records/recordUnit.ts',
		find: 'const { open, found } = await askBeforeCreating(context, inDoubt, pending, page);',
		put: 'const { open, found } = { open: [...pending], found: [], askBeforeCreating };',
	},
	{
		name: 'changes are read since the newest stamp that was seen',
		families: 'clocks,skew',
		file: 'engine/sync/reading/frontier.ts',
		find: "const at = Date.parse(stamp) > limit ? new Date(limit).toISOString() : stamp;\n\t\treturn (this.reached = this.change({ stamp: at, clockAheadMs: beganAt?.ahead ?? null }, this.mayMoveBack ? 'anyhow' : 'forward'));\n\t}\n",
		put: "void limit;\n\t\tthis.end = () => this.reached;\n\t\treturn (this.reached = this.change({ stamp, clockAheadMs: beganAt?.ahead ?? null }, this.mayMoveBack ? 'anyhow' : 'forward'));\n\t}\n",
		also: {
			file: 'engine/sync/reading/since.ts',
			find: 'if (from > (now?.at ?? ours) + STEADY_MS) return { stamp: null, earlier: true };',
			put: 'void ours;',
		},
	},
	{
		name: 'values that a further page did not take are not owed',
		families: 'owed',
		file: 'engine/sync/write/templates.ts',
		find: 'values.map(([name, value]) => [name, plain(value)]),\n\t\tcreated.version,',
		put: 'values.slice(0, 0).map(([name, value]) => [name, plain(value)]),\n\t\tcreated.version,',
	},
	{
		name: 'the guard counts each run by itself',
		families: 'emptied',
		file: 'engine/sync/guard/massChangeGuard.ts',
		find: 'this.run.session.store.massChangesOfDay(this.run.mapping.name);',
		put: "this.run.session.store.massChangesOfDay('another mapping');",
	},
	{
		name: 'couples are not compared once more when the fields of their mapping change',
		families: 'mappingEdited,pagesComeAndGo',
		file: 'engine/sync/decide/comparedAgain.ts',
		find: 'if (!baseline || fieldSet === current.hash) return null;',
		put: "if (!baseline || fieldSet === current.hash || current.hash !== '') return null;",
	},
	{
		name: 'a column that shows nothing is taken for blank although it is hidden',
		families: 'hiddenColumns',
		file: 'engine/systems/dataverse/hiddenColumns.ts',
		find: 'else hidden.push(column);',
		put: 'else void hidden;',
	},
	{
		name: 'the company of a row is checked on the side that is read only',
		families: 'sidesDisagree',
		file: 'engine/sync/closed/closedRows.ts',
		find: "context.source.side === 'crm' ? source : typeof partner === 'string' ? null : partner;",
		put: "context.source.side === 'crm' ? source : partner === 'unread' ? null : null;",
	},
	{
		name: 'the answer to a write that something is missing is believed',
		families: 'otherMissing',
		file: 'engine/systems/odata/confirmedGone.ts',
		find: 'if (missing.length === 0) return outcomes.map(',
		put: 'if (missing.length >= 0) return [...outcomes];\n\treturn outcomes.map(',
	},
	{
		name: 'merged rows are written like others',
		families: 'merges',
		file: 'engine/mapping/mergedRows.ts',
		find: "values['merged'] === true;",
		put: "values['merged'] === 'never';",
	},
	{
		name: 'a company whose row is not shown owns all rows',
		families: 'hiddenCompany',
		file: 'engine/mapping/companyIdentity.ts',
		find: 'await requireCompany(session);\n\tthrow new SyncError({',
		put: 'await requireCompany(session);\n\tif (session) return null;\n\tthrow new SyncError({',
	},
	{
		name: 'couples end without a look for the record that has the number now',
		families: 'reimports',
		file: 'engine/sync/records/recordUnit.ts',
		find: '...(await askBeforeRemoving(context, page))];',
		put: '...(askBeforeRemoving ? [] : [])];',
	},
	{
		name: 'a record that was put back is taken for edited',
		families: 'restoredCrm,copiedOver',
		file: 'engine/sync/restored/seenAgain.ts',
		find: "if (order !== null) return order > 0 ? 'edited' : now > then ? 'redone' : 'rolledBack';",
		put: "if (order !== null) return 'edited';",
	},
	{
		name: 'nobody looks whether a system was put back',
		families: 'restoredCrm,restoredBc,restoredBoth,copiedOver',
		file: 'engine/sync/run/runDirection.ts',
		find: 'if (isFirst) await lookBack(run, mapping, look, rangeOf);',
		put: 'void lookBack;',
	},
	{
		name: 'what a service fills from the company is not sent along with it',
		families: 'together',
		file: 'engine/sync/write/sentAlong.ts',
		find: "if (decision.action !== 'modify' || typeof item.partner === 'string') return {};",
		put: "if (decision.action !== 'insert' || typeof item.partner === 'string') return {};",
	},
	{
		name: 'what was deleted with a record does not come back with it',
		families: 'together',
		file: 'engine/failures/restoreDependents.ts',
		find: 'if (!dependents || couplings.length === 0) return { jobs, left };',
		put: 'if (!dependents || couplings.length >= 0) return { jobs, left };',
	},
	{
		name: 'nobody asks what a service deletes with a record',
		families: 'together',
		file: 'engine/sync/cascades/takenAlong.ts',
		find: "if (owner && (coupling || side === 'crm')) found.push(",
		put: "if (owner && coupling && side === 'businessCentral') found.push(",
	},
	{
		name: 'what belongs to a record that is coupled anew stays where it was',
		families: 'together',
		file: 'engine/coupling/follow.ts',
		find: 'for (const each of [...moving, ...others]) {',
		put: 'for (const each of [...moving, ...others].slice(0, 0)) {',
	},
	{
		name: 'a record that is created again lacks what its mapping does not carry there',
		families: 'together',
		file: 'engine/sync/write/broughtBack.ts',
		find: 'if (!onlyLeaves(context, field) || name === number || seen.has(name)) continue;',
		put: 'if (onlyLeaves(context, field) || name === number || seen.has(name)) continue;',
	},
	{
		name: 'rows of couples do not get their company',
		families: 'together',
		file: 'engine/sync/record/pageRecord.ts',
		find: '\t\tawait this.stamp();\n',
		put: '',
	},
	{
		name: 'what a service deletes with a record is taken for a deletion by a person',
		families: 'together',
		file: 'engine/sync/cascades/deleteRecords.ts',
		find: 'await letGo(deleting, side, along, leases);',
		put: 'void letGo;',
	},
	{
		name: 'a renamed code is written to rows that have its choice already',
		families: 'together',
		file: 'engine/sync/decide/decide.ts',
		find: "const stands = partnerVersion !== null && desired.kind === 'value' && isThere(field, otherSide(side), desired, base);",
		put: 'const stands = false;',
	},
	{
		name: 'what went with a record whose restore was interrupted is forgotten',
		families: 'together',
		file: 'engine/sync/record/dependents.ts',
		find: 'if (own.length === 0 || !rules.dependents) continue;',
		put: 'if (own.length >= 0 || !rules.dependents) continue;',
	},
	...DOCUMENT_MUTATIONS,
];
