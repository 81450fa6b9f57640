import type { INodeProperties } from 'n8n-workflow';
import { statisticsSummary, updateStatistics } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { customerIds, customerProperty, readCustomer } from './customers';
import { flowItems } from './flowItems';
import { flowOptions, flowOptionsProperty, timeBudget, waiting } from './flowOptions';

const scopeProperty: INodeProperties = {
	displayName: 'Customers',
	name: 'customerScope',
	type: 'options',
	options: [
		{
			name: 'All That Are Due',
			value: 'all',
			description:
				'Every coupled customer that CRM has no figures of, and those whose figures may have changed; once a day also what is overdue',
		},
		{ name: 'Chosen Ones', value: 'chosen', description: 'The customers that the input items name' },
	],
	default: 'all',
	description: 'Which customers of Business Central have their figures brought to CRM',
};

const scope = oneOf(['all', 'chosen']);

/** CRM is told what customers owe. */
export const updateAccountStatistics: Operation = {
	name: 'Update Account Statistics',
	value: 'updateAccountStatistics',
	action: 'Update account statistics',
	description:
		'Bring the figures of coupled customers to CRM: balance, overdue amount, outstanding orders and invoices, credit limit, sales of the year. One request tells which have changed.',
	properties: [
		scopeProperty,
		{ ...customerProperty, displayOptions: { show: { customerScope: ['chosen'] } } },
		previewProperty,
		flowOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const chosen = readParameter(context, 'customerScope', 'Customers', itemIndex, scope) === 'chosen';
				const wanted = readParameter(context, 'options', 'Options', itemIndex, flowOptions);
				return {
					connection: { ...readConnection(context, itemIndex), ...waiting(wanted, chosen) },
					customer: chosen ? readCustomer(context, itemIndex) : null,
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					options: wanted,
				};
			},
			key: ({ customer, ...rest }) => ({ ...rest, chosen: customer !== null }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { preview, customer, options } = group.first;
					const ids = customer === null ? null : await customerIds(session, group);
					if (ids?.size === 0) return [[], []];
					const result = await updateStatistics(session, {
						preview,
						...(ids === null ? {} : { ids: [...ids.keys()] }),
						...timeBudget(options),
					});
					const all = ids === null ? group.itemIndexes : [...ids.values()].flat();
					const itemsOf = (id: string | undefined): readonly number[] | undefined => ids?.get(id?.toLowerCase() ?? '');
					return flowItems(context, result, all, {
						nothing: 'The figures of all customers are up to date.',
						many: 'customers',
						itemsOf: ({ businessCentral }) => itemsOf(businessCentral?.id),
						missing: (id) => ({ ...notThere, businessCentral: { id, number: '', name: '', url: null } }),
						itemsOfMissing: (id) => itemsOf(id) ?? all,
					});
				}),
		}),
};

const notThere = {
	mapping: statisticsSummary.name,
	direction: 'toCrm',
	errorClass: 'data',
	errorCode: 'RECORD_NOT_FOUND',
	message: 'Business Central has no customer with this id.',
	hint: 'Check the id, or choose the customer from the list.',
	crm: null,
} as const;
