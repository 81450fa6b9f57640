import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { Side } from '../../../engine';
import { openSession } from '../openSession';
import { quietLog } from '../progress';
import { mappingSummary } from '../recordReference';
import { currentConnection, currentMapping } from './currentSettings';
import { explained } from './explain';

/** Columns of the Business Central table of the chosen mapping, additional pages included. */
export async function getBusinessCentralColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await columns(this, 'businessCentral');
}

/** Columns of the CRM table of the chosen mapping. */
export async function getCrmColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await columns(this, 'crm');
}

async function columns(context: ILoadOptionsFunctions, side: Side): Promise<INodePropertyOptions[]> {
	const what = side === 'businessCentral' ? 'The list of Business Central fields' : 'The list of CRM columns';
	return await explained(context, what, async () => {
		const chosen = currentMapping(context);
		const { session, close } = await openSession(context, currentConnection(context), { log: quietLog(context), owner: 'editor' });
		try {
			const mapping = await mappingSummary(session, chosen);
			const shape = await session[side].describe(side === 'businessCentral' ? mapping.bc : mapping.crm);
			return [...shape.columns.values()]
				.map(({ name, label, type }) => ({ name: label === name ? name : `${label} (${name})`, value: name, description: type }))
				.sort((a, b) => a.name.localeCompare(b.name));
		} finally {
			await close();
		}
	});
}
