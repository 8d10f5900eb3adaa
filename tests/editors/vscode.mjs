// What a person does: no program yet, then a migration with its squiggle, hover and fix; a rule explained, a restart. After each step there
// is a screenshot. Closes with "N passed, N failed".
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
const require = createRequire(join(process.env.DDLINT_TOOLS, 'package.json'));
const { chromium } = require('playwright-core');
const [url, pictures, folder] = process.argv.slice(2);
const timeout = 90000;
const file = '0006_index_orders_customer.up.sql', required = '0008_fax_required.up.sql';
const counts = { passed: 0, failed: 0 };

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true,
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
page.setDefaultTimeout(timeout);

// A step stands on those before it: behind one that fails the others are not tried.
async function step(name, work) {
	if (counts.failed)
		return;
	try {
		await work();
		counts.passed++;
	} catch (error) {
		counts.failed++;
		console.log(`FAIL ${name}: ${error.message}`);
	}
	await page.screenshot({ path: join(pictures, `${name.replaceAll(' ', '-')}.png`) });
}

const set = settings => writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));

const read = name => readFileSync(join(folder, 'migrations', name), 'utf8');

async function until(holds) {
	for (const start = Date.now(); !holds(); await page.waitForTimeout(100))
		assert(Date.now() - start < timeout, `${holds} does not come true`);
}

async function command(title) {
	await page.keyboard.press('F1');
	await page.locator('.quick-input-widget input').first().fill(`>${title}`);
	await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
	await page.keyboard.press('Enter');
}

async function open(name) {
	await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
	await page.locator('.tab.active', { hasText: name }).waitFor();
}

async function middle(element) {
	let box;
	while (!(box = await element.boundingBox())) // drawn anew just now
		await page.waitForTimeout(100);
	return [box.x + Math.min(60, box.width / 2), box.y + box.height / 2];
}

const inWebview = () => page.frameLocator('iframe.webview').last().frameLocator('iframe');
const squiggle = page.locator('.monaco-editor .squiggly-error').first();
const status = page.locator('.statusbar-item[id*="ddlint"]');

await step('the workbench opens', async () => {
	for (let tries = 0; ; tries++) { // the server is still starting
		try { await page.goto(url, { waitUntil: 'domcontentloaded' }); break; } catch (error) { if (tries > 60) throw error; await page.waitForTimeout(1000); }
	}
	await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'migrations' }).click();
	await open(file);
});

await step('without its program it says so', async () => {
	await page.locator('.notification-toast', { hasText: 'no program is there' }).waitFor();
	assert.match(await status.getAttribute('aria-label'), /not running/);
	await page.locator('.notification-toast .monaco-button', { hasText: 'How to Install' }).click();
	await page.locator('.gettingStartedContainer', { hasText: 'Migrations that do not stop production' }).waitFor();
});

await step('without the setting its own program runs', async () => {
	set({ 'ddlint.path': '' });
	await open(file);
	await squiggle.waitFor();
	await page.locator('.statusbar-item[id*="ddlint"][aria-label*="1 error, 0 warnings, 0 notes"]').waitFor();
});

await step('squiggle', async () => {
	await page.mouse.move(...await middle(squiggle), { steps: 5 });
	await page.locator('.monaco-hover .hover-row', { hasText: 'index-not-concurrent' }).first().waitFor();
	await page.locator('.monaco-hover .hover-row', { hasText: 'locks public.orders with SHARE' }).first().waitFor();
	const link = page.locator('.monaco-hover a', { hasText: 'index-not-concurrent' }).first();
	assert.match(await link.getAttribute('data-href') ?? await link.getAttribute('href'), /^https:\/\/www\.postgresql\.org\/docs\//);
});

await step('a rule is explained', async () => {
	await page.keyboard.press('Escape');
	await page.mouse.click(...await middle(squiggle));
	await command('ddlint: Explain a Rule');
	await inWebview().getByRole('heading', { name: 'Instead' }).waitFor();
});

await step('fix', async () => {
	await command('View: Single Column Editor Layout');
	await open(file);
	await page.mouse.click(...await middle(squiggle));
	await page.keyboard.press('Control+.');
	await page.locator('.action-widget .monaco-list-row', { hasText: 'CONCURRENTLY' }).first().waitFor();
	await page.screenshot({ path: join(pictures, 'fixes.png') });
	await page.keyboard.press('Enter'); // the first one
	await squiggle.waitFor({ state: 'detached' });
	await page.keyboard.press('Control+S');
	await until(() => read(file).includes('CREATE INDEX CONCURRENTLY'));
});

await step('hints and lenses', async () => {
	await open(required);
	await squiggle.waitFor();
	set({ 'ddlint.path': '', 'ddlint.inlayHints': true, 'ddlint.codeLens': true });
	await page.locator('.monaco-editor .view-line', { hasText: /SET\sNOT\sNULL;\s*ACCESS\sEXCLUSIVE/ }).waitFor();
	await page.locator('.monaco-editor .codelens-decoration', { hasText: /ACCESS\sEXCLUSIVE/ }).waitFor();
});

await step('safe steps', async () => {
	await page.mouse.click(...await middle(squiggle));
	await page.keyboard.press('Control+.');
	await page.locator('.action-widget .monaco-list-row', { hasText: 'Split into safe steps' }).waitFor();
	await page.screenshot({ path: join(pictures, 'steps.png') });
	while (!await page.locator('.action-widget .monaco-list-row.focused', { hasText: 'Split into safe steps' }).count())
		await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^0010_.*up/ }).waitFor();
	await command('File: Save All Files');
	await until(() => !read(required).includes('SET NOT NULL'));
	assert.match(read(required), /CHECK \(fax IS NOT NULL\) NOT VALID/);
	await squiggle.waitFor({ state: 'detached' });
});

await step('restart', async () => {
	writeFileSync(join(folder, 'migrations', file), 'DROP TABLE orders;\n');
	await open(file);
	await squiggle.waitFor();
	await command('ddlint: Restart the Language Server');
	await page.locator('.statusbar-item[id*="ddlint"][aria-label*="error"]').waitFor();
	await squiggle.waitFor();
});

await step('a rule of their own is explained', async () => {
	await page.locator('.monaco-editor .view-line').first().click();
	await page.keyboard.press('Control+End'); // there is no finding here: all rules are offered
	await command('ddlint: Explain a Rule');
	await page.locator('.quick-input-widget input').first().fill('orders-dropped');
	await page.locator('.quick-input-list .monaco-list-row', { hasText: 'the orders stay' }).first().waitFor();
	await page.keyboard.press('Enter');
	await inWebview().getByRole('heading', { name: 'orders-dropped' }).waitFor();
	await command('View: Single Column Editor Layout');
});

await step('audit', async () => {
	await command('ddlint: Audit the Workspace');
	await inWebview().locator('#shown', { hasText: /^[0-9]+ migrations/ }).waitFor(); // what the page's own script writes
	await inWebview().locator('#risk').selectOption('high');
	await inWebview().locator('#shown', { hasText: /^[0-9]+ of [0-9]+ migrations/ }).waitFor();
	await inWebview().locator('#shown').scrollIntoViewIfNeeded();
});

await step('nothing complained', async () => {
	const complaints = await page.locator('.notification-toast', { hasText: 'ddlint' }).allInnerTexts();
	if (complaints.length)
		throw new Error(complaints.join('\n'));
});

await browser.close();
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed ? 1 : 0;
