// Whatever is asked and changed, in whatever order: the server lives, and in the end says what the command line says.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, checked, difference, random, uriOf, workspace } from './client.mjs';

const able = {
  textDocument: {
    diagnostic: {}, hover: { contentFormat: ['markdown'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } }, dataSupport: true, resolveSupport: { properties: ['edit'] } },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
  },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] }, didChangeWatchedFiles: { dynamicRegistration: true } },
};
const files = {
  // A rule of their own with nothing but what it must have.
  '.ddlint.yml': 'define:\n  - {id: orders-dropped, severity: error, summary: the orders stay, on: drop-table, where: {relation: orders},\n' +
    '     message: "{relation} stays", bad: DROP TABLE orders;, good: SELECT 1;}\n',
  'db/migrations/0001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, "größe" text);\n',
  'db/migrations/0001_users.down.sql': 'DROP TABLE users;\n',
  'db/migrations/0002_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n',
  'db/migrations/0002_orders.down.sql': 'DROP TABLE orders;\n',
  'db/migrations/0003_key.up.sql': 'ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);\n',
  'db/migrations/0004_size.up.sql': 'ALTER TABLE users ALTER COLUMN "größe" SET NOT NULL;\n',
};
const texts = ['DROP TABLE orders;\n', 'CREATE INDEX i ON orders (id);\r\n', '-- ddlint: allow \n', 'ALTER TABLE users DROP COLUMN "größe";\n', 'SELEC 😀;\n', ''];

for (const seed of [1, 2, 3, 4])
  test(`a session by chance, ${seed}`, { timeout: 120000 }, async t => {
    const folder = workspace(t, files), client = new Client(t), names = Object.keys(files).filter(name => name.endsWith('.sql')), opened = new Map();
    const chance = random(seed);
    let version = 0, known = [];
    await client.start(folder, able, { initializationOptions: { inlayHints: true, codeLens: true } });
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    for (let i = 0; i < 150; i++) {
      const name = names[chance(names.length)], path = join(folder, name), uri = uriOf(path), textDocument = { uri }, text = texts[chance(texts.length)];
      const position = { line: 0, character: chance(40) }, ask = method => client.request(`textDocument/${method}`, { textDocument, position, range });
      const about = opened.has(name);
      switch (chance(9)) {
        case 0: if (!about) { opened.set(name, readFileSync(path, 'utf8')); client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: ++version, text: opened.get(name) } }); } break;
        case 1: if (about) { opened.set(name, text); client.notify('textDocument/didChange', { textDocument: { uri, version: ++version }, contentChanges: [{ text }] }); } break;
        case 2: if (about) { writeFileSync(path, opened.get(name)); client.notify('textDocument/didSave', { textDocument }); } break;
        case 3: if (!about) { writeFileSync(path, text); client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] }); } break;
        case 4: if (about && opened.get(name) === readFileSync(path, 'utf8')) { opened.delete(name); client.notify('textDocument/didClose', { textDocument }); } break;
        case 5: known = (await client.request('workspace/diagnostic', { previousResultIds: known })).items.map(one => ({ uri: one.uri, value: one.resultId })); break;
        case 6: if (about) for (const method of ['hover', 'definition', 'completion', 'documentSymbol']) await ask(method); break;
        case 7: if (about) for (const method of ['inlayHint', 'codeLens']) await ask(method); break;
        default: {
          const found = about ? await ask('diagnostic') : { items: [] };
          const offered = about ? await client.request('textDocument/codeAction', { textDocument, range, context: { diagnostics: found.items } }) : [];
          for (const one of offered) if (one.data) await client.request('codeAction/resolve', one);
        }
      }
    }
    for (const [name, text] of opened) writeFileSync(join(folder, name), text);
    for (const [name, text] of opened) {
      const { items } = await client.request('textDocument/diagnostic', { textDocument: { uri: uriOf(join(folder, name)) } });
      assert.deepEqual(difference(checked(folder, name), items, text), { missing: [], unexpected: [] }, name);
    }
    assert.deepEqual(await client.stop(), { code: 0, signal: null });
  });
