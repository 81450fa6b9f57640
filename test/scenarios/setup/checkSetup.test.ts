import { checkEverything } from '../../../engine/setup/check';
import type { Finding } from '../../../engine/model/finding';
import { createWorld, type World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { offer } from '../surfaces/worlds';

let world: World;
beforeAll(async () => {
	world = await createWorld();
	offer(world, 'published pages');
});
afterAll(() => world.close());
const check = (): Promise<Finding[]> => within(world, (session) => checkEverything(session));

test('healthy', async () => {
	const found = await check();
	console.log(found.map((f) => [f.severity, f.area, f.system, f.subject, f.neededBy.join('|'), f.message, f.remedy].join(' · ')).join('\n'));
	console.log(world.takeRequests().map((r) => r.method + ' ' + r.path.slice(0, 120) + ' ' + r.parts.length+' '+r.status).join('\n'));
});
