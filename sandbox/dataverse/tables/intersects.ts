import { associations } from '../associations';
import type { TableDefinition } from '../model';

const setNames: Readonly<Record<string, string>> = { teammembership: 'teammemberships' };

/** The intersect tables: an id, the ids of both ends, a version. They can be read, and are written by associating rows. */
export const intersectTables: TableDefinition[] = associations.map(({ intersect, sides }) => {
	const primaryId = `${intersect.replace(/s$/, '')}id`;
	const guid = (logicalName: string) => ({ logicalName, type: 'Uniqueidentifier', access: 'read' }) as const;
	return {
		logicalName: intersect,
		entitySetName: setNames[intersect] ?? `${intersect}collection`,
		primaryId,
		primaryName: primaryId,
		ownership: 'None',
		bulk: false,
		columns: [
			guid(primaryId),
			...sides.map(({ column }) => guid(column)),
			...(intersect === 'roleprivileges' ? [{ logicalName: 'privilegedepthmask', type: 'Integer', access: 'read' } as const] : []),
			{ logicalName: 'versionnumber', type: 'BigInt', access: 'read', system: true },
		],
	};
});
