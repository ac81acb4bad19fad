/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix dump: prints the records of IPFIX files, or sends them to sinks. */
#include "app/archive/archive_input.h"
#include "app/command/commands.h"
#include "app/command/dump_convert.h"
#include "app/common/exit_codes.h"
#include "app/hosts/hosts_input.h"
#include "app/report/progress.h"
#include "exporter/collector/record_printer.h"
#include "exporter/information_model/information_model.h"
#include "values/value.h"
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct dump_options {
    dump_sinks_t sinks;
    hosts_options_t filter;
    char *format;
    char *pen;
    char *templates;
    gboolean options;
    gboolean follow;
    gboolean quiet;
} dump_options_t;

/* State of the printer. */
typedef struct dump_job {
    dump_t *dump;
    record_filter_t *filter;
    uint64_t passed;
    bool output_failed;
    bool unread; /* output failed because its reader ended, as `head` does: no failure */
} dump_job_t;

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    dump_job_t *const job = user;
    if (!record_filter_pass(job->filter, record)) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = dump_record(job->dump, record, error);
    job->passed += dump_last_length(job->dump) > 0;
    if (status < 0) {
        job->output_failed = true;
        job->unread = status == SYNFIX_DISCONNECTED;
        if (!job->unread) {
            app_fail(APP_EXIT_SINK, "%s", error->text);
        }
    }
    return status;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    dump_job_t *const job = user;
    record_filter_layout(job->filter, layout);
    dump_layout(job->dump, layout);
}

static int load_model(const dump_options_t *options, ipfix_model_t **model)
{
    synfix_error_t error;
    static const value_rule_t rule = {
        .name = "pen", .type = VALUE_INTEGER, .minimum = 1, .maximum = UINT32_MAX};
    int64_t number = IPFIX_PEN_DEFAULT;
    if (options->pen != NULL && value_parse(&rule, options->pen, &number, &error) < 0) {
        return app_fail(APP_EXIT_USAGE, "--%s", error.text);
    }
    return ipfix_model_load(options->templates, (uint32_t)number, model, &error) < 0
               ? app_fail(APP_EXIT_INPUT, "%s", error.text)
               : APP_EXIT_OK;
}

static void flush_output(dump_job_t *job)
{
    if (fflush(stdout) != 0 && !job->output_failed) {
        job->output_failed = true;
        job->unread = errno == EPIPE;
        if (!job->unread) {
            app_fail(APP_EXIT_SINK, "standard output: %s", strerror(errno));
        }
    }
}

static int print_all(archive_input_t *input, const host_filter_t *filter, const dump_options_t *options,
                     char *const *files)
{
    synfix_error_t error;
    dump_format_t format = DUMP_TEXT;
    if (options->format != NULL && dump_format_parse(options->format, &format, &error) < 0) {
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    if (options->options && format == DUMP_CSV) {
        return app_fail(APP_EXIT_USAGE,
                        "--options: only text and json print options records; write --format json, "
                        "or omit --options");
    }
    dump_job_t job = {.dump = dump_new(format, options->options, stdout),
                      .filter = record_filter_new(filter)};
    g_autoptr(same_files_t) same = same_files_new();
    input->same = same;
    input->events = (ipfix_decoder_events_t){.record = on_record, .layout = on_layout, .user = &job};
    archive_input_run(input, files);
    flush_output(&job);
    archive_input_note_empty(input, job.passed);
    archive_problems_report(&input->problems, "dump", input->records);
    const bool left_out = dump_report_filter(job.filter);
    dump_free(job.dump);
    record_filter_free(job.filter);
    if (job.output_failed && !job.unread) {
        return APP_EXIT_SINK;
    }
    const int code = archive_input_exit(input);
    return code == APP_EXIT_OK && left_out ? APP_EXIT_INPUT : code;
}

/* A line of progress among records would be neither. */
static bool shows_progress(const dump_options_t *options)
{
    const bool to_terminal = options->sinks.to == NULL && isatty(STDOUT_FILENO) == 1;
    return progress_wanted() && !to_terminal && !options->follow && !options->quiet;
}

static int check(const dump_options_t *options, char *const *files)
{
    if (files[0] == NULL) {
        return app_fail(APP_EXIT_USAGE,
                        "dump: no IPFIX file named; write synfix dump FILE, see synfix dump --help");
    }
    if (options->sinks.to != NULL && (options->format != NULL || options->options)) {
        return app_fail(APP_EXIT_USAGE,
                        "dump: --to SINK has the format of the sink; omit --format and --options");
    }
    if (options->sinks.to == NULL && (options->sinks.enrich != NULL || options->sinks.load != NULL)) {
        return app_fail(APP_EXIT_USAGE, "dump: --enrich and --load change what sinks get; add --to SINK");
    }
    return APP_EXIT_OK;
}

static int dump_all(const dump_options_t *options, char *const *files)
{
    synfix_error_t error = {.text = ""};
    host_filter_t filter = {.since_ns = 0};
    ipfix_model_t *model = NULL;
    int code = check(options, files);
    if (code == APP_EXIT_OK && hosts_filter_parse(&options->filter, &filter, &error) < 0) {
        code = app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    if (code == APP_EXIT_OK) {
        code = load_model(options, &model);
    }
    if (code == APP_EXIT_OK) {
        archive_input_t input = {
            .model = model, .follow = options->follow, .progress = shows_progress(options), .times = &filter};
        code = options->sinks.to != NULL ? dump_convert(&input, &filter, &options->sinks, files)
                                         : print_all(&input, &filter, options, files);
    }
    ipfix_model_free(model);
    return code;
}

static const cli_option_t option_table[] = {
    {"format", 'f', CLI_TEXT, offsetof(dump_options_t, format), "FORMAT",
     "text, json (one object per line) or csv", "text", NULL, "text json csv"},
    {"options", 'o', CLI_FLAG, offsetof(dump_options_t, options), NULL,
     "Print options records too (text and json)", NULL, NULL, NULL},
    {"follow", 'F', CLI_FLAG, offsetof(dump_options_t, follow), NULL,
     "Wait for more data at the end of the last file or directory", NULL, NULL, NULL},
    {"quiet", 'q', CLI_FLAG, offsetof(dump_options_t, quiet), NULL, "Show no progress on a terminal", NULL,
     NULL, NULL},
    {"pen", 0, CLI_TEXT, offsetof(dump_options_t, pen), "NUMBER", "Enterprise number of the synfix elements",
     "32473", NULL, NULL},
    {"templates", 0, CLI_FILE, offsetof(dump_options_t, templates), "DIRECTORY",
     "Directory of the information model", NULL, NULL, NULL},
    {"since", 's', CLI_TEXT, offsetof(dump_options_t, filter.since), "TIME",
     "Only records from TIME on: 2026-11-29T10:00 (UTC), or 2h before now", NULL, "Filter", NULL},
    {"until", 'u', CLI_TEXT, offsetof(dump_options_t, filter.until), "TIME", "Only records before TIME", NULL,
     "Filter", NULL},
    {"net", 'n', CLI_LIST, offsetof(dump_options_t, filter.nets), "CIDR",
     "Only records whose source is in CIDR, as in 10.0.0.0/8 (repeatable)", NULL, "Filter", NULL},
    {"os", 0, CLI_TEXT, offsetof(dump_options_t, filter.os), "TEXT", "Only records whose label contains TEXT",
     NULL, "Filter", NULL},
    {"tools", 0, CLI_FLAG, offsetof(dump_options_t, filter.tools), NULL,
     "Only records of scanners and other tools", NULL, "Filter", NULL},
    {"unknown", 0, CLI_FLAG, offsetof(dump_options_t, filter.unknown), NULL,
     "Only SYN and SYN+ACK without a label", NULL, "Filter", NULL},
    {"to", 't', CLI_LIST, offsetof(dump_options_t, sinks.to), "SINK",
     "Send the records to SINK instead of printing them (repeatable; see 'synfix modules')", NULL, "Export",
     NULL},
    {"enrich", 'e', CLI_LIST, offsetof(dump_options_t, sinks.enrich), "MODULE",
     "Add the facts of an enricher for --to (repeatable)", NULL, "Export", NULL},
    {"load", 0, CLI_FILES, offsetof(dump_options_t, sinks.load), "FILE",
     "Load modules for --to from a shared object or a directory (repeatable)", NULL, "Export", NULL},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix dump out.ipfix", "print each record as a block of text"},
    {"synfix dump --format json day/ | jq .", "all .ipfix and .ipfix.zst files of a directory"},
    {"synfix dump --format csv a.ipfix > a.csv", "the first line names the columns"},
    {"synfix dump --net 192.0.2.7 --since 2h --until 1h day/", "one host within one hour"},
    {"synfix dump --to json:- out.ipfix", "the lines that synfix read --to json:- writes for the capture"},
    {"synfix dump --to tcp://192.0.2.1:4739 day/", "send an archive to another collector"},
    {"synfix dump --options out.ipfix", "statistics and type records too"},
    {"synfix dump --follow --format json out.ipfix", NULL},
    {NULL, NULL},
};

static int run_dump(int argc, char **argv)
{
    dump_options_t options = {.format = NULL};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_dump, &options, &argc, &argv, &code)) {
        code = dump_all(&options, argv + 1);
    }
    g_strfreev(options.sinks.to);
    g_strfreev(options.sinks.enrich);
    g_strfreev(options.sinks.load);
    hosts_options_clear(&options.filter);
    g_free(options.format);
    g_free(options.pen);
    g_free(options.templates);
    return code;
}

const cli_command_t command_dump = {
    .name = "dump",
    .summary = "print or convert the records of IPFIX files",
    .operands = "FILE...",
    .description =
        "Decode IPFIX files of any exporter, uncompressed or compressed with zstd, and print their records. "
        "Known elements are printed with their names. For a directory, all *.ipfix and *.ipfix.zst files are "
        "read in the order of their names. '-' is standard input.\n\nWith --to, records of the profile full "
        "are converted back into observations, and the sinks write the same lines as for the packets. "
        "Records without the necessary elements are skipped and counted by reason.\n\nWith a time range, "
        "whole files are skipped by the dates in their names, and whole messages by their export time, if "
        "the records were exported during the capture.\n\nOf truncated and damaged files, all whole records "
        "are read. The last lines on standard error state the number of skipped files and records, by "
        "reason.",
    .options = option_list,
    .examples = examples,
    .exit_status =
        "0 success; 1 an input is unreadable or incomplete, or records could not be converted or filtered; "
        "2 wrong usage; 3 a sink failed, or standard output cannot be written; 4 no permission.",
    .run = run_dump,
};
