/** `npx tsx test/docs/reportPicture.ts [folder]`: pictures of the report in Chromium, light and dark, wide and narrow; the wide one goes into the documentation. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../e2e/n8n/chromium';
import { createWorld } from '../kit/world';
import { playWeek, weeklyReport } from './reportStory';

const picture = resolve(__dirname, '../../docs/images/report.png');

async function main(): Promise<void> {
	const folder = process.argv[2];
	const world = await createWorld();
	await playWeek(world);
	const { html } = await weeklyReport(world);
	await world.close();
	const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--force-color-profile=srgb'] });
	const shoot = async (path: string, width: number, colorScheme: 'light' | 'dark', scale: number): Promise<void> => {
		const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, deviceScaleFactor: scale });
		await page.setContent(html);
		await page.screenshot({ path, fullPage: true });
		await page.close();
	};
	await shoot(picture, 960, 'light', 1);
	if (folder) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'report.html'), html);
		await shoot(join(folder, 'desktop-dark.png'), 960, 'dark', 1);
		await shoot(join(folder, 'phone.png'), 390, 'light', 1);
		await shoot(join(folder, 'phone-dark.png'), 390, 'dark', 1);
	}
	await browser.close();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
