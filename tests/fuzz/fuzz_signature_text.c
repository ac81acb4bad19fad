/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text of a signature. An accepted signature is printed, and the printed text parses to the same value. */
#include "fuzz.h"
#include <string.h>
#include <synfix/signature.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    synfix_signature_t signature;
    synfix_signature_t back;
    synfix_error_t error;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];

    error.text[0] = '\0';
    if (synfix_signature_parse((const char *)data, size, &signature, &error) != SYNFIX_OK) {
        FUZZ_CHECK(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
        return 0;
    }
    const size_t length = synfix_signature_format(&signature, text);
    FUZZ_CHECK(length < sizeof text);
    FUZZ_CHECK(synfix_signature_parse(text, length, &back, NULL) == SYNFIX_OK);
    FUZZ_CHECK(memcmp(&signature, &back, sizeof back) == 0);
    return 0;
}
