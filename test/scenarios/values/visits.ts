import { createMapping, type FieldInput, type NewMapping } from '../../../engine/tableMappings';
import type { MappingProblem } from '../../../engine/mapping/validation';
import { createWorld, type World } from '../../kit/world';

type Row = Record<string, unknown>;

const column = (logicalName: string, type: string, more: Row = {}) => ({ logicalName, type, access: 'full', ...more });
const stamps = ['createdon', 'modifiedon'].map((name) => column(name, 'DateTime', { access: 'read', system: true }));
const version = column('versionnumber', 'BigInt', { access: 'read', system: true });

/** A table of CRM with a column of each kind that days, times, ids and choices can meet. */
export function defineVisits(world: World, columns?: readonly unknown[]): void {
	world.sandbox.crm.defineTable({
		logicalName: 'cr1_visit',
		entitySetName: 'cr1_visits',
		primaryId: 'cr1_visitid',
		primaryName: 'cr1_name',
		ownership: 'OrganizationOwned',
		bulk: true,
		displayName: 'Visit',
		columns: columns ?? [
			column('cr1_visitid', 'Uniqueidentifier', { access: 'insert' }),
			column('cr1_name', 'String', { maxLength: 100 }),
			column('cr1_number', 'String', { maxLength: 20 }),
			column('cr1_text', 'String', { maxLength: 100 }),
			column('cr1_short', 'String', { maxLength: 5 }),
			column('cr1_instant', 'DateTime'),
			column('cr1_entered', 'DateTime', { format: 'DateOnly', behavior: 'UserLocal' }),
			column('cr1_wall', 'DateTime', { behavior: 'TimeZoneIndependent' }),
			column('cr1_day', 'DateTime', { format: 'DateOnly', behavior: 'DateOnly' }),
			column('cr1_tags', 'MultiSelectPicklist'),
			column('cr1_photo', 'Image'),
			column('cr1_key', 'Uniqueidentifier'),
			column('cr1_state', 'Picklist', { options: { '1': 'Planned', '2': 'Done' } }),
			column('cr1_amount', 'Decimal'),
			...stamps,
			version,
		],
	} as unknown as Parameters<World['sandbox']['crm']['defineTable']>[0]);
}

export interface Visits {
	world: World;
	save(fields: readonly FieldInput[], more?: Partial<NewMapping>): Promise<MappingProblem[]>;
	run(): Promise<string>;
	rows(): Row[];
	change(id: unknown, values: Row): void;
	close(): Promise<void>;
}

/** Resources of Business Central (a published page with an employment date) and visits of CRM, or another pair of tables. */
export async function openVisits(): Promise<Visits> {
	const world = await createWorld();
	defineVisits(world);
	return {
		world,
		save: async (fields, more = {}) => {
			const session = await world.open();
			try {
				return await createMapping(session, {
					name: 'VISITS',
					businessCentral: { table: 'page:ResourceCard' },
					crm: { table: 'cr1_visit' },
					direction: 'bidirectional',
					onlyCoupled: false,
					fields: [
						{ bcField: 'No', crmField: 'cr1_number', direction: 'toCrm' },
						{ bcField: 'Name', crmField: 'cr1_name', direction: 'bidirectional' },
						...fields,
					],
					...more,
				});
			} finally {
				await session.store.close();
			}
		},
		run: async () => {
			world.minutes(30);
			const results = await world.run({ mapping: 'VISITS', createUncoupled: true });
			return results
				.map(({ job, failed }) => {
					const why = failed.map(({ errorCode, message }) => ` ${errorCode}: ${message}`).join('');
					return `I${job.inserted} M${job.modified} F${job.failed}${job.status === 'finished' ? '' : ` ${job.message}`}${why}`;
				})
				.join(' / ');
		},
		rows: () => world.sandbox.crm.rows('cr1_visit'),
		change: (id, values) => void world.sandbox.crm.update('cr1_visit', String(id), values as never),
		close: () => world.close(),
	};
}
