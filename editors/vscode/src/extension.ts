// ddlint in Visual Studio Code: starts `ddlint lsp`, counts what it finds, and shows what the command line knows beside it.
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;
let status: vscode.StatusBarItem;

function settings(): vscode.WorkspaceConfiguration {
	return vscode.workspace.getConfiguration('ddlint');
}

function program(): string {
	return settings().get<string>('path') || 'ddlint';
}

// --- The language server -----------------------------------------------------------------------------------------------------------

async function start(): Promise<void> {
	const { config, layout, postgres } = settings();
	client = new LanguageClient('ddlint', 'ddlint', { command: program(), args: ['lsp'] }, {
		documentSelector: [{ language: 'sql', scheme: 'file' }, { language: 'sql', scheme: 'untitled' }],
		initializationOptions: { config, layout, postgres },
	});
	client.onDidChangeState(change => show(change.newState === State.Running));
	try {
		await client.start();
	} catch (error) {
		client = undefined;
		show(false);
		const choice = await vscode.window.showErrorMessage(`ddlint could not be started: ${error instanceof Error ? error.message : error}`, 'Open the Setting');
		if (choice)
			await vscode.commands.executeCommand('workbench.action.openSettings', 'ddlint.path');
	}
}

async function stop(): Promise<void> {
	const running = client;
	client = undefined;
	await running?.dispose();
}

async function restart(): Promise<void> {
	await stop();
	await start();
}

// --- The status item: how many findings the open file has -----------------------------------------------------------------------------

function findings(uri: vscode.Uri): vscode.Diagnostic[] {
	return vscode.languages.getDiagnostics(uri).filter(one => one.source === 'ddlint');
}

function show(running = client?.state === State.Running): void {
	const document = vscode.window.activeTextEditor?.document;
	if (!document || document.languageId !== 'sql') {
		status.hide();
		return;
	}
	const found = findings(document.uri);
	const count = (severity: vscode.DiagnosticSeverity) => found.filter(one => one.severity === severity).length;
	const errors = count(vscode.DiagnosticSeverity.Error), warnings = count(vscode.DiagnosticSeverity.Warning);
	status.text = !running ? '$(circle-slash) ddlint' : found.length ? `$(database) ${errors} $(error) ${warnings} $(warning)` : '$(database) ddlint $(check)';
	status.tooltip = running ? `ddlint: ${found.length} finding${found.length === 1 ? '' : 's'} in this migration` : 'ddlint is not running';
	status.command = running ? 'workbench.actions.view.problems' : 'ddlint.restart';
	status.show();
}

// --- Commands --------------------------------------------------------------------------------------------------------------------------

function run(words: string[], folder?: string): Promise<string> {
	return new Promise((resolve, reject) => execFile(program(), words, { cwd: folder, maxBuffer: 1 << 28 }, (error, output, errors) => {
		// 1: there are findings
		if (error && (error as { code?: unknown }).code !== 1)
			reject(new Error(errors.trim() || error.message));
		else
			resolve(output);
	}));
}

async function ruleToExplain(): Promise<string | undefined> {
	const editor = vscode.window.activeTextEditor;
	const here = editor && findings(editor.document.uri).find(one => one.range.contains(editor.selection.active));
	if (here)
		return String(typeof here.code === 'object' ? here.code.value : here.code);
	const rules: { id: string; summary: string }[] = JSON.parse(await run(['rules', '--format', 'json'])).rules;
	const picked = await vscode.window.showQuickPick(rules.map(rule => ({ label: rule.id, description: rule.summary })), { placeHolder: 'Which rule?' });
	return picked?.label;
}

async function explain(): Promise<void> {
	const rule = await ruleToExplain();
	if (!rule)
		return;
	const document = await vscode.workspace.openTextDocument({ content: await run(['explain', rule]) });
	await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}

async function audit(): Promise<void> {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
	if (!folder)
		return;
	const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'ddlint audit' },
		() => run(['audit', '--format', 'html', '.'], folder));
	const panel = vscode.window.createWebviewPanel('ddlint.audit', 'ddlint audit', vscode.ViewColumn.Active, { enableScripts: false });
	panel.webview.html = report;
}

function command(name: string, work: () => Promise<void>): vscode.Disposable {
	return vscode.commands.registerCommand(name, () => work().catch(error =>
		vscode.window.showErrorMessage(`ddlint: ${error instanceof Error ? error.message : error}`)));
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
	status = vscode.window.createStatusBarItem('ddlint', vscode.StatusBarAlignment.Left);
	status.name = 'ddlint';
	context.subscriptions.push(
		status,
		command('ddlint.explain', explain),
		command('ddlint.audit', audit),
		command('ddlint.restart', restart),
		vscode.window.onDidChangeActiveTextEditor(() => show()),
		vscode.languages.onDidChangeDiagnostics(() => show()),
		vscode.workspace.onDidChangeConfiguration(change => {
			if (change.affectsConfiguration('ddlint'))
				void restart();
		}),
	);
	await start();
	show();
}

export function deactivate(): Promise<void> {
	return stop();
}
