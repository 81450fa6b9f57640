import { join } from 'node:path';
import { findMapping, loadMappings } from '../../../../engine/defaults/catalog';
import { seedBusinessCentral } from '../../../kit/seededCompany';
import { createWorld, type World } from '../../../kit/world';
import { within } from '../../fullSync/fullSyncs';
import { SMALL } from '../../surfaces/worlds';
import { failedWith, refusedWith, says, type Walks } from './kit';

/** Places of Business Central that tables are read from, where one of them goes or can do less than the mapping needs. */
const EXTENSION = join(__dirname, '../../../../extension');
const AGENTS = { mapping: 'SHIPPING AGENT' };

async function on(walk: (world: World) => Promise<void>): Promise<void> {
	const world = await createWorld();
	try {
		await walk(world);
	} finally {
		await world.close();
	}
}

const fine = (results: Awaited<ReturnType<World['run']>>): void =>
	expect(results.map(({ job, failed }) => [job.status, failed])).toEqual(results.map(() => ['finished', []]));
const later = (world: World): void => world.minutes(15);
const bc = ({ sandbox }: World) => sandbox.businessCentral;
const company = (world: World) => bc(world).company(world.base.companyName);
const install = (world: World): void => void bc(world).installExtension(EXTENSION, ['SALESPRICES']);

export const surfaceWalks: Walks = {
	BC_SURFACE_GONE: () =>
		on(async (world) => {
			bc(world).publish('ShippingAgents');
			fine(await world.run(AGENTS));
			bc(world).published.clear();
			later(world);
			const seen = failedWith('BC_SURFACE_GONE', await world.run(AGENTS));
			expect(seen.message).toContain('was read through its published page');
			says(seen, 'Publish it on the page Web Services', 'install the extension that comes with this package');
			install(world);
			later(world);
			fine(await world.run(AGENTS));
		}),

	BC_CHANGE_FEED_READ_ONLY: () =>
		on(async (world) => {
			bc(world).published.clear();
			bc(world).installChangeFeed('SYNC');
			seedBusinessCentral(world, SMALL);
			const resources = { mapping: 'RESOURCE-PRODUCT' };
			const seen = failedWith('BC_CHANGE_FEED_READ_ONLY', await world.run(resources));
			says(seen, 'install the extension that comes with this package', 'choose the direction "Business Central to CRM"');
			await within(world, ({ store }) => store.saveSettings('RESOURCE-PRODUCT', { direction: 'toCrm' }));
			later(world);
			fine(await world.run(resources));
			await within(world, ({ store }) => store.saveSettings('RESOURCE-PRODUCT', null));
			install(world);
			later(world);
			fine(await world.run(resources));
		}),

	BC_CHANGE_FEED_TOO_LARGE: () =>
		on(async (world) => {
			bc(world).published.clear();
			const feed = bc(world).installChangeFeed('SYNC');
			const agents = Array.from({ length: 10_001 }, (_, index) => ({ Code: `L${index}`, Name: `Agent ${index}` }));
			company(world).seed('ShippingAgents', agents);
			const counted = () =>
				within(world, async (session) => {
					const { bc: table } = findMapping(await loadMappings(session), 'SHIPPING AGENT');
					return await session.businessCentral.count(table, null);
				});
			const seen = await refusedWith('BC_CHANGE_FEED_TOO_LARGE', counted);
			says(seen, 'install the extension that comes with this package', 'add a key on SystemModifiedAt and SystemId to table 291');
			feed.index(291);
			// What was seen is remembered for a day.
			world.minutes(24 * 60);
			expect(await counted()).toMatchObject({ count: 10_001 });
		}),

	BC_CHANGE_FEED_FILTER: () =>
		on(async (world) => {
			bc(world).published.clear();
			bc(world).installChangeFeed('SYNC');
			company(world).insert('ShippingAgents', { Code: 'DHL', Name: 'DHL' });
			const raw = (text: string | null) =>
				within(world, ({ store }) =>
					store.saveSettings('SHIPPING AGENT', text === null ? null : { bcFilter: { conditions: [], raw: text } as never }),
				);
			await raw("indexof(Name,'H') eq 1");
			const seen = failedWith('BC_CHANGE_FEED_FILTER', await world.run(AGENTS));
			says(seen, 'Use conditions on fields of the mapping in its filter', 'install the extension that comes with this package');
			await raw("contains(Name,'H')");
			later(world);
			fine(await world.run(AGENTS));
		}),
};
