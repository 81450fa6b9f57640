/**
 * After `npm pack`: the development manifest back in place.
 * `--after <seconds>`: only if nobody else has done so by then. Run by hand without it to repair an interrupted pack.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { main, restore, swapPending } from './manifest.mjs';

const after = process.argv.indexOf('--after');

await main(async () => {
	if (after > 0) {
		const deadline = Date.now() + Number(process.argv[after + 1]) * 1000;
		while (swapPending() && Date.now() < deadline) await wait(250);
	}
	restore();
});
