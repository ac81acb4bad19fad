/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_filter.h"
#include "base/ntp_time.h"
#include "exporter/ipfix_decoder/value_text.h"
#include "exporter/record_observation/record_labels.h"
#include "exporter/record_observation/record_values.h"
#include <glib.h>
#include <string.h>

struct record_filter {
    const host_filter_t *filter;
    record_tables_t *tables;
    record_labels_t *labels;
    record_filter_stats_t stats;
    bool any; /* a filter is set */
};

record_filter_t *record_filter_new(const host_filter_t *filter)
{
    record_filter_t *const made = g_new0(record_filter_t, 1);
    made->filter = filter;
    made->any = filter->since_ns != 0 || filter->until_ns != 0 || filter->net_count > 0 ||
                filter->os != NULL || filter->tools || filter->unknown;
    made->tables = record_tables_new();
    made->labels = record_labels_new();
    return made;
}

void record_filter_free(record_filter_t *filter)
{
    if (filter != NULL) {
        record_tables_free(filter->tables);
        record_labels_free(filter->labels);
        g_free(filter);
    }
}

void record_filter_layout(record_filter_t *filter, const ipfix_decoder_template_t *layout)
{
    record_tables_layout(filter->tables, layout);
}

void record_filter_get_stats(const record_filter_t *filter, record_filter_stats_t *stats)
{
    *stats = filter->stats;
}

/* False: the record has no such field. */
static bool value_at(const ipfix_decoder_record_t *record, uint16_t field, ipfix_decoder_value_t *value)
{
    if (field == RECORD_NO_FIELD) {
        return false;
    }
    *value = ipfix_decoder_value(record, field);
    return true;
}

static bool time_of(const record_table_t *table, const ipfix_decoder_record_t *record, int64_t *time_ns)
{
    static const struct {
        uint8_t slot;
        int64_t factor; /* 0: a time of RFC 7011, section 6.1.10 */
    } times[] = {{RECORD_TIME_NS, 0},        {RECORD_TIME_US, 0},  {RECORD_TIME_MS, 1000000},
                 {RECORD_START_MS, 1000000}, {RECORD_START_NS, 0}, {RECORD_START_US, 0},
                 {RECORD_START_S, NS_PER_S}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        ipfix_decoder_value_t value;
        if (value_at(record, table->number_fields[times[i].slot], &value)) {
            const uint64_t number = value_unsigned(&value);
            *time_ns = times[i].factor == 0 ? ntp_to_ns(number)
                                            : (int64_t)MIN(number, RECORD_TIME_MAX_MS) * times[i].factor;
            return true;
        }
    }
    return false;
}

bool record_filter_time(record_filter_t *filter, const ipfix_decoder_record_t *record, int64_t *time_ns)
{
    return record->layout->scope_count == 0 &&
           time_of(record_tables_get(filter->tables, record->layout), record, time_ns);
}

static bool lacks(record_filter_t *filter, const char *element)
{
    if (filter->stats.without_element++ == 0) {
        g_strlcpy(filter->stats.element, element, READER_NAME_SIZE);
    }
    return false;
}

static bool pass_time(record_filter_t *filter, const record_table_t *table,
                      const ipfix_decoder_record_t *record)
{
    int64_t time_ns = 0;
    if (filter->filter->since_ns == 0 && filter->filter->until_ns == 0) {
        return true;
    }
    return time_of(table, record, &time_ns) ? host_filter_time(filter->filter, time_ns)
                                            : lacks(filter, "flowStartMilliseconds");
}

static bool pass_address(record_filter_t *filter, const record_table_t *table,
                         const ipfix_decoder_record_t *record)
{
    synfix_address_t address = {.bytes = {0}};
    if (filter->filter->net_count == 0) {
        return true;
    }
    ipfix_decoder_value_t value;
    const bool ipv4 =
        value_at(record, table->address_fields[RECORD_SOURCE_IPV4], &value) && value.length == 4;
    if (!ipv4 && (!value_at(record, table->address_fields[RECORD_SOURCE_IPV6], &value) ||
                  value.length != sizeof address.bytes)) {
        return lacks(filter, "sourceIPv4Address");
    }
    memcpy(address.bytes, value.data, value.length);
    return host_filter_address(filter->filter, &address, ipv4 ? 4 : 6);
}

/* Text of the label: in the record, or by its number in the label table; "" without a label. */
static const char *label_of(const record_filter_t *filter, const record_table_t *table,
                            const ipfix_decoder_record_t *record, char room[256])
{
    ipfix_decoder_value_t value;
    if (value_at(record, table->text_fields[RECORD_TEXT_LABEL], &value)) {
        const size_t length = MIN(value.length, 255u);
        memcpy(room, value.data, length);
        room[length] = '\0';
        return strcmp(room, "?") == 0 ? "" : room;
    }
    const synfix_label_t *label = value_at(record, table->number_fields[RECORD_LABEL_ID], &value)
                                      ? record_labels_find(filter->labels, (uint32_t)value_unsigned(&value))
                                      : NULL;
    return label != NULL ? label->text : "";
}

static bool is_uptime(const record_table_t *table, const ipfix_decoder_record_t *record)
{
    ipfix_decoder_value_t kind;
    return value_at(record, table->number_fields[RECORD_KIND], &kind) &&
           value_unsigned(&kind) == SYNFIX_OBSERVATION_UPTIME;
}

static bool pass_label(record_filter_t *filter, const record_table_t *table,
                       const ipfix_decoder_record_t *record)
{
    char room[256];
    const host_filter_t *wanted = filter->filter;
    if (wanted->os == NULL && !wanted->tools && !wanted->unknown) {
        return true;
    }
    if (is_uptime(table, record)) {
        return false;
    }
    if (table->number_fields[RECORD_LABEL_ID] == RECORD_NO_FIELD &&
        table->text_fields[RECORD_TEXT_LABEL] == RECORD_NO_FIELD) {
        return lacks(filter, "osLabel");
    }
    ipfix_decoder_value_t flags;
    const bool tool = value_at(record, table->number_fields[RECORD_FLAGS], &flags) &&
                      (value_unsigned(&flags) & (uint64_t)SYNFIX_FLAG_TOOL) != 0;
    const char *label = label_of(filter, table, record, room);
    return (!wanted->tools || tool) && (!wanted->unknown || label[0] == '\0') &&
           host_filter_os(wanted, label);
}

bool record_filter_is_set(const record_filter_t *filter)
{
    return filter->any;
}

bool record_filter_pass(record_filter_t *filter, const ipfix_decoder_record_t *record)
{
    if (record->layout->scope_count > 0) {
        record_labels_learn(filter->labels, record);
        return true;
    }
    if (!filter->any) {
        return true;
    }
    const record_table_t *table = record_tables_get(filter->tables, record->layout);
    return pass_time(filter, table, record) && pass_address(filter, table, record) &&
           pass_label(filter, table, record);
}
