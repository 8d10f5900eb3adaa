// Code actions and hover, and diagnostics for clients that ask for them.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, applied, basic, uriOf, workspace } from './client.mjs';

const able = {
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } }, hover: { contentFormat: ['markdown'] },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true } },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
};

const history = {
  'db/migrations/0001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
  'db/migrations/0001_users.down.sql': 'DROP TABLE users;\n',
  'db/migrations/0002_view.up.sql': 'CREATE MATERIALIZED VIEW v AS SELECT id FROM users;\nCREATE UNIQUE INDEX v_id ON v (id);\n',
  'db/migrations/0002_view.down.sql': 'DROP MATERIALIZED VIEW v;\n',
  'db/migrations/0003_index.up.sql': '',
};

async function opened(t, file, text, capabilities = able, files = history) {
  const folder = workspace(t, { ...files, [file]: text }), client = new Client(t);
  await client.start(folder, capabilities);
  const uri = uriOf(join(folder, file));
  const found = await client.open(uri, text);
  const actions = (range, only) => client.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: found, ...(only && { only }) } });
  return { folder, client, uri, found, actions };
}

const at = (line, character) => ({ start: { line, character }, end: { line, character } });

test('a fix is offered, and what it leaves has the finding no more', async t => {
  const text = "-- é\n-- 😀\nCREATE INDEX users_email ON users (email);\n";
  const { client, uri, found, actions } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  assert.ok(found.find(one => one.code === 'index-not-concurrent').codeDescription.href.startsWith('https://'));
  const offered = await actions(at(2, 5));
  const fix = offered.find(one => /CONCURRENTLY/.test(one.title));
  assert.ok(fix, JSON.stringify(offered.map(one => one.title)));
  assert.equal(fix.kind, 'quickfix');
  assert.equal(fix.diagnostics[0].code, 'index-not-concurrent');
  const [{ textDocument, edits }] = fix.edit.documentChanges;
  assert.deepEqual(textDocument, { uri, version: 1 });
  const after = applied(text, edits);
  assert.equal(after, text.replace('INDEX users', 'INDEX CONCURRENTLY users'));
  const left = await client.change(uri, 2, [{ text: after }]);
  assert.ok(!left.some(one => one.code === 'index-not-concurrent'));
  assert.deepEqual(await actions(at(0, 0), ['refactor']), []);
});

test('the lock_timeout that a finding says along is offered with it', async t => {
  const text = 'ALTER TABLE users DROP COLUMN email;\n';
  const { client, uri, found, actions } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  assert.ok(!found.some(one => one.code === 'lock-timeout-missing'), JSON.stringify(found));
  const fix = (await actions(at(0, 20))).find(one => /lock_timeout/.test(one.title));
  assert.equal(fix.diagnostics[0].code, 'column-dropped');
  assert.ok(!fix.isPreferred, 'it is no remedy for the loss');
  const after = applied(text, fix.edit.documentChanges[0].edits);
  assert.match(after, /^SET (LOCAL )?lock_timeout = '2s';\nALTER TABLE users DROP COLUMN email;\n$/);
  const left = await client.change(uri, 2, [{ text: after }]);
  assert.ok(left.some(one => one.code === 'column-dropped'));
  assert.deepEqual((await actions(at(1, 20))).filter(one => /lock_timeout/.test(one.title)), []);
});

test('allow with a reason silences the finding, and nothing else', async t => {
  const text = "SELECT 1;\n  CREATE INDEX users_email ON users (email); CREATE INDEX users_e2 ON users (email);\n";
  const { client, uri, found, actions } = await opened(t, 'db/migrations/0003_index.up.sql', text, basic);
  assert.equal(found.filter(one => one.code === 'index-not-concurrent').length, 2);
  let version = 1, now = text;
  for (const place of [at(1, 50), at(1, 5)]) {
    const allow = (await actions(place)).find(one => one.title.startsWith('Allow index-not-concurrent'));
    now = applied(now, allow.edit.changes[uri]);
    const left = await client.change(uri, ++version, [{ text: now }]);
    assert.equal(left.filter(one => one.code === 'index-not-concurrent').length, 3 - version, now);
    assert.ok(!left.some(one => one.code.startsWith('suppression')), JSON.stringify(left));
  }
});

test('all safe fixes at once', async t => {
  const text = 'REFRESH MATERIALIZED VIEW v;\n';
  const { actions } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  const all = await actions(at(0, 0), ['source.fixAll.ddlint']);
  assert.equal(all.length, 1);
  assert.equal(applied(text, all[0].edit.documentChanges[0].edits), 'REFRESH MATERIALIZED VIEW CONCURRENTLY v;\n');
});

test('the missing rollback is written beside its migration', async t => {
  const text = 'ALTER TABLE users ADD COLUMN age int;\n';
  const { folder, actions } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  const write = (await actions(at(0, 0))).find(one => one.title === 'Write the missing rollback');
  const [create, change] = write.edit.documentChanges;
  assert.equal(create.uri, uriOf(join(folder, 'db/migrations/0003_index.down.sql')));
  assert.equal(create.kind, 'create');
  assert.equal(change.edits[0].newText, 'ALTER TABLE users DROP COLUMN age;\n');
});

test('the missing rollback is written at the end of a file with sections', async t => {
  const files = { 'migrations/20240101000000_a.sql': '-- migrate:up\nCREATE TABLE users (id bigint);\n\n-- migrate:down\nDROP TABLE users;\n' };
  const text = '-- migrate:up\nALTER TABLE users ADD COLUMN age int;';
  const { uri, actions } = await opened(t, 'migrations/20240102000000_b.sql', text, basic, files);
  const write = (await actions(at(0, 0))).find(one => one.title === 'Write the missing rollback');
  assert.equal(applied(text, write.edit.changes[uri]), text + '\n\n-- migrate:down\nALTER TABLE users DROP COLUMN age;\n');
});

test('hover says what the statement does, and what the squiggle means', async t => {
  const text = '-- 😀\nALTER TABLE users ALTER COLUMN email TYPE varchar(5);\n';
  const { client, uri } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  const { contents } = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 30 } });
  assert.equal(contents.kind, 'markdown');
  assert.match(contents.value, /\*\*ALTER TABLE\*\*/);
  assert.match(contents.value, /locks `public.users` with ACCESS EXCLUSIVE: reads and writes have to wait/);
  assert.match(contents.value, /rewrites `public.users`/);
  assert.match(contents.value, /PostgreSQL's manual/);
  assert.equal(await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 9, character: 0 } }), null);
});

test('a client that asks for diagnostics gets them when it asks, and none pushed', async t => {
  const folder = workspace(t, history), client = new Client(t);
  const answer = await client.start(folder, { textDocument: { diagnostic: {} } });
  assert.equal(answer.capabilities.diagnosticProvider.interFileDependencies, true);
  const uri = uriOf(join(folder, 'db/migrations/0003_index.up.sql'));
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: 'CREATE INDEX i ON users (email);\n' } });
  const pulled = await client.request('textDocument/diagnostic', { textDocument: { uri } });
  assert.equal(pulled.kind, 'full');
  assert.ok(pulled.items.some(one => one.code === 'index-not-concurrent'));
  const all = await client.request('workspace/diagnostic', { previousResultIds: [] });
  const own = all.items.find(one => one.uri === uri);
  assert.equal(own.version, 1);
  assert.ok(own.items.some(one => one.code === 'index-not-concurrent'));
  assert.equal(client.published.size, 0);
});

test('of the whole workspace only what changed is told again, and what is gone', async t => {
  const folder = workspace(t, history), client = new Client(t);
  await client.start(folder, { textDocument: { diagnostic: {} }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
  const uri = uriOf(join(folder, 'db/migrations/0003_index.up.sql')), sql = 'CREATE INDEX i ON users (email);\n';
  const ask = items => client.request('workspace/diagnostic', { previousResultIds: items.map(({ uri, resultId }) => ({ uri, value: resultId })) });
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: sql } });
  const first = (await ask([])).items;
  assert.ok(first.length > 0 && first.every(one => one.kind === 'full' && one.resultId));
  for (let again = 0; again < 2; again++)
    assert.deepEqual((await ask(first)).items, first.map(({ uri, version, resultId }) => ({ kind: 'unchanged', uri, version, resultId })));
  client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: '-- nothing\n' }] });
  const third = (await ask(first)).items, own = third.find(one => one.uri === uri);
  assert.ok(own.kind === 'full' && own.version === 2 && !own.items.some(one => one.code === 'index-not-concurrent'), JSON.stringify(own));
  client.notify('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ text: sql }] });
  assert.ok((await ask(third)).items.find(one => one.uri === uri).items.some(one => one.code === 'index-not-concurrent'));
});

test('a diagnostic leads to where the column was made, and from a rollback to its migration', async t => {
  const folder = workspace(t, {
    'db/migrations/0001_users.up.sql': 'CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  "größe" text\n);\n',
    'db/migrations/0001_users.down.sql': 'DROP TABLE users;\n',
    'db/migrations/0002_drop.up.sql': '-- ddlint: allow table-dropped -- there is none\nALTER TABLE users DROP COLUMN "größe";\n',
    'db/migrations/0002_drop.down.sql': 'ALTER TABLE users ADD COLUMN id text;\n',
  });
  const client = new Client(t), open = name => {
    const path = join(folder, 'db/migrations', name);
    return client.open(uriOf(path), readFileSync(path, 'utf8'));
  };
  await client.start(folder, { textDocument: { publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } } } });
  const up = await open('0002_drop.up.sql'), dropped = up.find(one => one.code === 'column-dropped').relatedInformation[0];
  assert.equal(dropped.location.uri, uriOf(join(folder, 'db/migrations/0001_users.up.sql')));
  assert.equal(dropped.location.range.start.line, 2);
  assert.match(dropped.message, /public\.users\.größe was made here/);
  assert.deepEqual(up.find(one => one.code === 'suppression-unused').tags, [1]);
  const down = await open('0002_drop.down.sql'), fails = down.find(one => one.code === 'rollback-fails');
  assert.ok(fails.relatedInformation.some(one => one.location.uri.endsWith('0002_drop.up.sql') && /takes back/.test(one.message)), JSON.stringify(down));
  const plain = new Client(t);
  await plain.start(folder);
  const bare = await plain.open(uriOf(join(folder, 'db/migrations/0002_drop.up.sql')), readFileSync(join(folder, 'db/migrations/0002_drop.up.sql'), 'utf8'));
  assert.ok(bare.length && bare.every(one => !one.tags && !one.relatedInformation), 'nothing that the client did not ask for');
});

// What eight clients say of themselves, cut down to what the server looks at.
const clients = {
  'Neovim 0.7': [undefined, false, true, false, true],
  'Neovim 0.10': [['utf-16'], true, true, false, true],
  'Neovim 0.12': [['utf-8', 'utf-16', 'utf-32'], true, true, false, true],
  'eglot 1.9': [undefined, false, false, false, true],
  'eglot 1.17': [['utf-32', 'utf-8', 'utf-16'], false, false, false, true],
  'Helix 25.07': [['utf-8', 'utf-32', 'utf-16'], true, false, false, true],
  'ALE 3.3': [undefined, false, true, false, false],
  'Visual Studio Code': [['utf-16'], true, true, true, true],
};

for (const [name, [positionEncodings, pull, relatedInformation, codeDescriptionSupport, documentChanges]] of Object.entries(clients))
  test(`the handshake of ${name}`, async t => {
    const text = '/* 😀 */ CREATE INDEX i ON users (email);\n';
    const folder = workspace(t, { ...history, 'db/migrations/0003_index.up.sql': text }), client = new Client(t);
    const answer = await client.start(folder, {
      ...(positionEncodings && { general: { positionEncodings } }),
      textDocument: { ...basic.textDocument, ...(pull && { diagnostic: {} }), publishDiagnostics: { relatedInformation, codeDescriptionSupport } },
      workspace: { workspaceEdit: { documentChanges } },
    });
    const encoding = answer.capabilities.positionEncoding;
    assert.equal(encoding, positionEncodings?.includes('utf-8') ? 'utf-8' : 'utf-16');
    const uri = uriOf(join(folder, 'db/migrations/0003_index.up.sql'));
    if (pull) client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
    const found = pull ? (await client.request('textDocument/diagnostic', { textDocument: { uri } })).items : await client.open(uri, text);
    const index = found.find(one => one.code === 'index-not-concurrent');
    assert.equal(index.range.start.character, encoding === 'utf-8' ? 11 : 9);
    assert.equal('codeDescription' in index, codeDescriptionSupport);
    const [action] = await client.request('textDocument/codeAction', { textDocument: { uri }, range: index.range, context: { diagnostics: [] } });
    assert.equal('documentChanges' in action.edit, documentChanges);
    assert.deepEqual(await client.stop(), { code: 0, signal: null });
  });

test('the definition of a name is the statement that made it, whatever it was called then', async t => {
  const text = 'ALTER TABLE people ADD CONSTRAINT a CHECK (mail > $$$$);\nUPDATE people SET extra = 1;\n';
  const { folder, client, uri } = await opened(t, 'db/migrations/0005_more.up.sql', text, able, { ...history,
    'db/migrations/0003_index.up.sql': 'ALTER TABLE users RENAME TO people;\nALTER TABLE people RENAME email TO mail;\nALTER TABLE people ADD COLUMN extra int;\n' });
  const define = (line, character) => client.request('textDocument/definition', { textDocument: { uri }, position: { line, character } });
  const first = uriOf(join(folder, 'db/migrations/0001_users.up.sql')), third = uriOf(join(folder, 'db/migrations/0003_index.up.sql'));
  assert.equal((await define(0, 14)).uri, first);
  assert.equal((await define(0, 45)).uri, first);
  assert.deepEqual((await define(1, 20)), { uri: third, range: { start: { line: 2, character: 0 }, end: { line: 2, character: 39 } } });
  assert.equal(await define(0, 3), null);
});

test('the outline has the statements; comments complete the names of rules', async t => {
  const text = 'CREATE TABLE a (id bigint);\nDROP TABLE users; -- ddlint: allow table-d\n-- ddlint: \n';
  const { client, uri } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  const symbols = await client.request('textDocument/documentSymbol', { textDocument: { uri } });
  assert.deepEqual(symbols.map(one => one.name), ['CREATE TABLE a (id bigint)', 'DROP TABLE users']);
  const complete = (line, character) => client.request('textDocument/completion', { textDocument: { uri }, position: { line, character } });
  const rules = await complete(1, 42);
  const rule = rules.find(one => one.label === 'table-dropped');
  assert.deepEqual(rule.textEdit.range, { start: { line: 1, character: 35 }, end: { line: 1, character: 42 } });
  assert.deepEqual(rules.filter(one => one.sortText).map(one => one.label), ['statement-refused', 'table-dropped'], 'what is found there comes first');
  assert.deepEqual((await complete(2, 11)).map(one => one.label), ['allow', 'allow-file']);
  assert.deepEqual(await complete(0, 5), []);
});

test('hover on a name shows what it is at that point of the history', async t => {
  const text = "ALTER TABLE users ADD COLUMN age int DEFAULT 0;\nCREATE INDEX CONCURRENTLY users_age ON users (age);\nCOMMENT ON COLUMN users.age IS 'in ''years''';\n" +
    'UPDATE users SET age = 1 WHERE id = 1;\nALTER TABLE ghosts ADD COLUMN "Ünder" int;\nDROP TABLE ghosts;\n';
  const { client, uri } = await opened(t, 'db/migrations/0003_index.up.sql', text);
  const hover = async (line, character) => (await client.request('textDocument/hover', { textDocument: { uri }, position: { line, character } })).contents.value;
  const before = await hover(0, 14), after = await hover(3, 9), column = await hover(3, 18);
  assert.match(before, /\*\*table\*\* `public.users`\n\n```sql\nCREATE TABLE public.users \(\n {4}id bigint NOT NULL,\n {4}email text,\n {4}CONSTRAINT users_pkey PRIMARY KEY \(id\)\n\);\n```\n\nmade in `0001_users.up.sql`/);
  assert.match(after, /age integer DEFAULT 0/);
  assert.match(after, /CREATE INDEX users_age ON public.users \(age\);/);
  assert.match(after, /COMMENT ON COLUMN public.users.age IS 'in ''years''';/);
  assert.match(column, /\*\*column\*\* `public.users.age`\n\n```sql\nage integer DEFAULT 0\nCREATE INDEX users_age ON public.users \(age\);\nCOMMENT ON COLUMN/);
  assert.match(column, /made in `0003_index.up.sql`/);
  assert.match(column, /\*\*UPDATE\*\*/);
  assert.match(await hover(5, 14), /"Ünder" integer[^]*no migration makes it/);
});

test('locks and risk at the end of statements, for those who ask for them', async t => {
  const text = "-- 😀\nALTER TABLE users ADD COLUMN é int; CREATE TABLE t (a int);\nDROP TABLE users;\n";
  const folder = workspace(t, { ...history, 'db/migrations/0003_index.up.sql': text }), client = new Client(t);
  await client.start(folder, able, { initializationOptions: { inlayHints: true } });
  const uri = uriOf(join(folder, 'db/migrations/0003_index.up.sql'));
  await client.open(uri, text);
  const whole = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };
  const hints = () => client.request('textDocument/inlayHint', { textDocument: { uri }, range: whole });
  const lenses = () => client.request('textDocument/codeLens', { textDocument: { uri } });
  assert.deepEqual((await hints()).map(one => [one.position, one.label]), [
    [{ line: 1, character: 35 }, 'ACCESS EXCLUSIVE on public.users, safe'],
    [{ line: 1, character: 59 }, 'no lock, safe'],
    [{ line: 2, character: 17 }, 'ACCESS EXCLUSIVE on public.users, high'],
  ]);
  assert.equal((await client.request('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } } })).length, 1);
  assert.deepEqual(await lenses(), []);
  client.notify('workspace/didChangeConfiguration', { settings: { ddlint: { codeLens: true } } });
  assert.deepEqual(await hints(), []);
  const shown = await lenses();
  assert.equal(shown[2].command.title, 'ACCESS EXCLUSIVE on public.users, high');
  assert.deepEqual(shown[2].range.start, { line: 2, character: 0 });
});
