#ifndef DDLINT_READ_SCRIPT_H
#define DDLINT_READ_SCRIPT_H
/*
 * A script: the statements that a migration tool sends to the server in one direction, cut out of one source.
 *
 * A layout (discover/) says which bytes of a file belong to a script; script_split cuts them into statements; parse/ fills in
 * what each statement does. A script lives in its migration's arena.
 */
#include "base/base.h"
#include "read/source.h"

typedef enum StatementState {
	STATEMENT_PARSED,
	STATEMENT_UNPARSED,  /* PostgreSQL's parser rejects it, or that of PL/pgSQL a DO block's first word: a finding of syntax-error */
	STATEMENT_SET_ASIDE, /* not SQL for the server: psql commands, COPY data, a template that could not be filled */
} StatementState;

/* Where the parser's text differs from the source: `length` bytes of text stand for the source bytes of `source`. */
typedef struct Substitution {
	Span text;
	Span source;
} Substitution;

/*
 * Text for the parser, made from bytes of a source, and the way back. Between two statements of one script stands a
 * semicolon, and what was set aside is blank: any run of statements, from the first's start to the last's end, can be
 * parsed as one chunk.
 */
typedef struct ParseText {
	const char *bytes; /* no NUL inside; not NUL-ended: often the source's own bytes */
	uint32_t length;
	uint32_t base;     /* source offset of text offset 0 */
	ARRAY(Substitution) substitutions; /* in order; empty when the text is the source's own bytes */
} ParseText;

struct Action;

/* Why a template's place is not read. */
#define UNREAD_TEMPLATE "a template's value is not configured"

typedef struct Statement {
	Span span;      /* source bytes, from the first token to the last, without the semicolon */
	Span text;      /* the same in script->text */
	Span comments;  /* source bytes of the comment block directly above; empty when there is none */
	uint32_t line_end;  /* source offset of the end of the line on which the statement ends: trailing comments */
	uint32_t batch; /* statements of one number are sent to the server as one simple query */
	uint32_t error_offset;  /* source offset of the parser's complaint, when unparsed */
	StatementState state : 8;
	bool partial : 1;       /* something of it was not understood (depth limit, template value made up): not exact */
	bool templated : 1;     /* it holds a template: when it does not parse it is set aside, not unparsed */
	bool conditional : 1;   /* it stands between {{ if }} and {{ end }}, \if and \endif: it may run or not */
	const char *tag;        /* "ALTER TABLE"; NULL when not parsed */
	const char *error;      /* the parser's message, when unparsed */
	struct Action *actions; /* what it does, in the order written; NULL when not parsed */
	const char *unread;     /* set aside, and something may run in its place: why nobody knows what. NULL: nothing runs */
} Statement;

typedef enum Direction {
	DIRECTION_UP,
	DIRECTION_DOWN,
	DIRECTION_REPEATABLE, /* run again whenever it changes: must survive every re-run */
	DIRECTION_VERIFY,     /* must only read */
	DIRECTION_CALLBACK,
	DIRECTION_BASELINE,   /* fills the catalog, never linted */
	DIRECTION_SEED,       /* not a migration */
} Direction;

const char *direction_word(Direction direction);

/* How the migration tool wraps what it sends. */
typedef enum Wrapping {
	WRAPPING_NONE,        /* each batch by itself, as psql -f does */
	WRAPPING_TRANSACTION, /* the tool opens a transaction for the whole script */
} Wrapping;

/* A `-- ddlint: …` comment. Kept with the script; settle.c decides what it silences. */
typedef struct Directive {
	Span span;             /* the comment, in source bytes */
	enum DirectiveKind {
		DIRECTIVE_ALLOW,
		DIRECTIVE_ALLOW_FILE,
		DIRECTIVE_FILE,
		DIRECTIVE_UNKNOWN, /* starts with "ddlint:" and is none of these: a finding */
	} kind;
	ARRAY(struct DirectiveRule {
		Span span;
		const char *rule;
		const char *object; /* "(…)" behind the rule, NULL without */
		bool used;
	}) rules;
	const char *until;  /* YYYY-MM-DD or NULL */
	const char *reason; /* NULL when missing */
	const char *path, *migration, *direction, *transaction; /* of DIRECTIVE_FILE */
	bool shared; /* at the head of the file, above the script's sections: the file's other scripts have it too */
} Directive;

/*
 * SQL that stands for bytes of the source: the statement that a changelog's change means, what an escape in a string literal
 * says, the text of an included file.
 */
typedef struct Rewrite {
	Span source;
	Text sql;    /* in the same arena as the script, or one that lives longer */
} Rewrite;

typedef struct Script {
	Source *source;
	Direction direction;
	Wrapping wrapping;
	bool target;          /* its file was asked for: findings are wanted in it */
	bool asked;           /* its file was asked for, though --since may want no findings in it */
	bool mixes;           /* the tool refuses it: what has to stand outside a transaction stands beside other statements */
	bool runs_always;     /* a callback that runs whenever the tool migrates: it is replayed where it first runs */
	bool one_query;       /* the tool sends this script as one simple query, whatever it does with others */
	ARRAY(Span) sections; /* the source bytes that belong to the script, in order; at least one */
	ARRAY(Rewrite) rewrites; /* in order, none over another, each inside a section: what the text has in their place */
	ParseText text;       /* all sections, for the parser: what is between them is blanked */
	ARRAY(Statement) statements;
	ARRAY(Directive) directives; /* in the order of their places */
	ARRAY(uint32_t) file_directives; /* which of them speak of the whole file */
	uint32_t set_aside;   /* how many statements were set aside */
	uint32_t unparsed;
} Script;

/* A place-holder's value from the configuration: `${name}`, `:name`, `{{ name }}` become `value`. */
typedef struct Placeholder {
	const char *name;
	const char *value;
} Placeholder;

typedef struct SplitOptions {
	const Placeholder *placeholders;
	size_t placeholder_count;
	const char *batch_begin; /* a comment line that opens a batch ("+goose StatementBegin"), NULL when the layout has none */
	const char *batch_end;
	bool whole_is_batch;     /* the tool sends the whole script as one simple query */
	bool psql;               /* the tool is psql: `\` commands and COPY data are expected */
} SplitOptions;

/* Does running the history run it? Not what only reads, seeds, and callbacks of other occasions. */
bool script_is_replayed(const Script *script);
/*
 * Makes script->text (templates filled in, NUL bytes and what is outside the sections blanked), cuts it into statements
 * and collects the directives. Never fails: half a quote is a statement that the parser will reject.
 */
void script_split(Arena *arena, Script *script, const SplitOptions *options);
/* No SQL stands at those bytes of the source: something else does, which a rewrite put SQL in the place of. */
bool is_rewritten(const Script *script, Span source);
/* The statement's words: the source's, or where other bytes stand for SQL, what is sent. */
Text statement_sql(const Script *script, const Statement *statement);
/* The source offset of a text offset; inside a substitution, the start of what was replaced. */
uint32_t text_to_source(const ParseText *text, uint32_t offset);
Span text_span_to_source(const ParseText *text, Span span);
#endif
