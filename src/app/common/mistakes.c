/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/mistakes.h"

#include <string.h>

typedef struct mistake {
    unsigned line;
    synfix_cause_t cause;
    char *text;
} mistake_t;

struct mistakes {
    GArray *list; /* of mistake_t, ordered */
};

static void clear(void *element)
{
    mistake_t *mistake = element;
    g_free(mistake->text);
}

mistakes_t *mistakes_new(void)
{
    mistakes_t *mistakes = g_new0(mistakes_t, 1);
    mistakes->list = g_array_new(FALSE, TRUE, sizeof(mistake_t));
    g_array_set_clear_func(mistakes->list, clear);
    return mistakes;
}

void mistakes_free(mistakes_t *mistakes)
{
    if (mistakes != NULL) {
        g_array_unref(mistakes->list);
    }
    g_free(mistakes);
}

static mistake_t *at(const mistakes_t *mistakes, unsigned index)
{
    return &g_array_index(mistakes->list, mistake_t, index);
}

static gboolean is_before(const mistake_t *one, const mistake_t *other)
{
    return one->line != 0 && (other->line == 0 || one->line < other->line);
}

/* Takes ownership of the text. */
static void insert(mistakes_t *mistakes, mistake_t made)
{
    unsigned index = mistakes->list->len;
    for (unsigned i = 0; i < mistakes->list->len; i++) {
        if (strcmp(at(mistakes, i)->text, made.text) == 0) {
            g_free(made.text);
            return;
        }
    }
    while (index > 0 && is_before(&made, at(mistakes, index - 1))) {
        index--;
    }
    g_array_insert_val(mistakes->list, index, made);
}

void mistakes_add(mistakes_t *mistakes, const char *file, unsigned line, const synfix_error_t *error)
{
    mistake_t made = {.line = file == NULL ? 0 : line, .cause = error->cause};
    made.text = file == NULL ? g_strdup(error->text)
                : line == 0  ? g_strdup_printf("%s: %s", file, error->text)
                             : g_strdup_printf("%s:%u: %s", file, line, error->text);
    insert(mistakes, made);
}

void mistakes_append(mistakes_t *mistakes, const mistakes_t *more)
{
    for (unsigned i = 0; i < more->list->len; i++) {
        mistake_t made = *at(more, i);
        made.text = g_strdup(made.text);
        insert(mistakes, made);
    }
}

unsigned mistakes_count(const mistakes_t *mistakes)
{
    return mistakes->list->len;
}

const char *mistakes_text(const mistakes_t *mistakes, unsigned index)
{
    return at(mistakes, index)->text;
}

synfix_status_t mistakes_status(const mistakes_t *mistakes, synfix_error_t *error)
{
    gboolean denied = FALSE;
    gboolean missing = TRUE;
    gboolean sinks = TRUE;
    if (mistakes->list->len == 0) {
        return SYNFIX_OK;
    }
    for (unsigned i = 0; i < mistakes->list->len; i++) {
        denied |= at(mistakes, i)->cause == SYNFIX_CAUSE_ACCESS;
        missing &= at(mistakes, i)->cause == SYNFIX_CAUSE_INPUT;
        sinks &= at(mistakes, i)->cause == SYNFIX_CAUSE_SINK;
    }
    const synfix_status_t status = denied ? SYNFIX_PERMISSION : missing ? SYNFIX_NOT_FOUND : SYNFIX_INVALID;
    (void)synfix_fail(error, status, "%s", mistakes_text(mistakes, 0));
    error->cause = denied    ? SYNFIX_CAUSE_ACCESS
                   : missing ? SYNFIX_CAUSE_INPUT
                   : sinks   ? SYNFIX_CAUSE_SINK
                             : SYNFIX_CAUSE_USAGE;
    return status;
}
