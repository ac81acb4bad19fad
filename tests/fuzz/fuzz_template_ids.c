/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The list of template ids in a state directory: what it accepts gives every template one id, and the same
 * one again. */
#include "exporter/ipfix/template_ids.h"
#include "fuzz.h"
#include "place.h"
#include <glib.h>
#include <string.h>

typedef struct ids {
    uint16_t of[IPFIX_VARIANTS];
} ids_t;

static ipfix_profile_t *profile_new(void)
{
    static ipfix_model_t *model;
    ipfix_profile_t *profile = NULL;
    synfix_error_t error;

    if (model == NULL) {
        FUZZ_CHECK(ipfix_model_load(NULL, IPFIX_PEN_DEFAULT, &model, &error) == SYNFIX_OK);
    }
    FUZZ_CHECK(ipfix_profile_load(model, NULL, "compact", false, &profile, &error) == SYNFIX_OK);
    return profile;
}

static synfix_status_t assign(ids_t *ids, synfix_error_t *error)
{
    ipfix_profile_t *profile = profile_new();
    template_ids_damage_t damage;
    const synfix_status_t status = ipfix_template_ids(place_directory(), profile, &damage, error);
    FUZZ_CHECK((damage.lines == 0) == (damage.first_line == 0));
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        ids->of[i] = profile->templates[i].id;
    }
    ipfix_profile_free(profile);
    return status;
}

static void check_distinct(const ids_t *ids)
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        for (unsigned k = i + 1; k < IPFIX_VARIANTS; k++) {
            FUZZ_CHECK(ids->of[i] == 0 || ids->of[i] != ids->of[k]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = place_write("templates", data, size);
    synfix_error_t error = {.text = ""};
    ids_t first, second;

    if (assign(&first, &error) != SYNFIX_OK) {
        FUZZ_CHECK(g_str_has_prefix(error.text, path) && strchr(error.text, '\n') == NULL);
        return 0;
    }
    check_distinct(&first);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize length_before = 0;
    gsize length_after = 0;
    FUZZ_CHECK(g_file_get_contents(path, &before, &length_before, NULL));
    FUZZ_CHECK(assign(&second, &error) == SYNFIX_OK);
    FUZZ_CHECK(memcmp(&first, &second, sizeof first) == 0);
    FUZZ_CHECK(g_file_get_contents(path, &after, &length_after, NULL));
    FUZZ_CHECK(length_before == length_after && memcmp(before, after, length_after) == 0);
    return 0;
}
