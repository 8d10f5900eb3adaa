/* Any bytes as one SQL file: from reading to every report, and fixed until nothing is left to fix. */
#include "everything.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static Everything all;
	if (!all.book)
		everything_start(&all);
	put_file("1.sql", bytes, length);
	/* All versions at once take eight times as long: one input in eight has them. */
	bool every_version = length % 8 == 0;
	everything_with(&all, "1.sql", every_version ? 11 : 0, every_version ? 18 : 0);
	return 0;
}
