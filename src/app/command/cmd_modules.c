/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix modules: which sources, enrichers and sinks there are, and what each can be told. */
#include "app/common/exit_codes.h"
#include "app/run/build_pipeline.h"

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

/* `integer 1 to 10000`, `duration 100ms to ...`: bounds only where there are any. */
static void print_type(const synfix_option_t *option)
{
    static const char *const types[] = {"text", "integer", "yes or no", "duration"};
    const char *unit = option->type == SYNFIX_OPTION_DURATION ? "ms" : "";
    printf("(%s", types[option->type]);
    if (option->minimum != 0 || option->maximum != 0) {
        printf(", %" G_GINT64_FORMAT "%s", option->minimum, unit);
        if (option->maximum < INT64_MAX) {
            printf(" to %" G_GINT64_FORMAT "%s", option->maximum, unit);
        } else {
            printf(" and more");
        }
    }
    putchar(')');
}

static void print_options(const synfix_option_t *options)
{
    for (const synfix_option_t *option = options; option && option->name; option++) {
        printf("    %-20s %s%s%s%s ", option->name, option->help, option->fallback ? " [" : "",
               option->fallback ? option->fallback : "", option->fallback ? "]" : "");
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
        if (module->kind != kind || (name && strcmp(name, module->name) != 0)) {
            continue;
        }
        printf("%-10s %-12s %s%s%s%s\n", kind_name(kind), module->name, module->summary, path ? " (" : "",
               path ? path : "", path ? ")" : "");
        if (name) {
            print_options(module->options);
        }
        found = TRUE;
    }
    return found;
}

int cmd_modules(int argc, char **argv)
{
    g_auto(GStrv) load = NULL;
    const GOptionEntry entries[] = {
        {.long_name = "load",
         .arg = G_OPTION_ARG_FILENAME_ARRAY,
         .arg_data = (gpointer)&load,
         .description = "Load modules from a shared object or a directory of them",
         .arg_description = "FILE"},
        {0},
    };
    GOptionContext *context = g_option_context_new("[NAME...] - sources, enrichers and sinks");
    g_option_context_set_description(context, "Examples:\n"
                                              "  synfix modules\n"
                                              "      one line for each module\n"
                                              "  synfix modules tcp\n"
                                              "      the module tcp with its options and their defaults\n");
    g_option_context_add_main_entries(context, entries, NULL);
    int code = APP_EXIT_OK;
    if (!app_parse(context, &argc, &argv, &code)) {
        return code;
    }
    synfix_error_t error;
    registry_t *registry = NULL;
    const synfix_status_t status = setup_registry(load, &registry, &error);
    if (status < 0) {
        return app_fail(app_exit_of(status), "%s", error.text);
    }
    for (int i = argc > 1 ? 1 : 0; i < argc; i++) {
        const char *name = i > 0 ? argv[i] : NULL;
        gboolean found = FALSE;
        for (int kind = SYNFIX_MODULE_SOURCE; kind <= SYNFIX_MODULE_SINK; kind++) {
            found |= print_kind(registry, (synfix_module_kind_t)kind, name);
        }
        if (name && !found) {
            code = app_fail(APP_EXIT_USAGE, "%s: no such module", name);
        }
        if (argc <= 1) {
            break;
        }
    }
    registry_free(registry);
    return code;
}
