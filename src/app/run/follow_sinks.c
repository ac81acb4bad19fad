/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/follow_sinks.h"

#include <glib.h>
#include <string.h>

static bool has_option(const module_spec_t *spec, const char *name)
{
    for (const synfix_option_t *at = spec->module->options; at != NULL && at->name != NULL; at++) {
        if (strcmp(at->name, name) == 0) {
            return true;
        }
    }
    return false;
}

synfix_status_t follow_sinks_append(const module_spec_t *spec, synfix_error_t *error)
{
    const char *append = has_option(spec, "append") ? synfix_options_string(spec->options, "append") : NULL;
    return append != NULL && strcmp(append, "auto") == 0
               ? module_options_set(spec->options, "append", "yes", error)
               : SYNFIX_OK;
}

bool follow_sinks_replaces(const module_spec_t *spec)
{
    const char *target = synfix_options_target(spec->options);
    return strcmp(spec->module->name, "file") == 0 && strcmp(target, "-") != 0 &&
           !g_str_has_prefix(target, "/dev/") && synfix_options_integer(spec->options, "rotate-size") == 0 &&
           synfix_options_duration_ms(spec->options, "rotate-time") == 0;
}
