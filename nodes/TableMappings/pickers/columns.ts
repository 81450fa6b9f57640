import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { type Side, sourceFrom, SyncError, type SyncSession, type TableSource } from '../../../engine';
import { locator } from '../../shared/locators';
import { openSession } from '../../shared/openSession';
import { currentConnection, currentMapping } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';
import { mappingSummary } from '../../shared/recordReference';
import { NO_COLUMN } from '../properties/fields';

/** Fields of the Business Central table: of the table chosen for a new mapping, else of the mapping. */
export async function getFieldsOfBusinessCentral(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await columns(this, 'businessCentral');
}

/** Columns of the CRM table: of the table chosen for a new mapping, else of the mapping. */
export async function getColumnsOfCrm(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await columns(this, 'crm');
}

async function columns(context: ILoadOptionsFunctions, side: Side): Promise<INodePropertyOptions[]> {
	const what = side === 'businessCentral' ? 'The list of Business Central fields' : 'The list of CRM columns';
	return await explained(context, what, async () => {
		const { session, close } = await openSession(context, currentConnection(context), { log: quietLog(context), owner: 'editor' });
		try {
			const shape = await session[side].describe(await tableOf(context, session, side));
			const options = [...shape.columns.values()]
				.map(({ name, label, type, writable }) => ({
					name: label === name ? name : `${label} (${name})`,
					value: name,
					description: writable ? type : `${type}, read-only`,
				}))
				.sort((a, b) => a.name.localeCompare(b.name));
			return [{ name: '(None: Constant)', value: NO_COLUMN, description: 'The other side gets the constant' }, ...options];
		} finally {
			await close();
		}
	});
}

async function tableOf(context: ILoadOptionsFunctions, session: SyncSession, side: Side): Promise<TableSource> {
	if (context.getCurrentNodeParameter('operation') !== 'create') {
		const mapping = await mappingSummary(session, currentMapping(context));
		return side === 'businessCentral' ? mapping.bc : mapping.crm;
	}
	const [name, label] = side === 'businessCentral' ? ['businessCentralTable', 'Business Central Table'] : ['crmTable', 'CRM Table'];
	const chosen = locator.safeParse(context.getCurrentNodeParameter(name));
	if (chosen.success && !chosen.data.value.startsWith('=')) return await sourceFrom(session, side, { table: chosen.data.value });
	throw new SyncError({
		code: 'CHOOSE_FIRST',
		errorClass: 'setup',
		system: 'engine',
		message: `No ${label} is chosen yet.`,
		hint: `Choose the field "${label}" first.`,
	});
}
