/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Columns that follow from the fingerprint alone. */
#include "event/column_values.h"

static void set_label(column_value_t *value, const synfix_label_t *label, column_t field)
{
    if (field == COLUMN_LABEL_ID) {
        set_number(value, label != NULL ? label->id : 0);
    } else if (label == NULL) {
        value->type = COLUMN_UNSET;
    } else if (field == COLUMN_LABEL) {
        set_text(value, label->text);
    } else if (field == COLUMN_OS_CLASS) {
        set_text(value, label->os_class);
    } else if (field == COLUMN_FAMILY) {
        set_text(value, label->name);
    } else {
        set_text(value, label->flavor[0] != '\0' ? label->flavor : NULL);
    }
}

static bool is_of_label(column_t field)
{
    return field == COLUMN_LABEL || field == COLUMN_OS_CLASS || field == COLUMN_FAMILY ||
           field == COLUMN_FLAVOR || field == COLUMN_LABEL_ID;
}

static void read_match(const synfix_match_t *match, column_t field, column_value_t *value)
{
#define KIND(identifier, number, text) [number] = (text),
    static const char *const kinds[] = {SYNFIX_MATCH_KINDS(KIND)};
#undef KIND
    switch ((int)field) {
    case COLUMN_MATCH_KIND:
        set_text(value, match->kind < sizeof kinds / sizeof kinds[0] ? kinds[match->kind] : "none");
        break;
    case COLUMN_QUALITY:
        set_number(value, match->quality);
        break;
    case COLUMN_CANDIDATES:
        set_number(value, match->candidate_count);
        break;
    case COLUMN_DISTANCE:
        set_number(value, match->distance);
        break;
    case COLUMN_INITIAL_TTL:
        set_number(value, match->initial_ttl);
        break;
    default:
        break;
    }
}

void field_read_fingerprint(const synfix_fingerprint_t *fingerprint, column_t field, column_value_t *value)
{
    value->type = COLUMN_UNSET;
    if (is_of_label(field)) {
        set_label(value, fingerprint->match.label, field);
        return;
    }
    switch ((int)field) {
    case COLUMN_SIGNATURE:
        set_text(value, fingerprint->text);
        break;
    case COLUMN_LAYOUT:
        set_list(value, fingerprint->layout_text);
        break;
    case COLUMN_QUIRKS:
        (void)synfix_quirks_format(fingerprint->signature.quirks, value->room);
        set_list(value, value->room);
        break;
    case COLUMN_MTU:
        if (fingerprint->link_mtu != 0) {
            set_number(value, fingerprint->link_mtu);
        }
        break;
    case COLUMN_LINK:
        set_text(value, fingerprint->link_label);
        break;
    default:
        read_match(&fingerprint->match, field, value);
    }
}
