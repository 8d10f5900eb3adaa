#include "alembic.h"

void put_sa_names(Buf *sql, const PyNames *names, const PyValue *list)
{
	list = py_resolve(names, list);
	if (list && list->kind == PY_STRING) {
		put_name(sql, list->text, NAME_EXACT);
		return;
	}
	if (!list || list->kind != PY_LIST) {
		buf_adds(sql, "${columns}");
		return;
	}
	for (uint32_t i = 0; i < list->arguments.count; i++) {
		const PyValue *item = py_resolve(names, list->arguments.items[i].value);
		const char *text = py_text(names, item);
		buf_adds(sql, i ? ", " : "");
		if (text && item->kind == PY_CALL && !same(py_last(item), "f"))
			buf_adds(sql, text);
		else
			put_name(sql, text ? text : "${column}", NAME_EXACT);
	}
}

void put_sa_constraint_name(Buf *sql, const PyNames *names, const PyValue *name)
{
	const char *text = py_text(names, name);
	if (!text)
		return;
	buf_adds(sql, "CONSTRAINT ");
	put_name(sql, text, NAME_EXACT);
	buf_addc(sql, ' ');
}

/* Positional arguments that are columns' names: PrimaryKeyConstraint("a", "b"). */
static void put_own_names(Buf *sql, const PyNames *names, const PyValue *constraint)
{
	bool first = true;
	array_each(const struct PyArgument, item, &constraint->arguments) {
		const char *text = item->keyword ? NULL : py_text(names, item->value);
		if (item->keyword)
			continue;
		buf_adds(sql, first ? "" : ", ");
		first = false;
		put_name(sql, text ? text : "${column}", NAME_EXACT);
	}
}

static void put_foreign_key(Buf *sql, const PyNames *names, const PyValue *constraint)
{
	const PyValue *targets = py_resolve(names, py_argument(constraint, 1, "refcolumns"));
	buf_adds(sql, "FOREIGN KEY (");
	put_sa_names(sql, names, py_argument(constraint, 0, "columns"));
	buf_adds(sql, ") REFERENCES ");
	const char *first = targets && targets->kind == PY_LIST && targets->arguments.count
				    ? py_text(names, targets->arguments.items[0].value)
				    : NULL;
	if (!first) {
		buf_adds(sql, "${table}");
	} else if (targets->arguments.count == 1) {
		put_target(sql, first);
	} else {
		const char *dot = strrchr(first, '.');
		buf_add(sql, first, dot ? (size_t)(dot - first) : strlen(first));
		buf_adds(sql, " (");
		for (uint32_t i = 0; i < targets->arguments.count; i++) {
			const char *target = py_text(names, targets->arguments.items[i].value);
			const char *column = target ? strrchr(target, '.') : NULL;
			buf_adds(sql, i ? ", " : "");
			put_name(sql, column ? column + 1 : "${column}", NAME_EXACT);
		}
		buf_addc(sql, ')');
	}
	put_reference_options(sql, names, constraint);
}

bool put_sa_constraint(Buf *sql, const PyNames *names, const PyValue *constraint)
{
	const char *kind = py_last(constraint);
	if (constraint->kind != PY_CALL || !ends_with(kind, "Constraint"))
		return false;
	put_sa_constraint_name(sql, names, py_argument(constraint, UINT32_MAX, "name"));
	if (same(kind, "PrimaryKeyConstraint") || same(kind, "UniqueConstraint")) {
		buf_adds(sql, same(kind, "UniqueConstraint") ? "UNIQUE (" : "PRIMARY KEY (");
		put_own_names(sql, names, constraint);
		buf_addc(sql, ')');
		put_reference_options(sql, names, constraint);
	} else if (same(kind, "ForeignKeyConstraint")) {
		put_foreign_key(sql, names, constraint);
	} else {
		const char *condition = py_text(names, py_argument(constraint, 0, "sqltext"));
		buf_addf(sql, "CHECK (%s)", same(kind, "CheckConstraint") && condition ? condition : "${condition}");
	}
	return true;
}

const PyValue *sa_reference(const PyValue *column)
{
	array_each(const struct PyArgument, item, &column->arguments)
		if (!item->keyword && item->value->kind == PY_CALL && same(py_last(item->value), "ForeignKey"))
			return item->value;
	return NULL;
}

void put_sa_reference(Buf *sql, const PyNames *names, const PyValue *column, const PyValue *reference)
{
	const char *name = py_text(names, py_argument(column, 0, "name"));
	const char *target = py_text(names, py_argument(reference, 0, "column"));
	put_sa_constraint_name(sql, names, py_argument(reference, UINT32_MAX, "name"));
	buf_adds(sql, "FOREIGN KEY(");
	put_name(sql, name ? name : "${column}", NAME_EXACT);
	buf_adds(sql, ") REFERENCES ");
	put_target(sql, target ? target : "${table}");
	put_reference_options(sql, names, reference);
}
