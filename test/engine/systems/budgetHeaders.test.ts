import { budgetLeft } from '../../../engine/systems/dataverse/budgetHeaders';

test.each([
	[
		{ 'x-ms-ratelimit-burst-remaining-xrm-requests': '5999', 'x-ms-ratelimit-time-remaining-xrm-requests': '1,193.02' },
		{ requests: 5_999, executionMs: 1_193_020 },
	],
	[{ 'x-ms-ratelimit-burst-remaining-xrm-requests': '0' }, { requests: 0 }],
	[{ 'x-ms-ratelimit-burst-remaining-xrm-requests': 'unlimited' }, null],
	[{}, null],
])('what %j tells is left', (headers, left) => {
	expect(budgetLeft(headers)).toEqual(left);
});
