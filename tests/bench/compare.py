#!/usr/bin/env python3
"""Compares ddlint with other linters of PostgreSQL migrations, on statements whose effect a PostgreSQL server showed.

  compare.py BUILD            run every tool that is there and write fixtures/compare/results.json and table.md (make compare)
  compare.py BUILD --check    run ddlint alone: its column is still what it does, and the table is that of the results

The statements are all those of the files of fixtures/postgres/ that FILES names, as far as a server of major 15 ran them: none is
left out. What each does stands there, and `make verify` holds it against a server: a statement *blocks* when it read, wrote anew or
indexed a whole table under a lock that makes writers wait, and *loses* when a table or a column was gone afterwards, or the rows.
Each stands in a folder of its own, behind a file that makes what it needs: an earlier migration, for those that look at it.

A finding counts when its rule claims just that; which rules do is listed below, from what they say. Rules of style, of retries, of
timeouts, of short locks and of compatibility claim something else, and count neither as hits nor as false alarms. Every tool runs with
its defaults, and as it is installed from its registry. Nothing here is a test of theirs.
"""
import datetime
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "fixtures/postgres"
RESULTS = ROOT / "fixtures/compare/results.json"
TABLE = ROOT / "fixtures/compare/table.md"
MAJOR = "15"
FILES = ["add_column", "check_constraint", "column_type", "create_index", "create_table", "default", "drop", "drop_column",
         "drop_index", "foreign_key", "not_null", "primary_key_and_unique", "reindex", "rename"]
WRITERS_WAIT = {"SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"}
COPIES, RUNS = 10, 5


# --- The statements and what the server showed -----------------------------------------------------------------------------------

class Case:
    def __init__(self, name, kind):
        self.name, self.kind, self.setup, self.statement, self.facts = name, kind, "", "", None

    @property
    def blocks(self):
        locks = dict(item.split(" ", 1) for item in self.facts.get("locks", "").split(", ") if item)
        work = [table for key in ("rewrites", "scans") for table in self.facts.get(key, "").split(", ")]
        return any(locks.get(table) in WRITERS_WAIT for table in work)

    @property
    def loses(self):
        return "loses" in self.facts


def read_setups():
    setups, name = {}, None
    for line in (CASES / "setups.sql").read_text().splitlines():
        if line.startswith("-- setup: "):
            name = line[10:]
            setups[name] = ""
        elif name and not line.startswith("--"):
            setups[name] += line + "\n"
    return setups


def read_cases():
    setups, cases = read_setups(), []
    for kind in FILES:
        part = seen = None
        for line in (CASES / f"{kind}.sql").read_text().splitlines():
            key, _, value = line[3:].partition(":") if line.startswith("-- ") else ("", "", "")
            value = value.strip()
            if key == "case":
                cases.append(Case(value, kind))
                part = "setup"
            elif key == "setup":
                cases[-1].setup += setups[value]
            elif line == "-- statement":
                part = "statement"
            elif key == "on":
                seen = {}
                part = None
                if MAJOR in value.split():
                    cases[-1].facts = seen
            elif key and part is None:
                seen[key] = value
            elif part == "setup":
                cases[-1].setup += line + "\n"
            elif part == "statement":
                cases[-1].statement += line + "\n"
    return [case for case in cases if case.facts is not None]


def write_cases(cases, folder, copies):
    for copy in range(copies):
        for case in cases:
            place = folder / f"{copy}" / case.name
            place.mkdir(parents=True)
            (place / "001_before.sql").write_text(case.setup or "SELECT 1;\n")
            (place / "002_change.sql").write_text(case.statement)


# --- The tools ---------------------------------------------------------------------------------------------------------------------

def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


class Tool:
    """A linter: how it is run, and which of its rules claim that a statement blocks, or loses something."""
    name, package = "", ""
    blocks, loses = set(), set()
    # Not measured, but read in its documentation: what it knows of earlier migrations and rollbacks, what it writes, whether it edits
    # files, what it asks a database.
    history, rollbacks, formats, fixes, database = "no", "no", "JSON", "no", "no"

    def __init__(self, program):
        self.program = program

    def version(self):
        return re.search(r"\d+\.\d+\.\d+", run([self.program, "--version"]).stdout).group()

    def files(self, folder):
        return sorted(str(path) for path in folder.glob("*/*/*.sql"))

    def claims(self, rule):
        return {kind for kind, rules in (("blocks", self.blocks), ("loses", self.loses)) if rule in rules}

    def run(self, folder):
        return run(self.command(folder), cwd=folder).stdout

    def judged(self, folder):
        """What the tool claims of each statement: (case, "blocks" or "loses")."""
        found = set()
        for path, rule in self.findings(self.run(folder)):
            path = pathlib.Path(path)
            if path.name == "002_change.sql":
                found |= {(path.parent.name, kind) for kind in self.claims(rule)}
        return found

    def seconds(self, folder):
        """CPU seconds, user and system."""
        self.run(folder)
        times = []
        for _ in range(RUNS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.run(folder)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return statistics.median(times)


class Ddlint(Tool):
    name = "ddlint"
    history, rollbacks, formats, fixes = "replayed", "proved", "JSON, SARIF, JUnit, GitHub, GitLab", "yes"
    blocks = {"locking"}
    loses = {"column-dropped", "delete-without-where", "owned-dropped", "schema-dropped", "table-dropped", "table-truncated"}

    def command(self, folder):
        return [self.program, "--config", "none", "--layout", "plain", "--postgres", MAJOR, "--fail-on", "never", "--format", "json", str(folder)]

    def findings(self, output):
        for finding in json.loads(output)["findings"]:
            if finding["severity"] in ("error", "warning"):
                # Every rule of the family "locking" claims work under a lock, but the one that says it does not know.
                blocks = finding["category"] == "locking" and finding["rule"] != "column-type-unknown"
                yield finding["file"], "locking" if blocks else finding["rule"]


class Squawk(Tool):
    name = "squawk"
    package = "squawk-cli@2.66.0"
    formats, fixes = "JSON, GitHub, GitLab", "in editors"
    blocks = {"adding-field-with-default", "adding-foreign-key-constraint", "adding-not-nullable-field", "adding-serial-primary-key-field",
              "ban-alter-domain-with-add-constraint", "changing-column-type", "constraint-missing-not-valid", "disallowed-unique-constraint",
              "require-concurrent-index-creation", "require-concurrent-reindex"}
    loses = {"ban-drop-column", "ban-drop-table", "ban-drop-database", "ban-truncate-cascade"}

    def command(self, folder):
        return [self.program, "--pg-version", MAJOR + ".0", "--reporter", "json", *self.files(folder)]

    def findings(self, output):
        return ((finding["file"], finding["rule_name"]) for finding in json.loads(output))


class LanguageServer(Tool):
    name = "postgres-language-server"
    package = "@postgres-language-server/cli@0.25.5"
    formats, database = "JSON, JUnit, GitHub, GitLab", "types, schema"
    blocks = {"addSerialColumn", "addingFieldWithDefault", "addingForeignKeyConstraint", "addingNotNullField", "addingPrimaryKeyConstraint",
              "avoidAddingExclusionConstraint", "avoidAttachingPartition", "changingColumnType", "constraintMissingNotValid",
              "disallowUniqueConstraint", "requireConcurrentIndexCreation", "requireConcurrentReindex"}
    loses = {"banDropColumn", "banDropDatabase", "banDropTable", "banTruncate", "banTruncateCascade"}

    def command(self, folder):
        # Its defaults leave out most of the group that is about migrations.
        (folder / "postgres-language-server.jsonc").write_text('{"linter": {"rules": {"safety": {"all": true}}}}')
        return [self.program, "check", f"--config-path={folder}", "--reporter=json", "--max-diagnostics=none", *self.files(folder)]

    def findings(self, output):
        for finding in json.loads(output)["diagnostics"]:
            yield finding["location"]["path"], finding["category"].rpartition("/")[2]


class Pgfence(Tool):
    name = "pgfence"
    package = "@flvmnt/pgfence@0.1.5"
    formats, database = "JSON, SARIF, GitHub", "sizes"
    blocks = {"add-column-non-constant-default", "add-column-serial", "add-column-stored-generated", "add-constraint-check-no-not-valid",
              "add-constraint-exclude", "add-constraint-fk-no-not-valid", "add-constraint-unique", "add-pk-without-using-index",
              "alter-column-set-not-null", "alter-column-type", "create-index-not-concurrent", "reindex-non-concurrent", "vacuum-full"}
    loses = {"delete-without-where", "drop-column", "drop-table", "truncate", "truncate-cascade"}

    def command(self, folder):
        return [self.program, "analyze", "--min-pg-version", MAJOR, "--output", "json", *self.files(folder)]

    def findings(self, output):
        for result in json.loads(output)["results"]:
            for check in result["checks"]:
                # A type change that it takes for harmless keeps its rule and has a low risk.
                if check["risk"] != "LOW":
                    yield result["filePath"], check["ruleId"]


class Pgsafe(Tool):
    name = "pgsafe"
    formats, fixes = "JSON, SARIF, GitHub", "yes"
    blocks = {"add-check-without-not-valid", "add-column-generated-stored", "add-column-identity", "add-column-serial",
              "add-column-volatile-default", "add-domain-constraint-without-not-valid", "add-domain-not-null", "add-exclusion-constraint",
              "add-fk-without-not-valid", "add-index-non-concurrent", "add-primary-key-without-index", "add-unique-constraint",
              "alter-column-type", "attach-partition", "refresh-matview-non-concurrent", "reindex-non-concurrent", "set-access-method",
              "set-logged-unlogged", "set-not-null", "vacuum-full-cluster"}
    loses = {"drop-column", "drop-database", "drop-table", "truncate"}

    def command(self, folder):
        return [self.program, "--no-config", "--format", "json", *self.files(folder)]

    def findings(self, output):
        for file in json.loads(output)["files"]:
            for finding in file["findings"]:
                yield file["file"], finding["rule_id"]


class Eugene(Tool):
    name = "eugene"
    formats, database = "JSON, Markdown", "traces on a scratch server"
    blocks = {"E1", "E2", "E5", "E6", "E7", "E8", "E11"}

    def command(self, folder):
        return [self.program, "lint", "--format", "json", *self.files(folder)]

    def findings(self, output):
        decoder, at = json.JSONDecoder(), 0
        while at < len(output):  # one object after the other
            report, at = decoder.raw_decode(output, at)
            at += len(output[at:]) - len(output[at:].lstrip())
            for statement in report["statements"]:
                for rule in statement["triggered_rules"]:
                    yield report["name"], rule["id"]


class DieselGuard(Tool):
    name = "diesel-guard"
    formats = "JSON, GitHub"
    blocks = {"AddCheckConstraintCheck", "AddColumnCheck", "AddDomainCheckConstraintCheck", "AddExcludeConstraintCheck", "AddForeignKeyCheck",
              "AddIdentityColumnCheck", "AddIndexCheck", "AddNotNullCheck", "AddPrimaryKeyCheck", "AddSerialColumnCheck", "AddUniqueConstraintCheck",
              "AlterColumnTypeCheck", "GeneratedColumnCheck", "RefreshMatViewCheck", "ReindexCheck"}
    loses = {"DropColumnCheck", "DropDatabaseCheck", "DropTableCheck", "MutationWithoutWhereCheck", "TruncateTableCheck"}

    def command(self, folder):
        """It takes one file or a folder of Diesel's: an up.sql below a folder for each migration."""
        diesel = folder / "diesel" / "migrations"
        if not diesel.exists():
            (folder / "diesel-guard.toml").write_text(f'framework = "diesel"\npostgres_version = {MAJOR}\n')
            for number, file in enumerate(map(pathlib.Path, self.files(folder))):
                place = diesel / f"2024-01-01-{number:06}_{file.parent.name}"
                place.mkdir(parents=True)
                shutil.copy(file, place / "up.sql")
        return [self.program, "check", "--format", "json", str(diesel)]

    def findings(self, output):
        for file in json.loads(output):
            number, _, case = pathlib.Path(file["file"]).parent.name[len("2024-01-01-"):].partition("_")
            for violation in file["violations"]:
                # The files are in pairs, what was before and then the change.
                yield f"{case}/{'002_change.sql' if int(number) % 2 else '001_before.sql'}", violation["check_name"]


TOOLS = [Ddlint, Squawk, Pgsafe, LanguageServer, Eugene, DieselGuard, Pgfence]


# --- The table ---------------------------------------------------------------------------------------------------------------------

def score(cases, judged):
    blocking = {case.name for case in cases if case.blocks}
    losing = {case.name for case in cases if case.loses}
    return {"blocks_found": len({(name, "blocks") for name in blocking} & judged),
            "loses_found": len({(name, "loses") for name in losing} & judged),
            "false_alarms": len({name for name, kind in judged if name not in (blocking if kind == "blocks" else losing)})}


def counts(cases):
    return {"statements": len(cases), "blocking": sum(case.blocks for case in cases), "losing": sum(case.loses for case in cases)}


def table(results):
    tools = results["tools"]
    cpu = tools["ddlint"]["cpu_seconds"]
    lines = [f"| {results['statements']} statements, {results['date']} | blocking found, of {results['blocking']} | losses found, of {results['losing']} | "
             "false alarms | earlier migrations | rollbacks | output | edits files | asks a database | CPU |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for tool in TOOLS:
        if (row := tools.get(tool.name)) is not None:
            lines.append(f"| {tool.name} {row['version']} | {row['blocks_found']} | {row['loses_found']} | {row['false_alarms']} | {tool.history} | "
                         f"{tool.rollbacks} | {tool.formats} | {tool.fixes} | {tool.database} | {row['cpu_seconds'] / cpu:.1f} |")
    return "\n".join(lines) + "\n"


# --- Running -----------------------------------------------------------------------------------------------------------------------

def install(build):
    """npm's packages, in the versions above, below build/peers. Of the others, those that PATH finds are taken."""
    peers = build / "peers"
    peers.mkdir(parents=True, exist_ok=True)
    packages = [tool.package for tool in TOOLS if tool.package]
    if shutil.which("npm"):
        (peers / "package.json").write_text('{"private": true}')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *packages], cwd=peers, check=True)
    return os.pathsep.join([str(peers / "node_modules/.bin"), os.environ["PATH"]])


def compare(build, scratch):
    cases = read_cases()
    paths = install(build)
    write_cases(cases, scratch / "once", 1)
    write_cases(cases, scratch / "often", COPIES)
    results = {"date": datetime.date.today().isoformat(), **counts(cases), "tools": {}}
    for kind in TOOLS:
        program = str(build / "ddlint") if kind is Ddlint else shutil.which(kind.name, path=paths)
        if not program:
            print(f"{kind.name} is not here", file=sys.stderr)
            continue
        tool = kind(program)
        results["tools"][tool.name] = {"version": tool.version(), **score(cases, tool.judged(scratch / "once")),
                                       "cpu_seconds": round(tool.seconds(scratch / "often"), 3)}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    TABLE.write_text(table(results))
    print(table(results), end="")


def check(build, scratch):
    cases = read_cases()
    results = json.loads(RESULTS.read_text())
    write_cases(cases, scratch, 1)
    tool = Ddlint(str(build / "ddlint"))
    today = {**counts(cases), "version": tool.version(), **score(cases, tool.judged(scratch))}
    then = {**results, **results["tools"]["ddlint"]}
    wrong = [f"{key}: {value} today, {then[key]} in {RESULTS.name}" for key, value in today.items() if value != then[key]]
    if TABLE.read_text() != table(results):
        wrong.append(f"{TABLE.name} is not the table of {RESULTS.name}")
    print("\n".join(wrong), end="\n" if wrong else "")
    return not wrong


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        if "--check" in sys.argv:
            sys.exit(0 if check(build, scratch) else 1)
        compare(build, scratch)


if __name__ == "__main__":
    main()
