// Makes dist/: the extension in one file, the schema of .ddlint.yml, and the licences of the packages that are in the bundle.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const { metafile } = await build({ entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', bundle: true, platform: 'node',
	format: 'cjs', target: 'node18', external: ['vscode'], minify: true, metafile: true, logLevel: 'warning' });

const packages = new Set(Object.keys(metafile.inputs).flatMap(path => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
const notices = [...packages].sort().map(folder => {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const file = readdirSync(folder).find(one => /^licen[cs]e/i.test(one));
	if (!file)
		throw new Error(`${folder} has no licence text`);
	return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
});
writeFileSync('dist/THIRD-PARTY.txt', notices.join(`\n${'-'.repeat(79)}\n\n`));
copyFileSync('../ddlint.schema.json', 'dist/ddlint.schema.json');
