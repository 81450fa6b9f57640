import { clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { close, fieldsOn, open } from './fieldsAway';
import type { Chronicle } from './chronicle';
import type { History } from './history';

const PAGE = 'workflowCustomers';

/** The page with further fields of customers is not published for a while. */
export const pagesComeAndGo: History = {
	event: (chronicle) => show(chronicle, chronicle.closed.size > 0),
	calm(chronicle) {
		if (chronicle.closed.size > 0) show(chronicle, true);
	},
	// People who work in Business Central need no page of web services.
	edit: (chronicle, random) =>
		void chronicle.edit(random, chronicle.closed.size > 0 ? { side: random.pick(['businessCentral', 'crm'] as const) } : {}),
};

function show(chronicle: Chronicle, published: boolean): void {
	const { businessCentral } = chronicle.world.sandbox;
	if (published) businessCentral.publish(PAGE);
	else businessCentral.unpublish(PAGE);
	clearBusinessCentralMetadata();
	(published ? open : close)(chronicle, fieldsOn('page'));
	chronicle.tell(`${PAGE} is ${published ? 'published' : 'gone'}`);
}
