import { jsonAnswer, noContent } from '../answers';
import { DataverseError, invalidArgument, rowMissing } from '../errors';
import { readPayload, type Body } from '../payload';
import type { Platform } from '../platform';
import { metadataId } from '../metadata/labels';
import type { Handler } from './handler';

/** A file on its way, in blocks of at most 4 MB. */
interface Transfer {
	blocks: Map<string, Buffer>;
	/** Content to hand out; null while uploading. */
	content: Buffer | null;
}

const largestBlock = 4 * 1024 * 1024;
const transfers = new WeakMap<Platform, Map<string, Transfer>>();

function open(platform: Platform, transfer: Transfer): string {
	const known = transfers.get(platform) ?? new Map<string, Transfer>();
	transfers.set(platform, known);
	const token = metadataId('continuation', String(known.size));
	known.set(token, transfer);
	return token;
}

function transferOf(platform: Platform, body: Body): Transfer {
	const found = transfers.get(platform)?.get(String(body.FileContinuationToken));
	if (!found) throw new DataverseError(400, '0x80090003', 'The FileContinuationToken is unknown or has expired.');
	return found;
}

const target = (body: Body): Body => {
	if (typeof body.Target !== 'object' || body.Target === null) throw invalidArgument("The required parameter 'Target' is missing.");
	return body.Target as Body;
};

/** Files of notes in blocks. Source: https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files ("Upload/Download in chunks") */
export const annotationBlocks: Record<string, Handler> = {
	InitializeAnnotationBlocksUpload: (platform, call, body) => {
		target(body);
		const token = open(platform, { blocks: new Map(), content: null });
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.InitializeAnnotationBlocksUploadResponse`, FileContinuationToken: token }); // prettier-ignore
	},
	UploadBlock: (platform, _call, body) => {
		const transfer = transferOf(platform, body);
		if (typeof body.BlockId !== 'string' || typeof body.BlockData !== 'string')
			throw invalidArgument('BlockId and BlockData are required.');
		const data = Buffer.from(body.BlockData, 'base64');
		if (data.length > largestBlock) throw new DataverseError(400, '0x80090004', 'A block must not be larger than 4 MB.');
		transfer.blocks.set(body.BlockId, data);
		return noContent();
	},
	CommitAnnotationBlocksUpload: (platform, call, body) => {
		const { blocks } = transferOf(platform, body);
		const { annotationid, documentbody: _body, ...rest } = target(body);
		if (!Array.isArray(body.BlockList)) throw invalidArgument("The required parameter 'BlockList' is missing.");
		const parts = body.BlockList.map((id: unknown) => {
			const part = blocks.get(String(id));
			if (!part) throw new DataverseError(400, '0x80090005', `The block '${String(id)}' was not uploaded.`);
			return part;
		});
		const content = Buffer.concat(parts);
		const table = platform.model.table('annotation');
		const { values } = readPayload(platform, call, table, rest);
		Object.assign(values, { documentbody: content.toString('base64') });
		const id = typeof annotationid === 'string' ? annotationid.toLowerCase() : null;
		if (id !== null && !platform.db.row('annotation', id)) throw rowMissing('annotation', id);
		platform.demand(call.session, id === null ? 'Create' : 'Write', 'annotation');
		const saved = id ?? platform.writer.create('annotation', values, call.session);
		if (id !== null) platform.writer.update('annotation', id, values, call.session);
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.CommitAnnotationBlocksUploadResponse`, AnnotationId: saved, FileSizeInBytes: content.length }); // prettier-ignore
	},
	InitializeAnnotationBlocksDownload: (platform, call, body) => {
		const id = String(target(body).annotationid ?? '').toLowerCase();
		platform.demand(call.session, 'Read', 'annotation');
		const row = platform.db.row('annotation', id);
		if (!row) throw rowMissing('annotation', id);
		const content = Buffer.from(String(row.documentbody ?? ''), 'base64');
		const token = open(platform, { blocks: new Map(), content });
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.InitializeAnnotationBlocksDownloadResponse`, FileContinuationToken: token, FileSizeInBytes: content.length, FileName: row.filename ?? null }); // prettier-ignore
	},
	DownloadBlock: (platform, call, body) => {
		const { content } = transferOf(platform, body);
		const [offset, length] = [Number(body.Offset ?? 0), Number(body.BlockLength)];
		if (!content || !Number.isInteger(offset) || !Number.isInteger(length) || length <= 0)
			throw invalidArgument('Offset and BlockLength are required.');
		const data = content.subarray(offset, offset + Math.min(length, largestBlock)).toString('base64');
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.DownloadBlockResponse`, Data: data });
	},
};
