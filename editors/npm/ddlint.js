#!/usr/bin/env node
// Runs the binary of this machine's platform package with the same words, streams and exit code.
"use strict";

const { spawnSync } = require("child_process");

const platform = `@ddlint/${process.platform}-${process.arch}`;
let binary;
try {
	binary = require.resolve(`${platform}/bin/ddlint`);
} catch {
	console.error(`ddlint: the package ${platform} is not installed: it is an optional dependency of ddlint and holds the binary`);
	process.exit(2);
}

const { status, signal, error } = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (error) {
	console.error(`ddlint: ${binary}: ${error.message}`);
	process.exit(2);
}
if (signal)
	process.kill(process.pid, signal);
process.exit(status === null ? 2 : status);
