// What the command line can do, from the editor: explain a rule, audit, write a first configuration.
import * as vscode from 'vscode';
import { explain, registerPages } from './explain';
import { findProgram, options, run } from './program';

async function chosenFolder(): Promise<vscode.Uri | undefined> {
	const folders = vscode.workspace.workspaceFolders ?? [];
	if (folders.length === 0)
		throw new Error('open a folder with migrations first');
	const folder = folders.length === 1 ? folders[0] : await vscode.window.showWorkspaceFolderPick();
	return folder?.uri;
}

// --- The audit ---------------------------------------------------------------------------------------------------------------------

async function audit(program: string): Promise<void> {
	const folder = await chosenFolder();
	if (!folder)
		return;
	const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'ddlint audit' },
		() => run(program, ['audit', '--format', 'html', ...options('config', 'layout', 'postgres'), '.'], folder.fsPath));
	// The page's own content security policy lets no script run but the page's.
	const panel = vscode.window.createWebviewPanel('ddlint.audit', 'ddlint audit', vscode.ViewColumn.Active,
		{ enableScripts: true, enableFindWidget: true, localResourceRoots: [] });
	panel.webview.html = report;
}

// --- A first configuration ---------------------------------------------------------------------------------------------------------

async function init(program: string): Promise<void> {
	const folder = await chosenFolder();
	if (!folder)
		return;
	await run(program, ['init'], folder.fsPath);
	await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, '.ddlint.yml'));
}

export function registerCommands(context: vscode.ExtensionContext): vscode.Disposable {
	const command = (name: string, work: (program: string) => Promise<void>) =>
		vscode.commands.registerCommand(name, async () => {
			try {
				await work(findProgram(context));
			} catch (error) {
				void vscode.window.showErrorMessage(`ddlint: ${error instanceof Error ? error.message : error}`);
			}
		});
	return vscode.Disposable.from(command('ddlint.explain', explain), command('ddlint.audit', audit), command('ddlint.init', init),
		registerPages(context));
}
