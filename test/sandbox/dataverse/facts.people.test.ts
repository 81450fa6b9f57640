import { environment } from './client';

const id = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;
const account = (key: number, more: object = {}) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: id(key), ...more });

/** https://learn.microsoft.com/power-apps/developer/data-platform/merge-data, /webapi/reference/merge */
describe('Merge', () => {
	function two() {
		const world = environment();
		const { crm } = world;
		crm.insert('account', { accountid: id(1), name: 'Master', fax: '1' });
		crm.insert('account', { accountid: id(2), name: 'Subordinate', telephone1: '2' });
		crm.insert('contact', { contactid: id(3), lastname: 'C', parentcustomerid: { table: 'account', id: id(2) } });
		crm.insert('opportunity', { opportunityid: id(4), name: 'O', customerid: { table: 'account', id: id(2) } });
		crm.insert('annotation', { annotationid: id(5), subject: 'N', objectid: { table: 'account', id: id(2) } });
		crm.insert('task', { activityid: id(6), subject: 'T', regardingobjectid: { table: 'account', id: id(2) } });
		crm.insert('account', { accountid: id(7), name: 'Child', parentaccountid: id(2) });
		const merge = (more: object = {}) =>
			world.post('Merge', { Target: account(1), Subordinate: account(2), PerformParentingChecks: false, ...more });
		return { ...world, merge };
	}

	test('204; the subordinate is inactive, merged and points to its master', async () => {
		const { merge, crm, get } = two();
		expect((await merge()).status).toBe(204);
		expect(crm.get('account', id(2))).toMatchObject({ statecode: 1, statuscode: 2, merged: true, masterid: id(1), name: 'Subordinate' });
		const { json } = await get(`accounts(${id(2)})?$select=merged,_masterid_value&$expand=masterid($select=name)`);
		expect(json).toMatchObject({ merged: true, _masterid_value: id(1), masterid: { name: 'Master' } });
	});

	test('what pointed to the subordinate points to the master, and its version moves', async () => {
		const { merge, crm } = two();
		const before = Number(crm.get('contact', id(3)).versionnumber);
		await merge();
		expect(crm.get('contact', id(3))).toMatchObject({ parentcustomerid: id(1), parentcustomeridtype: 'account', accountid: id(1) });
		expect(Number(crm.get('contact', id(3)).versionnumber)).toBeGreaterThan(before);
		expect(crm.get('opportunity', id(4)).customerid).toBe(id(1));
		expect(crm.get('annotation', id(5)).objectid).toBe(id(1));
		expect(crm.get('task', id(6)).regardingobjectid).toBe(id(1));
		expect(crm.get('account', id(7)).parentaccountid).toBe(id(1));
	});

	test('the master gets the values of UpdateContent and nothing else', async () => {
		const { merge, crm } = two();
		await merge({
			UpdateContent: {
				'@odata.type': 'Microsoft.Dynamics.CRM.account',
				telephone1: '2',
				accountid: '00000000-0000-0000-0000-000000000000',
			},
		});
		expect(crm.get('account', id(1))).toMatchObject({ name: 'Master', fax: '1', telephone1: '2', statecode: 0 });
	});

	test('parents that differ stop it when they are checked', async () => {
		const { merge, crm } = two();
		crm.update('account', id(2), { parentaccountid: id(7) });
		expect((await merge({ PerformParentingChecks: true })).status).toBe(400);
		expect(crm.get('account', id(2)).statecode).toBe(0);
		expect((await merge()).status).toBe(204);
	});

	test.each<[string, object]>([
		['the same row twice', { Subordinate: account(1) }],
		['two tables', { Subordinate: { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: id(3) } }],
		[
			'a table that cannot be merged',
			{
				Target: { '@odata.type': 'Microsoft.Dynamics.CRM.opportunity', opportunityid: id(4) },
				Subordinate: { '@odata.type': 'Microsoft.Dynamics.CRM.opportunity', opportunityid: id(4) },
			},
		],
		['no type', { Target: { accountid: id(1) } }],
		['no subordinate', { Subordinate: null }],
		['no word about parents', { PerformParentingChecks: undefined }],
		['an unknown column', { UpdateContent: { '@odata.type': 'Microsoft.Dynamics.CRM.account', nothing: 1 } }],
	])('%s is 400 and changes nothing', async (_name, more) => {
		const { merge, crm } = two();
		expect((await merge(more)).status).toBe(400);
		expect(crm.get('account', id(2)).statecode).toBe(0);
		expect(crm.get('contact', id(3)).parentcustomerid).toBe(id(2));
	});

	test('a row that is gone is 404, an inactive one 400, a missing privilege 403', async () => {
		const { merge, crm } = two();
		expect(await merge({ Subordinate: account(99) })).toMatchObject({ status: 404, code: '0x80040217' });
		crm.revokePrivilege(crm.administrator, 'prvMerge');
		expect((await merge()).status).toBe(403);
		crm.grantPrivilege(crm.administrator, 'prvMerge');
		crm.update('account', id(2), { statecode: 1 });
		expect((await merge()).status).toBe(400);
	});

	test('contacts and leads merge, too', async () => {
		const { post, crm } = two();
		crm.insert('contact', { contactid: id(8), lastname: 'D' });
		const contact = (key: number) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: id(key) });
		expect((await post('Merge', { Target: contact(8), Subordinate: contact(3), PerformParentingChecks: false })).status).toBe(204);
		expect(crm.get('contact', id(3))).toMatchObject({ merged: true, masterid: id(8), statecode: 1 });
		const [one, two_] = [crm.insert('lead', { lastname: 'L' }), crm.insert('lead', { lastname: 'M' })];
		const lead = (leadid: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.lead', leadid });
		expect((await post('Merge', { Target: lead(one), Subordinate: lead(two_), PerformParentingChecks: false })).status).toBe(204);
		expect(crm.get('lead', two_)).toMatchObject({ merged: true, statecode: 2 });
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/lead, /webapi/reference/qualifylead */
describe('leads', () => {
	test('full name, states, privileges', async () => {
		const { post, get, crm } = environment();
		const { id: lead } = await post('leads', {
			firstname: 'Ada',
			lastname: 'Byron',
			companyname: 'Engines',
			subject: 'Interested',
			emailaddress1: 'ada@x.example',
		});
		expect((await get(`leads(${lead})`)).json).toMatchObject({ fullname: 'Ada Byron', statecode: 0, statuscode: 1 });
		crm.revokePrivilege(crm.administrator, 'prvReadLead');
		expect((await get(`leads(${lead})`)).status).toBe(403);
	});

	test('QualifyLead makes what is asked for and closes the lead', async () => {
		const { post, crm } = environment();
		const lead = crm.insert('lead', { firstname: 'Ada', lastname: 'Byron', companyname: 'Engines', subject: 'Interested', emailaddress1: 'ada@x.example', address1_city: 'London' }); // prettier-ignore
		const { json } = await post(`leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`, {
			CreateAccount: true,
			CreateContact: true,
			CreateOpportunity: true,
			Status: 3,
		});
		expect(json.value.map((row) => row['@odata.type'])).toEqual([
			'#Microsoft.Dynamics.CRM.account',
			'#Microsoft.Dynamics.CRM.contact',
			'#Microsoft.Dynamics.CRM.opportunity',
		]);
		const [company] = crm.rows('account');
		expect(company).toMatchObject({ name: 'Engines', address1_city: 'London' });
		expect(crm.rows('contact')).toMatchObject([{ fullname: 'Ada Byron', parentcustomerid: company!.accountid }]);
		expect(crm.rows('opportunity')).toMatchObject([{ name: 'Interested', customerid: company!.accountid }]);
		expect(crm.get('lead', lead)).toMatchObject({ statecode: 1, statuscode: 3, parentaccountid: company!.accountid });
		expect((await post(`leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`, { CreateAccount: true, Status: 3 })).status).toBe(400);
	});

	test("without accounts the opportunity is the contact's", async () => {
		const { post, crm } = environment();
		const lead = crm.insert('lead', { lastname: 'Byron' });
		await post(`leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`, {
			CreateAccount: false,
			CreateContact: true,
			CreateOpportunity: true,
			Status: -1,
		});
		expect(crm.rows('account')).toHaveLength(0);
		expect(crm.rows('opportunity')).toMatchObject([{ customerid: crm.rows('contact')[0]!.contactid, customeridtype: 'contact' }]);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/activity-entities */
describe('activities', () => {
	test.each([
		['tasks', 'task', 2],
		['phonecalls', 'phonecall', 1],
		['emails', 'email', 1],
		['appointments', 'appointment', 1],
	])('%s: regarding an account, also among all activities', async (set, table, status) => {
		const { post, get, crm, patch, del } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		const { id: activity, status: created } = await post(set, {
			subject: 'S',
			[`regardingobjectid_account_${table}@odata.bind`]: `/accounts(${id(1)})`,
		});
		expect(created).toBe(204);
		expect((await get(`${set}(${activity})`)).json).toMatchObject({
			subject: 'S',
			activitytypecode: table,
			statecode: 0,
			statuscode: status,
			_regardingobjectid_value: id(1),
		});
		expect((await get(`accounts(${id(1)})/Account_ActivityPointers?$select=subject,activitytypecode`)).json.value).toMatchObject([
			{ activityid: activity, subject: 'S', activitytypecode: table },
		]);
		await patch(`${set}(${activity})`, { subject: 'T', statecode: 1 });
		expect((await get(`activitypointers(${activity})`)).json).toMatchObject({ subject: 'T', statecode: 1 });
		await del(`${set}(${activity})`);
		expect((await get(`activitypointers(${activity})`)).status).toBe(404);
	});

	test('all activities and their parties cannot be written directly', async () => {
		const { post } = environment();
		expect(await post('activitypointers', { subject: 'S' })).toMatchObject({ status: 400, code: '0x80040800' });
		expect(await post('activityparties', { participationtypemask: 1 })).toMatchObject({ status: 400, code: '0x80040800' });
	});

	test('parties come with their activity', async () => {
		const { post, get, crm } = environment();
		const person = crm.insert('contact', { lastname: 'C', emailaddress1: 'c@x.example' });
		const { id: email, status } = await post('emails', {
			subject: 'Hello',
			email_activity_parties: [
				{ 'partyid_systemuser@odata.bind': `/systemusers(${crm.administrator})`, participationtypemask: 1 },
				{ 'partyid_contact@odata.bind': `/contacts(${person})`, participationtypemask: 2 },
			],
		});
		expect(status).toBe(204);
		const { json } = await get(
			`emails(${email})?$select=subject&$expand=email_activity_parties($select=participationtypemask,_partyid_value)`,
		);
		expect((json.email_activity_parties as Array<Record<string, unknown>>).map((each) => each._partyid_value).sort()).toEqual(
			[crm.administrator, person].sort(),
		);
		const [party] = crm.rows('activityparty');
		expect(
			await post('activityparties/Microsoft.Dynamics.CRM.CreateMultiple', {
				Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.activityparty' }],
			}),
		).toMatchObject({ status: 400 });
		expect((await get(`activityparties(${String(party!.activitypartyid)})`)).status).toBe(200);
	});

	test('they go with what they regard', async () => {
		const { crm } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		crm.insert('task', { activityid: id(2), subject: 'S', regardingobjectid: { table: 'account', id: id(1) } });
		crm.remove('account', id(1));
		expect([crm.rows('task'), crm.rows('activitypointer')]).toEqual([[], []]); // prettier-ignore
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/customeraddress */
describe('customer addresses', () => {
	test('an account has two, a contact three, which say what its own columns say', async () => {
		const { post, get, patch, crm } = environment();
		const { id: company } = await post('accounts', { name: 'A', address1_city: 'Rome', address2_line1: 'Via' });
		const addresses = async () =>
			(await get(`accounts(${company})/Account_CustomerAddress?$select=addressnumber,city,line1,objecttypecode&$orderby=addressnumber`))
				.json.value;
		expect(await addresses()).toMatchObject([{ addressnumber: 1, city: 'Rome', objecttypecode: 'account' }, { addressnumber: 2, line1: 'Via' }]); // prettier-ignore
		await patch(`accounts(${company})`, { address1_city: 'Milan' });
		expect((await addresses())[0]).toMatchObject({ city: 'Milan' });
		expect((await get(`customeraddresses(${String(crm.get('account', company).address1_addressid)})`)).json.city).toBe('Milan');
		const { id: person } = await post('contacts', { lastname: 'C' });
		expect((await get(`contacts(${person})/Contact_CustomerAddress`)).json.value).toHaveLength(3);
	});

	test('further ones are numbered on and go with their owner', async () => {
		const { post, get, del, crm } = environment();
		const { id: company } = await post('accounts', { name: 'A' });
		const { id: third } = await post('customeraddresses', {
			name: 'Warehouse',
			city: 'Turin',
			'parentid_account@odata.bind': `/accounts(${company})`,
		});
		expect((await get(`customeraddresses(${third})`)).json).toMatchObject({
			addressnumber: 3,
			objecttypecode: 'account',
			_parentid_value: company,
		});
		await del(`accounts(${company})`);
		expect(crm.rows('customeraddress')).toHaveLength(0);
	});

	test('they do not move the version of their owner', async () => {
		const { post, get, crm } = environment();
		const { id: company } = await post('accounts', { name: 'A' });
		const { headers } = await get(`accounts(${company})`);
		await post('customeraddresses', { city: 'Turin', 'parentid_account@odata.bind': `/accounts(${company})` });
		expect((await get(`accounts(${company})`)).headers.etag).toBe(headers.etag);
		expect(crm.rows('customeraddress')).toHaveLength(3);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files */
describe('files of notes in blocks', () => {
	const target = (more: object = {}) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.annotation', ...more });
	const base64 = (text: string) => Buffer.from(text).toString('base64');

	test('up, in order of the list, and down again', async () => {
		const { post, crm } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		const started = await post('InitializeAnnotationBlocksUpload', { Target: target({ subject: 'File' }) });
		const token = started.json.FileContinuationToken;
		for (const [block, text] of [
			['b', 'World'],
			['a', 'Hello '],
		] as const) {
			// prettier-ignore
			expect((await post('UploadBlock', { BlockId: block, BlockData: base64(text), FileContinuationToken: token })).status).toBe(204);
		}
		const note = target({
			subject: 'File',
			filename: 'a.txt',
			mimetype: 'text/plain',
			'objectid_account@odata.bind': `/accounts(${id(1)})`,
		});
		const { json } = await post('CommitAnnotationBlocksUpload', { Target: note, BlockList: ['a', 'b'], FileContinuationToken: token });
		expect(json).toMatchObject({ FileSizeInBytes: 11 });
		expect(crm.get('annotation', String(json.AnnotationId))).toMatchObject({
			documentbody: base64('Hello World'),
			filename: 'a.txt',
			objectid: id(1),
			isdocument: true,
		});
		const down = await post('InitializeAnnotationBlocksDownload', { Target: target({ annotationid: json.AnnotationId }) });
		expect(down.json).toMatchObject({ FileName: 'a.txt', FileSizeInBytes: 11 });
		const parts: string[] = [];
		for (const Offset of [0, 6]) {
			const block = await post('DownloadBlock', { Offset, BlockLength: 6, FileContinuationToken: down.json.FileContinuationToken });
			parts.push(Buffer.from(String(block.json.Data), 'base64').toString());
		}
		expect(parts.join('')).toBe('Hello World');
	});

	test.each([
		['an unknown token', 'UploadBlock', { BlockId: 'a', BlockData: 'AA==', FileContinuationToken: 'x' }],
		['no target', 'InitializeAnnotationBlocksUpload', {}],
	])('%s is 400', async (_name, action, body) => {
		const { post } = environment();
		expect((await post(action, body)).status).toBe(400);
	});

	test('a block that was not sent, a block above 4 MB, a note that is gone', async () => {
		const { post } = environment();
		const { json } = await post('InitializeAnnotationBlocksUpload', { Target: target() });
		const FileContinuationToken = json.FileContinuationToken;
		expect((await post('CommitAnnotationBlocksUpload', { Target: target(), BlockList: ['a'], FileContinuationToken })).status).toBe(400);
		expect((await post('UploadBlock', { BlockId: 'a', BlockData: 'A'.repeat(6_000_000), FileContinuationToken })).status).toBe(400);
		expect((await post('InitializeAnnotationBlocksDownload', { Target: target({ annotationid: id(9) }) })).status).toBe(404);
	});
});
