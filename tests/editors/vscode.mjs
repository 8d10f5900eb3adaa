// What a person does: open a migration, see the squiggle, hover over it, apply the fix. Screenshots of each step are kept.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
const require = createRequire(join(process.env.DDLINT_TOOLS, 'package.json'));
const { chromium } = require('playwright-core');
const [url, pictures, folder] = process.argv.slice(2);
const timeout = 90000;
const file = '0006_index_orders_customer.up.sql';

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
const picture = name => page.screenshot({ path: join(pictures, `${name}.png`) });
try {
  for (let tries = 0; ; tries++) { // the server is still starting
    try { await page.goto(url, { waitUntil: 'domcontentloaded' }); break; } catch (error) { if (tries > 60) throw error; await page.waitForTimeout(1000); }
  }
  await page.waitForSelector('.monaco-workbench', { timeout });
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout });
  await page.click('.explorer-folders-view .monaco-list-row[aria-label^="migrations"]');
  const row = `.explorer-folders-view .monaco-list-row[aria-label^="${file}"]`;
  await page.waitForSelector(row, { timeout });
  await page.dblclick(row);
  await page.waitForSelector('.monaco-editor .view-line', { timeout });
  await page.waitForSelector('.monaco-editor .squiggly-error', { timeout });
  const box = await page.locator('.monaco-editor .squiggly-error').first().boundingBox();
  await page.mouse.move(box.x + 60, box.y + box.height / 2, { steps: 5 });
  await page.waitForSelector('.monaco-hover .hover-row', { timeout });
  await page.waitForTimeout(1500);
  const hover = (await page.locator('.monaco-hover .hover-row').allInnerTexts()).join('\n');
  await picture('squiggle');
  assert.match(hover, /index-not-concurrent/);
  assert.match(hover, /locks public\.orders with SHARE/);
  console.log('status:', (await page.locator('.statusbar-item[id*="ddlint"]').innerText()).trim());
  await page.keyboard.press('Escape');
  await page.mouse.click(box.x + 60, box.y + box.height / 2);
  await page.keyboard.press('Control+.');
  const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'CONCURRENTLY' });
  await fix.first().waitFor({ timeout });
  await picture('fix');
  await page.keyboard.press('Enter'); // the first one
  await page.waitForFunction(() => !document.querySelector('.monaco-editor .squiggly-error'), null, { timeout });
  await page.keyboard.press('Control+S');
  await page.waitForTimeout(1000);
  await picture('fixed');
  assert.match(readFileSync(join(folder, 'migrations', file), 'utf8'), /CREATE INDEX CONCURRENTLY/);
  console.log('squiggle, hover and fix: seen');
} catch (error) {
  await picture('failed');
  throw error;
} finally {
  await browser.close();
}
