import type { Sandbox } from '..';
import { businessOf, initialsOf, personOf, phoneOf, placeOf, plain, streetOf } from './names';
import type { Random } from '../core/random';

export interface CrmBase {
	/** systemuserid of the people who become salespeople. */
	users: string[];
	teamId: string;
	baseCurrencyId: string;
}

const people = [
	{ first: 'Otis', last: 'Falk' },
	{ first: 'Helena', last: 'Ray' },
] as const;

/** Users of every kind, the base currency as the first company's local one, the default team and a company row for each company. */
export function seedCrmBase(sandbox: Sandbox, random: Random): CrmBase {
	const { crm, login, businessCentral } = sandbox;
	const [main] = businessCentral.companyList();
	const base = crm.row('transactioncurrency', crm.baseCurrencyId) ?? {};
	const pound = { isocurrencycode: main?.settings.lcyCode ?? 'GBP', currencyname: 'Pound Sterling', currencysymbol: '£' };
	crm.seed('transactioncurrency', [{ ...base, ...pound }]);
	const persons = login.identities
		.filter(({ application }) => !application)
		.map(({ crmUser, fullName, email }) => ({ id: crmUser, fullName, email }));
	const colleagues = people.map(({ first, last }) => ({
		id: random.guid(),
		fullName: `${first} ${last}`,
		email: `${plain(first)}@cronus.example`,
	}));
	const licensed = [...persons, ...colleagues];
	const user = (fullName: string, email: string) => {
		const words = fullName.split(' ');
		return {
			fullname: fullName,
			firstname: words[0] ?? '',
			lastname: words.slice(1).join(' '),
			internalemailaddress: email,
			domainname: email,
		};
	};
	for (const { id, fullName, email } of licensed) {
		if (crm.row('systemuser', id)) continue;
		const phone = { mobilephone: phoneOf(random) };
		crm.addUser({ systemuserid: id, ...user(fullName, email), ...phone, islicensed: true, isintegrationuser: false, isdisabled: false });
	}
	const former = user('Karl Former', 'karl@cronus.example');
	crm.addUser({ systemuserid: random.guid(), ...former, islicensed: true, isintegrationuser: false, isdisabled: true });
	const teamId = random.guid();
	crm.seed('team', [{ teamid: teamId, name: 'BCI - CRONUS', teamtype: 0, isdefault: false, businessunitid: crm.businessUnitId }]);
	crm.seed(
		'bcbi_company',
		businessCentral
			.companyList()
			.map(({ id, name }) => ({ bcbi_companyid: random.guid(), bcbi_externalid: id, bcbi_name: name, bcbi_defaultowningteam: teamId })),
	);
	return { users: licensed.map(({ id }) => id), teamId, baseCurrencyId: crm.baseCurrencyId };
}

/** Accounts that only the CRM knows, with a person each. */
export function seedAccounts(sandbox: Sandbox, base: CrmBase, random: Random, count: number, taken: Set<string>): void {
	const accounts = Array.from({ length: count }, (_, index) => {
		const name = businessOf(random, taken);
		const place = placeOf(random);
		return {
			accountid: random.guid(),
			name,
			customertypecode: 3,
			address1_line1: streetOf(random),
			address1_city: place.city,
			address1_postalcode: place.postCode,
			address1_country: place.country,
			address1_stateorprovince: place.county,
			telephone1: phoneOf(random),
			emailaddress1: `office@${plain(name)}.example`,
			websiteurl: `https://www.${plain(name)}.example`,
			creditlimit: 1000 * random.whole(20),
			paymenttermscode: [1, 3, 4][index % 3]!,
			transactioncurrencyid: base.baseCurrencyId,
			ownerid: base.users[index % base.users.length]!,
		};
	});
	sandbox.crm.seed('account', accounts);
	sandbox.crm.seed(
		'contact',
		accounts.map(({ accountid, ownerid }, index) => {
			const [given = '', ...rest] = personOf(random).split(' ');
			// Only the CRM knows these people, so none may bear the name of somebody in Business Central.
			const first = `${given} ${initialsOf(index)}`;
			return {
				contactid: random.guid(),
				firstname: first,
				lastname: rest.join(' '),
				fullname: [first, ...rest].join(' '),
				emailaddress1: `${plain(first)}.${plain(rest.join(' '))}@mail.example`,
				parentcustomerid: { table: 'account', id: accountid },
				ownerid,
			};
		}),
	);
}
