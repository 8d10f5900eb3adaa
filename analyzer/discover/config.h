#ifndef DDLINT_DISCOVER_CONFIG_H
#define DDLINT_DISCOVER_CONFIG_H
/*
 * `.ddlint.yml`: found from a linted file upward to the repository's root, read with libyaml, checked whole.
 * Unknown keys, wrong types, unknown rules and bad patterns are errors with file and line. Packs and extended
 * files are merged in, nearest last.
 *
 * A Config lives, with its compiled patterns, in the arena it was read into; nothing has to be freed on its own.
 */
#include "base/base.h"
#include "read/script.h"

typedef enum Severity {
	SEVERITY_OFF,
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
	SEVERITY_UNSET = -1,
} Severity;

const char *severity_word(Severity severity); /* "error" */
bool severity_by_word(const char *word, Severity *severity); /* also "off" */

/*
 * A name, as written, or a /pattern/ or /pattern/i of PCRE2, matched against "schema.name" and, when it has no
 * dot, the bare name.
 */
typedef struct Pattern Pattern;
/* NULL and *error (in arena) when it does not compile. */
Pattern *pattern_compile(Arena *arena, const char *text, const char **error);
bool pattern_matches(const Pattern *pattern, const char *subject); /* over PCRE2's limits: no match */

/*
 * A glob of paths: * and ? stop at '/', ** does not, a trailing / means everything below. One without * and ? is
 * the name of a file, or of a folder with everything below.
 */
bool glob_matches(const char *glob, const char *path);

typedef struct RuleOption {
	const char *name;
	const char *value;  /* as written; lists are joined with '\n' */
	uint32_t line;
} RuleOption;

typedef struct RuleSetting {
	const char *rule;   /* a rule's id, a category, or "all" */
	Severity severity;  /* SEVERITY_UNSET: only options */
	ARRAY(RuleOption) options;
	uint32_t line;
} RuleSetting;
typedef ARRAY(RuleSetting) RuleSettings;

/* `overrides`: settings for the files that one of the globs matches. */
typedef struct Override {
	ARRAY(const char *) paths;
	RuleSettings rules;
} Override;

typedef enum RunnerTransaction {
	RUNNER_UNSET,
	RUNNER_MIGRATION,
	RUNNER_STATEMENT,
	RUNNER_RUN,
	RUNNER_SIMPLE_QUERY,
	RUNNER_NONE,
} RunnerTransaction;
typedef enum Pooler { POOLER_NONE, POOLER_SESSION, POOLER_TRANSACTION } Pooler;
typedef enum OnUnknown { ON_UNKNOWN_ALLOW, ON_UNKNOWN_WARN, ON_UNKNOWN_FAIL } OnUnknown;

/* An option that the configuration may give a rule. */
typedef struct RuleOptionInfo {
	const char *name;
	const char *fallback; /* a whole number: only whole numbers are accepted; a /pattern/: only patterns and names;
	                       * "a|b": only these words, a when nothing is said */
	const char *help;
} RuleOptionInfo;

typedef struct KnownRule {
	const char *id;       /* kebab-case */
	const char *category;
	Severity severity;    /* by default */
	const RuleOptionInfo *options; /* ends with name NULL; NULL: it takes none */
	const struct RuleEntry *entry; /* of a rule that was read from YAML */
	uint32_t line;        /* of the same, in its file */
} KnownRule;
typedef ARRAY(KnownRule) KnownRules;

/* What functions are said to do: effect/declared.h. */
typedef ARRAY(const struct Declaration *) FunctionList;

/* `layout:` as a mapping: the project's own way to keep its migrations. */
typedef struct OwnLayout {
	const char *name;
	const char *root;       /* the folder of the migrations; NULL: the configuration's, or the project's */
	const Pattern *files;   /* of paths below the root; its groups: version, name, direction */
	ARRAY(struct DirectionWord { const char *word; Direction direction; }) directions; /* what the group direction says */
	struct {
		const char *up, *down; /* comment lines that cut a file; NULL: none does */
		const char *no_transaction;
		const char *batch_begin, *batch_end;
	} sections;
	RunnerTransaction transaction; /* what one transaction holds; RUNNER_UNSET: a migration */
	bool by_text;           /* versions are compared as text */
	const char *alone;      /* where a statement goes that must run outside a transaction; NULL: not said */
} OwnLayout;

/* `phases: {create-trigger: migrate}`, `risks: {drop-index: controlled}` */
typedef struct ActionClass {
	const char *action; /* "create-trigger" */
	const char *word;
} ActionClass;
typedef ARRAY(ActionClass) ActionClasses;

/* What of the numbers in `heat.statistics` and `heat.workload` is much, and what is little. */
typedef struct HeatLimits {
	double hot_percent;           /* of the workload's calls or time: a table that queries of so much use is hot */
	double tiny_rows, tiny_bytes; /* a table with less of both is over before anybody waits */
	uint32_t queries;             /* so many of the hottest are looked at */
	int stale_days;               /* older numbers are worth a note */
} HeatLimits;

/* `deprecation.marks`: what a COMMENT does not say, or not where everybody may read it. */
typedef struct DeprecationMark {
	const char *object;           /* a table, or a column of one: "users.fax", "public.users.fax" */
	long since, until;            /* days since 1970-01-01; until -1: not said as a date */
	int releases, days;           /* `remove-after` as a window, behind since; 0: not said so */
} DeprecationMark;

typedef struct Config Config;
struct Config {
	const char *path;      /* of the file; NULL: built-in defaults */
	const char *folder;    /* globs and relative paths are meant from here */
	const char *tree;      /* without links: the repository whose files the configuration may name; NULL: any */
	const char *working;   /* absolute: where the process runs, which relative paths start from */
	ARRAY(const char *) packs;     /* of `extends`, in order */
	ARRAY(const char *) enforced;  /* rules that files below may not weaken */
	int postgres_low, postgres_high; /* majors, 11 to 18; default 15-15 */
	const char *layout;    /* NULL: auto */
	const OwnLayout *own_layout; /* NULL: none; else layout is NULL */
	const char *released;
	struct {
		RunnerTransaction transaction;
		const char *connection, *role;
	} runner;
	ARRAY(struct SessionSetting { const char *name, *value; }) session; /* names in lower case: lock_timeout … */
	Pooler pooler;
	ARRAY(Placeholder) placeholders;
	const char *start_schema;
	ARRAY(const char *) rollback;  /* pairing patterns: "rollback_{name}.sql" */
	RuleSettings rules;            /* later ones win; of one mapping, "all" comes first, then categories */
	ARRAY(const char *) custom_rules; /* paths, as all of files: joined with the folder of whoever names them */
	KnownRules own_rules;          /* what those files and `define` hold; their entries are the whole rules */
	FunctionList functions;        /* nearest first */
	struct {
		ARRAY(const Pattern *) tables;
		const char *statistics, *workload;
		bool redact;
		HeatLimits limits;
	} heat;
	struct {
		/* when: "all", a phase or a risk */
		ARRAY(struct MetadataDue { const char *when; ARRAY(const char *) keys; }) required;
		ARRAY(struct MetadataPattern { const char *key; const Pattern *pattern; }) patterns;
		const char *max_runtime;
	} metadata;
	struct {
		ARRAY(struct Approval { const char *risk; ARRAY(const char *) roles; }) due;
		const char *source;
	} approvals;
	ActionClasses phases, risks; /* of kinds of actions; later ones win */
	struct {
		int releases, days;
		ARRAY(DeprecationMark) marks;
	} deprecation;
	ARRAY(struct Companion { const char *when, *require; }) companions;
	ARRAY(Override) overrides;
	ARRAY(const char *) exclude;
	ARRAY(const char *) suppressions; /* other tools whose comments are obeyed */
	Severity fail_on;      /* SEVERITY_UNSET: not said; SEVERITY_OFF: never */
	OnUnknown on_unknown;
	ARRAY(struct Project { const char *name, *path; const Config *config; }) projects;
};

typedef struct ConfigError {
	const char *path;      /* "pack NAME" and "--pack" when it is about no file; never NULL */
	uint32_t line;         /* 0: the whole file */
	const char *message;
} ConfigError;
typedef ARRAY(ConfigError) ConfigErrors;

/*
 * What a configuration may name; a parameter, so that reading one depends on no rule and no layout. See
 * known_names() in lint.h.
 */
struct Node;
/* Reads a list of rules that are written in YAML and appends them; what is wrong with them becomes errors. */
typedef void RuleListReader(Arena *arena, const char *path, const struct Node *list, KnownRules *rules, ConfigErrors *errors);

/* The same for `functions`. */
typedef void FunctionListReader(Arena *arena, const char *path, const struct Node *list, FunctionList *functions, ConfigErrors *errors);

typedef struct ConfigOptions {
	const KnownRule *rules; /* NULL: names of rules, categories and options are not checked */
	uint32_t rule_count;
	const char *const *categories;
	uint32_t category_count;
	const char *const *layouts; /* NULL: not checked */
	uint32_t layout_count;
	const char *const *actions; /* NULL: not checked */
	uint32_t action_count;
	const char *const *packs;   /* --pack: as if the file extended them first */
	uint32_t pack_count;
	bool found;           /* nobody named the file: it may lead to nothing outside of the repository that holds it */
	RuleListReader *read_rules; /* NULL: rules of `define` and `custom-rules` are not read */
	FunctionListReader *read_functions; /* NULL: `functions` is not read */
} ConfigOptions;

/* A pack of rules/packs/, compiled in. */
typedef struct Pack {
	const char *name;
	const struct Node *tree; /* see yaml.h */
} Pack;
extern const Pack all_packs[]; /* by name; ends with name NULL. Generated. */
const Pack *pack_by_name(const char *name);

/* The built-in defaults, for --config none and where no file is found. */
Config *config_default(Arena *arena);
/*
 * Reads one file and what it extends; path NULL: the defaults and options->packs. options NULL: no name is checked.
 * NULL when there are errors; all of them are listed, not only the first.
 */
Config *config_read(Arena *arena, const char *path, const ConfigOptions *options, ConfigErrors *errors);
/* Does the path, as the configuration names it, lead out of what it may name? */
bool config_leads_out(Arena *arena, const Config *config, const char *path);
/* "15" or "15-18", as --postgres has it too. False when it is neither or out of 11 to 18. */
bool postgres_range(const char *text, int *low, int *high);
/* The file of the configuration, in whatever folder. */
#define CONFIG_NAME ".ddlint.yml"
/*
 * The path of the .ddlint.yml that governs a file or folder, or NULL: upward to the folder that holds .git,
 * inclusive.
 */
const char *config_find(Arena *arena, const char *path);
/* A path as globs see it, from the configuration's folder; a path that is not below it stays as it is. */
const char *config_relative(Arena *arena, const Config *config, const char *path);
/* Keys that are accepted and whose work is not built yet: one line each, for --verbose. */
typedef ARRAY(const char *) ConfigLines;
void config_pending(Arena *arena, const Config *config, ConfigLines *lines);
/*
 * The severity for a rule in a file; fallback, the rule's own, where nothing is said of it. What is off is switched on by its
 * own name only: a category or "all" change the weight of what is on. `path` is relative to folder or NULL.
 */
Severity config_severity(const Config *config, const char *rule, const char *category, Severity fallback, const char *path);
/* An option's value for a rule, or NULL. */
const char *config_option(const Config *config, const char *rule, const char *option, const char *path);
bool config_is_hot(const Config *config, const char *qualified_name);
bool config_excludes(const Config *config, const char *relative_path);

/* What `ddlint init` found, for the file that it writes. NULL and 0: not known, the key is written as a comment. */
typedef struct ConfigExample {
	const char *layout;
	int postgres_low, postgres_high;
	const char *suppressions; /* "squawk, atlas" */
	const char *rules;        /* "a: off, b: off" */
	const char *overrides;    /* "{paths: [old], rules: {all: off}}" */
	const char *fail_on, *transaction; /* words of theirs; NULL: not said */
} ConfigExample;
/* A commented .ddlint.yml with every key in it. Lines that start with "#" and no blank are keys to switch on. */
void config_write_example(Buf *buf, const ConfigExample *found);
#endif
