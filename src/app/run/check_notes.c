/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/check_notes.h"
#include "app/common/exit_codes.h"
#include "app/config/setting_values.h"
#include "module/module_spec.h"
#include "values/interface_name.h"

#include <net/if.h>
#include <string.h>

static void note_interface(const char *name)
{
    if (strcmp(name, "any") != 0 && !values_is_sflow(name) && if_nametoindex(name) == 0) {
        (void)app_fail(APP_EXIT_OK, "%s: no such interface at present; capture needs it when it starts; %s",
                       name, interface_name_advice(name));
    }
}

static void note_directory(const module_spec_t *spec)
{
    const synfix_sink_t *sink = spec->module->sink;
    const char *path = sink->output_file != NULL ? sink->output_file(spec->options) : NULL;
    if (path == NULL || strcmp(path, "-") == 0) {
        return;
    }
    g_autofree char *directory = g_path_get_dirname(path);
    if (!g_file_test(directory, G_FILE_TEST_IS_DIR)) {
        (void)app_fail(APP_EXIT_OK, "%s:%s: %s: no such directory at present; make it before the start",
                       spec->module->name, synfix_options_target(spec->options), directory);
    }
}

void check_notes_print(const settings_t *settings, const prepared_t *prepared)
{
    for (char *const *name = settings->interface; name != NULL && *name != NULL; name++) {
        note_interface(*name);
    }
    for (guint i = 0; i < prepared->sinks->len; i++) {
        note_directory(prepared->sinks->pdata[i]);
    }
}
