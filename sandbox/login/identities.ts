/** Somebody who can sign in: an application, or a person who uses both systems. */
export interface Identity {
	/** Business Central user name; also the user name of basic authentication. */
	businessCentralUser: string;
	/** Web service access key: the password of basic authentication. */
	accessKey: string;
	/** `systemuserid` in Dataverse. The row of an application is there from the start; rows of people come with the demonstration data. */
	crmUser: string;
	fullName: string;
	email: string;
	/** Set for applications: client id and secret of the registration. */
	application?: { clientId: string; clientSecret: string };
}

export const tenantId = '7f0c3a52-6d1e-4b8a-9c2f-1e5d7a3b9c40';

/** The application the nodes sign in as, first; then two people for acting as a user and for the delegated flow. */
export const defaultIdentities: readonly Identity[] = [
	{
		businessCentralUser: 'SYNC',
		accessKey: 'c3luYy1zYW5kYm94LWFjY2Vzcy1rZXktMDAwMDAwMDE=',
		crmUser: '5a1d0c1e-0001-4000-8000-000000000001',
		fullName: '# Business Central Integration',
		email: 'integration@cronus.example',
		application: { clientId: '11111111-aaaa-4bbb-8ccc-000000000001', clientSecret: 'sandbox-secret-1' },
	},
	{
		businessCentralUser: 'ANNA',
		accessKey: 'YW5uYS1zYW5kYm94LWFjY2Vzcy1rZXktMDAwMDAwMDI=',
		crmUser: '5a1d0c1e-0001-4000-8000-000000000002',
		fullName: 'Anna Lindqvist',
		email: 'anna@cronus.example',
	},
	{
		businessCentralUser: 'BEN',
		accessKey: 'YmVuLXNhbmRib3gtYWNjZXNzLWtleS0wMDAwMDAwMDAz',
		crmUser: '5a1d0c1e-0001-4000-8000-000000000003',
		fullName: 'Ben Okafor',
		email: 'ben@cronus.example',
	},
];
