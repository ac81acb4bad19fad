/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_file.h"
#include "app/common/exit_codes.h"
#include "base/message_text.h"
#include <inttypes.h>

static void report_sets(const archive_file_t *file, uint64_t count, archive_problem_t problem,
                        const char *reason)
{
    if (count > 0) {
        g_autofree char *text =
            g_strdup_printf("%s: %" PRIu64 " set%s skipped: %s; check the exporter, and the disk", file->path,
                            count, plural(count), reason);
        archive_input_complain(file->input, problem, text);
        file->input->problems.counts[problem] += count - 1;
    }
}

/* Losses that the file states. They are no failure: the records may have been lost before the file was
 * written. */
static void report_notes(const archive_file_t *file, uint64_t adopted)
{
    const uint64_t missing = archive_sequence_missing(file->sequence);
    if (archive_sequence_counts_own(file->sequence)) {
        app_fail(
            APP_EXIT_OK,
            "%s: each sequence number includes the records of its message, contrary to RFC 7011 section 3.1; "
            "missing records are counted accordingly",
            file->path);
    }
    if (missing > 0) {
        app_fail(APP_EXIT_OK,
                 "%s: %" PRIu64 " record%s missing by the sequence numbers (options records included); the "
                 "file is damaged, or messages were lost before it was written",
                 file->path, missing, missing == 1 ? " is" : "s are");
    }
    if (adopted > 0) {
        app_fail(
            APP_EXIT_OK,
            "%s: %" PRIu64
            " template%s after the first records; these records were read by the only definition in the file",
            file->path, adopted, adopted == 1 ? " stands" : "s stand");
    }
}

void archive_file_report(const archive_file_t *file)
{
    archive_input_t *input = file->input;
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(file->decoder, &stats);
    input->records += stats.data_records;
    if (file->damages > ARCHIVE_DAMAGES_NAMED) {
        app_fail(APP_EXIT_INPUT,
                 "%s: %" PRIu64 " more damaged places; the totals at the end count the damage by reason",
                 file->path, file->damages - ARCHIVE_DAMAGES_NAMED);
    }
    if (stats.messages == 0 && !input->stopped &&
        archive_problems_total(&input->problems) == file->problems) {
        g_autofree char *text = g_strdup_printf(
            "%s: no IPFIX message, the file is empty; check the program that wrote it", file->path);
        archive_input_complain(input, ARCHIVE_PROBLEM_EMPTY, text);
    }
    if (!input->stopped) {
        report_notes(file, stats.adopted);
    }
    report_sets(file, stats.sets_without_template, ARCHIVE_PROBLEM_NO_TEMPLATE, "no template");
    report_sets(file, stats.sets_without_record, ARCHIVE_PROBLEM_SHORT_SET,
                "shorter than one record of the template");
    report_sets(file, stats.reserved_sets, ARCHIVE_PROBLEM_RESERVED_SET, "reserved id");
}
