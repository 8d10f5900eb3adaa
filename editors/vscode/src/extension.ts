// ddlint in Visual Studio Code: starts `ddlint lsp`, counts what it finds, and shows what the command line knows beside it.
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { Server } from './server';
import { createStatus } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
	const started = server = new Server(context);
	context.subscriptions.push(
		createStatus(started),
		registerCommands(context),
		vscode.commands.registerCommand('ddlint.restart', () => started.restart()),
		vscode.commands.registerCommand('ddlint.output', () => started.output.show()),
		vscode.workspace.onDidChangeConfiguration(change => {
			if (change.affectsConfiguration('ddlint.path')) // the others are told to the running server
				void started.restart();
		}),
	);
	await started.restart();
}

export async function deactivate(): Promise<void> {
	await server?.dispose();
}
