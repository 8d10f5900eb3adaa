/* The bodies of functions and DO blocks. */
#include "parse/lower.h"

const Piece *body_piece(Lowering *l, int location)
{
	(void)l, (void)location;
	return NULL;
}

Action *lower_plpgsql(Lowering *l, const Piece *body, bool *opaque)
{
	(void)l, (void)body;
	*opaque = true;
	return NULL;
}

Action *lower_sql_body(Lowering *l, const Piece *body, bool *opaque)
{
	return lower_plpgsql(l, body, opaque);
}
