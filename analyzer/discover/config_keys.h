#ifndef DDLINT_DISCOVER_CONFIG_KEYS_H
#define DDLINT_DISCOVER_CONFIG_KEYS_H
/*
 * How `.ddlint.yml` is read: each mapping of it is a Section, a table of keys with a reader for each. Readers
 * check and fill; what they do not like becomes an error, and the reading goes on.
 *
 * Only the config*.c files and their tests include this.
 */
#include "discover/yaml.h"

/* Where a mapping with top-level keys stands. */
typedef enum Place {
	PLACE_FILE = 1,
	PLACE_EXTENDED = 2, /* a pack or a file that another one extends */
	PLACE_PROJECT = 4,
	PLACE_ANY = PLACE_FILE | PLACE_EXTENDED | PLACE_PROJECT,
} Place;

typedef struct Enforced {
	const char *rule;   /* id, category or "all" */
	const char *path;   /* who says so */
} Enforced;

typedef struct Reader {
	Arena *arena;
	ConfigErrors *errors;
	const ConfigOptions *options; /* never NULL */
	Config *config;     /* being filled */
	const char *path;   /* of the file being read, for errors */
	const char *folder; /* of the same: where its relative paths start */
	bool outside;       /* the same lies outside of the repository: it is somebody's own, and not quoted */
	const char *pack;   /* that is being read; NULL: a file */
	ARRAY(const char *) chain;  /* the files that extend each other, without links: for cycles */
	uint32_t *files_read;
	ARRAY(Enforced) enforced;   /* by the files, packs and projects that have been read to their end */
} Reader;

typedef struct Key Key;
/* target: what the section's mapping fills: the Config, or one Override, Companion, Project of it. */
typedef void KeyReader(Reader *reader, const Key *key, const Node *value, void *target);

struct Key {
	const char *name;
	KeyReader *read;
	const char *expects; /* "a list of globs, such as ['**]": completes "expected …" */
	int places;          /* of Place, for top-level keys; 0: anywhere */
};

typedef struct Section {
	const char *name;    /* "" for the file itself, else as in the JSON Schema: "runner", "overrides" … */
	const Key *keys;     /* end with name NULL */
} Section;

extern const Section config_sections[]; /* end with name NULL */
const Section *config_section(const char *name);

/* Calls the reader of each key; unknown keys are errors. Keys of a place that does not fit are, too. */
void read_section(Reader *reader, const Key *parent, const Section *section, const Node *map, Place place,
		  void *target);

/* --- Values: each reports what is wrong itself, as "key: expected …, not …" ----------------------------------- */

/* For what stands in a mapping whose names are free: "approvals: high". */
Key inner_key(Reader *reader, const Key *key, const char *name, const char *expects);
void key_error(Reader *reader, const Key *key, uint32_t line, const char *format, ...) PRINTF(4, 5);
void key_expected(Reader *reader, const Key *key, const Node *node);
/* The node when it is a list (a mapping); an empty one for nothing, and after an error. */
const Node *value_list(Reader *reader, const Key *key, const Node *node);
const Node *value_map(Reader *reader, const Key *key, const Node *node);
/* An entry of a list that has to be a mapping. */
bool value_is_entry(Reader *reader, const Key *key, const Node *node);
/* Text that is not empty; NULL after an error. */
const char *value_text(Reader *reader, const Key *key, const Node *node);
/* A path, joined with the file's folder; NULL after an error, also where it leads out of the repository (SECURITY.md). */
const char *value_path(Reader *reader, const Key *key, const Node *node);
const char *value_glob(Reader *reader, const Key *key, const Node *node);
/* The place of the text among the words; -1 after an error. */
int value_word(Reader *reader, const Key *key, const Node *node, const char *const *words, size_t count);
bool value_bool(Reader *reader, const Key *key, const Node *node, bool *value);
/* A whole number from 0 to most. */
bool value_number(Reader *reader, const Key *key, const Node *node, int most, int *value);
bool value_severity(Reader *reader, const Key *key, const Node *node, Severity *severity);
/* "30min", "1.5 h", "250ms"; bare: a number without a unit will do, as PostgreSQL takes it. */
bool is_duration(const char *text, bool bare);
/* As short as it can be: "./" is left out, and so is a folder that is the working one. */
char *join_path(Arena *arena, const char *folder, const char *path);

/* --- Keys that have files of their own (config_session.c, config_heat.c, config_policy.c) --------------------- */

KeyReader read_session;
KeyReader read_metadata_required, read_metadata_patterns, read_metadata_runtime;
KeyReader read_approvals, read_phases, read_risks;
KeyReader read_heat_tables, read_heat_statistics, read_heat_workload, read_heat_redact;
KeyReader read_heat_hot_percent, read_heat_tiny_rows, read_heat_tiny_bytes, read_heat_hottest, read_heat_stale_days;
KeyReader read_deprecation_releases, read_deprecation_days, read_deprecation_marks;
KeyReader read_mark_object, read_mark_since, read_mark_until;
KeyReader read_companions, read_companion_when, read_companion_require;

/* --- A layout of the project's own (config_layout.c) ----------------------------------------------------------- */

/* NULL after an error. */
const OwnLayout *read_own_layout(Reader *reader, const Key *key, const Node *map);
/* What they fill is the OwnLayout. */
KeyReader read_layout_name, read_layout_root, read_layout_files, read_layout_directions, read_layout_sections;
KeyReader read_layout_section, read_layout_transaction, read_layout_order, read_layout_alone;

/* --- Rules (config_rules.c) ----------------------------------------------------------------------------------- */

/* `rules: {all: note, column-dropped: {severity: error, …}}`, in the order in which they count. */
void read_rule_settings(Reader *reader, const Key *key, const Node *node, RuleSettings *settings);
/* The rule of that id, the user's own ones included; NULL: there is none. */
const KnownRule *known_rule(const Reader *reader, const char *id);
/* A rule's id, a category or "all". */
bool is_known_rule(Reader *reader, const Key *key, const char *name, uint32_t line);
/* Settings from rule_count on and overrides from override_count on may not weaken what reader->enforced names. */
void check_enforced(Reader *reader, uint32_t rule_count, uint32_t override_count);

/* --- Rules of one's own (config_own_rules.c) ------------------------------------------------------------------ */

/* `define` and the files of `custom-rules`, before all that may name them. */
void read_own_rules(Reader *reader, const Node *map);
/* What functions do whose bodies nobody can read. */
KeyReader read_functions;

/* --- Files (config_read.c) ------------------------------------------------------------------------------------ */

/* The mapping of a file or a project: what it extends first, then its own keys, then its projects. */
void read_layer(Reader *reader, const Node *map, Place place);
/*
 * A configuration that was found may take in YAML of somebody else's folder, as an organisation keeps it, and nothing else from
 * there; what stands in such a file is never quoted. May the file be read? If not, that is an error of the line.
 */
bool may_read(Reader *reader, const char *path, uint32_t line);
/* Errors of the file, from that one on, say no more than where they are, when it is such a file. */
void quote_nothing(Reader *reader, const char *path, uint32_t from);
/* `extends`: reads each pack and file into reader->config. */
void read_extends(Reader *reader, const Key *key, const Node *node);
/* `projects`: a Config of its own for each, which starts as a copy of the file's (config_projects.c). */
void read_projects(Reader *reader, const Key *key, const Node *node);
#endif
