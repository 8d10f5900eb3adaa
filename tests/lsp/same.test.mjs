// The language server and the command line say the same of the same files: every rule's examples, and the example history.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, checked, difference, uriOf } from './client.mjs';

const extra = process.env.DDLINT_SAMPLE; // a folder of more files, for those who have one

function sqlFiles(folder) {
  return readdirSync(folder, { recursive: true }).map(name => join(folder, name)).filter(name => name.endsWith('.sql') && statSync(name).isFile()).sort();
}

// The editor shows a document only: what the command line would not call UTF-8 it cannot have.
function textOf(path) {
  const bytes = readFileSync(path), text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}

async function compare(t, root, files) {
  const client = new Client(t);
  await client.start(root);
  let compared = 0;
  for (const file of files) {
    const text = textOf(join(root, file));
    if (text === null) continue;
    const uri = uriOf(join(root, file));
    const found = await client.open(uri, text);
    assert.deepEqual(difference(checked(root, file), found, text), { missing: [], unexpected: [] }, file);
    client.notify('textDocument/didClose', { textDocument: { uri } });
    compared++;
  }
  assert.deepEqual(await client.stop(), { code: 0, signal: null });
  return compared;
}

test("the rules' examples", { timeout: 300000 }, async t => {
  const files = sqlFiles('fixtures/rules').filter((_, i) => i % 3 === 0);
  assert.ok(await compare(t, resolve('.'), files) > 30);
});

test('the example history', { timeout: 120000 }, async t => {
  const files = sqlFiles('fixtures/shop').map(name => name.slice('fixtures/shop/'.length));
  assert.ok(await compare(t, resolve('fixtures/shop'), files) > 3);
});

test("the layouts' examples", { timeout: 300000 }, async t => {
  const files = sqlFiles('fixtures/layouts').filter((_, i) => i % 4 === 0).map(name => name.slice('fixtures/layouts/'.length));
  assert.ok(await compare(t, resolve('fixtures/layouts'), files) > 20);
});

test('more files', { skip: !extra && 'DDLINT_SAMPLE names no folder', timeout: 3600000 }, async t => {
  const every = Number(process.env.DDLINT_SAMPLE_EVERY ?? 1);
  const files = sqlFiles(extra).filter((_, i) => i % every === 0).map(name => name.slice(extra.replace(/\/*$/, '/').length));
  await compare(t, resolve(extra), files);
});
