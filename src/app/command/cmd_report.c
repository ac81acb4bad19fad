/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix report: a page about the hosts of captures, IPFIX files and inventories. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/common/write_file.h"
#include "app/hosts/hosts_input.h"
#include "app/hosts/hosts_notes.h"
#include "app/hosts/hosts_report.h"
#include "app/hosts/input_paths.h"
#include "base/message_text.h"
#include "exporter/host_report/host_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct page_options {
    hosts_options_t input;
    char *format;
    char *output;
} page_options_t;

static int write_page(const GString *text, const char *path)
{
    if (strcmp(path, "-") == 0) {
        return fwrite(text->str, 1, text->len, stdout) == text->len && fflush(stdout) == 0
                   ? APP_EXIT_OK
                   : app_fail(APP_EXIT_SINK, "standard output: %s", strerror(errno));
    }
    synfix_error_t error;
    const synfix_status_t status = write_file(path, text->str, text->len, -1, &error);
    return status == SYNFIX_OK ? APP_EXIT_OK : app_fail(app_exit_of_error(status, &error), "%s", error.text);
}

static bool would_replace(const char *output, char *const *paths)
{
    struct stat written;
    struct stat input;
    bool found = false;
    char **inputs = input_paths_expand(paths, NULL);
    for (char **path = inputs; !found && *path != NULL; path++) {
        found = strcmp(output, "-") != 0 && stat(output, &written) == 0 && stat(*path, &input) == 0 &&
                S_ISREG(input.st_mode) && input.st_dev == written.st_dev && input.st_ino == written.st_ino;
    }
    g_strfreev(inputs);
    return found;
}

/* Without --format, the suffix of the file decides: report.md and report.json are not HTML. A file without a
 * suffix is. */
static int choose_format(const page_options_t *options, host_report_format_t *format)
{
    if (options->format != NULL) {
        return host_report_format_of(options->format, format)
                   ? APP_EXIT_OK
                   : app_fail(APP_EXIT_USAGE, "--format: '%s' is not a format; write html, md or json",
                              options->format);
    }
    g_autofree char *name = g_path_get_basename(options->output);
    const char *suffix = strrchr(name, '.');
    g_autofree char *word = g_ascii_strdown(suffix != NULL ? suffix + 1 : "html", -1);
    return host_report_format_of(word, format)
               ? APP_EXIT_OK
               : app_fail(APP_EXIT_USAGE,
                          "--output: the suffix '%s' names no format; add --format html, md or json", suffix);
}

/* The default name is not on the command line. */
static void say_written(const page_options_t *options, size_t hosts)
{
    if (strcmp(options->output, "-") != 0) {
        app_note("%s: %zu host%s", options->output, hosts, plural(hosts));
    }
}

static int print_page(const page_options_t *options, host_report_format_t format, char *const *paths,
                      const hosts_input_t *input)
{
    host_report_t *report = host_report_new(input->filter.now_ns);
    hosts_report_fill(report, &options->input, input, paths);
    GString *text = host_report_print(report, format);
    const int code = write_page(text, options->output);
    if (code == APP_EXIT_OK) {
        say_written(options, host_report_count(report));
    }
    g_string_free(text, TRUE);
    host_report_free(report);
    return code;
}

static int make_page(const page_options_t *options, host_report_format_t format, char *const *paths)
{
    hosts_input_t input = {.captures = 0};
    int code = hosts_input_read(&options->input, paths, &input);
    if (hosts_input_has_content(&input, code)) {
        const int written = print_page(options, format, paths, &input);
        code = hosts_notes_print(&input, code != APP_EXIT_OK ? code : written);
    } else if (input.began) {
        app_note("%s: not written, because no input could be read; name captures or IPFIX files",
                 options->output);
    }
    hosts_input_clear(&input);
    return code;
}

static const cli_option_t option_table[] = {
    {"output", 'o', CLI_FILE, offsetof(page_options_t, output), "FILE",
     "Write the report to FILE; - is standard output", "report.html", "Output", NULL},
    {"format", 'f', CLI_TEXT, offsetof(page_options_t, format), "FORMAT",
     "html, md or json; without it the suffix of FILE decides", NULL, "Output", "html md json"},
    HOSTS_INPUT_OPTIONS(page_options_t),
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix report capture.pcap --output report.html", "one self-contained page for a browser"},
    {"synfix report /var/lib/synfix/hosts.db --since 7d --format md --output -", "a week as Markdown"},
    {NULL, NULL},
};

static int run_report(int argc, char **argv)
{
    int code = APP_EXIT_OK;
    page_options_t options = {.format = NULL};
    host_report_format_t format;
    if (cli_parse(&command_report, &options, &argc, &argv, &code)) {
        options.output = options.output != NULL ? options.output : g_strdup("report.html");
        if (argc < 2) {
            code = app_fail(APP_EXIT_USAGE,
                            "report: no input named; write synfix report FILE, see synfix report --help");
        } else if (would_replace(options.output, argv + 1)) {
            code = app_fail(APP_EXIT_USAGE,
                            "--output: would replace %s, which is an input; choose another output file",
                            options.output);
        } else {
            code = choose_format(&options, &format);
            code = code == APP_EXIT_OK ? make_page(&options, format, argv + 1) : code;
        }
    }
    hosts_options_clear(&options.input);
    g_free(options.format);
    g_free(options.output);
    return code;
}

const cli_command_t command_report = {
    .name = "report",
    .summary = "write a page about hosts",
    .operands = "FILE...",
    .description = "Read captures ('-' is standard input), IPFIX files, directories of both (all also "
                   "compressed), and inventories of the sink inventory:, and write one self-contained page: "
                   "oldest systems, scanners and shared addresses first, then families, versions, changes, "
                   "timeline, uptimes, distances, links, encapsulations, unknown signatures, all hosts.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 success; 1 an input is missing or damaged (the others are in the report; without any, "
                   "no report is "
                   "written), or hosts were omitted because there are too many; 2 wrong usage; 3 the report "
                   "could not be "
                   "written; 4 no permission.",
    .run = run_report,
};
