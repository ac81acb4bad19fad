/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/module.h>

synfix_status_t synfix_observation_annotate(synfix_observation_t *observation, const char *name,
                                            const char *text)
{
    if (observation->annotations == NULL || observation->annotation_count >= SYNFIX_ANNOTATIONS_MAX) {
        return SYNFIX_NO_MEMORY;
    }
    /* Observations show the array as const to sinks; the worker that owns it passes the observation here. */
    synfix_annotation_t *array;
    memcpy(&array, &observation->annotations, sizeof array);
    array[observation->annotation_count++] = (synfix_annotation_t){.name = name, .text = text};
    return SYNFIX_OK;
}
