// What is kept between edits: whatever was typed, opened, closed and saved before, the server says what the command line says now.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, checked, difference, random, uriOf, workspace } from './client.mjs';

const down = 'DROP TABLE IF EXISTS users;\n';
const start = {
  '0001_users.up.sql': 'CREATE TABLE users (id int PRIMARY KEY, email text, "ñ" text);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id int);\n',
  '0002_functions.up.sql': 'CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE orders ALTER COLUMN user_id TYPE bigint; END $$;\nCREATE FUNCTION make() RETURNS void LANGUAGE sql AS $$ CREATE TABLE made (id int) $$;\n',
  '0003_call.up.sql': "SELECT make();\nSET search_path = app, public;\nCREATE SCHEMA app;\n",
  '0004_view.up.sql': 'CREATE VIEW people AS SELECT id, email FROM users;\n',
  '0005_edited.up.sql': 'ALTER TABLE users ADD COLUMN age int;\n',
  '0006_between.up.sql': 'ALTER TABLE orders ADD CONSTRAINT o FOREIGN KEY (user_id) REFERENCES users (id);\nSELECT widen();\n',
  '0007_edited.up.sql': 'CREATE INDEX orders_user ON orders (user_id);\n',
  '0008_last.up.sql': 'DROP VIEW people;\n',
};

// Statements that depend on what came before, and change what comes behind.
const statements = ['ALTER TABLE users RENAME TO persons;', 'ALTER TABLE persons RENAME TO users;', 'DROP TABLE orders CASCADE;', 'SELECT widen();',
  'ALTER TABLE users ALTER COLUMN id TYPE bigint;', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', 'CREATE INDEX ON users (email);',
  'CREATE TABLE orders (id bigint, user_id int);', 'DROP FUNCTION widen();', 'BEGIN;', 'COMMIT;', "SET lock_timeout = '1s';", 'RESET ALL;',
  'SET search_path = app;', 'CREATE TABLE users (a int);', 'CREATE TEMP TABLE t (a int);', 'DROP TABLE t;', '-- ddlint: allow table-dropped -- said so',
  "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'orders') THEN ALTER TABLE orders ADD COLUMN x int; END IF; END $$;",
  'CREATE OR REPLACE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE users; END $$;', 'ALTER TABLE users DROP COLUMN "ñ";',
  'UPDATE users SET email = NULL;', 'ALTER TABLE orders VALIDATE CONSTRAINT o;', 'CREATE INDEX CONCURRENTLY oc ON orders (id);', 'SELEC 😀;', '/* half'];

for (const [name, config] of [['alone', ''], ['on one connection, for three servers', "postgres: 13-15\nrunner: {connection: run}\nsession: {lock_timeout: '2s'}\n"]])
  test(`random edits in several migrations of a history, ${name}`, { timeout: 300000 }, async t => {
    const files = { '.git/HEAD': 'ref: refs/heads/main\n', '.ddlint.yml': config };
    for (const [file, text] of Object.entries(start)) {
      files[`db/migrations/${file}`] = text;
      files[`db/migrations/${file.replace('.up.', '.down.')}`] = down;
    }
    const folder = workspace(t, files), client = new Client(t), pick = random(7 + config.length);
    await client.start(folder);
    const open = new Map(); // file -> its lines and version
    const uri = file => uriOf(join(folder, file)), path = name => `db/migrations/${name}`;
    const show = async file => {
      open.set(file, { lines: files[file].split('\n').slice(0, -1), version: 1 });
      await client.open(uri(file), files[file]);
    };
    await show(path('0005_edited.up.sql'));
    for (let round = 0; round < 60; round++) {
      if (round === 10) await show(path('0007_edited.up.sql'));
      if (round === 25) await show(path('0002_functions.up.sql'));
      if (round === 40) {
        client.notify('textDocument/didClose', { textDocument: { uri: uri(path('0002_functions.up.sql')) } });
        open.delete(path('0002_functions.up.sql'));
      }
      if (round === 50) { // somebody else changes what comes before all of it
        writeFileSync(join(folder, path('0001_users.up.sql')), 'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(10));\n');
        client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(path('0001_users.up.sql')), type: 2 }] });
      }
      if (round === 55) {
        rmSync(join(folder, path('0004_view.up.sql')));
        client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(path('0004_view.up.sql')), type: 3 }] });
      }
      const file = [...open.keys()][pick(open.size)], document = open.get(file), line = pick(document.lines.length + 1);
      const removes = pick(3) === 0 && line < document.lines.length, text = removes ? '' : `${statements[pick(statements.length)]}\n`;
      document.lines.splice(line, removes ? 1 : 0, ...(removes ? [] : [text.slice(0, -1)]));
      for (const other of open.keys()) client.published.delete(uri(other));
      await client.change(uri(file), ++document.version, [{ range: { start: { line, character: 0 }, end: { line: line + (removes ? 1 : 0), character: 0 } }, text }]);
      writeFileSync(join(folder, file), document.lines.map(one => `${one}\n`).join(''));
      if (round % 3) continue;
      for (const [shown, { lines, version }] of open) {
        const now = lines.map(one => `${one}\n`).join('');
        const found = await client.diagnostics(uri(shown), version);
        assert.deepEqual(difference(checked(folder, shown), found, now), { missing: [], unexpected: [] }, `round ${round}, ${shown}:\n${now}`);
      }
    }
    assert.deepEqual(await client.stop(), { code: 0, signal: null });
  });

// Several migrations in one file, files that include others, SQL in a program: what did not change is kept there, too.
const others = {
  'a changelog of many changesets': ['db/changelog/changes.sql', {
    'db/changelog/changes.sql': '--liquibase formatted sql\n' + Array.from({ length: 6 }, (_, n) =>
      `\n--changeset ann:${n}\nCREATE TABLE t${n} (id int, name text);\nCREATE INDEX i${n} ON t${Math.max(0, n - 1)} (name);\n--rollback DROP TABLE t${n};\n`).join('') }],
  'files that psql includes': ['migrations/002_more.sql', {
    'migrations/001_base.sql': 'CREATE TABLE base (id int);\n\\i parts/one.sql\n', 'migrations/parts/one.sql': 'CREATE TABLE one (id int, name text);\n',
    'migrations/002_more.sql': 'ALTER TABLE one ALTER COLUMN id TYPE bigint;\nCREATE INDEX i0 ON one (name);\n' }],
  'SQL in Python': ['alembic/versions/2_more.py', {
    'alembic.ini': '', 'alembic/versions/1_base.py': "revision = '1'\ndown_revision = None\n\ndef upgrade():\n    op.execute('CREATE TABLE one (id int, name text)')\n\ndef downgrade():\n    op.execute('DROP TABLE one')\n",
    'alembic/versions/2_more.py': "revision = '2'\ndown_revision = '1'\n\ndef upgrade():\n    op.execute('CREATE INDEX i0 ON one (name)')\n    op.execute('ALTER TABLE one ALTER COLUMN id TYPE bigint')\n\ndef downgrade():\n    pass\n" }],
};

for (const [name, [file, files]] of Object.entries(others))
  test(`edits, again and again: ${name}`, { timeout: 120000 }, async t => {
    const quiet = { '.git/HEAD': 'x', '.ddlint.yml': 'rules: {lock-timeout-missing: off}\n' }; // told once for all by the command line
    const folder = workspace(t, { ...files, ...quiet }), client = new Client(t), uri = uriOf(join(folder, file));
    await client.start(folder);
    let text = files[file], found = await client.open(uri, text);
    for (let version = 2; version < 14; version++) {
      const place = text.indexOf('CREATE INDEX', (version * 37) % text.length) >= 0 ? text.indexOf('CREATE INDEX', (version * 37) % text.length) : text.indexOf('CREATE INDEX');
      const from = version % 2 ? 'name)' : 'CREATE INDEX', to = version % 2 ? 'id)' : 'CREATE  INDEX', at = Math.max(text.indexOf(from, place), 0);
      text = text.slice(0, at) + text.slice(at).replace(from, to);
      found = await client.change(uri, version, [{ text }]);
      writeFileSync(join(folder, file), text);
      assert.deepEqual(difference(checked(folder, file), found, text), { missing: [], unexpected: [] }, text);
    }
    assert.deepEqual(await client.stop(), { code: 0, signal: null });
  });
