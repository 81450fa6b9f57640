import type { Sandbox } from '../../sandbox';

const id = (logicalName: string) => ({ logicalName, type: 'Uniqueidentifier' as const, access: 'insert' as const });
const text = (logicalName: string, maxLength: number, displayName?: string) => ({
	logicalName,
	type: 'String' as const,
	access: 'full' as const,
	maxLength,
	...(displayName ? { displayName } : {}),
});
const common = [
	{ logicalName: 'createdon', type: 'DateTime' as const, access: 'read' as const, system: true },
	{ logicalName: 'modifiedon', type: 'DateTime' as const, access: 'read' as const, system: true },
	{ logicalName: 'versionnumber', type: 'BigInt' as const, access: 'read' as const, system: true },
];

/** A table of the organization's own: people who work there. */
export function defineEmployees({ crm }: Sandbox): void {
	crm.defineTable({
		logicalName: 'cr1_employee',
		entitySetName: 'cr1_employees',
		primaryId: 'cr1_employeeid',
		primaryName: 'cr1_name',
		ownership: 'OrganizationOwned',
		bulk: true,
		displayName: 'Employee',
		columns: [
			id('cr1_employeeid'),
			text('cr1_name', 100, 'Name'),
			text('cr1_number', 20, 'Employee Number'),
			text('cr1_firstname', 30, 'First Name'),
			text('cr1_lastname', 30, 'Last Name'),
			text('cr1_title', 20, 'Title'),
			text('cr1_phone', 40, 'Phone'),
			text('cr1_mail', 100, 'Mail'),
			text('cr1_hired', 20, 'Hired (Text)'),
			{ logicalName: 'cr1_birthday', type: 'DateTime', access: 'full', format: 'DateOnly', behavior: 'DateOnly', displayName: 'Birthday' },
			{ logicalName: 'cr1_points', type: 'Integer', access: 'full', displayName: 'Points' },
			{ logicalName: 'cr1_total', type: 'Decimal', access: 'read', displayName: 'Total' },
			{
				logicalName: 'cr1_state',
				type: 'Picklist',
				access: 'full',
				options: { '100': 'Active', '200': 'Inactive', '300': 'Terminated' },
				displayName: 'State of Employment',
			},
			{
				logicalName: 'cr1_accountid',
				type: 'Lookup',
				access: 'full',
				targets: ['account'],
				navigation: { account: 'cr1_accountid' },
				displayName: 'Employer',
			},
			...common,
		],
	});
}

/** Much like Dynamics 365 Sales' leads. */
export function defineLeads({ crm }: Sandbox): void {
	crm.defineTable({
		logicalName: 'lead',
		entitySetName: 'leads',
		primaryId: 'leadid',
		primaryName: 'fullname',
		ownership: 'OrganizationOwned',
		bulk: true,
		displayName: 'Lead',
		columns: [
			id('leadid'),
			text('fullname', 160, 'Name'),
			text('companyname', 100, 'Company Name'),
			text('subject', 300, 'Topic'),
			text('address1_city', 80, 'City'),
			text('telephone1', 50, 'Business Phone'),
			text('emailaddress1', 100, 'Email'),
			{ logicalName: 'revenue', type: 'Decimal', access: 'full', displayName: 'Annual Revenue' },
			{ logicalName: 'donotemail', type: 'Boolean', access: 'full', displayName: 'Do not allow Emails' },
			...common,
		],
	});
}
