// The audit as people meet it. PAGES: the files; hostile.html is made of names that want to be markup.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

const require = createRequire(path.join(process.env.NODE_MODULES, 'x.js'));
const { chromium } = require('playwright-core');
const { HtmlValidate } = require('html-validate');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const pages = process.env.PAGES.split(' ');
const page = (name) => pages.find((file) => path.basename(file) === `${name}.html`);

let browser;
before(async () => {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
	});
});
after(() => browser?.close());

// Opens a page; what it asks for beside itself, and what it complains of, is kept.
async function open(file, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const tab = await context.newPage();
	const seen = { requests: [], errors: [], dialogs: [] };
	tab.on('request', (request) => seen.requests.push(request.url()));
	tab.on('pageerror', (error) => seen.errors.push(error.message));
	tab.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
	tab.on('dialog', (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
	await tab.goto(`file://${file}`);
	return { tab, seen, close: () => context.close() };
}

// The others are made of the same parts.
for (const file of [page('hostile'), page('several')]) {
	const name = path.basename(file, '.html');
	describe(name, () => {
		test('is valid HTML', async () => {
			const report = await new HtmlValidate({ root: true, extends: ['html-validate:recommended'], rules: { 'long-title': 'off' } })
				.validateFile(file);
			assert.deepEqual(report.results.flatMap((result) => result.messages.map((m) => `${m.line}: ${m.message}`)), []);
		});
		for (const colorScheme of ['light', 'dark'])
			for (const width of [390, 1280])
				test(`axe, ${colorScheme}, ${width} pixels`, async () => {
					// axe is put into the page, which the page's own policy forbids.
					const { tab, close } = await open(file, { colorScheme, viewport: { width, height: 844 }, bypassCSP: true });
					await tab.addScriptTag({ content: axe });
					const found = await tab.evaluate(() => window.axe.run(document));
					assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`), []);
					assert.ok(found.passes.length > 15, 'axe looked at the page');
					const [wide, seen] = await tab.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
					assert.ok(wide <= seen, `${wide} pixels wide on a screen of ${seen}`);
					if (process.env.PICTURES)
						await tab.screenshot({ path: path.join(process.env.PICTURES, `${name}-${colorScheme}-${width}.png`) });
					await close();
				});
		test('fetches nothing, runs nothing of others', async () => {
			const { tab, seen, close } = await open(file);
			assert.deepEqual(seen, { requests: [`file://${file}`], errors: [], dialogs: [] });
			assert.equal(await tab.locator('article b, article img, article script, [onerror]').count() - await tab.locator('.locks b').count(), 0);
			await close();
		});
	});
}

test('the page refuses scripts that are not its own', async () => {
	const { tab, close } = await open(page('hostile'));
	await tab.evaluate(() => {
		const script = document.createElement('script');
		script.textContent = 'window.smuggled = true';
		document.body.append(script);
	});
	assert.equal(await tab.evaluate(() => window.smuggled), undefined);
	await close();
});

test('search and filters', async () => {
	const { tab, close } = await open(page('shop'));
	const shown = () => tab.locator('article:visible').count();
	assert.equal(await shown(), 28);
	await tab.keyboard.press('/');
	await tab.keyboard.type('reviews_stars_range');
	assert.equal(await shown(), 1);
	assert.equal(await tab.locator('#shown').textContent(), '1 of 28 migrations');
	await tab.fill('#find', 'zzzzz');
	assert.equal(await shown(), 0);
	assert.ok(await tab.locator('#none').isVisible());
	await tab.fill('#find', '');
	await tab.selectOption('#risk', 'safe');
	assert.equal(await shown(), Number(await tab.locator('.risks .good b').textContent()));
	await tab.selectOption('#risk', '');
	await tab.selectOption('#only', 'rollback');
	const some = await shown();
	assert.ok(some > 0 && some < 28);
	await tab.selectOption('#only', '');
	await tab.click('#close');
	assert.equal(await tab.locator('article > details[open]').count(), 0);
	await tab.click('#open');
	assert.equal(await tab.locator('article > details[open]').count(), 28);
	await close();
});

test('a link opens the migration that it leads to', async () => {
	const { tab, close } = await open(page('shop'));
	await tab.click('#close');
	await tab.evaluate(() => { location.hash = '#h1-m20'; });
	await tab.waitForFunction(() => document.querySelector('#h1-m20 > details').open);
	await close();
});

test('by keyboard: the first stop skips to the migrations, the next opens one', async () => {
	const { tab, close } = await open(page('hostile'));
	await tab.keyboard.press('Tab');
	assert.equal(await tab.evaluate(() => document.activeElement.textContent), 'To the migrations');
	await tab.keyboard.press('Enter');
	await tab.locator('#h1-m1 > details > summary').focus();
	await tab.keyboard.press('Enter');
	assert.equal(await tab.locator('#h1-m1 > details').getAttribute('open'), null);
	await tab.keyboard.press('Space');
	assert.equal(await tab.locator('#h1-m1 > details').getAttribute('open'), '');
	await close();
});

test('without a script everything is there, and what needs one is not', async () => {
	const { tab, close } = await open(page('shop'), { javaScriptEnabled: false });
	assert.equal(await tab.locator('article').count(), 28);
	assert.ok(!await tab.locator('#filters').isVisible());
	await tab.locator('#h1-m2 > details > summary').click();
	assert.ok(!await tab.locator('#h1-m2 .proved').isVisible());
	await tab.locator('#h1-m2 > details > summary').click();
	assert.ok(await tab.locator('#h1-m2 .proved').isVisible());
	await close();
});

test('paper shows what is folded, and no controls', async () => {
	const { tab, close } = await open(page('shop'));
	await tab.click('#close');
	await tab.emulateMedia({ media: 'print' });
	await tab.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
	assert.ok(await tab.locator('#h1-m2 .proved').isVisible());
	assert.ok(await tab.locator('.findings details p').first().isVisible());
	assert.ok(!await tab.locator('#filters').isVisible());
	assert.ok((await tab.pdf({ preferCSSPageSize: true })).length > 50000);
	await close();
});

test('the script that pages carry holds no more than its record', () => {
	const text = fs.readFileSync(page('hostile'), 'utf8');
	const record = text.match(/<script type="application\/json" id="ddlint-record">([^<]*)<\/script>/)[1];
	assert.equal(JSON.parse(record).histories[0].migrations.length, 5);
});
