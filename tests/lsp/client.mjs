// A client of `ddlint lsp` for the tests, on vscode-jsonrpc: what Visual Studio Code itself speaks with.
import { spawn, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, writeFileSync, rmSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.DDLINT_NPM, 'package.json'));
const { createMessageConnection, StreamMessageReader, StreamMessageWriter, CancellationTokenSource } = require('vscode-jsonrpc/node');
export { CancellationTokenSource };

export const ddlint = process.env.DDLINT;
export const uriOf = path => pathToFileURL(path).href;

// A folder with these files, gone when the test ends.
export function workspace(t, files) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ddlint-lsp-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const basic = { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } };

export class Client {
  constructor(t, command = ddlint, env = process.env) {
    this.child = spawn(command, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', env });
    this.exited = new Promise(done => this.child.on('exit', (code, signal) => done({ code, signal })));
    this.exited.then(({ signal }) => { if (signal && signal !== 'SIGKILL') { console.error(`ddlint lsp ended by ${signal}`); process.exit(1); } });
    this.published = new Map(); // uri -> the last params
    this.waiting = [];
    this.messages = [];
    this.registered = [];
    this.connection = createMessageConnection(new StreamMessageReader(this.child.stdout), new StreamMessageWriter(this.child.stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', params => {
      this.published.set(params.uri, params);
      this.waiting = this.waiting.filter(one => !one(params));
    });
    this.connection.onNotification('window/showMessage', params => this.messages.push(params));
    this.connection.onRequest('client/registerCapability', params => { this.registered.push(...params.registrations); return null; });
    this.connection.onError(() => {});
    this.connection.listen();
    t.after(() => this.child.kill('SIGKILL'));
  }

  async start(folder, capabilities = basic, more = {}) {
    const answer = await this.request('initialize', { processId: process.pid, rootUri: folder ? uriOf(folder) : null, capabilities, ...more });
    this.notify('initialized', {});
    return answer;
  }

  request(method, params, token) { return this.connection.sendRequest(method, params, ...(token ? [token] : [])); }
  notify(method, params) { return this.connection.sendNotification(method, params).catch(() => {}); }

  // The diagnostics of that version of the document, when they come.
  diagnostics(uri, version) {
    const have = this.published.get(uri);
    if (have && (version === undefined || have.version === version)) return Promise.resolve(have.diagnostics);
    return new Promise(done => this.waiting.push(params => {
      const hit = params.uri === uri && (version === undefined || params.version === version);
      if (hit) done(params.diagnostics);
      return hit;
    }));
  }

  open(uri, text, version = 1) {
    this.published.delete(uri);
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version, text } });
    return this.diagnostics(uri, version);
  }

  change(uri, version, contentChanges) {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
    return this.diagnostics(uri, version);
  }

  async stop() {
    await this.request('shutdown');
    this.notify('exit');
    return this.exited;
  }
}

const severities = { error: 1, warning: 2, note: 3 };

// What the command line says about one file: in the form of `simple` below. `text`: an unsaved text of it, on standard input.
export function checked(folder, file, text) {
  const where = text === undefined ? [file] : ['--stdin-filename', file, '-'];
  let out;
  try {
    out = execFileSync(ddlint, ['check', '--fail-on', 'never', '--format', 'json', ...where], { cwd: folder, input: text ?? '', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] });
  } catch (failed) {
    out = failed.stdout; // an unreadable neighbour: the findings are there all the same
  }
  return JSON.parse(out).findings
    .filter(one => one.file === file && !one.suppressed)
    .map(one => `${one.line === null ? 'file' : `${one.line}:${one.column}-${one.end_line}:${one.end_column}`} ${severities[one.severity]} ${one.rule}: ${one.message}`)
    .sort();
}

// Diagnostics in the same form: columns become code points again. What is about the whole file is on the first line.
export function simple(diagnostics, text, wholeFile = () => false) {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const point = at => [...lines[at.line].slice(0, at.character)].length + 1;
  return diagnostics.map(one => {
    const [message] = one.message.split('\n');
    const { start, end } = one.range;
    const place = `${start.line + 1}:${point(start)}-${end.line + 1}:${point(end)}`;
    return { place, rest: `${one.severity} ${one.code}: ${message}` };
  });
}

// Equal findings? Answers what differs, for the message of an assertion.
export function difference(expected, diagnostics, text) {
  const have = simple(diagnostics, text);
  const missing = [];
  for (const line of expected) {
    const [place, ...words] = line.split(' ');
    const rest = words.join(' ');
    const at = have.findIndex(one => one.rest === rest && (place === 'file' ? one.place.startsWith('1:1-1:') : one.place === place));
    if (at < 0) missing.push(line);
    else have.splice(at, 1);
  }
  return { missing, unexpected: have.map(one => `${one.place} ${one.rest}`) };
}

// Numbers below a limit, the same ones for the same seed.
export function random(seed) { // mulberry32
  return below => {
    seed = (seed + 0x6D2B79F5) | 0;
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % below;
  };
}

// The text after the edits of one document.
export function applied(text, edits) {
  const lines = text.split('\n');
  const at = place => lines.slice(0, place.line).reduce((sum, line) => sum + line.length + 1, 0) + place.character;
  return [...edits].sort((a, b) => at(b.range.start) - at(a.range.start))
    .reduce((now, edit) => now.slice(0, at(edit.range.start)) + edit.newText + now.slice(at(edit.range.end)), text);
}
