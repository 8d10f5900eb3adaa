#include "action/object.h"

const char *object_kind_words(ObjectKind kind)
{
	static const char *const words[] = {
#define OBJECT_KIND(suffix, text) [OBJECT_##suffix] = text,
		OBJECT_KINDS(OBJECT_KIND)
#undef OBJECT_KIND
	};
	return words[kind];
}
