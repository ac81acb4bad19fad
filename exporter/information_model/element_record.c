/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/element_record.h"
#include "exporter/information_model/element_registry.h"
#include <glib.h>
#include <string.h>

#define OWN_ID_MAX 0x3FFFu

static bool parse_number(const char *text, uint64_t maximum, uint64_t *value)
{
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, maximum, value, NULL);
}

/* IANA writes some limits in hexadecimal. */
static bool parse_limit(const char *text, uint64_t *value)
{
    return g_str_has_prefix(text, "0x") ? g_ascii_string_to_unsigned(text + 2, 16, 0, UINT64_MAX, value, NULL)
                                        : parse_number(text, UINT64_MAX, value);
}

static bool parse_range(const char *text, ipfix_element_t *element)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    return parts[0] != NULL && parts[1] != NULL && parse_limit(parts[0], &element->range_minimum) &&
           parse_limit(parts[1], &element->range_maximum);
}

static bool name_is_good(const char *name)
{
    if (name == NULL || !g_ascii_isalpha(name[0]) || strlen(name) > 128) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '_' && *at != '-') {
            return false;
        }
    }
    return true;
}

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* Sets id, enterprise number and name. */
static const char *fill_identity(const char *const texts[ELEMENT_FIELD_COUNT], uint32_t own_pen,
                                 ipfix_element_t *element)
{
    const char *pen_text = texts[ELEMENT_FIELD_PEN];
    uint64_t id = 0;
    uint64_t pen = 0;
    if (!name_is_good(texts[ELEMENT_FIELD_NAME])) {
        return "a record without a name of letters, digits, '_' and '-'";
    }
    if (!parse_number(texts[ELEMENT_FIELD_ID], 0x7FFF, &id) || id == 0) {
        return "elementId must be 1 to 32767";
    }
    if (pen_text != NULL && !parse_number(pen_text, UINT32_MAX, &pen)) {
        return "enterpriseId is not a number";
    }
    element->own = pen == IPFIX_PEN_DEFAULT;
    if (element->own && id > OWN_ID_MAX) {
        return "an element of synfix needs an id below 16384";
    }
    element->pen = element->own ? own_pen : (uint32_t)pen;
    element->id = (uint16_t)id;
    return NULL;
}

/* Sets type, semantics, units and range; only the type must be there. */
static const char *fill_type(const char *const texts[ELEMENT_FIELD_COUNT], ipfix_element_t *element)
{
    const char *semantics = texts[ELEMENT_FIELD_SEMANTICS];
    const char *units = texts[ELEMENT_FIELD_UNITS];
    const char *range = texts[ELEMENT_FIELD_RANGE];
    if (!element_registry_type(texts[ELEMENT_FIELD_TYPE], &element->type, &element->length)) {
        return "unknown dataType";
    }
    if (!is_empty(semantics) && !element_registry_semantics(semantics, &element->semantics)) {
        return "unknown dataTypeSemantics";
    }
    if (!is_empty(units) && !element_registry_units(units, &element->units)) {
        return "unknown units";
    }
    return is_empty(range) || parse_range(range, element) ? NULL : "a range is MINIMUM-MAXIMUM";
}

const char *element_record_fill(const char *const texts[ELEMENT_FIELD_COUNT], uint32_t own_pen,
                                ipfix_element_t *element)
{
    const char *description = texts[ELEMENT_FIELD_DESCRIPTION];
    const char *problem = fill_identity(texts, own_pen, element);
    if (problem == NULL) {
        problem = fill_type(texts, element);
    }
    if (problem == NULL) {
        element->name = g_strdup(texts[ELEMENT_FIELD_NAME]);
        element->description = g_strdup(description != NULL ? description : "");
    }
    return problem;
}
