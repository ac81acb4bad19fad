/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/check_notes.h"
#include "app/common/exit_codes.h"
#include "app/config/setting_values.h"
#include "app/run/path_checks.h"
#include "files/write_access.h"
#include "module/module_spec.h"
#include "values/interface_name.h"

#include <net/if.h>
#include <string.h>

static void note_interface(const char *name)
{
    if (strcmp(name, "any") != 0 && !values_is_sflow(name) && if_nametoindex(name) == 0) {
        (void)app_fail(APP_EXIT_OK,
                       "%s: no such interface at present; capture needs the interface at its start; %s", name,
                       interface_name_advice(name));
    }
}

/* Only open() shows whether a process reads the pipe, but an open would disturb this process. */
static void note_pipe(const char *path)
{
    if (path != NULL && file_is_pipe(path)) {
        (void)app_fail(APP_EXIT_OK, "%s: a pipe; start the reader of the pipe before capture", path);
    }
}

void check_notes_print(const settings_t *settings, const prepared_t *prepared)
{
    for (char *const *name = settings->interface; name != NULL && *name != NULL; name++) {
        note_interface(*name);
    }
    note_pipe(settings->metrics_file);
    for (guint i = 0; i < prepared->sinks->len; i++) {
        note_pipe(path_checks_file_of(prepared->sinks->pdata[i]));
    }
}
