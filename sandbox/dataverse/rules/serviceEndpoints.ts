import { DataverseError } from '../errors';
import { next, type Rules } from './rule';

const wrong = (message: string) => new DataverseError(400, '0x80040203', message);

/**
 * Endpoints of webhooks and the steps that call them. Other contracts are accepted but nothing is delivered to them.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
 */
export const serviceEndpoints: Rules = {
	tables: ['serviceendpoint', 'sdkmessageprocessingstep'],
	check(write) {
		if (write.table.logicalName === 'serviceendpoint') {
			if (next(write, 'contract') !== 8) return;
			const url = String(next(write, 'url') ?? '');
			if (!/^https?:\/\/\S+$/i.test(url)) throw wrong('A webhook needs an address that begins with http:// or https://.');
			if (![4, 5, 6].includes(Number(next(write, 'authtype')))) throw wrong('A webhook needs the authentication type 4, 5 or 6.');
			if (write.before === null && next(write, 'authvalue') === null)
				throw wrong("Required field 'authvalue' is missing for entity 'serviceendpoint'.");
			return;
		}
		if (next(write, 'sdkmessageid') === null)
			throw wrong("Required field 'sdkmessageid' is missing for entity 'sdkmessageprocessingstep'.");
		if (next(write, 'eventhandler') === null)
			throw wrong("Required field 'eventhandler' is missing for entity 'sdkmessageprocessingstep'.");
		if (next(write, 'mode') === 1 && next(write, 'stage') !== 40)
			throw wrong('Only a step in the post-operation stage can be asynchronous.');
		if (next(write, 'mode') === 0 && next(write, 'stage') !== 40)
			throw new DataverseError(501, '0x80040800', 'Steps of webhooks before the operation are not modelled here; use the stage 40.');
		const message = write.crm.db.row('sdkmessage', String(next(write, 'sdkmessageid')))?.name;
		if (next(write, 'filteringattributes') !== null && message !== 'Update')
			throw wrong('Filtering attributes are only for the message Update.');
	},
	fill({ table, changes }) {
		if (table.logicalName === 'serviceendpoint' && 'authvalue' in changes) changes.isauthvalueset = changes.authvalue !== null;
	},
};
