// The language server: `ddlint lsp`, started, stopped and started again.
import * as vscode from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/node';
import { NotFound, findProgram, settings } from './program';

// The names by which extensions know PostgreSQL's SQL.
export const languages = ['sql', 'pgsql', 'plpgsql', 'postgres'];

export class Server implements vscode.Disposable {
	readonly output = vscode.window.createOutputChannel('ddlint');
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChange = this.changed.event;
	private client: LanguageClient | undefined;
	private last: Promise<void> = Promise.resolve();

	constructor(private readonly context: vscode.ExtensionContext) {}

	get running(): boolean {
		return this.client?.state === State.Running;
	}

	// One after the other: a setting may change while the server still starts.
	restart(): Promise<void> {
		return this.last = this.last.then(() => this.stop()).then(() => this.start());
	}

	async dispose(): Promise<void> {
		await this.last;
		await this.stop();
		this.output.dispose();
		this.changed.dispose();
	}

	private async start(): Promise<void> {
		try {
			const { config, layout, postgres, inlayHints, codeLens } = settings();
			this.client = new LanguageClient('ddlint', 'ddlint', { command: findProgram(this.context), args: ['lsp'] }, {
				documentSelector: languages.flatMap(language => [{ language, scheme: 'file' }, { language, scheme: 'untitled' }]),
				initializationOptions: { config, layout, postgres, inlayHints, codeLens },
				synchronize: { configurationSection: 'ddlint' },
				outputChannel: this.output,
			});
			this.client.onDidChangeState(() => this.changed.fire());
			await this.client.start();
		} catch (error) {
			this.client = undefined;
			void complain(error);
		}
		this.changed.fire();
	}

	private async stop(): Promise<void> {
		const client = this.client;
		this.client = undefined;
		await client?.dispose();
	}
}

async function complain(error: unknown): Promise<void> {
	const message = error instanceof NotFound ? error.message : `ddlint could not be started: ${error instanceof Error ? error.message : error}`;
	const setting = 'Open the Setting', install = 'How to Install';
	const choice = await vscode.window.showErrorMessage(message, setting, install);
	if (choice === setting)
		await vscode.commands.executeCommand('workbench.action.openSettings', 'ddlint.path');
	else if (choice === install)
		await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'ddlint.ddlint#start');
}
