/** `npm run build`: compiles credentials, nodes and engine to dist/ and puts icons and node descriptions (codex files) beside them. */
import { main, readManifest, recover } from './manifest.mjs';
import { build } from './compile.mjs';

await main(() => {
	recover();
	build(readManifest());
});
