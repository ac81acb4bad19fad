/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/headers.h>

static const char *const names[SYNFIX_ENCAPSULATION_COUNT] = {
#define NAME(identifier, number, name) [number] = name,
    SYNFIX_ENCAPSULATIONS(NAME)
#undef NAME
};

const char *synfix_encapsulation_name(unsigned kind)
{
    return kind < SYNFIX_ENCAPSULATION_COUNT ? names[kind] : "unknown";
}
