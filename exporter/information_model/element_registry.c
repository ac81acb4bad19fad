/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/element_registry.h"
#include "exporter/information_model/information_model.h"
#include <string.h>

static const struct {
    const char *text;
    uint16_t length;
} types[] = {
    [0] = {"octetArray", IPFIX_VARIABLE},
    [1] = {"unsigned8", 1},
    [2] = {"unsigned16", 2},
    [3] = {"unsigned32", 4},
    [4] = {"unsigned64", 8},
    [5] = {"signed8", 1},
    [6] = {"signed16", 2},
    [7] = {"signed32", 4},
    [8] = {"signed64", 8},
    [9] = {"float32", 4},
    [10] = {"float64", 8},
    [11] = {"boolean", 1},
    [12] = {"macAddress", 6},
    [13] = {"string", IPFIX_VARIABLE},
    [14] = {"dateTimeSeconds", 4},
    [15] = {"dateTimeMilliseconds", 8},
    [16] = {"dateTimeMicroseconds", 8},
    [17] = {"dateTimeNanoseconds", 8},
    [18] = {"ipv4Address", 4},
    [19] = {"ipv6Address", 16},
    [20] = {"basicList", IPFIX_VARIABLE},
    [21] = {"subTemplateList", IPFIX_VARIABLE},
    [22] = {"subTemplateMultiList", IPFIX_VARIABLE},
    [23] = {"unsigned256", 32},
};

static const char *const semantics_words[] = {"default",      "quantity",    "totalCounter",
                                              "deltaCounter", "identifier",  "flags",
                                              "list",         "snmpCounter", "snmpGauge"};

static const char *const units_words[] = {"none",        "bits",          "octets",       "packets",
                                          "flows",       "seconds",       "milliseconds", "microseconds",
                                          "nanoseconds", "4-octet words", "messages",     "hops",
                                          "entries",     "frames",        "ports",        "inferred"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool element_registry_type(const char *text, uint8_t *type, uint16_t *length)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (strcmp(types[i].text, text) == 0) {
            *type = (uint8_t)i;
            *length = types[i].length;
            return true;
        }
    }
    return false;
}

static bool find_word(const char *const *words, size_t count, const char *text, size_t *index)
{
    for (*index = 0; *index < count; ++*index) {
        if (strcmp(words[*index], text) == 0) {
            return true;
        }
    }
    return false;
}

bool element_registry_semantics(const char *text, uint8_t *semantics)
{
    size_t index;
    const bool known = find_word(semantics_words, COUNT(semantics_words), text, &index);
    *semantics = known ? (uint8_t)index : 0;
    return known;
}

bool element_registry_units(const char *text, uint16_t *units)
{
    size_t index;
    const bool known = find_word(units_words, COUNT(units_words), text, &index);
    *units = known ? (uint16_t)index : 0;
    return known;
}

const char *ipfix_type_text(unsigned type)
{
    return type < COUNT(types) ? types[type].text : "unknown";
}

const char *ipfix_semantics_text(unsigned semantics)
{
    return semantics < COUNT(semantics_words) ? semantics_words[semantics] : "unknown";
}

const char *ipfix_units_text(unsigned units)
{
    return units < COUNT(units_words) ? units_words[units] : "unknown";
}
