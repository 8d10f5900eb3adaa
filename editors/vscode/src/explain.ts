// A rule explained: the one under the cursor or one that is picked, as a page beside the editor.
import * as vscode from 'vscode';
import { findProgram, options, run } from './program';
import { findings } from './status';

interface Rule {
	readonly id: string;
	readonly category: string;
	readonly severity: string;
	readonly summary: string;
	readonly why: string;
	readonly instead: string;
	readonly manual: string | null;
	readonly bad: string;
	readonly good: string;
}

const scheme = 'ddlint';

// Those of the folder's configuration among them.
async function allRules(program: string, folder: string | undefined): Promise<Rule[]> {
	return (JSON.parse(await run(program, ['rules', '--format', 'json', ...options('config')], folder)) as { rules: Rule[] }).rules;
}

function folderHere(): string | undefined {
	const document = vscode.window.activeTextEditor?.document;
	const folder = document && vscode.workspace.getWorkspaceFolder(document.uri);
	return (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
}

function page(rule: Rule): string {
	const section = (title: string, text: string | null) => text ? [`## ${title}`, text] : [];
	const example = (title: string, sql: string) => section(title, sql && `\`\`\`sql\n${sql.trimEnd()}\n\`\`\``);
	return [
		`# ${rule.id}`,
		`*${rule.category}, ${rule.severity}*: ${rule.summary}`,
		...section('Why', rule.why),
		...section('Instead', rule.instead),
		...example('Bad', rule.bad),
		...example('Good', rule.good),
		...example('Allow it once', `-- ddlint: allow ${rule.id} -- the reason`),
		...section('Manual', rule.manual && `<${rule.manual}>`),
	].join('\n\n');
}

function ruleHere(): string | undefined {
	const editor = vscode.window.activeTextEditor;
	const code = editor && findings(editor.document.uri).find(one => one.range.contains(editor.selection.active))?.code;
	return code === undefined ? undefined : String(typeof code === 'object' ? code.value : code);
}

async function pickedRule(program: string, folder: string | undefined): Promise<string | undefined> {
	const items = (await allRules(program, folder)).map(rule => ({ label: rule.id, description: rule.summary }));
	return (await vscode.window.showQuickPick(items, { placeHolder: 'Which rule?', matchOnDescription: true }))?.label;
}

export async function explain(program: string): Promise<void> {
	const folder = folderHere();
	const rule = ruleHere() ?? await pickedRule(program, folder);
	if (rule)
		await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.from({ scheme, path: `/${rule}.md`, query: folder ?? '' }));
}

// The pages, by their rule's name.
export function registerPages(context: vscode.ExtensionContext): vscode.Disposable {
	return vscode.workspace.registerTextDocumentContentProvider(scheme, {
		provideTextDocumentContent: async uri => {
			const rule = (await allRules(findProgram(context), uri.query || undefined)).find(one => uri.path === `/${one.id}.md`);
			return rule ? page(rule) : 'There is no such rule.';
		},
	});
}
