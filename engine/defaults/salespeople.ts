import type { SyncSession } from '../ports/session';
import { A_DAY, common, field, type DefaultMapping } from './defaultMapping';

/** Codes of new salespeople: this prefix and five digits, counting upward. */
const CODE_PREFIX = 'SP NO. ';

/** Users of Dataverse become salespeople of Business Central. */
export const salespeople: DefaultMapping = {
	activeWhen: ({ ownershipModel }) => ownershipModel === 'person',
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'SALESPEOPLE',
		caption: 'Salespeople – users',
		bc: { name: 'salespeoplePurchasers', numberField: 'code', nameField: 'displayName' },
		crm: { name: 'systemuser', numberField: null, nameField: 'fullname' },
		direction: 'fromCrm',
		crmFilter: {
			conditions: [
				{ field: 'isdisabled', operator: 'eq', value: false, type: 'boolean' },
				{ field: 'islicensed', operator: 'eq', value: true, type: 'boolean' },
				{ field: 'isintegrationuser', operator: 'eq', value: false, type: 'boolean' },
			],
		},
		fields: [
			field('E-Mail', 'email', 'internalemailaddress', 'text', 'fromCrm', { bcLength: 80, crmLength: 100 }),
			field('Name', 'displayName', 'fullname', 'text', 'fromCrm', { bcLength: 50, crmLength: 200 }),
			field('Phone No.', 'phoneNo', 'mobilephone', 'text', 'fromCrm', { bcLength: 30, crmLength: 64 }),
			field('Job Title', 'jobTitle', 'jobtitle', 'text', 'fromCrm', { bcLength: 30, crmLength: 100, enabled: false }),
			field('E-Mail 2', 'email2', 'personalemailaddress', 'text', 'fromCrm', { bcLength: 80, crmLength: 100, enabled: false }),
		],
	},
	rules: {
		firstMatch: [
			{ bcField: 'email', crmField: 'internalemailaddress' },
			{ bcField: 'displayName', crmField: 'fullname', priority: 1 },
		],
		recognizedBy: [{ bcField: 'email', crmField: 'internalemailaddress' }],
		naturalKey: 'code',
		async beforeInsert({ session, direction }, inserts) {
			if (direction !== 'fromCrm') return;
			let last = await highestCode(session);
			// One that is created again has its code already.
			for (const { values } of inserts) values['code'] ??= CODE_PREFIX + String(++last).padStart(5, '0');
		},
	},
};

async function highestCode(session: SyncSession): Promise<number> {
	const rows = await session.businessCentral.readAll('salespeoplePurchasers', ['code'], `startswith(code,'${CODE_PREFIX}')`);
	return rows.reduce((highest, row) => {
		const digits = /^SP NO\. (\d+)$/.exec(String(row['code']).toUpperCase())?.[1];
		return digits ? Math.max(highest, Number(digits)) : highest;
	}, 0);
}
