/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text that should be a configuration file. */
#include "app/config/settings.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    settings_t *settings = settings_new();
    mistakes_t *mistakes = mistakes_new();

    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING); /* GLib's way to tell misuse */
    settings_read_text(settings, "fuzz", (const char *)data, size, mistakes);
    for (unsigned i = 0; i < mistakes_count(mistakes); i++) {
        const char *text = mistakes_text(mistakes, i);
        FUZZ_CHECK(text[0] != '\0' && strchr(text, '\n') == NULL);
    }
    mistakes_free(mistakes);
    settings_free(settings);
    return 0;
}
