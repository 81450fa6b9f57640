import { jsonAnswer } from '../answers';
import { DataverseError } from '../errors';
import { setLookup } from '../payload';
import { RowView } from '../rowView';
import type { Changes } from '../values';
import type { BoundHandler } from './handler';

/** Lead column → column of the new account and contact. */
const address = ['line1', 'line2', 'line3', 'city', 'stateorprovince', 'country', 'postalcode', 'telephone1'].map(
	(part) => `address1_${part}`,
);
const forAccount = ['telephone1', 'emailaddress1', 'websiteurl', 'description', 'transactioncurrencyid', 'ownerid', 'owneridtype', 'revenue', 'numberofemployees', ...address]; // prettier-ignore
const forContact = ['firstname', 'middlename', 'lastname', 'salutation', 'jobtitle', 'telephone1', 'mobilephone', 'emailaddress1', 'websiteurl', 'ownerid', 'owneridtype', ...address]; // prettier-ignore

/** Makes the rows asked for of a lead and closes it as qualified. Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/qualifylead */
export const qualifyLead: BoundHandler = (platform, call, id, body) => {
	const row = platform.db.row('lead', id)!;
	if (row.statecode !== 0) throw new DataverseError(400, '0x80040203', 'The lead is already closed.');
	platform.demand(call.session, 'Write', 'lead');
	const picked = (names: string[]): Changes => Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]!]));
	const created: Array<[table: string, id: string]> = [];
	const create = (table: string, values: Changes): string => {
		const made = platform.writer.create(table, values, call.session);
		created.push([table, made]);
		return made;
	};
	const model = (table: string) => platform.model.table(table).columns;
	const account =
		body.CreateAccount === true ? create('account', { ...picked(forAccount), name: row.companyname ?? row.fullname ?? null }) : null;
	let contact: string | null = null;
	if (body.CreateContact === true) {
		const values = picked(forContact);
		if (account) setLookup(values, model('contact').get('parentcustomerid')!, account, 'account');
		contact = create('contact', values);
	}
	if (body.CreateOpportunity === true) {
		const values: Changes = {
			name: row.subject ?? row.fullname ?? null,
			...picked(['transactioncurrencyid', 'ownerid', 'owneridtype', 'description']),
		};
		const customer = account ?? contact;
		if (customer) setLookup(values, model('opportunity').get('customerid')!, customer, account ? 'account' : 'contact');
		create('opportunity', values);
	}
	const status = typeof body.Status === 'number' && body.Status > 0 ? body.Status : 3;
	const changes: Changes = { statecode: 1, statuscode: status };
	if (account) changes.parentaccountid = account;
	if (contact) changes.parentcontactid = contact;
	platform.writer.update('lead', id, changes, call.session);
	const value = created.map(([name, made]) => {
		const table = platform.model.table(name);
		const view = new RowView(platform, table, [table.columns.get(table.primaryId)!], [], platform.hiddenColumns(call.session, table));
		return { '@odata.type': `#Microsoft.Dynamics.CRM.${name}`, ...view.show(platform.db.row(name, made)!) };
	});
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)`, value });
};
