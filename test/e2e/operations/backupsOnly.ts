/** Only the backups of `npm run e2e:operations`: `npx tsx test/e2e/operations/backupsOnly.ts`. */
import { Checks, Stop } from '../checks';
import { backups } from './backups';

const checks = new Checks();
void backups(checks)
	.catch((error: unknown) => {
		if (error instanceof Stop) return;
		checks.failed++;
		console.error(error);
	})
	.then(() => {
		console.log(`\n${checks.summary()}`);
		process.exit(checks.failed > 0 ? 1 : 0);
	});
