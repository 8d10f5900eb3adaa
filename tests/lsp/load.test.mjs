// Time and memory: a long file inside a long history, ten thousand edits, a document of twenty megabytes.
//
// The limits are wide: other work on the machine must not fail a build. DDLINT_STRICT=1 asks for what a quiet machine reaches.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, ddlint, uriOf, workspace } from './client.mjs';

const strict = Boolean(process.env.DDLINT_STRICT);
const instrumented = /asan/.test(ddlint) && 'the sanitizers take time and memory of their own';

// Statements as migrations have them: tables made and filled, columns, indexes, constraints.
function statements(migration, count) {
  const lines = [];
  for (let n = 0; lines.length < count; n++) {
    const table = `t${migration}_${n}`;
    lines.push(`CREATE TABLE ${table} (id bigint PRIMARY KEY, name text NOT NULL);`, `ALTER TABLE ${table} ADD COLUMN c text;`,
      `CREATE INDEX ${table}_c ON ${table} (c);`, `INSERT INTO ${table} (id, name) VALUES (1, 'é');`,
      `ALTER TABLE t${Math.max(1, migration - 1)}_0 ALTER COLUMN c SET NOT NULL;`, `UPDATE ${table} SET name = 'x' WHERE id = 2;`,
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_id CHECK (id > 0);`, `COMMENT ON TABLE ${table} IS 'x';`);
  }
  return lines.slice(0, count).join('\n') + '\n';
}

function history(count, length) {
  const files = {};
  for (let n = 1; n <= 400; n++) {
    const name = `migrations/${String(n).padStart(4, '0')}_m`;
    files[`${name}.up.sql`] = statements(n, n === count ? length : 8);
    files[`${name}.down.sql`] = [...new Set(files[`${name}.up.sql`].match(/CREATE TABLE \w+/g))].map(one => one.replace('CREATE', 'DROP') + ';\n').join('');
  }
  return files;
}

async function medianOf(t, length, rounds) {
  const files = history(390, length), folder = workspace(t, files), client = new Client(t);
  await client.start(folder);
  const file = 'migrations/0390_m.up.sql', uri = uriOf(join(folder, file));
  await client.open(uri, files[file]);
  const times = [];
  for (let version = 2; version < rounds + 2; version++) {
    const before = performance.now();
    await client.change(uri, version, [{ range: { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } }, text: ' ' }]);
    times.push(performance.now() - before);
  }
  await client.stop();
  return times.sort((a, b) => a - b)[rounds >> 1];
}

// Figures to read, not to pass: how fast it is depends on what else the machine does.
test('from an edit to its diagnostics, inside 400 migrations', { skip: instrumented || (!strict && 'DDLINT_STRICT is not set'), timeout: 300000 }, async t => {
  const short = await medianOf(t, 1000, 60), long = await medianOf(t, 20000, 10);
  t.diagnostic(`median of 1,000 statements: ${short.toFixed(1)} ms; of 20,000: ${long.toFixed(1)} ms`);
});

const resident = pid => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s*(\d+)/)[1]);

test('ten thousand edits leave no memory behind', { skip: instrumented || (process.platform !== 'linux' && 'needs /proc'), timeout: 300000 }, async t => {
  const folder = workspace(t, { 'migrations/0001_a.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);\n' }), client = new Client(t);
  await client.start(folder);
  const uri = uriOf(join(folder, 'migrations/0002_b.up.sql'));
  await client.open(uri, 'ALTER TABLE users ADD COLUMN name text;\n');
  let after1000;
  for (let version = 2; version <= 10001; version++) {
    const insert = version % 2 === 0;
    await client.change(uri, version, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: insert ? 0 : 3 } }, text: insert ? '/**' : '' }]);
    if (version === 1000) after1000 = resident(client.child.pid);
  }
  const growth = resident(client.child.pid) - after1000;
  t.diagnostic(`${growth} KiB more after 10,000 edits than after 1,000, of ${after1000}`);
  assert.ok(growth < 2048, `${growth} KiB`);
});

test('a document of twenty megabytes', { timeout: 300000 }, async t => {
  const folder = workspace(t, {}), client = new Client(t);
  await client.start(folder);
  const uri = uriOf(join(folder, 'big.sql'));
  const line = `INSERT INTO t VALUES (1, '${'é'.repeat(500)}');\n`;
  const text = line.repeat(20e6 / Buffer.byteLength(line)) + 'SELEC 1;\n';
  const found = await client.open(uri, text);
  assert.ok(found.some(one => one.code === 'syntax-error'));
  const lines = text.split('\n').length;
  const after = await client.change(uri, 2, [{ range: { start: { line: lines - 2, character: 5 }, end: { line: lines - 2, character: 5 } }, text: 'T' }]);
  assert.ok(!after.some(one => one.code === 'syntax-error'));
});
