/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text that should be a configuration file. */
#include "app/config/settings.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    settings_t *settings = settings_new();
    synfix_error_t error;

    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING); /* GLib's way to tell misuse */
    error.text[0] = '\0';
    if (settings_read_text(settings, "fuzz", (const char *)data, size, &error) != SYNFIX_OK) {
        FUZZ_CHECK(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
    }
    settings_free(settings);
    return 0;
}
