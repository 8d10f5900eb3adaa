// Where the program ddlint is, and how it is run.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export class NotFound extends Error {}

const executable = process.platform === 'win32' ? 'ddlint.exe' : 'ddlint';

export function settings(): vscode.WorkspaceConfiguration {
	return vscode.workspace.getConfiguration('ddlint');
}

function canRun(file: string): boolean {
	try {
		fs.accessSync(file, fs.constants.X_OK);
		return fs.statSync(file).isFile();
	} catch {
		return false;
	}
}

function onPath(name: string): string | undefined {
	return (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean).map(folder => path.join(folder, name)).find(canRun);
}

function namedBySetting(value: string): string {
	const bare = !/[\\/]/.test(value);
	const home = value.replace(/^~(?=[\\/])/, os.homedir());
	const file = bare ? onPath(value) : path.resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', home);
	if (!file || !canRun(file))
		throw new NotFound(`The setting ddlint.path is ${value}, and no program is there.`);
	return file;
}

// What the setting says; else the one that came with the extension; else the one on the PATH.
export function findProgram(context: vscode.ExtensionContext): string {
	const value = settings().get<string>('path', '').trim();
	if (value)
		return namedBySetting(value);
	const bundled = context.asAbsolutePath(path.join('bin', executable));
	const found = canRun(bundled) ? bundled : onPath(executable);
	if (!found)
		throw new NotFound('The program ddlint is not on the PATH. Install it, or say in the setting ddlint.path where it is.');
	return found;
}

// The settings that the command line has options for.
export function options(...names: ('config' | 'layout' | 'postgres')[]): string[] {
	return names.flatMap(name => {
		const value = settings().get<string>(name, '');
		return value ? [`--${name}`, value] : [];
	});
}

// What the program prints. That there are findings is no failure.
export function run(program: string, words: string[], folder?: string): Promise<string> {
	const longest = 1 << 28;
	return new Promise((resolve, reject) =>
		execFile(program, words, { ...(folder ? { cwd: folder } : {}), maxBuffer: longest }, (error, output, complaints) => {
			if (error && error.code !== 1)
				reject(new Error(complaints.trim() || error.message));
			else
				resolve(output);
		}));
}
