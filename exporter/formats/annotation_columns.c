/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/formats/annotation_columns.h"
#include "exporter/output/output.h"
#include <glib.h>
#include <string.h>

static const char *text_of(const synfix_options_t *options)
{
    const char *text = synfix_options_string(options, "annotations");
    return text != NULL ? text : "";
}

static bool is_name(const char *name)
{
    return name[0] != '\0' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

static synfix_status_t check_name(char *const *name, synfix_error_t *error)
{
    if (!is_name(*name)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "annotations: '%.64s' is not a name; write names with letters, digits and _, "
                           "separated by commas",
                           *name);
    }
    return g_strv_contains((const char *const *)name + 1, *name)
               ? synfix_fail(error, SYNFIX_INVALID,
                             "annotations: '%.64s' is named twice; remove one of the names", *name)
               : SYNFIX_OK;
}

void annotation_columns_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    const char *text = text_of(options);
    g_auto(GStrv) names = g_strsplit(text, ",", 0);
    synfix_error_t error;
    output_check(options, mistakes);
    if (text[0] != '\0' && g_strv_length(names) > SYNFIX_ANNOTATIONS_MAX) {
        (void)synfix_mistakes_add(mistakes, "annotations",
                                  synfix_fail(&error, SYNFIX_INVALID,
                                              "annotations: more than %u names; name fewer",
                                              SYNFIX_ANNOTATIONS_MAX),
                                  &error);
        return;
    }
    for (char **name = names; *name != NULL; name++) {
        (void)synfix_mistakes_add(mistakes, "annotations", check_name(name, &error), &error);
    }
}

const char *annotation_columns_list(const synfix_options_t *options)
{
    return g_intern_string(text_of(options));
}

annotation_columns_t *annotation_columns_new(const char *list)
{
    annotation_columns_t *columns = g_new0(annotation_columns_t, 1);
    columns->names = g_strsplit(list, ",", 0);
    columns->count = g_strv_length(columns->names);
    return columns;
}

void annotation_columns_free(annotation_columns_t *columns)
{
    g_strfreev(columns->names);
    g_free(columns);
}

const char *annotation_columns_find(const synfix_observation_t *observation, const char *name)
{
    for (uint32_t i = 0; i < observation->annotation_count; i++) {
        if (strcmp(observation->annotations[i].name, name) == 0) {
            return observation->annotations[i].text;
        }
    }
    return NULL;
}
