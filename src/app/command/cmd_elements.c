/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "exporter/collector/collector_definitions.h"
#include "exporter/ipfix/profile.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct elements_options {
    char *format;
    char *check;
    char *templates;
    gint64 pen;
    gboolean all;
} elements_options_t;

static void print_elements(const ipfix_model_t *model, bool all)
{
    printf("%-28s %-12s %-20s %-13s %-9s %s\n", "name", "PEN/id", "type", "semantics", "units", "meaning");
    for (size_t i = 0; i < ipfix_model_count(model); i++) {
        const ipfix_element_t *element = ipfix_model_at(model, i);
        if (all || element->own) {
            g_autofree char *number = g_strdup_printf("%u/%u", element->pen, element->id);
            printf("%-28s %-12s %-20s %-13s %-9s %s\n", element->name, number, ipfix_type_text(element->type),
                   ipfix_semantics_text(element->semantics), ipfix_units_text(element->units),
                   element->description);
        }
    }
}

/* Bytes of a record: fixed ones, and how many strings come on top. */
static void print_template(const ipfix_template_t *template)
{
    unsigned bytes = 0;
    unsigned strings = 0;
    for (unsigned i = 0; i < template->field_count; i++) {
        const bool varies = template->lengths[i] == IPFIX_VARIABLE;
        strings += varies;
        bytes += varies ? 0 : template->lengths[i];
    }
    printf("template %5u: %s, IPv%u%s, %u elements, %u bytes and %u strings\n", template->id,
           template->uptime ? "uptime" : "observation", template->ip_version,
           template->outer_version == 0   ? ""
           : template->outer_version == 4 ? ", tunnelled in IPv4"
                                          : ", tunnelled in IPv6",
           template->field_count, bytes, strings);
}

static int check_file(const ipfix_model_t *model, const elements_options_t *options)
{
    synfix_error_t error;
    ipfix_profile_t *profile = NULL;
    /* A file of the working directory takes precedence over a shipped profile of that name. */
    const bool file = g_file_test(options->check, G_FILE_TEST_EXISTS) && strchr(options->check, '/') == NULL;
    g_autofree char *path = g_strconcat(file ? "./" : "", options->check, NULL);
    if (ipfix_profile_load(model, options->templates, path, false, &profile, &error) != SYNFIX_OK) {
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].id != 0) {
            print_template(&profile->templates[i]);
        }
    }
    ipfix_profile_free(profile);
    return APP_EXIT_OK;
}

static int print_format(const ipfix_model_t *model, const char *name)
{
    const collector_format_t *format = collector_format_find(name);
    if (format == NULL) {
        g_autoptr(GString) known = g_string_new(NULL);
        for (const collector_format_t *other = collector_formats; other->name != NULL; other++) {
            g_string_append_printf(known, " %s", other->name);
        }
        return app_fail(APP_EXIT_USAGE, "--format: '%s' is not a format; write one of:%s", name, known->str);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    format->write(model, out);
    fwrite(out->str, 1, out->len, stdout);
    return APP_EXIT_OK;
}

static int run(const elements_options_t *options)
{
    synfix_error_t error;
    ipfix_model_t *model = NULL;
    if (options->pen < 1 || options->pen > UINT32_MAX) {
        return app_fail(APP_EXIT_USAGE, "--pen: not an enterprise number; write 1 to 4294967295");
    }
    if (ipfix_model_load(options->templates, (uint32_t)options->pen, &model, &error) != SYNFIX_OK) {
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    int code = APP_EXIT_OK;
    if (options->check != NULL) {
        code = check_file(model, options);
    } else if (options->format != NULL) {
        code = print_format(model, options->format);
    } else {
        print_elements(model, options->all);
    }
    ipfix_model_free(model);
    return code;
}

static const cli_option_t option_table[] = {
    {"format", 'f', CLI_TEXT, offsetof(elements_options_t, format), "FORMAT",
     "Print the definitions for a collector: fixbuf, libfds, pmacct, logstash, filebeat, telegraf, vflow, "
     "goflow2, "
     "nprobe, graylog or wireshark",
     NULL, NULL, "fixbuf libfds pmacct logstash filebeat telegraf vflow goflow2 nprobe graylog wireshark"},
    {"check", 'c', CLI_FILE, offsetof(elements_options_t, check), "PROFILE",
     "Check a profile (a file, or the name of a shipped one) and print its templates", NULL, NULL, NULL},
    {"pen", 'p', CLI_NUMBER, offsetof(elements_options_t, pen), "NUMBER",
     "Enterprise number of the synfix elements", "32473", NULL, NULL},
    {"templates", 't', CLI_FILE, offsetof(elements_options_t, templates), "DIRECTORY",
     "Directory of the information model and the profiles", NULL, NULL, NULL},
    {"all", 'a', CLI_FLAG, offsetof(elements_options_t, all), NULL, "Print the elements of IANA and CERT too",
     NULL, NULL, NULL},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix elements --format pmacct > synfix.primitives", "definitions for pmacct"},
    {"synfix elements --check my.profile", "print the templates of a profile, or its first error"},
    {NULL, NULL},
};

static int run_elements(int argc, char **argv)
{
    elements_options_t options = {.pen = IPFIX_PEN_DEFAULT};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_elements, &options, &argc, &argv, &code)) {
        code = argc > 1 ? app_fail(APP_EXIT_USAGE, "%s: unexpected word; write --check %s or --format FORMAT",
                                   argv[1], argv[1])
                        : run(&options);
    }
    g_free(options.format);
    g_free(options.check);
    g_free(options.templates);
    return code;
}

const cli_command_t command_elements = {
    .name = "elements",
    .summary = "print the IPFIX elements, and definitions for collectors",
    .description =
        "Print the information model: name, number, type, semantics and units of each element. With "
        "--format, print the definitions that a collector needs to name the synfix elements.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 success; 1 definitions are missing; 2 wrong usage, or mistakes in the profile.",
    .run = run_elements,
};
