import { jsonAnswer, noContent } from '../answers';
import { invalidArgument } from '../errors';
import { metadataId } from '../metadata/labels';
import { sourceRow, type BoundHandler, type Handler } from './handler';

/** A rule counts once it is published. Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/publishduplicaterule */
export const duplicateRuleActions: Record<string, BoundHandler> = {
	PublishDuplicateRule: (platform, call, id) => {
		if (platform.db.store('duplicaterulecondition').having('regardingobjectid', id).size === 0) throw invalidArgument('The duplicate detection rule has no conditions.'); // prettier-ignore
		platform.writer.update('duplicaterule', id, { statecode: 1, statuscode: 2 }, call.session);
		return jsonAnswer(200, {
			'@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.PublishDuplicateRuleResponse`,
			JobId: metadataId('job', id),
		});
	},
};

export const unpublishDuplicateRule: Handler = (platform, call, body) => {
	const { id } = sourceRow(platform, 'duplicaterule', body.DuplicateRuleId);
	platform.writer.update('duplicaterule', id, { statecode: 0, statuscode: 0 }, call.session);
	return noContent();
};
