/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/verdict.h>

typedef struct verdict_terms {
    const char *name;
    const char *text;
} verdict_terms_t;

static const verdict_terms_t words[SYNFIX_VERDICT_COUNT] = {
#define WORDS(identifier, name_, text_) [SYNFIX_VERDICT_##identifier] = {.name = name_, .text = text_},
    SYNFIX_VERDICTS(WORDS)
#undef WORDS
};

const char *synfix_verdict_name(synfix_verdict_t verdict)
{
    return (unsigned)verdict < SYNFIX_VERDICT_COUNT ? words[verdict].name : "unknown";
}

const char *synfix_verdict_text(synfix_verdict_t verdict)
{
    return (unsigned)verdict < SYNFIX_VERDICT_COUNT ? words[verdict].text : "unknown";
}
