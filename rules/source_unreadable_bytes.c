/* Bytes that cannot be SQL: NUL, or what is no UTF-8. */
#include "judge/rule.h"

META_RULE(source_unreadable_bytes,
	.severity = SEVERITY_ERROR,
	.summary  = "the file holds bytes that are no text",
	.why      = "A NUL byte ends the text for most tools, and bytes that are no UTF-8 are refused by a server of "
		    "that encoding: the migration fails or is cut off.",
	.instead  = "Save the file as UTF-8.",
	.manual   = "multibyte.html",
	.since    = "0.1.0");
