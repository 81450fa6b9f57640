/** Works until it is asked to end. `listening`: with a listener for the first signal, as n8n has one. */
import { watchProcessEnd } from '../../nodes/shared/processEnd';

if (process.argv.includes('listening')) process.once('SIGTERM', () => console.log('listener'));
const work = watchProcessEnd();
const alive = setInterval(() => undefined, 1_000);
work.signal.addEventListener('abort', () =>
	setImmediate(() => {
		console.log(String((work.signal.reason as { reason: unknown }).reason));
		clearInterval(alive);
		process.exitCode = 3;
	}),
);
console.log('working');
