/** Says who it is, and lives until it is killed. */
import { processIdentity } from '../../engine/jobs/processes';

console.log(JSON.stringify(processIdentity()));
setInterval(() => undefined, 1_000);
