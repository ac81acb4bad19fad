/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix hosts: one line for each host of captures, IPFIX files and inventories. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/hosts/hosts_input.h"
#include "app/hosts/hosts_notes.h"
#include "app/hosts/hosts_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_UNLIMITED 0u
#define WIDTH_MAX       65535u

typedef struct list_options {
    hosts_options_t input;
    char *format;
    char *sort;
    gint64 top;
} list_options_t;

/* A pipe and a file receive whole rows: no value is cut unless the user sets a width. */
static unsigned table_width(void)
{
    struct winsize size;
    guint64 columns = 0;
    const char *text = getenv("COLUMNS");
    if (text != NULL && g_ascii_string_to_unsigned(text, 10, 1, WIDTH_MAX, &columns, NULL)) {
        return (unsigned)columns;
    }
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col
                                                                                 : WIDTH_UNLIMITED;
}

static void print_list(const list_options_t *options, const host_model_t *model, const GArray *hosts,
                       const host_totals_t *totals)
{
    const char *no_colour = getenv("NO_COLOR");
    const hosts_print_t print = {
        .model = model,
        .hosts = hosts,
        .totals = totals,
        .count = (size_t)MIN(options->top, (gint64)hosts->len),
        .width = table_width(),
        .colour = isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0'),
        .stream = stdout,
    };
    if (strcmp(options->format, "json") == 0) {
        hosts_print_json(&print);
    } else if (strcmp(options->format, "csv") == 0) {
        hosts_print_csv(&print);
    } else {
        hosts_print_table(&print);
    }
}

/* Totals are counted in the order of addresses, lists may have another one. */
static void print_sorted(const list_options_t *options, const host_model_t *model, GArray *hosts)
{
    const GCompareFunc by_address = host_list_order("address");
    const GCompareFunc order = host_list_order(options->sort);
    host_totals_t totals = {.families = NULL};
    const bool table = strcmp(options->format, "table") == 0;
    if (table || order == by_address) {
        g_array_sort(hosts, by_address);
    }
    if (table) {
        totals = host_totals_of(hosts);
    }
    if (order != by_address) {
        g_array_sort(hosts, order);
    }
    print_list(options, model, hosts, &totals);
    if (table) {
        host_totals_clear(&totals);
    }
}

static int check(const list_options_t *options)
{
    static const char *const formats[] = {"table", "csv", "json", NULL};
    if (!g_strv_contains(formats, options->format)) {
        return app_fail(APP_EXIT_USAGE, "--format: '%s' is not a format; write table, csv or json",
                        options->format);
    }
    if (options->top < 1) {
        return app_fail(APP_EXIT_USAGE,
                        "--top: '%" G_GINT64_FORMAT "' is not a number of hosts; write 1 or more",
                        options->top);
    }
    return host_list_order(options->sort) != NULL
               ? APP_EXIT_OK
               : app_fail(APP_EXIT_USAGE,
                          "--sort: '%s' is not an order; write address, system, seen, last, share or uptime",
                          options->sort);
}

/* If no input could be read, prints no list of 0 hosts; standard error has the reason. */
static int list(const list_options_t *options, char *const *paths)
{
    hosts_input_t input = {.captures = 0};
    int code = hosts_input_read(&options->input, paths, &input);
    if (hosts_input_has_content(&input, code)) {
        g_autoptr(GArray) hosts = host_list_new(input.model, &input.filter);
        print_sorted(options, input.model, hosts);
        if (hosts->len == 0 && code == APP_EXIT_OK) {
            g_autofree char *reason = hosts_notes_empty(&input);
            app_note("%s", reason);
        }
        code = hosts_notes_print(&input, code);
    }
    hosts_input_clear(&input);
    return code;
}

static const cli_option_t option_table[] = {
    {"format", 'f', CLI_TEXT, offsetof(list_options_t, format), "FORMAT", "table, csv or json", "table",
     "Output", "table csv json"},
    {"sort", 0, CLI_TEXT, offsetof(list_options_t, sort), "ORDER",
     "address, system, or the greatest first: seen, last, share, uptime", "address", "Output",
     "address system seen last share uptime"},
    {"top", 't', CLI_NUMBER, offsetof(list_options_t, top), "N", "Print the first N hosts", NULL, "Output",
     NULL},
    HOSTS_INPUT_OPTIONS(list_options_t),
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix hosts capture.pcap", "one line for each host, with totals by family"},
    {"synfix hosts /var/lib/synfix/hosts.db --net 10.0.0.0/8 --os windows", "Windows hosts of a network"},
    {"synfix hosts /var/lib/synfix/archive --since 1d --changed", "hosts that changed, from an archive"},
    {"synfix hosts *.pcap --shared --format json", "addresses that several hosts share, as JSON lines"},
    {NULL, NULL},
};

static int run_hosts(int argc, char **argv)
{
    int code = APP_EXIT_OK;
    list_options_t options = {.top = G_MAXINT64};
    if (cli_parse(&command_hosts, &options, &argc, &argv, &code)) {
        if (argc < 2) {
            code = app_fail(APP_EXIT_USAGE,
                            "hosts: no input named; write synfix hosts FILE, see synfix hosts --help");
        } else {
            options.format = options.format != NULL ? options.format : g_strdup("table");
            options.sort = options.sort != NULL ? options.sort : g_strdup("address");
            code = check(&options);
            code = code == APP_EXIT_OK ? list(&options, argv + 1) : code;
        }
    }
    hosts_options_clear(&options.input);
    g_free(options.format);
    g_free(options.sort);
    return code;
}

const cli_command_t command_hosts = {
    .name = "hosts",
    .summary = "list hosts of captures, IPFIX files, inventories",
    .operands = "FILE...",
    .description =
        "Read captures ('-' is standard input), IPFIX files, directories of both (all also compressed), and "
        "inventories of the sink inventory:, and print one line for each address and role: system, quality "
        "of its family from all observations (read states the quality of one packet), distance, MTU, uptime "
        "('?': from one connection only), sharing score, observations, last seen.",
    .options = option_list,
    .examples = examples,
    .exit_status =
        "0 success; 1 an input is missing or damaged (the others are listed), or hosts were omitted because "
        "there are too many; 2 wrong usage; 4 no permission.",
    .run = run_hosts,
};
