/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix report: a page about the hosts of captures, IPFIX files and inventories. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/common/write_file.h"
#include "app/hosts/host_list.h"
#include "app/hosts/hosts_input.h"
#include "app/hosts/hosts_notes.h"
#include "app/hosts/input_paths.h"
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

/* In the order of addresses the roles of a host follow each other. */
static void add_hosts(host_report_t *report, const hosts_input_t *input)
{
    host_row_t row;
    g_autoptr(GArray) hosts = host_list_new(input->model, &input->filter);
    g_array_sort(hosts, host_list_order("address"));
    for (guint i = 0; i < hosts->len; i++) {
        if (host_model_row(input->model, g_array_index(hosts, listed_host_t, i).slot, &row)) {
            host_report_add(report, &row);
        }
    }
}

static void add_number(host_report_t *report, const char *name, uint64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, value);
    host_report_add_fact(report, name, text);
}

/* A report of a part must not look like one of the whole. */
static void add_filters(host_report_t *report, const hosts_options_t *options)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const struct {
        const char *name;
        const char *value;
    } texts[] = {{"--since", options->since}, {"--until", options->until}, {"--os", options->os}};
    const struct {
        const char *name;
        gboolean set;
    } flags[] = {{"--changed", options->changed},
                 {"--shared", options->shared},
                 {"--tools", options->tools},
                 {"--unsupported", options->unsupported},
                 {"--unknown", options->unknown}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i].value != NULL) {
            g_ptr_array_add(words, g_strdup_printf("%s %s", texts[i].name, texts[i].value));
        }
    }
    for (char **net = options->nets; net != NULL && *net != NULL; net++) {
        g_ptr_array_add(words, g_strdup_printf("--net %s", *net));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        if (flags[i].set) {
            g_ptr_array_add(words, g_strdup(flags[i].name));
        }
    }
    if (words->len > 0) {
        g_ptr_array_add(words, NULL);
        g_autofree char *text = g_strjoinv(" ", (char **)words->pdata);
        host_report_add_fact(report, "Filters", text);
    }
}

static void add_facts(host_report_t *report, const hosts_options_t *options, const hosts_input_t *input,
                      char *const *paths)
{
    g_autofree char *names = g_strjoinv(", ", (char **)(guintptr)paths);
    host_report_add_fact(report, "Input", names);
    add_number(report, "Captures", input->captures);
    add_number(report, "IPFIX files and directories", input->archives);
    add_number(report, "Inventories", input->inventories);
    add_filters(report, options);
    if (input->archives > 0) {
        add_number(report, "Records", input->records);
    }
    if (input->captures == 0) {
        return;
    }
    add_number(report, "Packets", input->counters.packets_received);
    for (unsigned verdict = 0; verdict < SYNFIX_VERDICT_COUNT; verdict++) {
        if (input->counters.verdicts[verdict] > 0) {
            g_autofree char *name =
                g_strdup_printf("Packets: %s", synfix_verdict_text((synfix_verdict_t)verdict));
            add_number(report, name, input->counters.verdicts[verdict]);
        }
    }
}

static int write_page(const GString *text, const char *path)
{
    if (strcmp(path, "-") == 0) {
        return fwrite(text->str, 1, text->len, stdout) == text->len && fflush(stdout) == 0
                   ? APP_EXIT_OK
                   : app_fail(APP_EXIT_SINK, "standard output: %s", g_strerror(errno));
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
        fprintf(stderr, "synfix: %s: %zu host%s\n", options->output, hosts, hosts == 1 ? "" : "s");
    }
}

static void add_notes(host_report_t *report, const hosts_input_t *input)
{
    bool rows_missing;
    g_autoptr(GPtrArray) notes = hosts_notes_losses(input, &rows_missing);
    for (guint i = 0; i < notes->len; i++) {
        host_report_add_note(report, g_ptr_array_index(notes, i));
    }
    if (host_report_count(report) == 0) {
        g_autofree char *reason = hosts_notes_empty(input);
        host_report_add_note(report, reason);
        fprintf(stderr, "synfix: %s\n", reason);
    }
}

static int print_page(const page_options_t *options, host_report_format_t format, char *const *paths,
                      const hosts_input_t *input)
{
    host_report_t *report = host_report_new(input->filter.now_ns);
    add_hosts(report, input);
    add_facts(report, &options->input, input, paths);
    add_notes(report, input);
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
    } else if (code != APP_EXIT_USAGE) {
        fprintf(stderr,
                "synfix: %s: not written, because no input could be read; name captures or IPFIX files\n",
                options->output);
    }
    hosts_input_clear(&input);
    return code;
}

static const cli_option_t option_table[] = {
    {"output", 'o', CLI_FILE, offsetof(page_options_t, output), "FILE",
     "Write the report to FILE; - is standard output", "report.html", "Output", NULL},
    {"format", 'F', CLI_TEXT, offsetof(page_options_t, format), "FORMAT",
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
    .description =
        "Read captures ('-' is standard input) and IPFIX files, directories of them (all also compressed), "
        "and "
        "inventories of the sink inventory:, and "
        "write one self-contained page: oldest systems, scanners and shared addresses first, then families, "
        "versions, "
        "changes, timeline, uptimes, distances, links, encapsulations, unknown signatures, all hosts.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 success; 1 an input is missing or damaged (the others are in the report; without any, "
                   "no report is "
                   "written), or hosts were left out because there are too many; 2 wrong usage; 3 the report "
                   "could not be "
                   "written; 4 no permission.",
    .run = run_report,
};
