/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text that should be a template profile. */
#include "exporter/ipfix/profile.h"
#include "fuzz.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const ipfix_model_t *model_once(void)
{
    static ipfix_model_t *model;
    synfix_error_t error;

    if (model == NULL && ipfix_model_load(NULL, IPFIX_PEN_DEFAULT, &model, &error) != SYNFIX_OK) {
        fprintf(stderr, "%s\n", error.text);
        abort();
    }
    return model;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ipfix_model_t *model = model_once();
    ipfix_profile_t *profile = NULL;
    synfix_error_t error;
    char path[64];

    const int file = memfd_create("profile", MFD_CLOEXEC);
    FUZZ_CHECK(file >= 0);
    FUZZ_CHECK(write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    error.text[0] = '\0';
    if (ipfix_profile_load(model, NULL, path, false, &profile, &error) == SYNFIX_OK) {
        for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
            FUZZ_CHECK(profile->templates[i].field_count <= IPFIX_FIELDS_MAX);
        }
        ipfix_profile_free(profile);
    } else {
        FUZZ_CHECK(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
    }
    close(file);
    return 0;
}
