/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb/label_fields.h"

#include <string.h>

static const char no_memory[] = "out of memory";

typedef struct context {
    synfix_sigdb_t *sigdb;
    slice_t classes;
    uint8_t direction;
    sigdb_entry_t *entry;
} context_t;

static const char *read_text(const context_t *context, slice_t value, uint32_t *offset)
{
    *offset = sigdb_store_text(context->sigdb, value.at, value.length);
    return *offset == 0 ? no_memory : NULL;
}

static const char *read_percent(slice_t value, uint8_t *percent)
{
    uint32_t number = 0;
    const char *reason = slice_number(value, 1, 100, &number);
    *percent = (uint8_t)number;
    return reason;
}

static const char *read_evidence(const context_t *context, slice_t value)
{
    return read_text(context, value, &context->entry->evidence);
}

static const char *read_date(const context_t *context, slice_t value)
{
    return read_text(context, value, &context->entry->date);
}

static const char *read_timestamps_nopped(const context_t *context, slice_t value)
{
    context->entry->timestamps_nopped = slice_is(value, "yes");
    return context->entry->timestamps_nopped || slice_is(value, "no") ? NULL
                                                                      : "timestamps_nopped is yes or no";
}

static const char *read_fuzzy(const context_t *context, slice_t value)
{
    context->entry->never_fuzzy = slice_is(value, "no");
    return context->entry->never_fuzzy || slice_is(value, "yes") ? NULL : "fuzzy is yes or no";
}

static const char *read_quality(const context_t *context, slice_t value)
{
    return read_percent(value, &context->entry->quality);
}

static const char *read_generation_quality(const context_t *context, slice_t value)
{
    return read_percent(value, &context->entry->generation_quality);
}

static const char *read_family_quality(const context_t *context, slice_t value)
{
    return read_percent(value, &context->entry->family_quality);
}

static const char *read_class_quality(const context_t *context, slice_t value)
{
    return read_percent(value, &context->entry->class_quality);
}

static const char *read_generation(const context_t *context, slice_t value)
{
    uint32_t label;
    const char *reason = sigdb_intern_relative(context->sigdb, context->entry->label, value, &label);
    context->entry->generation = reason == NULL ? label + 1 : 0;
    return reason;
}

/* `also = 20 s:unix:Android:`: another label of the same signatures, with its share in percent. */
static const char *read_also(const context_t *context, slice_t value)
{
    sigdb_entry_t *entry = context->entry;
    slice_t share;
    uint32_t weight;
    uint32_t label;
    if (!slice_next(&value, ' ', &share) || value.length == 0) {
        return "also needs a share in percent and a label";
    }
    const char *reason = slice_number(share, 1, 100, &weight);
    if (reason != NULL) {
        return reason;
    }
    if (entry->extra_count == SIGDB_EXTRAS_MAX) {
        return "too many labels";
    }
    reason = sigdb_intern_label(context->sigdb, slice_trim(value), context->classes, &label);
    if (reason != NULL) {
        return reason;
    }
    sigdb_extra_t *added = sigdb_array_add(&context->sigdb->extras, sizeof *added, 1);
    if (added == NULL) {
        return no_memory;
    }
    *added = (sigdb_extra_t){.label = label, .weight = (uint8_t)weight};
    entry->extra_count++;
    return NULL;
}

static uint8_t offer_named(slice_t name)
{
#define OFFER(identifier, bit, text)                                                                         \
    if (slice_is(name, text))                                                                                \
        return 1 << (bit);
    SYNFIX_OFFERS(OFFER)
#undef OFFER
    return 0;
}

/* `offered = ts,!ws`: options that the request must have or must lack. `*` ends the condition. */
static const char *read_offered(const context_t *context, slice_t value)
{
    sigdb_entry_t *entry = context->entry;
    slice_t name;
    if (context->direction != SYNFIX_DIRECTION_RESPONSE) {
        return "offered is permitted in [tcp:response] only";
    }
    entry->offered = entry->not_offered = 0;
    if (slice_is(value, "*")) {
        return NULL;
    }
    while (slice_next(&value, ',', &name)) {
        const bool absent = slice_starts_with(name, "!");
        const uint8_t offer = offer_named(absent ? (slice_t){name.at + 1, name.length - 1} : name);
        if (offer == 0 || ((entry->offered | entry->not_offered) & offer) != 0) {
            return "offered takes mss, ws, sok, ts, ecn, tfo and mptcp, each once, with or without !";
        }
        entry->offered |= absent ? 0 : offer;
        entry->not_offered |= absent ? offer : 0;
    }
    return NULL;
}

static const char *read_clock_policy(slice_t value, uint8_t *policy)
{
#define POLICY(identifier, number, text)                                                                     \
    if (slice_is(value, text)) {                                                                             \
        *policy = (number);                                                                                  \
        return NULL;                                                                                         \
    }
    SYNFIX_CLOCKS(POLICY)
#undef POLICY
    return "a clock is boot, host, connection, unknown or off";
}

/* `clock = 100|1000 connection`: frequencies in hertz, and the start value (synfix_clock_t). */
static const char *read_clock(const context_t *context, slice_t value)
{
    sigdb_clock_t *clock = &context->entry->clock;
    slice_t rates;
    slice_t rate;
    uint32_t hertz;
    *clock = (sigdb_clock_t){0};
    if (slice_is(value, "off")) {
        return read_clock_policy(value, &clock->policy);
    }
    if (!slice_next(&value, ' ', &rates) || value.length == 0) {
        return "a clock takes frequencies and boot, host, connection or unknown, or is off";
    }
    while (slice_next(&rates, '|', &rate)) {
        const char *reason = slice_number(rate, 1, 1500, &hertz);
        if (reason != NULL || clock->count == SYNFIX_CLOCK_RATES_MAX) {
            return reason != NULL ? reason : "too many frequencies";
        }
        clock->hertz[clock->count++] = (uint16_t)hertz;
    }
    return read_clock_policy(slice_trim(value), &clock->policy);
}

static const char *read_clock_source(const context_t *context, slice_t value)
{
    return read_text(context, value, &context->entry->clock.source);
}

const char *sigdb_read_label_field(synfix_sigdb_t *sigdb, slice_t classes, uint8_t direction, slice_t name,
                                   slice_t value, sigdb_entry_t *entry)
{
    static const struct {
        const char *name;
        const char *(*read)(const context_t *context, slice_t value);
    } fields[] = {
        {"evidence", read_evidence},
        {"date", read_date},
        {"timestamps_nopped", read_timestamps_nopped},
        {"fuzzy", read_fuzzy},
        {"quality", read_quality},
        {"generation", read_generation},
        {"generation_quality", read_generation_quality},
        {"family_quality", read_family_quality},
        {"class_quality", read_class_quality},
        {"also", read_also},
        {"offered", read_offered},
        {"clock", read_clock},
        {"clock_source", read_clock_source},
    };
    const context_t context = {sigdb, classes, direction, entry};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (slice_is(name, fields[i].name)) {
            return fields[i].read(&context, value);
        }
    }
    return "unknown field";
}

const char *sigdb_read_added_options(synfix_sigdb_t *sigdb, slice_t value)
{
    slice_t one;
    uint32_t kind;
    while (slice_next(&value, ',', &one)) {
        const char *reason = slice_number(one, 5, 255, &kind);
        if (reason != NULL) {
            return reason;
        }
        if (kind == SYNFIX_OPTION_TS) {
            return "timestamps are an option of the stack";
        }
        sigdb->added_options[kind / 64] |= UINT64_C(1) << kind % 64;
    }
    return NULL;
}
