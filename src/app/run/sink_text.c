/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/sink_text.h"

#include <glib.h>
#include <string.h>

/* Line formats share the option `type` of their targets (exporter/output/output.h). */
static bool is_line_format(const synfix_module_t *module)
{
    for (const synfix_option_t *at = module->options; at != NULL && at->name != NULL; at++) {
        if (strcmp(at->name, "type") == 0) {
            return at->choices != NULL && g_str_has_prefix(at->choices, "file ");
        }
    }
    return false;
}

char *sink_text_complete(const registry_t *registry, const char *text)
{
    const size_t length = strcspn(text, ":?");
    g_autofree char *name = g_strndup(text, length);
    const synfix_module_t *const module =
        text[length] != ':' ? registry_find(registry, SYNFIX_MODULE_SINK, name) : NULL;
    return module != NULL && is_line_format(module) ? g_strconcat(name, ":-", text + length, NULL)
                                                    : g_strdup(text);
}
