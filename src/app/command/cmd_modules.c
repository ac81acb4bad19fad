/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix modules: lists sources, enrichers and sinks with their options. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/run/prepare_run.h"
#include "values/suggestion.h"
#include "values/value.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *kind_name(synfix_module_kind_t kind)
{
    switch (kind) {
    case SYNFIX_MODULE_SOURCE:
        return "source";
    case SYNFIX_MODULE_ENRICHER:
        return "enricher";
    case SYNFIX_MODULE_SINK:
        return "sink";
    }
    return "module";
}

/* `integer, 1 to 10000`, `duration, 100ms to 1h`: bounds only where there are any. */
static void print_type(const synfix_option_t *option)
{
    static const char *const types[] = {"text", "integer", "yes or no", "duration"};
    const value_type_t type = option->type == SYNFIX_OPTION_DURATION ? VALUE_DURATION : VALUE_INTEGER;
    char low[32];
    char high[32];
    value_format(type, option->minimum, low, sizeof low);
    value_format(type, option->maximum, high, sizeof high);
    printf("(%s", types[option->type]);
    if (option->minimum != 0 || option->maximum != 0) {
        printf(", %s", low);
        if (option->maximum < INT64_MAX) {
            printf(" to %s", high);
        } else {
            printf(" and more");
        }
    }
    putchar(')');
}

static void print_options(const synfix_option_t *options)
{
    for (const synfix_option_t *option = options; option != NULL && option->name != NULL; option++) {
        printf("    %-20s %s%s%s%s ", option->name, option->help, option->fallback != NULL ? " [" : "",
               option->fallback != NULL ? option->fallback : "", option->fallback != NULL ? "]" : "");
        print_type(option);
        putchar('\n');
    }
}

static gboolean print_kind(const registry_t *registry, synfix_module_kind_t kind, const char *name)
{
    gboolean found = FALSE;
    const synfix_module_t *module;
    const char *path = NULL;
    for (size_t i = 0; (module = registry_at(registry, i, &path)) != NULL; i++) {
        if (module->kind != kind || (name != NULL && strcmp(name, module->name) != 0)) {
            continue;
        }
        printf("%-10s %-12s %s%s%s%s\n", kind_name(kind), module->name, module->summary,
               path != NULL ? " (" : "", path != NULL ? path : "", path != NULL ? ")" : "");
        if (name != NULL) {
            print_options(module->options);
        }
        found = TRUE;
    }
    return found;
}

typedef struct modules_options {
    char **load;
} modules_options_t;

static const cli_option_t option_table[] = {
    {"load", 0, CLI_FILES, offsetof(modules_options_t, load), "FILE",
     "Load modules from a shared object or a directory (repeatable)", NULL, NULL, NULL},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix modules", "one line for each module"},
    {"synfix modules tcp", "the options of the module tcp with their defaults"},
    {NULL, NULL},
};

static int fail_unknown(const registry_t *registry, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const synfix_module_t *module;
    const char *path = NULL;
    for (size_t i = 0; (module = registry_at(registry, i, &path)) != NULL; i++) {
        g_ptr_array_add(names, (gpointer)(guintptr)module->name);
    }
    const char *closest = suggestion_closest(name, (const char *const *)names->pdata, names->len);
    if (closest != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: no such module; did you mean '%s'?", name, closest);
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such module; synfix modules lists them", name);
}

static int print_module(const registry_t *registry, const char *name)
{
    gboolean found = FALSE;
    for (int kind = SYNFIX_MODULE_SOURCE; kind <= SYNFIX_MODULE_SINK; kind++) {
        found |= print_kind(registry, (synfix_module_kind_t)kind, name);
    }
    return found || name == NULL ? APP_EXIT_OK : fail_unknown(registry, name);
}

static int list(char **load, char **names)
{
    synfix_error_t error;
    registry_t *registry = NULL;
    const synfix_status_t status = registry_of_program(load, &registry, &error);
    if (status < 0) {
        return app_fail(app_exit_of(status), "%s", error.text);
    }
    int code = names[0] != NULL ? APP_EXIT_OK : print_module(registry, NULL);
    for (; *names != NULL; names++) {
        const int result = print_module(registry, *names);
        code = code == APP_EXIT_OK ? result : code;
    }
    registry_free(registry);
    return code;
}

static int run_modules(int argc, char **argv)
{
    modules_options_t options = {.load = NULL};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_modules, &options, &argc, &argv, &code)) {
        code = list(options.load, argv + 1);
    }
    g_strfreev(options.load);
    return code;
}

const cli_command_t command_modules = {
    .name = "modules",
    .summary = "list sources, enrichers and sinks with their options",
    .operands = "[NAME...]",
    .description = "List all modules, or print the options of the named modules.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 success; 1 a shared object cannot be loaded; 2 wrong usage, or no such module.",
    .run = run_modules,
};
