#include "discover/config_keys.h"

/* Parameters that matter to migrations: a name that is nearly one of these is a mistake. Others pass as they are. */
static const char *const parameters[] = {
	"lock_timeout", "statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout",
	"idle_session_timeout", "deadlock_timeout", "search_path", "timezone", "role", "session_authorization",
	"client_encoding", "client_min_messages", "check_function_bodies", "default_tablespace",
	"default_table_access_method", "default_transaction_isolation", "default_transaction_read_only",
	"default_toast_compression", "maintenance_work_mem", "work_mem", "row_security", "datestyle", "intervalstyle",
	"standard_conforming_strings", "session_replication_role", "synchronous_commit", "application_name",
	"max_parallel_maintenance_workers", "xmloption", "bytea_output",
};

static bool is_parameter_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.");
	return length && !name[length] && (*name < '0' || *name > '9') && *name != '.';
}

/* The parameter's name in lower case, as PostgreSQL takes it in any case; NULL after an error. */
static const char *parameter_name(Reader *reader, const Key *key, const struct NodePair *pair)
{
	char *name = arena_string(reader->arena, pair->key);
	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	for (size_t i = 0; i < LENGTH(parameters); i++)
		if (same(name, parameters[i]))
			return name;
	if (!is_parameter_name(name)) {
		key_error(reader, key, pair->line, "\"%s\" is not the name of a server parameter", pair->key);
		return NULL;
	}
	const char *meant = strchr(name, '.') ? NULL : nearest(name, parameters, LENGTH(parameters));
	if (meant && edit_distance(name, meant, 3) < 3) {
		key_error(reader, key, pair->line, "unknown parameter \"%s\"; did you mean \"%s\"?", pair->key, meant);
		return NULL;
	}
	return name;
}

void read_session(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		const char *name = parameter_name(reader, key, pair);
		if (!name)
			continue;
		bool is_timeout = ends_with(name, "_timeout") && !strchr(name, '.');
		const Key parameter = {
			.name = arena_print(reader->arena, "session: %s", pair->key),
			.expects = is_timeout ? "a duration, such as 5s, 15min or 0 for none" : "the parameter's value",
		};
		if (pair->value->kind != NODE_TEXT || (is_timeout && !is_duration(pair->value->text, true))) {
			key_expected(reader, &parameter, pair->value);
			continue;
		}
		struct SessionSetting *found = NULL;
		array_each(struct SessionSetting, other, &config->session)
			if (same(other->name, name))
				found = other;
		struct SessionSetting setting = {name, pair->value->text};
		if (found)
			*found = setting;
		else
			array_push(reader->arena, &config->session, setting);
	}
}
