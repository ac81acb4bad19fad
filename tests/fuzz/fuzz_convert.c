/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A file of another program's signatures; what is made of it is a database that loads. */
#include "fuzz.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sigdb_tools/convert.h"

static synfix_sigdb_t *load(const char *text, size_t length)
{
    synfix_error_t error;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    FUZZ_CHECK(sigdb != NULL);
    if (synfix_sigdb_load_text(sigdb, "made", text, length, &error) != SYNFIX_OK) {
        fputs(error.text, stderr);
        fwrite(text, 1, length, stderr);
        FUZZ_CHECK(0);
    }
    FUZZ_CHECK(synfix_sigdb_finish(sigdb, &error) == SYNFIX_OK);
    return sigdb;
}

/* The first byte chooses the direction. Lines without their end, as the program gives them. */
static void convert(sigdb_converter_t *converter, const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text != NULL);
    for (size_t i = 0; i < size; i++) {
        text[i] = data[i] == '\n' || data[i] == '\0' ? '\0' : (char)data[i];
    }
    text[size] = '\0';
    for (const char *line = text; line < text + size; line += strlen(line) + 1) {
        sigdb_converter_line(converter, line);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char known_text[] = "; synfix-fp 1\nclasses = unix\n[tcp:request]\nlabel = s:unix:A:\n"
                                     "sig = *:64:0:*:1,0:mss,sok,ts,nop,ws|mss:df:0\n";
    char *made = NULL;
    size_t length = 0;
    synfix_sigdb_info_t info;
    if (size == 0) {
        return 0;
    }
    synfix_sigdb_t *known = load(known_text, sizeof known_text - 1);
    sigdb_converter_t *converter = sigdb_converter_new(
        known, "s:other:X:", data[0] % 2 != 0 ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST);
    FUZZ_CHECK(converter != NULL);
    convert(converter, data + 1, size - 1);
    FILE *out = open_memstream(&made, &length);
    FUZZ_CHECK(out != NULL);
    const sigdb_converted_t counts = sigdb_converter_finish(converter, out);
    FUZZ_CHECK(fclose(out) == 0);
    synfix_sigdb_t *sigdb = load(made, length);
    synfix_sigdb_info(sigdb, &info);
    FUZZ_CHECK(info.request_entries + info.response_entries <= counts.converted);
    synfix_sigdb_unref(sigdb);
    synfix_sigdb_unref(known);
    free(made);
    return 0;
}
