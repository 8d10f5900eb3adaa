// Lifecycle, framing, and that the server's text is the editor's whatever is typed.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client, basic, checked, ddlint, difference, random, uriOf, workspace } from './client.mjs';

const history = {
  'db/migrations/0001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
  'db/migrations/0001_users.down.sql': 'DROP TABLE users;\n',
  'db/migrations/0002_index.up.sql': "-- naïve 😀\nCREATE INDEX users_email ON users (email);\n",
  'db/migrations/0002_index.down.sql': 'DROP INDEX users_email;\n',
};

test('a finding is pushed with its version, and goes with an edit', async t => {
  const folder = workspace(t, history), client = new Client(t);
  const answer = await client.start(folder);
  assert.equal(answer.serverInfo.name, 'ddlint');
  assert.equal(answer.capabilities.positionEncoding, 'utf-16');
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql'));
  const found = await client.open(uri, history['db/migrations/0002_index.up.sql']);
  const index = found.find(one => one.code === 'index-not-concurrent');
  assert.deepEqual(index.range.start, { line: 1, character: 0 });
  assert.equal(index.source, 'ddlint');
  const after = await client.change(uri, 2, [{ range: { start: { line: 1, character: 12 }, end: { line: 1, character: 12 } }, text: ' CONCURRENTLY' }]);
  assert.ok(!after.some(one => one.code === 'index-not-concurrent'));
  assert.deepEqual(await client.stop(), { code: 0, signal: null });
});

test('an unsaved migration changes what is said of a later one', async t => {
  const type = 'ALTER TABLE users ALTER COLUMN id TYPE bigint;\n';
  const folder = workspace(t, { ...history, 'db/migrations/0003_type.up.sql': type }), client = new Client(t);
  await client.start(folder);
  const first = uriOf(join(folder, 'db/migrations/0001_users.up.sql')), third = uriOf(join(folder, 'db/migrations/0003_type.up.sql'));
  await client.open(first, history['db/migrations/0001_users.up.sql']);
  const before = await client.open(third, type);
  assert.ok(!before.some(one => /rewrite/.test(one.message)), JSON.stringify(before));
  client.published.delete(third);
  await client.change(first, 2, [{ range: { start: { line: 0, character: 23 }, end: { line: 0, character: 29 } }, text: 'int' }]);
  const after = await client.diagnostics(third);
  assert.ok(after.some(one => /rewrit/.test(one.message)), JSON.stringify(after));
});

test('a file that is not on the disk yet belongs to its history', async t => {
  const folder = workspace(t, history), client = new Client(t);
  await client.start(folder);
  const found = await client.open(uriOf(join(folder, 'db/migrations/0003_new.up.sql')), 'CREATE INDEX a ON users (id);\n');
  assert.ok(found.some(one => one.code === 'index-not-concurrent'), JSON.stringify(found));
});

test('the configuration is honoured, and again when it changes', async t => {
  const { writeFileSync } = await import('node:fs');
  const folder = workspace(t, { ...history, '.git/HEAD': 'ref: refs/heads/main\n', '.ddlint.yml': 'rules: {index-not-concurrent: note}\n' });
  const client = new Client(t);
  await client.start(folder, { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql'));
  const found = await client.open(uri, history['db/migrations/0002_index.up.sql']);
  assert.equal(found.find(one => one.code === 'index-not-concurrent').severity, 3);
  assert.equal(client.registered[0].method, 'workspace/didChangeWatchedFiles');
  writeFileSync(join(folder, '.ddlint.yml'), 'rules: {index-not-concurrent: off}\n');
  client.published.delete(uri);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(join(folder, '.ddlint.yml')), type: 2 }] });
  assert.ok(!(await client.diagnostics(uri)).some(one => one.code === 'index-not-concurrent'));
  writeFileSync(join(folder, '.ddlint.yml'), 'ruels: {}\n');
  client.published.delete(uri);
  client.notify('workspace/didChangeWatchedFiles', { changes: [] });
  await client.diagnostics(uri);
  assert.match(client.messages[0].message, /ruels/);
});

test('unknown requests, requests at the wrong time, cancellation', async t => {
  const folder = workspace(t, history), client = new Client(t);
  await assert.rejects(client.request('textDocument/hover', {}), { code: -32002 });
  await client.start(folder);
  await assert.rejects(client.request('textDocument/moniker', {}), { code: -32601 });
  client.notify('$/unknown', {});
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql'));
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: 'SELECT 1' } });
  await client.request('shutdown');
  await assert.rejects(client.request('textDocument/hover', {}), { code: -32600 });
  client.notify('exit');
  assert.deepEqual(await client.exited, { code: 0, signal: null });
});

const frame = text => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

function raw(input) {
  return new Promise(done => {
    const child = spawn(ddlint, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const out = [];
    child.stdout.on('data', bytes => out.push(bytes));
    child.on('exit', (code, signal) => done({ code, signal, out: Buffer.concat(out).toString() }));
    child.stdin.end(input);
  });
}

test('malformed messages are survived; a request that is cancelled is not worked on', async () => {
  const start = frame('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}');
  const noise = ['Content-Length: nine\r\n\r\n{}', 'garbage\r\n\r\n', frame('{"jsonrpc":'), frame('[1,2]'), frame('7'), frame('{"id":"x"}'),
    frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":7}}}'),
    frame('{"jsonrpc":"2.0","method":"textDocument/didChange","params":[]}'),
    frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a\\ud800","version":1,"text":"SELECT \'\\ud83d\'; DROP TABLE t;\\u0000"}}}')];
  const stop = frame('{"jsonrpc":"2.0","id":"last","method":"shutdown"}') + frame('{"jsonrpc":"2.0","method":"exit"}');
  const cancelled = frame('{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{}}') + frame('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}}');
  const { code, signal, out } = await raw(start + noise.join('') + cancelled + stop);
  assert.deepEqual([code, signal], [0, null]);
  assert.match(out, /"id": "last", "result": null/);
  assert.match(out, /"id": 7, "error": \{"code": -32800/);
  assert.match(out, /-32700/);
});

test('the end of input ends the server, with an error when nobody said goodbye', async () => {
  assert.equal((await raw('')).code, 1);
});

test('the server does not outlive its client', async t => {
  const other = spawn('sleep', ['60']);
  const client = new Client(t);
  await client.start(null, {}, { processId: other.pid });
  other.kill('SIGKILL');
  await new Promise(done => other.on('exit', done));
  assert.equal((await client.exited).code, 1);
});

// --- Random edits ---------------------------------------------------------------------------------------------------------------------

const pieces = ['é', '😀', '\n', '\r\n', '\r', ' ', ';', "'", '--', 'DROP TABLE users;', 'CREATE INDEX ON users (email);', '𝛼𝛽', 'ß', '/* ü */', '$$', '日本語', '\t', 'ALTER TABLE users ADD COLUMN "ñ" int NOT NULL;\n', 'a\u0301'];

function units(text, encoding) {
  return encoding === 'utf-8' ? Buffer.byteLength(text) : encoding === 'utf-32' ? [...text].length : text.length;
}

function positionOf(text, offset, encoding) {
  const before = text.slice(0, offset);
  const line = before.split(/\r\n|\n|\r/);
  // Between CR and LF is no place of its own: it is the end of the line.
  if (before.endsWith('\r') && text[offset] === '\n') return { line: line.length - 2, character: units(line[line.length - 2], encoding) };
  return { line: line.length - 1, character: units(line[line.length - 1], encoding) };
}

const isInside = (text, offset) => offset > 0 && offset < text.length && (/[\uDC00-\uDFFF]/.test(text[offset]) || (text[offset] === '\n' && text[offset - 1] === '\r'));

for (const encoding of ['utf-16', 'utf-8', 'utf-32'])
  test(`random edits in ${encoding}: the server has the same text, and says what the command line says of it`, async t => {
    const folder = workspace(t, history), client = new Client(t);
    const answer = await client.start(folder, { general: { positionEncodings: [encoding] } });
    assert.equal(answer.capabilities.positionEncoding, encoding);
    const pick = random(20 + encoding.length);
    const file = 'db/migrations/0002_index.up.sql', uri = uriOf(join(folder, file));
    let text = history[file];
    await client.open(uri, text);
    for (let version = 2; version < 42; version++) {
      const changes = [];
      for (let n = pick(4) + 1; n > 0; n--) {
        let [from, to] = [pick(text.length + 1), pick(text.length + 1)].sort((a, b) => a - b);
        to = Math.min(to, from + pick(12));
        while (isInside(text, from)) from--;
        while (isInside(text, to)) to++;
        const piece = pieces[pick(pieces.length)];
        changes.push({ range: { start: positionOf(text, from, encoding), end: positionOf(text, to, encoding) }, text: piece });
        text = text.slice(0, from) + piece + text.slice(to);
      }
      const found = await client.change(uri, version, changes);
      if (encoding !== 'utf-16' && version % 8) continue;
      const expected = checked(folder, file, text);
      if (encoding === 'utf-16')
        assert.deepEqual(difference(expected, found, text), { missing: [], unexpected: [] }, JSON.stringify(text));
      else
        assert.equal(found.length, expected.length, JSON.stringify(text));
    }
  });

// --- A workspace that changes ----------------------------------------------------------------------------------------------------------

const index = 'CREATE INDEX users_email ON users (email);\n';
const codes = diagnostics => diagnostics.map(one => one.code);

test('folders come and go while the server runs', async t => {
  const first = workspace(t, { ...history, '.git/HEAD': 'x', '.ddlint.yml': 'rules: {index-not-concurrent: note}\n' });
  const second = workspace(t, { ...history, '.git/HEAD': 'x', '.ddlint.yml': 'rules: {index-not-concurrent: off}\n' }), client = new Client(t);
  const answer = await client.start(null, basic, { workspaceFolders: [{ uri: uriOf(first), name: 'first' }] });
  assert.equal(answer.capabilities.workspace.workspaceFolders.changeNotifications, true);
  const file = 'db/migrations/0002_index.up.sql', one = uriOf(join(first, file)), two = uriOf(join(second, file));
  assert.equal((await client.open(one, index)).find(each => each.code === 'index-not-concurrent').severity, 3);
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: uriOf(second), name: 'second' }], removed: [] } });
  assert.ok(!codes(await client.open(two, index)).includes('index-not-concurrent'));
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: uriOf(first), name: 'first' }] } });
  client.published.delete(one);
  assert.equal((await client.change(one, 2, [{ text: index + ' ' }])).find(each => each.code === 'index-not-concurrent').severity, 3);
  assert.deepEqual(await client.stop(), { code: 0, signal: null });
});

test('files that are made, renamed and deleted outside of the editor count at once', async t => {
  const { writeFileSync, renameSync, rmSync } = await import('node:fs');
  const folder = workspace(t, history), client = new Client(t), at = name => join(folder, 'db/migrations', name);
  await client.start(folder);
  const text = 'ALTER TABLE persons ALTER COLUMN email SET NOT NULL;\nUPDATE users SET email = NULL WHERE id = 1;\n', uri = uriOf(at('0009_later.up.sql'));
  const told = async (...changes) => {
    client.published.delete(uri);
    client.notify('workspace/didChangeWatchedFiles', { changes: changes.map(([name, type]) => ({ uri: uriOf(at(name)), type })) });
    return (await client.diagnostics(uri)).map(one => one.message).join('\n');
  };
  const before = (await client.open(uri, text)).map(one => one.message).join('\n');
  writeFileSync(at('0003_rename.up.sql'), 'ALTER TABLE users RENAME TO persons;\n');
  const made = await told(['0003_rename.up.sql', 1]);
  assert.notEqual(made, before);
  renameSync(at('0003_rename.up.sql'), at('0010_rename.up.sql'));
  assert.equal(await told(['0003_rename.up.sql', 3], ['0010_rename.up.sql', 1]), before);
  renameSync(at('0010_rename.up.sql'), at('0004_rename.up.sql'));
  assert.equal(await told(['0010_rename.up.sql', 3], ['0004_rename.up.sql', 1]), made);
  rmSync(at('0004_rename.up.sql'));
  assert.equal(await told(['0004_rename.up.sql', 3]), before);
});

test('settings of the client count when they change; whoever asks is told to ask again', async t => {
  const folder = workspace(t, { ...history, 'other.yml': 'rules: {index-not-concurrent: off}\n' }), client = new Client(t);
  const asked = [];
  for (const method of ['workspace/diagnostic/refresh', 'workspace/inlayHint/refresh', 'workspace/codeLens/refresh'])
    client.connection.onRequest(method, () => { asked.push(method); return null; });
  await client.start(folder, { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true }, inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } });
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql'));
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: index } });
  const pull = async () => codes((await client.request('textDocument/diagnostic', { textDocument: { uri } })).items);
  assert.ok((await pull()).includes('index-not-concurrent'));
  client.notify('workspace/didChangeConfiguration', { settings: { ddlint: { config: join(folder, 'other.yml') } } });
  assert.ok(!(await pull()).includes('index-not-concurrent'));
  assert.equal(asked.length, 3);
  client.notify('workspace/didChangeConfiguration', { settings: { ddlint: {} } });
  assert.ok((await pull()).includes('index-not-concurrent'));
});

test('of many edits at once the last text is analysed, and its version told', async t => {
  const folder = workspace(t, history), client = new Client(t);
  await client.start(folder);
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql')), versions = [];
  await client.open(uri, index);
  client.connection.onNotification('textDocument/publishDiagnostics', params => { versions.push(params.version); client.waiting = client.waiting.filter(one => !one(params)); });
  for (let version = 2; version < 200; version++)
    client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text: index + ' '.repeat(version) }] });
  client.published.delete(uri);
  await client.change(uri, 200, [{ text: index }]);
  assert.ok(versions.length < 150, `${versions.length} analyses`);
  assert.deepEqual(versions, [...versions].sort((a, b) => a - b));
});

test('a request that is cancelled while it waits is answered so, the others as ever', async t => {
  const folder = workspace(t, history), client = new Client(t);
  await client.start(folder);
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql')), { CancellationTokenSource } = await import('./client.mjs');
  await client.open(uri, history['db/migrations/0002_index.up.sql']);
  const source = new CancellationTokenSource(), params = { textDocument: { uri }, position: { line: 1, character: 3 } };
  const kept = client.request('textDocument/hover', params), cancelled = client.request('textDocument/hover', params, source.token);
  source.cancel();
  await cancelled.then(() => {}, error => assert.equal(error.code, -32800)); // it may have been answered before
  assert.ok((await kept).contents.value);
});

for (const [name, uriFor] of Object.entries({
  'blanks, percent signs and other letters': folder => uriOf(join(folder, 'a b/50%/é#?/migrations/0001_x.up.sql')),
  'escapes that nobody needs': folder => uriOf(join(folder, 'migrations/0001_x.up.sql')).replaceAll('_', '%5F').replace(/m/g, '%6d'),
  'a drive': () => 'file:///c%3A/Users/J%C3%B6rg/migrations/0001_x.up.sql',
  'a drive, unescaped': () => 'file:///C:/shop/migrations/0001_x.up.sql',
  'a server': () => 'file://server/share/migrations/0001_x.up.sql',
  'no file': () => 'untitled:Untitled-1',
  'a scheme of its own': () => 'vscode-remote://wsl%2Bubuntu/home/j/migrations/0001_x.up.sql',
}))
  test(`diagnostics come back under the same URI: ${name}`, async t => {
    const folder = workspace(t, {}), client = new Client(t), uri = uriFor(folder);
    await client.start(folder);
    const text = 'CREATE TABLE t (a int);\r\nSELEC 1;\r\n';
    const found = await client.open(uri, text);
    assert.deepEqual(found.find(one => one.code === 'syntax-error')?.range.start, { line: 1, character: 0 }, JSON.stringify(found));
    const after = await client.change(uri, 2, [{ range: { start: { line: 1, character: 5 }, end: { line: 1, character: 5 } }, text: 'T' }]);
    assert.ok(!codes(after).includes('syntax-error'));
    const symbols = await client.request('textDocument/documentSymbol', { textDocument: { uri } });
    assert.equal(symbols.length, 2);
  });

test('two documents of one path on two servers are two', async t => {
  const client = new Client(t);
  await client.start(null);
  const one = 'file://one/share/0001_x.up.sql', two = 'file://two/share/0001_x.up.sql';
  assert.ok(codes(await client.open(one, 'SELEC 1;')).includes('syntax-error'));
  assert.ok(!codes(await client.open(two, 'SELECT 1;')).includes('syntax-error'));
  assert.ok(codes(await client.change(one, 2, [{ text: 'SELEC 2;' }])).includes('syntax-error'));
});

test('git is asked once, and again when its references mean something else', async t => {
  const { chmodSync, existsSync, readFileSync, writeFileSync } = await import('node:fs'), { execFileSync, execSync } = await import('node:child_process');
  const folder = workspace(t, { ...history, '.ddlint.yml': 'released: git:main\n' }), bin = workspace(t, {}), log = join(bin, 'log');
  const git = (...words) => execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words], { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${execSync('command -v git').toString().trim()}' "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  git('init', '-q', '-b', 'main');
  git('add', '.ddlint.yml');
  git('commit', '-qm', 'one');
  git('branch', 'work');
  const client = new Client(t, ddlint, { ...process.env, PATH: `${bin}:${process.env.PATH}` });
  await client.start(folder);
  const uri = uriOf(join(folder, 'db/migrations/0002_index.up.sql')), calls = () => existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
  assert.ok(!codes(await client.open(uri, index)).includes('index-not-concurrent')); // nothing is released: the table is as new
  const first = calls();
  assert.ok(first > 0);
  for (let version = 2; version < 20; version++) await client.change(uri, version, [{ text: index + ' '.repeat(version) }]);
  assert.equal(calls(), first, readFileSync(log, 'utf8'));
  git('add', 'db/migrations/0001_users.up.sql', 'db/migrations/0001_users.down.sql');
  git('commit', '-qm', 'two');
  client.published.delete(uri);
  client.notify('workspace/didChangeWatchedFiles', { changes: [] });
  assert.ok(codes(await client.diagnostics(uri)).includes('index-not-concurrent'));
  git('checkout', '-q', 'work'); // HEAD alone: main still has it
  client.published.delete(uri);
  client.notify('workspace/didChangeWatchedFiles', { changes: [] });
  await client.diagnostics(uri);
  assert.ok(calls() > first);
});
