import { chromium as playwright, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import { chromium } from './chromium';
import { owner } from './rest';

selectors.setTestIdAttribute('data-test-id');

/** n8n's editor in a browser, in the words of its parts. Finds them by the test ids that n8n's own tests use. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly origin: string,
	) {}

	static async open(origin: string): Promise<Editor> {
		const browser = await playwright.launch({
			executablePath: chromium(),
			args: ['--no-sandbox', '--force-color-profile=srgb', '--font-render-hinting=none'],
		});
		const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
		// The editor asks for fonts and news from outside; the run must not depend on them.
		await context.route(
			(url) => url.hostname !== '127.0.0.1',
			(route) => route.abort(),
		);
		const page = await context.newPage();
		page.setDefaultTimeout(30_000);
		return new Editor(browser, page, origin);
	}

	part(testId: string): Locator {
		return this.page.getByTestId(testId);
	}

	async signIn(): Promise<void> {
		await this.page.goto(`${this.origin}/signin`);
		await this.page.locator('input[autocomplete="email"], input[name="emailOrLdapLoginId"]').first().fill(owner.email);
		await this.page.locator('input[type="password"]').fill(owner.password);
		await this.page.keyboard.press('Enter');
		await this.page.waitForURL(/\/(home|workflow)/);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.origin}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Waits until the canvas shows as many nodes and notes. */
	async shown(nodes: number, notes: number): Promise<void> {
		await this.part('canvas-node')
			.nth(nodes - 1)
			.waitFor();
		if (notes > 0)
			await this.part('sticky')
				.nth(notes - 1)
				.waitFor();
	}

	/** Brings the whole workflow into view. */
	async fitCanvas(): Promise<void> {
		await this.part('zoom-to-fit').click();
	}

	/** Opens the panel of a node on the canvas. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await this.part('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	/** A parameter of the open panel. */
	parameter(name: string): Locator {
		return this.page.locator(`[data-test-id="parameter-input-${name}"], [data-test-id="resource-locator-${name}"]`).first();
	}

	/** Names of the credentials that the panel's n-th credential field offers. */
	async credentialsOffered(index: number): Promise<string[]> {
		const field = this.part('node-credentials-select').nth(index);
		await field.click();
		const items = this.page.locator('li[data-test-id^="node-credentials-select-item-"]').locator('visible=true');
		await items.first().waitFor();
		const names = await items.locator('span').evaluateAll((spans) => spans.map((span) => span.textContent));
		await field.click();
		// A list that is still fading out would be taken for part of the next one.
		while ((await items.count()) > 0) await this.page.waitForTimeout(100);
		return names.map((name) => name.trim());
	}

	/** Opens a resource locator's list and answers what it offers. */
	async offered(parameter: string, search?: string): Promise<string[]> {
		await this.part(`resource-locator-${parameter}`).locator('input').last().click();
		if (search !== undefined) {
			await this.part('rlc-search').locator('visible=true').fill(search);
			await this.page.waitForTimeout(1200);
		}
		await this.part('rlc-item').locator('visible=true').first().waitFor();
		return (await this.part('rlc-item').locator('visible=true').allInnerTexts()).map((text) => text.trim());
	}

	async choose(text: string): Promise<void> {
		await this.part('rlc-item').locator('visible=true').filter({ hasText: text }).first().click();
	}

	/**
	 * Presses *Execute step* and waits for the outcome; the panel must not show one from before.
	 * @throws with what the output pane says when the node failed
	 */
	async executeStep(): Promise<void> {
		await this.part('node-execute-button').first().click();
		const outcome = this.page.locator('[data-test-id="node-run-status-success"], [data-test-id="node-run-status-danger"]').first();
		await outcome.waitFor({ timeout: 90_000 });
		if ((await outcome.getAttribute('data-test-id')) === 'node-run-status-danger') {
			throw new Error(`The node failed: ${await this.part('output-panel').innerText()}`);
		}
	}

	/** Moves the parameters to the left, so that the output gets the room. */
	async widenOutput(): Promise<void> {
		const grip = await this.part('panel-drag-button').boundingBox();
		if (grip === null) throw new Error('The panel cannot be moved.');
		const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
		await this.page.mouse.move(x, y);
		await this.page.mouse.down();
		await this.page.mouse.move(x - 200, y, { steps: 8 });
		await this.page.mouse.move(x - 420, y, { steps: 8 });
		await this.page.mouse.up();
	}

	/** How the output is shown. */
	async showOutputAs(mode: 'schema' | 'table' | 'json'): Promise<void> {
		await this.part('output-panel').getByTestId(`radio-button-${mode}`).click();
	}

	/** @param down pixels */
	async scrollOutput(down: number): Promise<void> {
		const pane = await this.part('output-panel').boundingBox();
		if (pane === null) throw new Error('There is no output.');
		await this.page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height * 0.7);
		await this.page.mouse.wheel(0, down);
	}

	/** @param file where to put a picture of what a user sees, without passing notifications */
	async screenshot(file: string): Promise<void> {
		for (const close of await this.page.locator('.el-notification__closeBtn').all())
			await close.click({ timeout: 2000 }).catch(() => undefined);
		await this.page.mouse.move(0, 0);
		await this.page.waitForTimeout(500);
		await this.page.screenshot({ path: file });
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
