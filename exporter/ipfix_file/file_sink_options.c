/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Options of the sink `file` and their check. */
#include "base/clock.h"
#include "exporter/ipfix_file/file_sink_internal.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/ipfix_file/name_pattern.h"
#include <glib.h>
#include <string.h>

const synfix_option_t file_sink_options[] = {
    IPFIX_SINK_OPTIONS("65535"),
    {.name = "rotate-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "start a new file at this size; 0: never"},
    {.name = "rotate-time",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "start a new file at each multiple of this time (UTC); 0: never"},
    {.name = "keep-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "remove the oldest finished files beyond this total size; 0: keep all"},
    {.name = "repeat-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "16M",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help =
         "repeat templates, type records and labels after this number of bytes, against damage; 0: never"},
    {.name = "sync",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "sync a finished file to the disk before it is renamed"},
    {.name = "compress",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "none",
     .choices = "none zstd",
     .help = "none or zstd"},
    {.name = "level",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "3",
     .minimum = 1,
     .maximum = 19,
     .help = "compression level"},
    {.name = "recover",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "recover unfinished files of this target at the start"},
    {.name = NULL},
};

/* A limit needs several files in one directory. */
static synfix_status_t check_limit(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    g_autofree char *directory = g_path_get_dirname(target);
    if (synfix_options_integer(options, "keep-size") == 0) {
        return SYNFIX_OK;
    }
    if (synfix_options_integer(options, "rotate-size") == 0 &&
        synfix_options_duration_ms(options, "rotate-time") == 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: keep-size without rotation; add rotate-time=1h or rotate-size=64M", target);
    }
    g_autofree char *base = g_path_get_basename(target);
    g_autoptr(name_pattern_t) pattern = name_pattern_new(base, "");
    if (!name_pattern_is_exact(pattern)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: keep-size cannot recognise the names of this date pattern; write the date as "
                           "%%Y%%m%%d-%%H%%M",
                           target);
    }
    if (strchr(directory, '%') != NULL) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: keep-size with a date in the directory; write the date into the file name only", target);
    }
    return SYNFIX_OK;
}

/* `%` alone and `%p` in some languages make no text. */
static synfix_status_t check_name(const char *target, synfix_error_t *error)
{
    g_autofree char *name = ipfix_file_dated_name(target, wall_ns());
    if (target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "file: a target is missing; write file:NAME.ipfix, or file:- for standard output");
    }
    if (name == NULL || name[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: not a date pattern; write for example %%Y%%m%%d-%%H.ipfix", target);
    }
    return !g_str_has_suffix(name, "/")
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "%s: a directory; add the name of a file", target);
}

void file_sink_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, check_name(synfix_options_target(options), &error), &error);
    if (!synfix_mistakes_concern(mistakes, "rotate-size") &&
        !synfix_mistakes_concern(mistakes, "rotate-time")) {
        (void)synfix_mistakes_add(mistakes, "keep-size", check_limit(options, &error), &error);
    }
    ipfix_settings_check(options, mistakes);
}
