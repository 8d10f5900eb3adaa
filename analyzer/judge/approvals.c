/* Who said that a migration may run. */
#include <ctype.h>

#include "base/files.h"
#include "base/git.h"
#include "judge/metadata.h"

/* `Jane Doe <jane@example.org> (dba)`, `dba: Jane Doe`. */
static ApprovalGiven read_approval(Arena *arena, const char *value, const char *source)
{
	const char *open = strrchr(value, '('), *close = open ? strchr(open, ')') : NULL;
	if (close) {
		size_t length = (size_t)(open - value);
		while (length && isspace((unsigned char)value[length - 1]))
			length--;
		return (ApprovalGiven){arena_copy(arena, open + 1, (size_t)(close - open - 1)), arena_copy(arena, value, length), source};
	}
	size_t word = strcspn(value, ": ");
	if (value[word] == ':')
		return (ApprovalGiven){arena_copy(arena, value, word), arena_string(arena, value + word + 1 + strspn(value + word + 1, " ")),
				       source};
	return (ApprovalGiven){"", value, source};
}

/* The same person: the name, or the address in <>, is the same. */
static bool is_same_person(const char *a, const char *b)
{
	const char *address = strchr(a, '<'), *other = strchr(b, '<');
	if (address && other)
		return same_nocase(address, other);
	size_t length = address ? (size_t)(address - a) : strlen(a), other_length = other ? (size_t)(other - b) : strlen(b);
	while (length && isspace((unsigned char)a[length - 1]))
		length--;
	while (other_length && isspace((unsigned char)b[other_length - 1]))
		other_length--;
	return length == other_length && strncasecmp(a, b, length) == 0;
}

void approvals_read(Arena *arena, const Migration *migration, const Config *config, const Metadata *metadata, Approvals *approvals,
		    const char **author)
{
	bool from_git = config && same(config->approvals.source, "git-trailer");
	const MetadataItem *declared = metadata_get(metadata, "author");
	Approvals given = {0};
	*author = declared ? declared->value : NULL;
	if (from_git) {
		GitCommits commits = {0};
		const char *error = NULL, *path = path_absolute(arena, working_folder(arena), migration->up->source->path);
		*author = NULL;
		if (git_file_commits(arena, path_parent(arena, path), path_name(path), &commits, &error) && commits.count)
			*author = commits.items[0].author;
		array_each (const GitCommit, commit, &commits)
			array_each (const char *const, value, &commit->approvals)
				array_push(arena, &given, read_approval(arena, *value, "git-trailer"));
	} else {
		array_each (const MetadataItem, item, metadata)
			if (same(item->key, "approved-by"))
				array_push(arena, &given, read_approval(arena, item->value, "header"));
	}
	array_each (ApprovalGiven, approval, &given)
		if (!*author || !is_same_person(approval->who, *author))
			array_push(arena, approvals, *approval);
}
