import { certificateWalks } from './certificates';
import { connectionWalks } from './connections';
import { contactWalks } from './contacts';
import { coupleWalks } from './couples';
import { documentWalks } from './documents';
import { environmentWalks } from './environments';
import { figureWalks } from './figures';
import { invoiceWalks } from './invoices';
import { codesOfPage } from './kit';
import { matchWalks } from './matching';
import { productWalks } from './products';
import { restWalks } from './rest';
import { serviceWalks } from './services';
import { settingWalks } from './settings';
import { storeWalks } from './store';
import { surfaceWalks } from './surfaces';
import { deletionWalks } from './deletions';
import { optionWalks } from './options';
import { partnerWalks } from './partners';
import { runWalks } from './runs';
import { UNWALKED } from './unwalked';
import { valueWalks } from './values';
import { webhookWalks } from './webhooks';

const ALL = [
	certificateWalks,
	contactWalks,
	runWalks,
	partnerWalks,
	optionWalks,
	deletionWalks,
	connectionWalks,
	coupleWalks,
	documentWalks,
	environmentWalks,
	figureWalks,
	invoiceWalks,
	matchWalks,
	productWalks,
	restWalks,
	serviceWalks,
	settingWalks,
	storeWalks,
	surfaceWalks,
	valueWalks,
	webhookWalks,
];

test('every error of the page is walked once, or stands with the reason why nobody can', () => {
	const walked = ALL.flatMap((walks) => Object.keys(walks));
	const covered = [...walked, ...Object.keys(UNWALKED)].sort();
	// The yardstick itself: the page is read as a whole.
	expect(codesOfPage().length).toBeGreaterThan(240);
	expect(covered).toEqual([...new Set(covered)]);
	expect(covered).toEqual(codesOfPage().sort());
	expect(Object.keys(UNWALKED).length).toBeLessThan(walked.length / 10);
});
