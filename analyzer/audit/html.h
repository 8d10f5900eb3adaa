#ifndef DDLINT_AUDIT_HTML_H
#define DDLINT_AUDIT_HTML_H
/*
 * The parts of the HTML page, for each other. What comes from files reaches the page through add_html and add_html_sql alone:
 * markup is escaped, and what would reorder or hide text is shown as \u{202e}.
 */
#include "audit/audit.h"

extern const char audit_css[], audit_js[]; /* analyzer/audit/audit.css, audit.js; generated */

typedef struct Page {
	Buf *out;
	Arena *arena;
	const AuditReport *report;
} Page;

void add_html(Buf *out, const char *text);
void add_html_text(Buf *out, Text text);
/* Lines stay lines; a long statement is cut, and says by how much. */
void add_html_sql(Buf *out, Text sql);
/* <span class="mark TONE">words</span> */
void add_mark(Buf *out, AuditTone tone, const char *words);

/* "h1-m12": of the history and the migration, counted from 1. */
const char *anchor(Arena *arena, uint32_t history, uint32_t migration);
/* A history's migrations in their order, by phase and risk (html_charts.c). */
void html_timeline(const Page *page, const AuditHistory *history, uint32_t number);
/* A migration's locks over its statements. */
void html_locks(const Page *page, const AuditMigration *migration);
/* html_migration.c */
void html_migration(const Page *page, const AuditMigration *migration, const char *id, bool open);
void html_finding(const Page *page, const Finding *finding);
/* html_cover.c */
void html_cover(const Page *page);
void html_legend(const Page *page);
void html_unseen(const Page *page);
void html_signatures(const Page *page);
#endif
