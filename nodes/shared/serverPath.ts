import type { IExecuteFunctions, ResolvedFilePath } from 'n8n-workflow';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { statSync } from 'node:fs';
import { SyncError } from '../../engine';

/**
 * A place on the n8n server that a workflow names for a file, as n8n's own nodes for files treat it: what an administrator has barred
 * (N8N_RESTRICT_FILE_ACCESS_TO, N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES) is barred here too.
 *
 * @param path of a file in a folder that exists, or of such a folder: then the file is called `name`
 * @returns the true path; links are followed but for the file itself
 * @throws SyncError `BACKUP_TARGET` (setup)
 */
export async function serverPath(context: IExecuteFunctions, path: string, name: string): Promise<string> {
	if (!isAbsolute(path)) {
		throw refused(`"${path}" is not an absolute path.`, 'Give the whole path, beginning at the root.');
	}
	const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, name) : path;
	const folder = await context.helpers.resolvePath(dirname(file)).catch((error: unknown) => {
		const reason = error instanceof Error ? error.message : String(error);
		throw refused(`The folder of "${file}" cannot be used: ${reason}.`, 'Make the folder first; it is not made here.');
	});
	const resolved = join(folder, basename(file)) as ResolvedFilePath;
	if (context.helpers.isFilePathBlocked(resolved)) {
		throw refused(
			`n8n does not let its nodes write to "${resolved}".`,
			'Choose a folder that is allowed (by default .n8n-files in the home directory), or let an administrator add one to N8N_RESTRICT_FILE_ACCESS_TO.',
		);
	}
	return resolved;
}

const refused = (message: string, hint: string): SyncError =>
	new SyncError({ code: 'BACKUP_TARGET', errorClass: 'setup', system: 'store', message, hint });
