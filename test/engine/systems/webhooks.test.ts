import { account, customers, sandboxed, type Sandboxed } from './sandboxed';

const URL_NOW = 'https://n8n.example/webhook/1/changes';

describe('subscriptions of Business Central', () => {
	let world: Sandboxed;
	beforeEach(() => {
		world = sandboxed();
		world.sandbox.businessCentral.webhooks.deliver = async (url) => ({
			status: 200,
			body: new URL(url).searchParams.get('validationToken') ?? '',
		});
	});
	const resource = () => `/api/v2.0/companies(${world.companyId})/customers`;

	it('are made, listed, renewed and removed', async () => {
		const { subscriptions } = world.businessCentral();
		expect(await subscriptions!.resourceOf(customers)).toBe(resource());
		const made = await subscriptions!.create({ url: URL_NOW, resource: resource(), clientState: 's' });
		expect(made).toMatchObject({ url: URL_NOW, clientState: 's', resource: resource(), expiresMs: world.clock.now() + 3 * 86_400_000 });
		expect(await subscriptions!.list([resource()])).toEqual([made]);
		world.sandbox.clock.advance(3_600_000);
		const { subscriptions: later } = world.businessCentral();
		expect(await later!.renew(made, { clientState: 't' })).toMatchObject({
			clientState: 't',
			url: URL_NOW,
			expiresMs: world.clock.now() + 3 * 86_400_000,
		});
		// The etag of then is no longer that of now, and does not matter.
		expect(await later!.renew(made, {})).toMatchObject({ id: made.id });
		await later!.remove(made);
		await later!.remove(made);
		expect(await later!.renew(made, {})).toBeNull();
		expect(await later!.list([])).toEqual([]);
	});

	it('pages published under OData V4 are not watched; those of an own API are, at its own root', async () => {
		const { subscriptions } = world.businessCentral();
		expect(
			await subscriptions!.resourceOf({ name: 'PriceListLineReview', numberField: null, nameField: 'x', page: { keys: ['a'] } }),
		).toBeNull();
		world.sandbox.businessCentral.defineApiPage({
			...{ publisher: 'acme', group: 'crm', version: 'v1.0', entitySetName: 'parties', entityName: 'party', table: 'Customer' },
			properties: { id: 'SystemId|guid!', number: 'No.!', lastModifiedDateTime: 'SystemModifiedAt|dateTime!' },
		});
		const own = await subscriptions!.resourceOf({ name: 'acme/crm/v1.0/parties', numberField: 'number', nameField: 'number' });
		expect(own).toBe(`/api/acme/crm/v1.0/companies(${world.companyId})/parties`);
		const made = await subscriptions!.create({ url: URL_NOW, resource: own!, clientState: 's' });
		expect((await subscriptions!.list([own!])).map(({ id }) => id)).toEqual([made.id]);
		expect(
			world
				.taken()
				.map(({ path }) => path)
				.filter((path) => /acme.*subscriptions/.test(path)),
		).toHaveLength(2);
	});

	it('a user who may not is told so', async () => {
		const { subscriptions } = world.businessCentral();
		world.sandbox.businessCentral.permissions.deny('SYNC', 'API Webhook Subscription', 'Insert');
		await expect(subscriptions!.create({ url: URL_NOW, resource: resource(), clientState: 's' })).rejects.toMatchObject({
			httpStatus: 403,
		});
	});
});

test('endpoints and steps of Dataverse are made, listed, changed and removed', async () => {
	const world = sandboxed();
	const { serviceEndpoints } = world.dataverse();
	const header = ['x-secret', 'a"<&'] as const;
	const id = await serviceEndpoints!.createEndpoint({ name: 'ours 1', url: URL_NOW, header });
	await serviceEndpoints!.createSteps(id, [
		{ name: 'ours 1 Update', table: 'account', message: 'Update', columns: ['name', 'telephone1'] },
		{ name: 'ours 1 Delete', table: 'account', message: 'Delete', columns: [] },
	]);
	const found = await serviceEndpoints!.list('ours');
	expect(found.endpoints).toEqual([{ id, name: 'ours 1', url: URL_NOW }]);
	expect([...found.steps].sort((a, b) => b.message.localeCompare(a.message))).toEqual([
		expect.objectContaining({ endpoint: id, table: 'account', message: 'Update', columns: ['name', 'telephone1'], enabled: true }),
		expect.objectContaining({ endpoint: id, table: 'account', message: 'Delete', columns: [] }),
	]);
	expect((await serviceEndpoints!.list('theirs')).endpoints).toEqual([]);
	const seen: string[] = [];
	world.sandbox.crm.webhooks.deliver = async (url, { headers }) => (seen.push(`${url} ${headers['x-secret']}`), 200);
	await serviceEndpoints!.changeEndpoint(id, { url: 'https://other.example/x' });
	world.sandbox.crm.update('account', world.sandbox.crm.insert('account', { name: 'A' }), { name: 'B' });
	world.sandbox.clock.advance(2_000);
	await new Promise((resolve) => setImmediate(resolve));
	expect(seen).toEqual(['https://other.example/x a"<&']);
	await expect(serviceEndpoints!.createSteps(id, [{ name: 'x', table: 'nothing', message: 'Create', columns: [] }])).rejects.toMatchObject({
		code: 'CRM_TABLE_NOT_TOLD',
	});
	await serviceEndpoints!.remove(
		found.steps.map((step) => step.id),
		[id],
	);
	await serviceEndpoints!.remove([], [id]);
	expect((await serviceEndpoints!.list('ours')).steps).toEqual([]);
	expect(await world.dataverse().hasNewest(account)).toBe(true);
});
