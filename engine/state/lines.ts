import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { damaged } from './stateFile';

/** No row is nearly as long; a file that is something else must not fill the memory. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** Lines of a text that arrives in pieces. @throws SyncError `STATE_DAMAGED` when the stream cannot be read to its end */
export async function* linesOf(text: Readable): AsyncGenerator<string> {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	try {
		for await (const piece of text as AsyncIterable<Buffer>) {
			const lines = (rest + decoder.write(piece)).split('\n');
			rest = lines.pop()!;
			if (rest.length > LONGEST_LINE) throw damaged('a line of it is too long');
			yield* lines;
		}
	} catch (error) {
		const { code } = error as { code?: unknown };
		if (typeof code === 'string' && code.startsWith('Z_')) throw damaged('it cannot be unpacked', error);
		throw error;
	}
	if (rest + decoder.end() !== '') throw damaged('its last line is cut off');
}
