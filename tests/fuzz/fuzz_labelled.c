/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A list of labelled observations, JSON lines or CSV, gzipped or not, as the tools of sigdb read it. */
#include "app/sigdb/sigdb_input.h"
#include "fuzz.h"
#include "place.h"
#include <math.h>
#include <string.h>

static gboolean check_item(const sigdb_item_t *item, void *context)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    uint64_t *line = context;
    FUZZ_CHECK(item->number > *line);
    *line = item->number;
    FUZZ_CHECK(item->weight >= 0 && isfinite(item->weight));
    synfix_signature_format(&item->signature, text);
    return TRUE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = place_write("list", data, size);
    synfix_error_t error = {.text = ""};
    uint64_t line = 0;

    if (sigdb_input_labelled(path, check_item, &line, &error) != SYNFIX_OK) {
        FUZZ_CHECK(g_str_has_prefix(error.text, path));
        FUZZ_CHECK(strchr(error.text, '\n') == NULL);
    }
    return 0;
}
