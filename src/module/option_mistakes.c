/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/option_mistakes.h"
#include <stdlib.h>
#include <string.h>

struct synfix_mistakes {
    option_mistake_t first; /* needs no allocation: the list of a wrong specification is never empty */
    option_mistake_t *more;
    size_t count;
};

synfix_mistakes_t *option_mistakes_new(void)
{
    return calloc(1, sizeof(synfix_mistakes_t));
}

void option_mistakes_free(synfix_mistakes_t *mistakes)
{
    if (mistakes == NULL) {
        return;
    }
    for (size_t i = 1; i < mistakes->count; i++) {
        free(mistakes->more[i - 1].option);
    }
    free(mistakes->first.option);
    free(mistakes->more);
    free(mistakes);
}

size_t option_mistakes_count(const synfix_mistakes_t *mistakes)
{
    return mistakes->count;
}

const option_mistake_t *option_mistakes_at(const synfix_mistakes_t *mistakes, size_t index)
{
    return index == 0 ? &mistakes->first : &mistakes->more[index - 1];
}

static const char *option_of(const option_mistake_t *mistake)
{
    return mistake->option != NULL ? mistake->option : "";
}

static bool is_known(const synfix_mistakes_t *mistakes, const char *option, const char *text)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        const option_mistake_t *mistake = option_mistakes_at(mistakes, i);
        if (strcmp(option_of(mistake), option) == 0 && strcmp(mistake->error.text, text) == 0) {
            return true;
        }
    }
    return false;
}

static option_mistake_t *append(synfix_mistakes_t *mistakes)
{
    if (mistakes->count > 0) {
        option_mistake_t *more = realloc(mistakes->more, mistakes->count * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        mistakes->more = more;
    }
    mistakes->count++;
    return mistakes->count == 1 ? &mistakes->first : &mistakes->more[mistakes->count - 2];
}

synfix_status_t synfix_mistakes_add(synfix_mistakes_t *mistakes, const char *option, synfix_status_t status,
                                    const synfix_error_t *error)
{
    const char *name = option != NULL ? option : "";
    if (status >= 0 || is_known(mistakes, name, error->text)) {
        return status;
    }
    option_mistake_t *mistake = append(mistakes);
    if (mistake != NULL) {
        *mistake = (option_mistake_t){.option = strdup(name), .status = status, .error = *error};
    }
    return status;
}

bool synfix_mistakes_concern(const synfix_mistakes_t *mistakes, const char *option)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        if (strcmp(option_of(option_mistakes_at(mistakes, i)), option) == 0) {
            return true;
        }
    }
    return false;
}

synfix_status_t option_mistakes_first(const synfix_mistakes_t *mistakes, const char *prefix,
                                      synfix_error_t *error)
{
    if (mistakes->count == 0) {
        return SYNFIX_OK;
    }
    const option_mistake_t *mistake = &mistakes->first;
    (void)synfix_fail(error, mistake->status, "%s: %.480s", prefix, mistake->error.text);
    if (error != NULL) {
        error->cause = mistake->error.cause;
    }
    return mistake->status;
}
