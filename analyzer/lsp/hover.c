/* What the statement under the cursor does, and what a squiggle means. */
#include "lsp/server.h"

#include "action/action.h"
#include "base/files.h"
#include "commands/facts.h"
#include "commands/schema.h"
#include "lsp/meaning.h"
#include "report/link.h"
#include "report/report.h"

/* --- A finding: its rule's explanation ------------------------------------------------------------------------------------------- */

/* The message and what happens are the diagnostic's, which editors show beside the hover. */
static void add_finding(Buf *out, Arena *scratch, const Finding *finding)
{
	const Rule *rule = finding->rule;
	buf_addf(out, "%s**%s** (%s, %s)%s%s\n", out->length ? "\n---\n\n" : "", rule_id(rule), severity_word(finding->severity),
		 category_word(rule->category), rule->summary ? ": " : "", rule->summary ? rule->summary : "");
	if (finding->instead)
		buf_addf(out, "\nInstead:\n\n```sql\n%s\n```\n", finding->instead);
	else if (rule->instead)
		buf_addf(out, "\nInstead: %s\n", rule->instead);
	if (rule->manual)
		buf_addf(out, "\n[PostgreSQL's manual](%s)\n", manual_link(scratch, rule->manual));
}

static void add_findings(Buf *out, Arena *scratch, const WorkFolder *folder, const Document *document, uint32_t offset)
{
	FileFindings findings = {0};
	findings_of(scratch, folder, folder->analysis, document->path, &findings);
	array_each (const Finding *, item, &findings) {
		const Finding *finding = *item;
		if (!finding->whole_file && finding->span.start <= offset && offset <= finding->span.end)
			add_finding(out, scratch, finding);
	}
}

/* --- A statement: what it does to a database ---------------------------------------------------------------------------------------- */

static void add_names(Buf *out, const char *label, const Names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		buf_addf(out, "%s`%s`%s", i ? ", " : label, names->items[i], i + 1 == names->count ? "\n" : "");
}

static bool note_kind(const Action *action, void *payload)
{
	((bool *)payload)[action->kind] = true;
	return true;
}

static void add_title(Buf *out, const Statement *statement)
{
	bool seen[ACTION_KIND_COUNT] = {0}, any = false;
	action_walk(statement->actions, note_kind, seen);
	buf_addf(out, "%s**%s**: ", out->length ? "\n---\n\n" : "", statement->tag ? statement->tag : "statement");
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		if (seen[kind]) {
			buf_addf(out, "%s%s", any ? ", " : "", action_word(kind));
			any = true;
		}
	buf_adds(out, any ? "\n\n" : "nothing that ddlint knows\n\n");
}

static void add_repeat(Buf *out, const StatementFacts *facts)
{
	if (!facts->repeat)
		buf_adds(out, "- run again: depends on the rows, or on what is not known\n");
	else if (!same(facts->repeat, "ok"))
		buf_addf(out, "- run again: fails with %s, %s\n", facts->repeat, sqlstate_words(facts->repeat));
	else
		buf_adds(out, facts->repeat_changes ? "- run again: succeeds, and leaves something behind once more\n"
						    : "- run again: succeeds, and changes nothing\n");
}

static void add_facts(Buf *out, const StatementFacts *facts)
{
	add_title(out, facts->statement);
	array_each (const LockFact, lock, &facts->locks)
		buf_addf(out, "- locks `%s` with %s: %s %s\n", lock->relation, lock_mode_words(lock->mode), lock_mode_victims(lock->mode),
			 starts_with(lock_mode_victims(lock->mode), "nobody") ? "has to wait" : "have to wait");
	add_names(out, "- rewrites ", &facts->rewrites);
	add_names(out, "- builds the index ", &facts->builds);
	add_names(out, "- reads all of ", &facts->scans);
	add_names(out, "- destroys ", &facts->destroys);
	if (!facts->locks.count && !facts->opaque)
		buf_adds(out, "- locks nothing that was there before this migration\n");
	add_repeat(out, facts);
	buf_adds(out, facts->forbidden_in_transaction ? "- cannot run inside a transaction"
		      : facts->in_transaction	      ? "- runs inside a transaction"
						      : "- runs outside a transaction");
	buf_adds(out, facts->forbidden_in_transaction && facts->in_transaction ? ", and here it would\n" : "\n");
	for (uint32_t i = 0; i < facts->because.count; i++)
		buf_addf(out, "- not exact: %s\n", facts->because.items[i]);
}

static void add_statement(Server *server, Buf *out, Arena *scratch, const ScriptPlace *place)
{
	StatementFacts facts;
	if (place->statement->state != STATEMENT_PARSED)
		return;
	Arena run = {0};
	Replay *replay = replay_new(&run, place->history, lowest_version(&server->workspace, place->history));
	replay_up_to_script(replay, place);
	if (collect_statement_facts(scratch, replay, place->migration, place->script, place->statement, &facts))
		add_facts(out, &facts);
	replay_free(replay);
	arena_free(&run);
}

/* --- A name: what it stands for at this point of the history --------------------------------------------------------------------------- */

static void add_maker(Buf *out, const History *history, const Object *object)
{
	const Migration *made_in = object->made_in && object->made_in <= history->migrations.count ? history->migrations.items[object->made_in - 1] : NULL;
	const Script *script = made_in && made_in->up ? made_in->up : NULL;
	if (script)
		buf_addf(out, "\nmade in `%s`\n", path_name(script->source->path));
	else if (object->assumed)
		buf_adds(out, "\nno migration makes it: what is not used here is not known\n");
}

static void add_name(Server *server, Buf *out, Arena *scratch, const ScriptPlace *place, uint32_t offset)
{
	Name name;
	if (!name_under(scratch, place->script->source, place->statement->span, offset, &name))
		return;
	Arena run = {0};
	Replay *replay = replay_new(&run, place->history, lowest_version(&server->workspace, place->history));
	replay_up_to(replay, place);
	const Object *object = meaning(replay, place->statement, name);
	bool shown = object && (object->kind == OBJECT_COLUMN || (object->kind >= OBJECT_TABLE && object->kind <= OBJECT_SEQUENCE));
	if (shown) {
		Buf sql = {0};
		object_sql(&run, &sql, place->history, replay, object);
		buf_addf(out, "**%s** `%s`\n\n```sql\n%s```\n", object_kind_words(object->kind), object_text(&run, object), sql.data ? sql.data : "");
		add_maker(out, place->history, object);
		buf_free(&sql);
	}
	replay_free(replay);
	arena_free(&run);
}

/* --- The request --------------------------------------------------------------------------------------------------------------------- */

void hover(Server *server, const json_t *id, const json_t *params)
{
	Document *document = asked_document(server, params);
	bring_up_to_date(server);
	WorkFolder *folder = document ? work_folder_of(&server->workspace, document->path) : NULL;
	if (!folder || !folder->analysis) {
		rpc_answer_null(&server->rpc, id);
		return;
	}
	Text text = {document->text.data, document->text.length};
	uint32_t offset = (uint32_t)offset_at(text, read_position(json_member(params, "position")), server->client.encoding);
	Arena scratch = {0};
	Buf out = {0};
	ScriptPlace place;
	if (script_at(folder, document->path, offset, &place) && place.statement) {
		add_name(server, &out, &scratch, &place, offset);
		add_statement(server, &out, &scratch, &place);
	}
	add_findings(&out, &scratch, folder, document, offset);
	if (!out.length) {
		rpc_answer_null(&server->rpc, id);
	} else {
		Message message;
		rpc_begin_answer(&message, id);
		json_open_object(&message.json, "result", JSON_ONE_LINE);
		json_open_object(&message.json, "contents", JSON_ONE_LINE);
		json_put_string(&message.json, "kind", server->client.markdown ? "markdown" : "plaintext");
		json_put_string(&message.json, "value", out.data);
		rpc_end(&server->rpc, &message);
	}
	buf_free(&out);
	arena_free(&scratch);
}
