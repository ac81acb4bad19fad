/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/code_names.h"

#include <string.h>
#include <synfix/headers.h>
#include <synfix/host_change.h>
#include <synfix/observation.h>
#include <synfix/signature.h>

/* Codes from 0 on; NULL: a code without a name. */
static const char *const observation_kinds[] = {NULL, "syn", "syn+ack", "uptime", "host change", NULL};
static const char *const match_kinds[] = {"none", "exact", "generic", "fuzzy", "fuzzy generic", NULL};
static const char *const reliabilities[] = {"unknown", "several connections", "single connection",
                                            "randomised", NULL};

typedef struct bit_name {
    uint32_t bit; /* 0: the end */
    const char *name;
} bit_name_t;

static const bit_name_t observation_flags[] = {
#define FLAG(identifier, bit, name) {SYNFIX_FLAG_##identifier, name},
    SYNFIX_OBSERVATION_FLAGS(FLAG)
#undef FLAG
        {0, NULL},
};

static const bit_name_t change_reasons[] = {
#define REASON(identifier, bit, name, text) {SYNFIX_HOST_##identifier, name},
    SYNFIX_HOST_REASONS(REASON)
#undef REASON
        {0, NULL},
};

/* RFC 9293, section 3.1, and RFC 3168 */
static const bit_name_t control_bits[] = {{1u << 0, "fin"}, {1u << 1, "syn"}, {1u << 2, "rst"},
                                          {1u << 3, "psh"}, {1u << 4, "ack"}, {1u << 5, "urg"},
                                          {1u << 6, "ece"}, {1u << 7, "cwr"}, {0, NULL}};

static void append_quirks(GString *text, uint64_t code)
{
    char quirks[SYNFIX_SIGNATURE_TEXT_SIZE];
    g_string_append(text, synfix_quirks_format((uint32_t)code, quirks) > 0 ? quirks : "none");
}

static void append_encapsulation(GString *text, uint64_t code)
{
    g_string_append(text, code == 0 ? "none" : synfix_encapsulation_name((unsigned)code));
}

static const struct {
    const char *name;
    const char *const *codes;
    const bit_name_t *bits;
    void (*append)(GString *text, uint64_t code);
} elements[] = {
    {.name = "observationKind", .codes = observation_kinds},
    {.name = "osMatchKind", .codes = match_kinds},
    {.name = "systemUptimeReliability", .codes = reliabilities},
    {.name = "observationFlags", .bits = observation_flags},
    {.name = "hostChangeReasons", .bits = change_reasons},
    {.name = "tcpControlBits", .bits = control_bits},
    {.name = "tcpQuirks", .append = append_quirks},
    {.name = "encapsulationKind", .append = append_encapsulation},
};

static bool append_code(GString *text, const char *const *codes, uint64_t code)
{
    for (uint64_t i = 0; codes[i] != NULL || i == 0; i++) {
        if (i == code && codes[i] != NULL) {
            g_string_append(text, codes[i]);
            return true;
        }
    }
    return false;
}

/* Bits without a name are written as one hexadecimal number. */
static void append_bits(GString *text, const bit_name_t *bits, uint64_t set)
{
    const char *comma = "";
    uint64_t left = set;
    for (; bits->bit != 0; bits++) {
        if ((set & bits->bit) != 0) {
            g_string_append_printf(text, "%s%s", comma, bits->name);
            comma = ",";
            left &= ~(uint64_t)bits->bit;
        }
    }
    if (left != 0) {
        g_string_append_printf(text, "%s0x%" G_GINT64_MODIFIER "x", comma, left);
    } else if (set == 0) {
        g_string_append(text, "none");
    }
}

bool code_name_append(GString *text, const char *name, uint64_t code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (strcmp(elements[i].name, name) != 0) {
            continue;
        }
        if (elements[i].codes != NULL) {
            return append_code(text, elements[i].codes, code);
        }
        if (elements[i].append != NULL) {
            elements[i].append(text, code);
            return true;
        }
        append_bits(text, elements[i].bits, code);
        return true;
    }
    return false;
}
