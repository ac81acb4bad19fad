/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/event.h>

#include "event/json_event.h"
#include "event/observation_columns.h"

static const synfix_column_t columns[COLUMN_COUNT] = {
#define COLUMN(identifier, csv, zeek, type, group)                                                           \
    [COLUMN_##identifier] = {.csv_name = csv, .zeek_name = zeek, .zeek_type = type},
    FIELDS(COLUMN)
#undef COLUMN
};

const char *synfix_event_type(const synfix_observation_t *observation)
{
    if (observation->host_change != NULL) {
        return "tcp_host_change";
    }
    return observation->fingerprint != NULL ? "tcp_fp" : "tcp_uptime";
}

/* Ends the text; an incomplete one becomes empty. */
static size_t finish(text_writer_t *line, char *text)
{
    if (line->full) {
        text[0] = '\0';
        return 0;
    }
    *line->at = '\0';
    return (size_t)(line->at - text);
}

size_t synfix_event_member(const synfix_observation_t *observation, char *text, size_t size)
{
    if (size < 2) {
        return 0;
    }
    text_writer_t line = {.at = text, .end = text + size - 1};
    writer_char(&line, '{'); /* json_name reads the byte before it */
    json_member(&line, NULL, observation);
    const size_t length = finish(&line, text);
    if (length == 0) {
        return 0;
    }
    memmove(text, text + 1, length); /* with the NUL */
    return length - 1;
}

size_t synfix_event_host(const synfix_observation_t *observation, char *text, size_t size)
{
    if (size == 0) {
        return 0;
    }
    text[0] = '\0';
    if (observation->fingerprint == NULL) {
        return 0;
    }
    text_writer_t line = {.at = text, .end = text + size - 1};
    json_host(&line, observation->fingerprint);
    return finish(&line, text);
}

size_t synfix_column_count(void)
{
    return COLUMN_COUNT;
}

const synfix_column_t *synfix_column_at(size_t index)
{
    return index < COLUMN_COUNT ? &columns[index] : NULL;
}

void synfix_column_read(const synfix_observation_t *observation, size_t index, synfix_column_value_t *value)
{
    if (index >= COLUMN_COUNT) {
        value->type = SYNFIX_COLUMN_UNSET;
        return;
    }
    field_read(observation, (column_t)index, value);
}
