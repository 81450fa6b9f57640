/** Lines the nodes write into n8n's log are looked at for secrets; the kit keeps the log itself silent. */
import '../n8nEnvironment';
import { Logger } from '@n8n/backend-common';
import { watch } from './watch';

for (const level of ['debug', 'info', 'warn', 'error'] as const) {
	const write = Logger.prototype[level];
	Logger.prototype[level] = function (this: Logger, ...parameters: Parameters<typeof write>) {
		watch('a log line', parameters);
		return write.apply(this, parameters);
	};
}
