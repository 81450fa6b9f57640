import { stampText } from '../data/stamp';
import { BcError } from '../errors';
import type { TableRules } from '../write/session';

/** Two-step write: metadata first, bytes by PATCH of attachmentContent. */
export const attachmentRules: TableRules = {
	beforeInsert(draft) {
		for (const [field, name] of [
			['Document Id', 'parentId'],
			['File Name', 'fileName'],
		] as const) {
			if (draft.text(field) === '') throw new BcError(400, 'BadRequest_RequiredParamNotProvided', `The ${name} must be specified.`);
		}
		if (!/^[^\\/:*?"<>|]+\.[^\\/:*?"<>|.]+$/.test(draft.text('File Name'))) draft.set('File Name', 'filename.txt');
		draft.set('Created Date-Time', `${stampText(draft.session.company.now()).slice(0, 19)}Z`);
	},
};
