#include "discover/config_keys.h"

static void write_head(Buf *buf)
{
	buf_adds(buf,
		 "# ddlint: a linter for PostgreSQL migrations.\n"
		 "# Lines that start with \"#\" and no blank are keys to switch on; what they say then is an example.\n"
		 "\n"
		 "# Packs of rules, and files of your own: the nearest setting wins. Without any: recommended.\n"
		 "#extends: [recommended]\n"
		 "\n"
		 "# Rules that files and projects below this one cannot weaken.\n"
		 "#enforce: [rollback-missing]\n"
		 "\n"
		 "# The major versions of the servers in use, from 11 to 18: a hazard on any of them is reported.\n");
}

static void write_found(Buf *buf, const ConfigExample *found)
{
	if (!found->postgres_low)
		buf_adds(buf, "#postgres: 15-18\n");
	else if (found->postgres_low == found->postgres_high)
		buf_addf(buf, "postgres: %d\n", found->postgres_low);
	else
		buf_addf(buf, "postgres: %d-%d\n", found->postgres_low, found->postgres_high);
	buf_adds(buf, "\n# The tool whose files these are; auto looks at names and contents.\n");
	buf_addf(buf, "%slayout: %s\n", found->layout ? "" : "#", found->layout ? found->layout : "auto");
	buf_adds(buf,
		 "# A mapping in its place describes a layout of your own:\n"
		 "# layout:\n"
		 "#   name: ours\n"
		 "#   root: db/changes\n"
		 "#   files: '/^(?<version>[0-9]+)-(?<name>[^.]+)([.](?<direction>undo))?[.]sql$/'\n"
		 "#   directions: {down: undo}\n"
		 "#   sections: {no-transaction: '@no-transaction'}\n"
		 "#   transaction: migration\n"
		 "#   order: natural\n"
		 "#   no-transaction: in a file of its own that says `-- @no-transaction`\n");
}

static void write_server(Buf *buf, const ConfigExample *found)
{
	buf_adds(buf,
		 "\n"
		 "# What has run in production: git:REF, @latest-tag, a version, or file:PATH of a list of versions.\n"
		 "#released: git:origin/main\n"
		 "\n"
		 "# How migrations reach the server. transaction: migration, statement, run, simple-query or none.\n");
	if (found->transaction)
		buf_addf(buf, "runner: {transaction: %s}\n", found->transaction);
	else
		buf_adds(buf, "#runner: {transaction: migration, connection: migration, role: migrator}\n");
	buf_adds(buf,
		 "\n"
		 "# Parameters that the connection of the migrations starts with.\n"
		 "#session: {lock_timeout: 5s, statement_timeout: 15min, search_path: \"app, public\", timezone: UTC}\n"
		 "\n"
		 "# What stands between the migrations and the server: none, session or transaction pooling.\n"
		 "#pooler: none\n"
		 "\n"
		 "# Values for ${schema}, :schema and {{ schema }} in the migrations.\n"
		 "#placeholders: {schema: app}\n"
		 "\n"
		 "# SQL of what existed before the first migration.\n"
		 "#start-schema: db/structure.sql\n"
		 "\n"
		 "# How rollback scripts are named, beside what the layout knows.\n"
		 "#rollback: ['rollback_{name}.sql']\n");
}

static void write_rules(Buf *buf, const ConfigExample *found)
{
	buf_adds(buf,
		 "\n"
		 "# error, warning, note or off, for a rule, a category or all. The special overrules the general.\n");
	if (found->rules)
		buf_addf(buf, "rules: {%s}\n", found->rules);
	else
		buf_adds(buf, "#rules: {column-dropped: error, idempotency: note}\n");
	buf_adds(buf,
		 "\n"
		 "# Rules of your own, in files or right here: \"ddlint rules --actions\" tells how they are written.\n"
		 "#custom-rules: [db/rules.yml]\n"
		 "#define: [{id: no-json, on: add-column, where: {type: json}, message: '{column} is json'}]\n"
		 "\n"
		 "# What functions do whose bodies ddlint cannot read: declarations, or files that hold lists of them.\n"
		 "#functions: [{function: archive(relation regclass), table: relation, locks: EXCLUSIVE, destroys-rows: true}]\n"
		 "\n"
		 "# Tables that many users wait for: names, /patterns/, and CSV files from \"ddlint heat --query\", and what\n"
		 "# of their numbers is much and what is little (the defaults).\n"
		 "#heat: {tables: [users, '/^orders_/'], statistics: db/stats.csv, workload: db/statements.csv, "
		 "redact: true, hot-percent: 1, tiny-rows: 10000, tiny-bytes: 8MB, hottest: 50, stale-days: 60}\n"
		 "\n"
		 "# Other severities for some paths.\n");
	buf_addf(buf, "%soverrides: [%s]\n", found->overrides ? "" : "#",
		 found->overrides ? found->overrides : "{paths: ['legacy/**'], rules: {all: note}}");
	buf_adds(buf,
		 "\n"
		 "# Comments of other linters that are obeyed too: squawk, atlas, diesel-guard, pgsafe, migration-safe.\n");
	buf_addf(buf, "%ssuppressions: [%s]\n", found->suppressions ? "" : "#", found->suppressions ? found->suppressions : "squawk");
	buf_adds(buf,
		 "\n"
		 "# Files that are no migrations.\n"
		 "#exclude: ['**/seeds/**']\n"
		 "\n"
		 "# The severity that makes ddlint exit with 1: error, warning, note or never.\n");
	buf_addf(buf, "%sfail-on: %s\n", found->fail_on ? "" : "#", found->fail_on ? found->fail_on : "error");
	buf_adds(buf,
		 "\n"
		 "# What could not be analysed: allow, warn or fail.\n"
		 "#on-unknown: warn\n");
}

static void write_policy(Buf *buf)
{
	buf_adds(buf,
		 "\n"
		 "# What the header of a migration has to declare, by phase (expand, migrate, contract) or\n"
		 "# risk (safe, controlled, high).\n"
		 "#metadata: {required: {all: [owner], contract: [backup, plan]}, patterns: {owner: '^team-'}, "
		 "max-runtime: 30min}\n"
		 "\n"
		 "# Who has to approve migrations of a risk, and where that is written: git-trailer or header.\n"
		 "#approvals: {high: [dba, cto], source: git-trailer}\n"
		 "\n"
		 "# How long something stays deprecated before it may be dropped.\n"
		 "# What is deprecated a COMMENT in the database says, or this list; remove-after is a date or a window.\n"
		 "#deprecation: {releases: 2, days: 30, marks: [{object: users.fax, since: 2026-01-10, remove-after: 90 days}]}\n"
		 "\n"
		 "# Phases (expand, migrate, contract, none) and risks (safe, controlled, high) of kinds of actions, where\n"
		 "# yours are others; \"ddlint rules --actions\" lists the kinds.\n"
		 "#phases: {create-trigger: migrate}\n"
		 "#risks: {drop-index: controlled}\n"
		 "\n"
		 "# Files that have to change together with migrations.\n"
		 "#companions: [{when: any, require: 'prisma/schema.prisma'}]\n"
		 "\n"
		 "# Databases of this repository; each may repeat the keys above.\n"
		 "#projects: [{name: billing, path: services/billing/db}]\n");
}

void config_write_example(Buf *buf, const ConfigExample *found)
{
	write_head(buf);
	write_found(buf, found);
	write_server(buf, found);
	write_rules(buf, found);
	write_policy(buf);
}
