/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_problems.h"
#include "app/common/exit_codes.h"
#include "base/message_text.h"
#include <inttypes.h>

static const struct {
    const char *one;
    const char *several;
    const char *result;
} texts[] = {
#define PROBLEM_TEXTS(identifier, one, several, result) {one, several, result},
    ARCHIVE_PROBLEMS(PROBLEM_TEXTS)
#undef PROBLEM_TEXTS
};

uint64_t archive_problems_total(const archive_problems_t *problems)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < ARCHIVE_PROBLEM_COUNT; i++) {
        total += problems->counts[i];
    }
    return total;
}

void archive_problems_report(const archive_problems_t *problems, const char *subject, uint64_t records)
{
    if (archive_problems_total(problems) == 0) {
        return;
    }
    for (unsigned i = 0; i < ARCHIVE_PROBLEM_COUNT; i++) {
        const uint64_t count = problems->counts[i];
        if (count > 0) {
            app_fail(APP_EXIT_INPUT, "%s: %" PRIu64 " %s: %s", subject, count,
                     count == 1 ? texts[i].one : texts[i].several, texts[i].result);
        }
    }
    app_fail(APP_EXIT_INPUT,
             "%s: %" PRIu64 " of %" PRIu64 " file%s read to the end without a problem; %" PRIu64
             " data record%s decoded",
             subject, problems->files_good, problems->files, plural(problems->files), records,
             plural(records));
}
