/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/relative_times.h"
#include "exporter/ipfix_decoder/value_text.h"

enum {
    FLOW_END_SYS_UP_TIME = 21,
    FLOW_START_SYS_UP_TIME = 22,
    FLOW_START_DELTA_MICROSECONDS = 158,
    FLOW_END_DELTA_MICROSECONDS = 159,
};

/* A clock of the exporter may be ahead of the export time by this much. */
#define CLOCK_AHEAD_MS 3600000

/* sysUpTime has 32 bits and starts again from 0 after 49.7 days: the last such time before the export. */
static uint64_t since_init(const ipfix_decoder_record_t *record, uint32_t up_ms)
{
    const uint64_t export_ms = (uint64_t)record->export_time * 1000 + CLOCK_AHEAD_MS;
    const uint64_t first = record->init_time_ms + up_ms;
    if (first < record->init_time_ms || first >= export_ms) {
        return first;
    }
    return first + ((export_ms - first) >> 32 << 32);
}

static void append_before_export(GString *text, const ipfix_decoder_record_t *record, uint32_t delta)
{
    const uint64_t export_us = (uint64_t)record->export_time * 1000000;
    if (delta > export_us) {
        g_string_append_printf(text, "out of range: %u us before %u s", delta, record->export_time);
    } else {
        value_append_microseconds(text, export_us - delta);
    }
}

bool relative_time_append(GString *text, const ipfix_decoder_record_t *record, uint16_t index)
{
    const ipfix_decoder_field_t *const field = &record->layout->fields[index];
    const ipfix_decoder_value_t value = ipfix_decoder_value(record, index);
    if (field->pen != 0 || value.length == 0 || value.length > sizeof(uint32_t)) {
        return false;
    }
    switch (field->id) {
    case FLOW_START_SYS_UP_TIME:
    case FLOW_END_SYS_UP_TIME:
        if (record->init_time_ms == 0) {
            return false;
        }
        value_append_milliseconds(text, since_init(record, (uint32_t)value_unsigned(&value)));
        return true;
    case FLOW_START_DELTA_MICROSECONDS:
    case FLOW_END_DELTA_MICROSECONDS:
        append_before_export(text, record, (uint32_t)value_unsigned(&value));
        return true;
    default:
        return false;
    }
}
