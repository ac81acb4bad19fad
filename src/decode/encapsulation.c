/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stddef.h>
#include <synfix/headers.h>

static const char *const names[SYNFIX_TAG_END] = {
#define NAME(identifier, number, name) [number] = name,
    SYNFIX_ENCAPSULATIONS(NAME) SYNFIX_TAGS(NAME)
#undef NAME
};

const char *synfix_encapsulation_name(unsigned kind)
{
    return kind < SYNFIX_TAG_END && names[kind] != NULL ? names[kind] : "unknown";
}
