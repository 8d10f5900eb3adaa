/* `--format gcc`: one line a finding, as vim's errorformat, Emacs's compile-mode and kakoune read it. */
#include "report/report.h"

static void render(Buf *out, const Run *run, const ReportOptions *options UNUSED)
{
	for (uint32_t i = 0; i < run->findings.count; i++)
		if (!run->findings.items[i]->suppressed)
			finding_line(out, run->findings.items[i], false);
}

const Reporter reporter_gcc = {.name = "gcc", .render = render};
