// "Split into safe steps": new migrations as the layout calls them, which lint clean. DDLINT_DATABASE, psql's words for a connection,
// runs them on a server, too (tests/verify/split.sh).
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, applied, ddlint, uriOf, workspace } from './client.mjs';

const able = {
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
};
const resolving = structuredClone(able);
Object.assign(resolving.textDocument.codeAction, { dataSupport: true, resolveSupport: { properties: ['edit'] } });

const tables = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, age int);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total int);\n';

// Each layout: where its migrations are, how it calls them, what it puts around them, what its files without a transaction say.
const layouts = {
  'golang-migrate': {
    files: { 'db/migrations/0001_init.up.sql': tables, 'db/migrations/0001_init.down.sql': 'DROP TABLE orders;\nDROP TABLE users;\n' },
    file: n => `db/migrations/${String(n).padStart(4, '0')}_change.up.sql`, named: /^db\/migrations\/000\d_change_\w+\.(up|down)\.sql$/,
    up: sql => sql, down: (sql, n) => [`db/migrations/${String(n).padStart(4, '0')}_change.down.sql`, sql], alone: null,
  },
  sqlx: {
    files: { 'Cargo.toml': '[package]\nname = "x"\n', 'migrations/20240101000000_init.up.sql': tables, 'migrations/20240101000000_init.down.sql': 'DROP TABLE orders;\nDROP TABLE users;\n' },
    file: n => `migrations/2024010100000${n}_change.up.sql`, named: /^migrations\/20\d{12}_change_\w+\.(up|down)\.sql$/,
    up: sql => sql, down: (sql, n) => [`migrations/2024010100000${n}_change.down.sql`, sql], alone: /^-- no-transaction$/m,
  },
  goose: {
    files: { 'migrations/00001_init.sql': `-- +goose Up\n${tables}\n-- +goose Down\nDROP TABLE orders;\nDROP TABLE users;\n` },
    file: n => `migrations/0000${n}_change.sql`, named: /^migrations\/0000\d_change_\w+\.sql$/,
    up: (sql, down) => `-- +goose Up\n${sql}\n-- +goose Down\n${down}`, alone: /^-- \+goose NO TRANSACTION$/m,
  },
  dbmate: {
    files: { 'db/migrations/20240101000000_init.sql': `-- migrate:up\n${tables}\n-- migrate:down\nDROP TABLE orders;\nDROP TABLE users;\n` },
    file: n => `db/migrations/2024010100000${n}_change.sql`, named: /^db\/migrations\/20\d{12}_change_\w+\.sql$/,
    up: (sql, down) => `-- migrate:up\n${sql}\n-- migrate:down\n${down}`, alone: /^-- migrate:up transaction:false$/m,
  },
  flyway: {
    files: { 'flyway.conf': 'flyway.locations=filesystem:sql\n', 'sql/V1__init.sql': tables },
    file: n => `sql/V${n}__change.sql`, named: /^sql\/V\d__change_\w+\.sql$/, up: sql => sql, alone: null,
  },
};

const cases = {
  'SET NOT NULL': { sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n', down: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n', files: 2, says: [/CHECK \(email IS NOT NULL\) NOT VALID/, /VALIDATE CONSTRAINT/, /SET NOT NULL/] },
  'a foreign key': { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);\n', down: 'ALTER TABLE orders DROP CONSTRAINT orders_user;\n', files: 1, says: [/NOT VALID/, /VALIDATE CONSTRAINT orders_user/] },
  'a check': { sql: 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);\n', down: 'ALTER TABLE orders DROP CONSTRAINT positive;\n', files: 1, says: [/NOT VALID/, /VALIDATE CONSTRAINT positive/] },
  'UNIQUE': { sql: 'ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);\n', down: 'ALTER TABLE users DROP CONSTRAINT users_email;\n', files: 1, alone: true, says: [/CREATE UNIQUE INDEX CONCURRENTLY/, /UNIQUE USING INDEX users_email/] },
  'an index among others': { sql: "COMMENT ON TABLE users IS 'x';\nCREATE INDEX users_age ON users (age);\n", down: 'DROP INDEX users_age;\nCOMMENT ON TABLE users IS NULL;\n', files: 1, alone: true, says: [/CREATE INDEX CONCURRENTLY/] },
  'a required column': { sql: 'ALTER TABLE users ADD COLUMN role text NOT NULL;\n', down: 'ALTER TABLE users DROP COLUMN role;\n', files: 4, says: [/ADD COLUMN role text;/, /TODO/, /NOT VALID/, /VALIDATE/, /SET NOT NULL/] },
  'one clause of several': { sql: 'ALTER TABLE users ADD COLUMN nick text, ALTER COLUMN email SET NOT NULL, ADD COLUMN bio text;\n', down: 'ALTER TABLE users DROP COLUMN nick, DROP COLUMN bio;\n', files: 2, says: [/ADD COLUMN nick text, ADD COLUMN bio text;\nALTER TABLE users ADD CONSTRAINT/] },
  'another type': { sql: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;\n', down: 'ALTER TABLE orders ALTER COLUMN total TYPE int;\n', files: 1, batches: true, says: [/CREATE TRIGGER/, /LOOP|by hand/, /-- then, in a later release/] },
};

// What the edit leaves on the disk: file -> text.
function written(folder, edit) {
  const texts = new Map();
  for (const change of edit.documentChanges) {
    const path = fileURLToPath(change.uri ?? change.textDocument.uri), name = path.slice(folder.length + 1);
    if (change.kind === 'create') {
      texts.set(name, '');
      continue;
    }
    const before = texts.get(name) ?? readFileSync(path, 'utf8');
    texts.set(name, applied(before, change.edits));
  }
  for (const [name, text] of texts) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return texts;
}

function findings(folder) {
  const out = execFileSync(ddlint, ['check', '--fail-on', 'never', '--format', 'json', '.'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(out).findings;
}

const byVersion = (a, b) => basename(a).localeCompare(basename(b), 'en', { numeric: true });

// All ups in their order, then all downs back: statement by statement what the files say. psql sends a file as one query only with -c.
function run(folder, layout, files) {
  const psql = (sql, whole) => execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-d', process.env.DDLINT_DATABASE, ...(whole ? ['-c', sql] : ['-f', '-'])], { input: whole ? '' : sql, stdio: ['pipe', 'pipe', 'pipe'] });
  psql('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;');
  const halves = files.filter(name => name.endsWith('.sql') && !name.endsWith('.down.sql')).sort(byVersion).map(name => {
    const text = readFileSync(join(folder, name), 'utf8');
    if (/\.up\.sql$/.test(name)) return [text, readFileSync(join(folder, name.replace('.up.sql', '.down.sql')), 'utf8')];
    const [up, down = ''] = text.split(/^-- (?:\+goose Down|migrate:down).*$/m);
    return [up, down];
  });
  const whole = layout === 'golang-migrate';
  for (const [up] of halves) psql(up, whole);
  for (const [, down] of halves.reverse()) if (down.trim()) psql(down, whole);
}

for (const [layout, words] of Object.entries(layouts))
  for (const [name, one] of Object.entries(cases))
    test(`${layout}: ${name}`, async t => {
      const file = words.file(2), files = { ...words.files, [file]: words.up(one.sql, one.down) };
      if (words.down) files[words.down(one.down, 2)[0]] = one.down;
      const folder = workspace(t, files), client = new Client(t);
      const lazy = layout === 'goose';
      await client.start(folder, lazy ? resolving : able);
      const uri = uriOf(join(folder, file)), found = await client.open(uri, files[file]);
      const target = found.find(each => each.severity === 1 && !each.code.startsWith('rollback')) ?? found[0];
      const offered = await client.request('textDocument/codeAction', { textDocument: { uri }, range: target.range, context: { diagnostics: found } });
      let split = offered.find(each => each.title === 'Split into safe steps');
      assert.ok(split, `${JSON.stringify(found.map(each => each.code))} ${JSON.stringify(offered.map(each => each.title))}`);
      if (lazy) {
        assert.ok(!split.edit);
        split = await client.request('codeAction/resolve', split);
      }
      assert.ok(split.edit);
      const texts = written(folder, split.edit), made = [...texts.keys()].filter(each => !(each in files));
      const ups = made.filter(each => !each.endsWith('.down.sql'));
      assert.equal(ups.length, one.files, [...texts].map(pair => pair.join(':\n')).join('\n'));
      for (const each of made) assert.match(each, words.named);
      const all = [...texts].sort(([a], [b]) => byVersion(a, b)).map(([, text]) => text).join('\n');
      for (const pattern of one.says) assert.match(all, pattern);
      if ((one.alone || one.batches) && words.alone) assert.match(all, words.alone);
      const left = findings(folder).filter(each => !each.suppressed).filter(each => made.includes(each.file) || (each.file === file && each.severity === 'error'));
      assert.deepEqual(left.map(each => `${each.file}:${each.line} ${each.rule}: ${each.message}`), [], all);
      if (process.env.DDLINT_DATABASE && layout !== 'flyway') run(folder, layout, [...new Set([...Object.keys(files), ...texts.keys()])]);
      await client.stop();
    });

test('not for released or sealed migrations, nor for clients that make no files', async t => {
  const sql = cases['SET NOT NULL'].sql, words = layouts['golang-migrate'], file = words.file(2);
  for (const [extra, capabilities] of [[{ '.git/HEAD': 'ref: refs/heads/main\n', '.ddlint.yml': 'released: "0002"\n' }, able],
    [{}, { ...able, workspace: { workspaceEdit: { documentChanges: true } } }]]) {
    const folder = workspace(t, { ...words.files, ...extra, [file]: sql }), client = new Client(t);
    await client.start(folder, capabilities);
    const uri = uriOf(join(folder, file)), found = await client.open(uri, sql);
    assert.ok(found.some(one => one.code === 'not-null-scans'), JSON.stringify(found));
    const offered = await client.request('textDocument/codeAction', { textDocument: { uri }, range: found[0].range, context: { diagnostics: found } });
    assert.ok(!offered.some(one => /Split/.test(one.title)));
  }
});
