/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/json_plan.h"
#include "base/json_plain.h"
#include "base/ntp_time.h"
#include "exporter/collector/record_json.h"
#include "exporter/ipfix_decoder/relative_times.h"
#include "exporter/ipfix_decoder/string_append.h"
#include "exporter/ipfix_decoder/value_text.h"

#define CHUNK 32u /* a key is copied in pieces of this size */

typedef enum json_form {
    FORM_OTHER, /* by record_json_append_value() */
    FORM_UNSIGNED8,
    FORM_UNSIGNED16,
    FORM_UNSIGNED32,
    FORM_UNSIGNED64,
    FORM_IPV4, /* this and the next ones in quotes; the key ends with the first of them */
    FORM_MILLISECONDS,
    FORM_MICROSECONDS,
    FORM_NANOSECONDS,
    FORM_STRING,
} json_form_t;

typedef struct json_step {
    uint32_t key; /* begin in the keys */
    uint16_t key_length;
    uint16_t field;
    uint16_t offset; /* of the value from the first byte of the record; not for FORM_STRING and FORM_OTHER */
    uint8_t form;
} json_step_t;

typedef struct json_plan {
    uint64_t types_seen;
    uint16_t field_count;
    size_t room; /* of all keys and all values but strings and others */
    char *keys;  /* `{"NAME":`, `,"NAME":` or with a quote at the end; one after the other */
    json_step_t steps[];
} json_plan_t;

struct json_plans {
    GHashTable *by_layout;
    uint32_t fields; /* of all plans; limited, since templates that were withdrawn leave their plans behind */
    const ipfix_decoder_template_t *last_layout; /* NULL: none */
    const json_plan_t *last;
};

static void plan_free(gpointer plan)
{
    g_free(((json_plan_t *)plan)->keys);
    g_free(plan);
}

json_plans_t *json_plans_new(void)
{
    json_plans_t *const plans = g_new0(json_plans_t, 1);
    plans->by_layout = g_hash_table_new_full(NULL, NULL, NULL, plan_free);
    return plans;
}

void json_plans_free(json_plans_t *plans)
{
    if (plans != NULL) {
        g_hash_table_destroy(plans->by_layout);
        g_free(plans);
    }
}

static void forget(json_plans_t *plans, const ipfix_decoder_template_t *layout)
{
    const json_plan_t *const plan = g_hash_table_lookup(plans->by_layout, layout);
    if (plan != NULL) {
        plans->fields -= plan->field_count;
        g_hash_table_remove(plans->by_layout, layout);
    }
}

void json_plans_layout(json_plans_t *plans, const ipfix_decoder_template_t *layout)
{
    plans->last_layout = NULL;
    forget(plans, layout);
}

static json_form_t form_of(const ipfix_decoder_field_t *field, bool fixed)
{
    static const struct {
        uint8_t type;
        uint8_t length;
        uint8_t form;
    } forms[] = {{IPFIX_UNSIGNED8, 1, FORM_UNSIGNED8},       {IPFIX_UNSIGNED16, 2, FORM_UNSIGNED16},
                 {IPFIX_UNSIGNED32, 4, FORM_UNSIGNED32},     {IPFIX_UNSIGNED64, 8, FORM_UNSIGNED64},
                 {IPFIX_IPV4_ADDRESS, 4, FORM_IPV4},         {IPFIX_MILLISECONDS, 8, FORM_MILLISECONDS},
                 {IPFIX_MICROSECONDS, 8, FORM_MICROSECONDS}, {IPFIX_NANOSECONDS, 8, FORM_NANOSECONDS}};
    if (relative_time_is(field)) {
        return FORM_OTHER;
    }
    if (field->type == IPFIX_STRING) {
        return FORM_STRING;
    }
    for (size_t i = 0; fixed && i < G_N_ELEMENTS(forms); i++) {
        if (forms[i].type == field->type && forms[i].length == field->length) {
            return forms[i].form;
        }
    }
    return FORM_OTHER;
}

static json_plan_t *plan_new(const ipfix_decoder_template_t *layout)
{
    json_plan_t *const plan = g_malloc0(sizeof *plan + layout->field_count * sizeof plan->steps[0]);
    GString *const keys = g_string_new(NULL);
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const ipfix_decoder_field_t *const field = &layout->fields[i];
        const json_form_t form = form_of(field, i < layout->fixed_count);
        const gsize before = keys->len;
        g_string_append_printf(keys, "%c\"%s\":%s", i == 0 ? '{' : ',', field->name,
                               form >= FORM_IPV4 ? "\"" : "");
        plan->steps[i] = (json_step_t){.key = (uint32_t)before,
                                       .key_length = (uint16_t)(keys->len - before),
                                       .field = i,
                                       .offset = field->offset,
                                       .form = (uint8_t)form};
    }
    plan->types_seen = layout->types_seen;
    plan->field_count = layout->field_count;
    plan->room = keys->len + CHUNK + layout->field_count * (size_t)VALUE_TIME_ROOM;
    g_string_set_size(keys, keys->len + CHUNK); /* a copy of a whole piece may begin at the last key */
    plan->keys = g_string_free(keys, FALSE);
    return plan;
}

static const json_plan_t *plan_of(json_plans_t *plans, const ipfix_decoder_template_t *layout)
{
    if (layout == plans->last_layout && plans->last->types_seen == layout->types_seen) {
        return plans->last;
    }
    const json_plan_t *plan = g_hash_table_lookup(plans->by_layout, layout);
    if (plan == NULL || plan->types_seen != layout->types_seen) {
        forget(plans, layout);
        if (plans->fields + layout->field_count > READER_FIELDS_DEFAULT) {
            g_hash_table_remove_all(plans->by_layout);
            plans->fields = 0;
        }
        json_plan_t *const made = plan_new(layout);
        g_hash_table_insert(plans->by_layout, (gpointer)(uintptr_t)layout, made);
        plans->fields += layout->field_count;
        plan = made;
    }
    plans->last_layout = layout;
    plans->last = plan;
    return plan;
}

/* Copies whole pieces: there is room for one more after the key. */
static inline char *put_key(char *at, const json_plan_t *plan, const json_step_t *step)
{
    const char *from = plan->keys + step->key;
    memcpy(at, from, CHUNK);
    if (step->key_length > CHUNK) {
        memcpy(at + CHUNK, from + CHUNK, step->key_length - CHUNK);
    }
    return at + step->key_length;
}

static char *put_ipv4(char *at, const uint8_t *data)
{
    for (unsigned i = 0; i < 4; i++) {
        at = decimal_put_octet(at, data[i]);
    }
    at[-1] = '"';
    return at;
}

static char *put_time(char *at, uint64_t seconds, uint64_t fraction, unsigned digits)
{
    at = value_put_time(at, seconds, fraction, digits);
    *at = '"';
    return at + 1;
}

static char *put_ntp(char *at, uint64_t ntp, uint64_t unit, unsigned digits)
{
    return put_time(at, ntp_seconds(ntp), ntp_fraction(ntp, unit), digits);
}

/* A string or another value, of any length. The text ends after its key. */
static char *append_long(GString *text, const json_plan_t *plan, const ipfix_decoder_record_t *record,
                         const json_step_t *step)
{
    const ipfix_decoder_value_t value = ipfix_decoder_value(record, step->field);
    const char *const bytes = (const char *)value.data;
    if (step->form == FORM_STRING) {
        char *const at = string_room(text, value.length + plan->room);
        if (value.length > 0 && json_copy_plain(at, bytes, value.length)) {
            at[value.length] = '"';
            return at + value.length + 1;
        }
        text->len--; /* its quote comes with the value */
    }
    record_json_append_value(text, record, step->field);
    return string_room(text, plan->room);
}

static char *put_fixed(char *at, const json_step_t *step, const uint8_t *data)
{
    switch ((json_form_t)step->form) {
    case FORM_UNSIGNED8:
        return decimal_put_octet(at, data[0]) - 1;
    case FORM_UNSIGNED16:
        return decimal_put_wide(at, read_be16(data));
    case FORM_UNSIGNED32:
        return decimal_put_wide(at, read_be32(data));
    case FORM_UNSIGNED64:
        return decimal_put_wide(at, read_be64(data));
    case FORM_IPV4:
        return put_ipv4(at, data);
    case FORM_MILLISECONDS:
        return put_time(at, read_be64(data) / 1000, read_be64(data) % 1000, 3);
    case FORM_MICROSECONDS:
        return put_ntp(at, read_be64(data), 1000000, 6);
    case FORM_NANOSECONDS:
        return put_ntp(at, read_be64(data), NS_PER_S, 9);
    case FORM_STRING:
    case FORM_OTHER:
        break;
    }
    return at;
}

void json_plans_append(json_plans_t *plans, GString *text, const ipfix_decoder_record_t *record)
{
    const json_plan_t *const plan = plan_of(plans, record->layout);
    char *at = string_room(text, plan->room);
    for (const json_step_t *step = plan->steps; step < plan->steps + plan->field_count; step++) {
        at = put_key(at, plan, step);
        if (step->form == FORM_STRING || step->form == FORM_OTHER) {
            string_end(text, at);
            at = append_long(text, plan, record, step);
        } else {
            at = put_fixed(at, step, record->start + step->offset);
        }
    }
    *at++ = '}';
    string_end(text, at);
}
