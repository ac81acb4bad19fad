/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb_tools/convert_internal.h"

#include <stdlib.h>
#include <string.h>

static const char own_classes[] = "win,unix,other";

static void close_all(sigdb_converter_t *converter)
{
    FILE *const files[] = {converter->sections[0], converter->sections[1], converter->p0f3_lines};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] != NULL) {
            (void)fclose(files[i]);
        }
    }
}

static void free_all(sigdb_converter_t *converter)
{
    free(converter->texts[0]);
    free(converter->texts[1]);
    free(converter->as_it_is);
    free(converter);
}

sigdb_converter_t *sigdb_converter_new(const synfix_sigdb_t *known, const char *label,
                                       synfix_direction_t direction)
{
    sigdb_converter_t *converter = calloc(1, sizeof *converter);
    if (converter == NULL) {
        return NULL;
    }
    converter->known = known;
    converter->label = label;
    converter->direction = direction;
    bool made = true;
    for (int i = 0; i < 2; i++) {
        converter->sections[i] = open_memstream(&converter->texts[i], &converter->lengths[i]);
        made = made && converter->sections[i] != NULL;
    }
    converter->p0f3_lines = open_memstream(&converter->as_it_is, &converter->as_it_is_length);
    if (made && converter->p0f3_lines != NULL) {
        return converter;
    }
    close_all(converter);
    free_all(converter);
    return NULL;
}

void sigdb_converter_next_file(sigdb_converter_t *converter)
{
    converter->p0f3 = false;
    converter->http = false;
    converter->name[0] = '\0';
}

/* Lines of p0f v3 are copied unchanged if they are valid. */
static const char *check_p0f3(const sigdb_converter_t *converter, synfix_error_t *error)
{
    char *text = NULL;
    size_t length = 0;
    const char *reason = "out of memory";
    FILE *all = open_memstream(&text, &length);
    if (all != NULL) {
        fprintf(all, "classes = %s%s\n%s", own_classes, converter->classes, converter->as_it_is);
        (void)fclose(all);
        synfix_sigdb_t *sigdb = synfix_sigdb_new();
        if (sigdb != NULL) {
            reason =
                synfix_sigdb_load_text(sigdb, "p0f v3, without comments", text, length, error) == SYNFIX_OK
                    ? NULL
                    : error->text;
        }
        synfix_sigdb_unref(sigdb);
    }
    free(text);
    return reason;
}

static void print_p0f3(sigdb_converter_t *converter, FILE *out)
{
    synfix_error_t error;
    const char *reason = check_p0f3(converter, &error);
    if (reason == NULL) {
        fprintf(out, "classes = %s%s\n%s", own_classes, converter->classes, converter->as_it_is);
        return;
    }
    fprintf(out, "classes = %s\n; not converted (%s): all of it\n", own_classes, reason);
    converter->counts.converted -= converter->p0f3_count;
    converter->counts.refused += converter->p0f3_count;
}

sigdb_converted_t sigdb_converter_finish(sigdb_converter_t *converter, FILE *out)
{
    static const char *const names[] = {"tcp:request", "tcp:response"};
    fputs("; synfix-fp 1\n", out);
    close_all(converter); /* completes the texts */
    print_p0f3(converter, out);
    for (int i = 0; i < 2; i++) {
        if (converter->lengths[i] > 0) {
            fprintf(out, "[%s]\n%s", names[i], converter->texts[i]);
        }
    }
    const sigdb_converted_t counts = converter->counts;
    fprintf(out, "; converted=%u refused=%u\n", counts.converted, counts.refused);
    free_all(converter);
    return counts;
}
