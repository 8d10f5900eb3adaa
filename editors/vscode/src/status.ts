// The status item: how many findings the open migration has.
import * as vscode from 'vscode';
import { Server, languages } from './server';

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
	return vscode.languages.getDiagnostics(uri).filter(one => one.source === 'ddlint');
}

function counted(count: number, word: string): string {
	return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export function createStatus(server: Server): vscode.Disposable {
	const item = vscode.window.createStatusBarItem('ddlint.findings', vscode.StatusBarAlignment.Left);
	item.name = 'ddlint';

	const show = () => {
		const document = vscode.window.activeTextEditor?.document;
		if (!document || !languages.includes(document.languageId)) {
			item.hide();
			return;
		}
		if (!server.running) {
			item.text = 'ddlint $(circle-slash)';
			item.tooltip = 'ddlint is not running: click to start it';
			item.command = 'ddlint.restart';
		} else {
			const found = findings(document.uri);
			const count = (severity: vscode.DiagnosticSeverity) => found.filter(one => one.severity === severity).length;
			const errors = count(vscode.DiagnosticSeverity.Error), warnings = count(vscode.DiagnosticSeverity.Warning);
			const notes = found.length - errors - warnings;
			item.text = found.length ? `ddlint $(error) ${errors} $(warning) ${warnings} $(info) ${notes}` : 'ddlint $(check)';
			item.tooltip = `ddlint in this migration: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(notes, 'note')}`;
			item.command = 'workbench.actions.view.problems';
		}
		item.show();
	};

	show();
	return vscode.Disposable.from(item, server.onDidChange(show),
		vscode.window.onDidChangeActiveTextEditor(show), vscode.languages.onDidChangeDiagnostics(show));
}
