/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/value.h"
#include "base/ascii.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
    const char *suffix;
    int64_t factor;
} unit_t;

static const unit_t size_units[] = {{"", 1},        {"k", 1 << 10}, {"K", 1 << 10},
                                    {"M", 1 << 20}, {"G", 1 << 30}, {NULL, 0}};
static const unit_t time_units[] = {{"", 1000},     {"ms", 1},       {"s", 1000}, {"m", 60000},
                                    {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

static bool parse_scaled(const char *text, const unit_t *units, int64_t *number)
{
    char *end = NULL;
    if (!ascii_is_digit(text[text[0] == '-' ? 1 : 0])) {
        return false;
    }
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (errno != 0) {
        return false;
    }
    for (; units->suffix != NULL; units++) {
        if (strcmp(units->suffix, end) == 0) {
            return !__builtin_mul_overflow(value, units->factor, number);
        }
    }
    return false;
}

static bool parse_boolean(const char *text, int64_t *number)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (int value = 0; value < 2; value++) {
            if (strcmp(text, words[i][value]) == 0) {
                *number = value;
                return true;
            }
        }
    }
    return false;
}

static bool is_bounded(const value_rule_t *rule)
{
    return rule->minimum != 0 || rule->maximum != 0;
}

static bool is_within(const value_rule_t *rule, int64_t number)
{
    return !is_bounded(rule) || (number >= rule->minimum && number <= rule->maximum);
}

/* The largest unit in which @p value is a whole number, as a user writes it. */
static void format_value(const unit_t *units, int64_t value, char *text, size_t size)
{
    const unit_t *best = units;
    for (const unit_t *unit = units; unit->suffix != NULL; unit++) {
        if (value % unit->factor == 0 && unit->factor > best->factor) {
            best = unit;
        }
    }
    (void)snprintf(text, size, "%lld%s", (long long)(value / best->factor), value == 0 ? "" : best->suffix);
}

void value_format(value_type_t type, int64_t value, char *text, size_t size)
{
    format_value(type == VALUE_DURATION ? time_units + 1 : size_units, value, text, size);
}

static synfix_status_t fail(const value_rule_t *rule, const char *text, synfix_error_t *error)
{
    const bool duration = rule->type == VALUE_DURATION;
    const unit_t *units = duration ? time_units + 1 : size_units; /* limits always have their unit */
    char low[32];
    char high[32];
    char range[80] = "";
    format_value(units, rule->minimum, low, sizeof low);
    format_value(units, rule->maximum, high, sizeof high);
    if (is_bounded(rule) && rule->maximum < INT64_MAX) {
        (void)snprintf(range, sizeof range, " from %s to %s", low, high);
    } else if (is_bounded(rule) && rule->minimum > 0) {
        (void)snprintf(range, sizeof range, " of at least %s", low);
    }
    return synfix_fail(error, SYNFIX_INVALID, "%s: '%.64s' is not a %s%s; write %s", rule->name, text,
                       duration ? "time" : "number", range,
                       duration ? "a number with ms, s, m, h or d (s without a unit)"
                       : is_bounded(rule) && rule->maximum < 1024
                           ? "a whole number"
                           : "a whole number, with k, M or G if needed");
}

/* Index of @p text among the words of @p choices. */
static bool parse_choice(const char *choices, const char *text, int64_t *number)
{
    const size_t wanted = strlen(text);
    for (int64_t index = 0; *choices != '\0'; index++) {
        const size_t length = strcspn(choices, " ");
        if (length == wanted && strncmp(choices, text, length) == 0) {
            *number = index;
            return true;
        }
        choices += length + strspn(choices + length, " ");
    }
    return false;
}

static synfix_status_t fail_choice(const value_rule_t *rule, const char *text, synfix_error_t *error)
{
    char known[256] = "";
    size_t used = 0;
    for (const char *word = rule->choices; *word != '\0' && used < sizeof known;) {
        const size_t length = strcspn(word, " ");
        const char *next = word + length + strspn(word + length, " ");
        const char *separator = word == rule->choices ? "" : *next == '\0' ? " or " : ", ";
        const int more = snprintf(known + used, sizeof known - used, "%s%.*s", separator, (int)length, word);
        used += more > 0 ? (size_t)more : 0;
        word = next;
    }
    return synfix_fail(error, SYNFIX_INVALID, "%s: '%.64s' is unknown; write %s", rule->name, text, known);
}

synfix_status_t value_parse(const value_rule_t *rule, const char *text, int64_t *value, synfix_error_t *error)
{
    int64_t number = 0;
    if (rule->type == VALUE_CHOICE) {
        if (!parse_choice(rule->choices, text, &number)) {
            return fail_choice(rule, text, error);
        }
    } else if (rule->type == VALUE_BOOLEAN) {
        if (!parse_boolean(text, &number)) {
            return synfix_fail(error, SYNFIX_INVALID, "%s: '%.64s' is not yes or no; write yes or no",
                               rule->name, text);
        }
    } else if (!parse_scaled(text, rule->type == VALUE_DURATION ? time_units : size_units, &number) ||
               !is_within(rule, number)) {
        return fail(rule, text, error);
    }
    *value = number;
    return SYNFIX_OK;
}

static bool parse_index(const char **text, uint32_t maximum, uint32_t *number)
{
    char *end = NULL;
    if (!ascii_is_digit(**text)) {
        return false;
    }
    errno = 0;
    const unsigned long long value = strtoull(*text, &end, 10);
    if (errno != 0 || value > maximum) {
        return false;
    }
    *text = end;
    *number = (uint32_t)value;
    return true;
}

synfix_status_t value_range(const char *what, uint32_t maximum, const char *item, uint32_t *first,
                            uint32_t *last, synfix_error_t *error)
{
    const char *at = item;
    uint32_t low = 0;
    bool good = parse_index(&at, maximum, &low);
    uint32_t high = low;
    if (good && (*at == '-' || *at == ':')) {
        at++;
        good = parse_index(&at, maximum, &high);
    }
    if (good && *at == '\0' && high < low) {
        return synfix_fail(error, SYNFIX_INVALID, "'%.64s' is a descending range; write %u-%u", item, high,
                           low);
    }
    if (!good || *at != '\0') {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "'%.64s' is not a %s from 0 to %u; write a number such as %u or a range such as 0-%u", item, what,
            maximum, maximum / 2, maximum);
    }
    *first = low;
    *last = high;
    return SYNFIX_OK;
}
