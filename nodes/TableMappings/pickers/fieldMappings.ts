import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { getMapping, type MappingDetails, type TableShape } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection, currentMapping } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';
import { mappingSummary } from '../../shared/recordReference';

type Field = MappingDetails['fieldMappings'][number];

const ARROWS = { bidirectional: '↔', toCrm: '→', fromCrm: '←' } as const;

/** The field mappings of the mapping chosen, with what they say now. */
export async function getFieldMappings(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await explained(this, 'The list of field mappings', async () => {
		const name = currentMapping(this);
		const { session, close } = await openSession(this, currentConnection(this), { log: quietLog(this), owner: 'editor' });
		try {
			const { bc, crm, name: mapping } = await mappingSummary(session, name);
			const [fields, ofBc, ofCrm] = [
				(await getMapping(session, mapping)).fieldMappings,
				await session.businessCentral.describe(bc),
				await session.crm.describe(crm),
			];
			return fields.map((field) => ({
				name: `${titled(ofBc, field.bcField)} ${ARROWS[field.direction]} ${titled(ofCrm, field.crmField)}`,
				value: field.key,
				description: inWords(field),
			}));
		} finally {
			await close();
		}
	});
}

const titled = ({ columns }: TableShape, name: string | null): string => (name === null ? 'Constant' : (columns.get(name)?.label ?? name));

function inWords({ caption, enabled, clearOnFailure, notNull, insertOnly, match, conflict, constant, transform }: Field): string {
	return [
		caption,
		enabled ? 'enabled' : 'disabled',
		clearOnFailure ? 'clear on failure' : '',
		notNull ? 'not null' : '',
		insertOnly ? 'only when created' : '',
		match ? 'used for matching' : '',
		conflict ? `conflicts: ${conflict}` : '',
		constant === undefined ? '' : `constant ${JSON.stringify(constant)}`,
		transform ? 'transformed' : '',
	]
		.filter(Boolean)
		.join(', ');
}
