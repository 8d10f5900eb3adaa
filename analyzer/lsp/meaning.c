#include "lsp/meaning.h"

#include "commands/facts.h"
#include "read/lex.h"

/* --- The name under the cursor ------------------------------------------------------------------------------------------------------ */

static const char *word_of(Arena *arena, const Lexer *lexer, Token token)
{
	Text text = token_text(lexer, token);
	char *word = arena_copy(arena, text.data, text.length);
	if (token.kind != TOKEN_QUOTED_WORD) {
		for (char *at = word; *at; at++)
			*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + ('a' - 'A')) : *at;
		return word;
	}
	word[text.length - 1] = '\0'; /* the quotes; doubled ones inside are too rare to be looked for */
	return word + 1;
}

/* The word at the byte, with what stands before it and a dot. */
bool name_under(Arena *arena, const Source *source, Span statement, uint32_t offset, Name *name)
{
	Lexer lexer = lexer_new(source->bytes, statement.start, statement.end);
	const char *last = NULL;
	bool dotted = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END && token.span.start <= offset; token = lexer_next(&lexer)) {
		bool is_word = token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD;
		if (is_word && offset <= token.span.end && token.span.end - token.span.start > (token.kind == TOKEN_QUOTED_WORD ? 2 : 0)) {
			*name = (Name){.schema = dotted ? last : NULL, .name = word_of(arena, &lexer, token)};
			return true;
		}
		dotted = token_is_byte(&lexer, token, '.') && last;
		last = is_word ? word_of(arena, &lexer, token) : dotted ? last : NULL;
	}
	return false;
}

/* --- What it means ------------------------------------------------------------------------------------------------------------------- */

typedef struct Search {
	const Replay *replay;
	Name name;
	const Object *found;
} Search;

/* A column or a constraint of a relation that the statement is about. */
static bool look_in_subject(const Action *action, void *payload)
{
	Search *search = payload;
	SearchPath path = session_path(search->replay->session);
	const Relation *relation = action->relation.name ? find_relation(search->replay->catalog, path, action->relation) : NULL;
	const Column *column = relation ? find_column(relation, search->name.name) : NULL;
	const Constraint *constraint = relation && !column ? find_constraint(relation, search->name.name) : NULL;
	search->found = column ? &column->object : constraint ? &constraint->object : NULL;
	return !search->found;
}

const Object *meaning(const Replay *replay, const Statement *statement, Name name)
{
	SearchPath path = session_path(replay->session);
	const Relation *relation = find_relation(replay->catalog, path, name);
	if (relation)
		return &relation->object;
	const Relation *holder = name.schema ? find_relation(replay->catalog, path, (Name){.name = name.schema}) : NULL;
	const Column *column = holder ? find_column(holder, name.name) : NULL;
	if (column)
		return &column->object;
	Search search = {.replay = replay, .name = name};
	action_walk(statement->actions, look_in_subject, &search);
	const Type *type = search.found ? NULL : find_type(replay->catalog, path, name);
	return type ? &type->object : search.found;
}

void replay_up_to_script(Replay *replay, const ScriptPlace *place)
{
	array_each (Migration *, item, &place->history->migrations) {
		const Migration *migration = *item;
		bool is_it = migration == place->migration;
		if (migration->up && script_is_replayed(migration->up) && !(is_it && place->script == migration->up))
			replay_script(replay, migration, migration->up);
		if (is_it)
			return;
	}
}

void replay_up_to(Replay *replay, const ScriptPlace *place)
{
	replay_up_to_script(replay, place);
	replay_start(replay, place->migration, place->script);
	for (uint32_t i = 0; &place->script->statements.items[i] != place->statement; i++)
		if (!replay_step(replay, place->script, i))
			break;
}
