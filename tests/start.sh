#!/bin/sh
# What existed before the first migration: start-schema, and dumps that only lie beside a history.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
. tests/shell/suite.sh

mkdir -p "$work/shop/db/migrate" && cd "$work/shop" || exit 1
mkdir .git
cat > db/structure.sql <<'SQL'
--
-- PostgreSQL database dump
--

\restrict abcdef

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.users (
    id bigint NOT NULL,
    email character varying(100),
    country text
);

COPY public.users (id, email, country) FROM stdin;
1	a@example.org	AT
\.

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

\unrestrict abcdef
SQL
cat > db/migrate/001_email.sql <<'SQL'
ALTER TABLE users ALTER COLUMN email TYPE varchar(200);
SQL
cat > db/migrate/002_orders.sql <<'SQL'
CREATE TABLE orders (id bigint);
SQL

run schema --format json db/migrate
expect "a dump beside a history is none of its business" 0 '"name": "orders"' '!users_pkey'
run schema --format json db
expect "nor is it when it lies in the folder given" 0 '"name": "orders"'
run -q db/migrate/001_email.sql
expect "without a start the type is unknown" 0 '!users_pkey'

echo "start-schema: db/structure.sql" > .ddlint.yml
run schema --format json db/migrate
expect "the start is there" 0 '"name": "orders"' '"name": "users_pkey"' 'character varying(200)'
run --select column-type-rewrites,syntax-error -q db
expect "it is not linted, and what it tells is known" 0 '!structure.sql' '!rewrites'
echo "ALTER TABLE users ALTER COLUMN country TYPE varchar(2);" > db/migrate/003_country.sql
run --select locking -q db/migrate
expect "a narrowing is seen" 1 '003_country.sql:1:'
echo "ALTER TABLE user_accounts ADD COLUMN a int;" > db/migrate/004_typo.sql
run --select unknown-object -q db/migrate
expect "what neither the start nor a migration makes is missing" 1 '004_typo.sql:1:.*there is no relation user_accounts'
run --released 2 --select unknown-object -q db/migrate
expect "a frontier leaves the start where it is" 1 '004_typo.sql:1:'

mv db/structure.sql db/migrate/000_structure.sql
echo "start-schema: db/migrate/000_structure.sql" > .ddlint.yml
run --select all -q db/migrate
expect "in the folder itself it is there once" 1 '!000_structure' '!42P07'
echo "start-schema: db/none.sql" > .ddlint.yml
run -q db/migrate
expect "one that is missing" 2 'db/none.sql: start-schema: cannot be read: no such file'

finish
