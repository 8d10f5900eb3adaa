#!/usr/bin/env python3
"""What does ddlint cost, beside PostgreSQL's parser alone and beside other linters? All of them on the same files, in turns, in one run.

    run.py BUILD [FOLDER...]     without a folder: inputs that it makes

CPU is user and system time, wall the time that passed, peak the largest resident memory; medians of RUNS=5. SQUAWK and PGLS name the
other linters' programs where they are not in PATH; what is not there is left out. Instructions are valgrind's, where it is installed.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get('RUNS', '5'))


def write(path, texts):
    """One text, or one after the other: a child's peak is never told as less than our own."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as file:
        file.writelines([texts] if isinstance(texts, str) else texts)


def statements(i):
    """Ten statements of the kinds that migrations are made of."""
    return f'''CREATE TABLE orders_{i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, state text NOT NULL DEFAULT 'open');
CREATE TABLE lines_{i} (order_id bigint NOT NULL REFERENCES orders_{i}, product text NOT NULL, amount numeric(12, 2) CHECK (amount > 0));
CREATE INDEX orders_{i}_customer ON orders_{i} (customer_id);
CREATE UNIQUE INDEX lines_{i}_product ON lines_{i} (order_id, lower(product));
ALTER TABLE orders_{i} ADD COLUMN placed_at timestamptz DEFAULT now();
ALTER TABLE orders_{i} ADD CONSTRAINT orders_{i}_state CHECK (state IN ('open', 'paid', 'sent'));
COMMENT ON TABLE orders_{i} IS 'what customers ordered';
CREATE VIEW open_orders_{i} AS SELECT o.id, sum(l.amount) AS total FROM orders_{i} o JOIN lines_{i} l ON l.order_id = o.id WHERE o.state = 'open' GROUP BY o.id;
UPDATE orders_{i} SET state = 'paid' WHERE id IN (SELECT order_id FROM lines_{i} WHERE amount > 100);
GRANT SELECT ON open_orders_{i} TO reporting;
'''


def make_files(folder):
    for i in range(2000):
        write(f'{folder}/{i:04}_step.sql', statements(i))


def make_large_file(folder):
    write(f'{folder}/0001_all.sql', (statements(i) for i in range(5_000_000 // len(statements(1000)))))


def make_history(folder):
    write(f'{folder}/0001_start.up.sql', statements(1))
    write(f'{folder}/0001_start.down.sql', 'DROP VIEW open_orders_1;\nDROP TABLE lines_1;\nDROP TABLE orders_1;\n')
    for i in range(2, 1001):
        write(f'{folder}/{i:04}_note.up.sql', f'ALTER TABLE orders_1 ADD COLUMN note_{i} text;\nCREATE INDEX orders_note_{i} ON orders_1 (note_{i});\n')
        write(f'{folder}/{i:04}_note.down.sql', f'ALTER TABLE orders_1 DROP COLUMN note_{i};\n')


def make_statements(folder):
    write(f'{folder}/0001_products.sql', 'CREATE TABLE products (sku text PRIMARY KEY, name text NOT NULL);\n')
    write(f'{folder}/0002_rows.sql', (f"INSERT INTO products (sku, name) VALUES ('sku-{i}', 'product {i}');\n" for i in range(100_000)))


INPUTS = {
    '2,000 files of ten statements': make_files,
    'one file of 5 MB': make_large_file,
    'a history of 1,000 migrations with their downs': make_history,
    '100,000 statements in one file': make_statements,
}


def sql_files(folders):
    found = []
    for folder in folders:
        for parent, _, names in os.walk(folder):
            found += [os.path.join(parent, name) for name in names if name.endswith('.sql')]
    return sorted(found)


def measure(command):
    """CPU seconds, wall seconds, peak bytes of one run."""
    begin = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode < 0 or child.returncode == 127:
        sys.exit(f'{command[0]}: status {child.returncode}')
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begin, usage.ru_maxrss * 1024


def instructions(command):
    run = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', *command],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return int(re.search(r'refs:\s*([\d,]+)', run.stderr).group(1).replace(',', ''))


def commands(build, folders, scratch):
    ddlint = [f'{build}/ddlint', '--config', 'none', '--fail-on', 'never', '--format', 'json', '-o', f'{scratch}/ddlint.json']
    wanted = {
        'floor': [f'{build}/bench/floor', *folders],
        'ddlint -j 1': [*ddlint, '-j', '1', *folders],
        'ddlint -j 2': [*ddlint, '-j', '2', *folders],
    }
    squawk = shutil.which(os.environ.get('SQUAWK') or 'squawk')
    if squawk:
        wanted['squawk'] = [squawk, '--reporter', 'json', *sql_files(folders)]
    pgls = shutil.which(os.environ.get('PGLS') or 'postgres-language-server')
    if pgls:
        wanted['postgres-language-server'] = [pgls, 'check', '--max-diagnostics', 'none', *folders]
    return wanted


def bench(name, build, folders, scratch):
    files = sql_files(folders)
    size = sum(os.path.getsize(file) for file in files)
    wanted = commands(build, folders, scratch)
    print(f'\n{name}: {len(files):,} files, {size / 1e6:.1f} MB')
    seen = {tool: [] for tool in wanted}
    measure(wanted['floor'])  # the files are in memory from here on
    for _ in range(RUNS):
        for tool, command in wanted.items():
            seen[tool].append(measure(command))
    middle = {tool: [statistics.median(column) for column in zip(*rows)] for tool, rows in seen.items()}
    print(f'{"":26}{"CPU":>9}{"of floor":>10}{"wall":>10}{"peak":>10}{"a byte":>9}')
    for tool, (cpu, wall, peak) in middle.items():
        ratio = cpu / middle['floor'][0] if middle['floor'][0] else 0
        print(f'{tool:26}{cpu:7.2f} s{ratio:8.2f} x{wall:8.2f} s{peak / 2**20:7.1f} Mi{peak / size:9.1f}')
    if shutil.which('valgrind'):
        few, many = instructions(wanted['floor']), instructions(wanted['ddlint -j 1'])
        print(f'instructions: {few / 1e6:,.0f} M for the floor, {many / 1e6:,.0f} M for ddlint: {many / few:.2f} x')
    sys.stdout.flush()


def main():
    build, folders = os.path.abspath(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as scratch:
        if folders:
            bench(' '.join(folders), build, folders, scratch)
            return
        for number, (name, make) in enumerate(INPUTS.items()):
            folder = f'{scratch}/{number}/migrations'
            make(folder)
            bench(name, build, [folder], scratch)


if __name__ == '__main__':
    main()
