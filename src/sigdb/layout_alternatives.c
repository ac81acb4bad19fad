/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb/layout_alternatives.h"

#include <string.h>

enum { SIG_SIZE_MAX = 1024 };

/* The parts of a `sig` before and after its layout. */
typedef struct expansion {
    slice_t before;
    slice_t after;
    layout_sig_t each;
    void *context;
    unsigned count;
} expansion_t;

static slice_t next_alternative(slice_t *rest)
{
    const char *bar = memchr(rest->at, '|', rest->length);
    const size_t length = bar == NULL ? rest->length : (size_t)(bar - rest->at);
    const slice_t part = {rest->at, length};
    const size_t passed = bar == NULL ? length : length + 1;
    rest->at += passed;
    rest->length -= passed;
    return part;
}

static const slice_t *find(const layout_names_t *names, slice_t name)
{
    for (unsigned i = 0; i < names->count; i++) {
        const slice_t *known = &names->items[i].name;
        if (known->length == name.length && memcmp(known->at, name.at, name.length) == 0) {
            return &names->items[i].layouts;
        }
    }
    return NULL;
}

const char *layout_names_add(layout_names_t *names, slice_t value)
{
    const char *space = memchr(value.at, ' ', value.length);
    if (space == NULL) {
        return "layouts needs a name and layouts, separated by |";
    }
    const size_t length = (size_t)(space - value.at);
    const slice_t name = {value.at, length};
    const slice_t layouts = slice_trim((slice_t){space, value.length - length});
    if (layouts.length == 0 || layouts.at[layouts.length - 1] == '|') {
        return "a layout is missing after the last |";
    }
    if (memchr(layouts.at, '@', layouts.length) != NULL || memchr(layouts.at, ':', layouts.length) != NULL) {
        return "layouts contains layouts, no names and no colons";
    }
    if (find(names, name) != NULL) {
        return "a name of layouts that is in use";
    }
    if (names->count == SIGDB_LAYOUT_NAMES_MAX) {
        return "too many names of layouts";
    }
    names->items[names->count].name = name;
    names->items[names->count++].layouts = layouts;
    return NULL;
}

static size_t append(char *text, size_t at, slice_t part)
{
    memcpy(text + at, part.at, part.length);
    return at + part.length;
}

static const char *expand_one(expansion_t *expansion, slice_t layout, slice_t tail)
{
    char text[SIG_SIZE_MAX];
    /* an empty part before the comma: the set contains the empty layout */
    if (layout.length == 0 && tail.length > 0) {
        tail.at++;
        tail.length--;
    }
    if (expansion->before.length + layout.length + tail.length + expansion->after.length > sizeof text) {
        return "a sig that is too long";
    }
    if (expansion->count++ == SIGDB_LAYOUTS_MAX) {
        return "too many layouts";
    }
    size_t length = append(text, 0, expansion->before);
    length = append(text, length, layout);
    length = append(text, length, tail);
    const slice_t made = {text + expansion->before.length, length - expansion->before.length};
    length = append(text, length, expansion->after);
    return expansion->each(expansion->context, (slice_t){text, length}, made);
}

static const char *expand_named(const layout_names_t *names, expansion_t *expansion, slice_t use)
{
    const char *comma = memchr(use.at, ',', use.length);
    const size_t length = comma == NULL ? use.length : (size_t)(comma - use.at);
    const slice_t tail = {use.at + length, use.length - length};
    const slice_t *found = find(names, (slice_t){use.at + 1, length - 1});
    if (found == NULL) {
        return "an unknown name of layouts; define the name above this line";
    }
    slice_t rest = *found;
    const char *reason = NULL;
    do {
        reason = expand_one(expansion, next_alternative(&rest), tail);
    } while (reason == NULL && rest.length > 0);
    return reason;
}

/* The layout is the sixth field. The parser of the entry reports a `sig` with fewer fields. */
static slice_t layout_of(slice_t sig)
{
    const char *at = sig.at;
    const char *end = sig.at + sig.length;
    for (unsigned colons = 0; colons < 5; colons++) {
        at = memchr(at, ':', (size_t)(end - at));
        if (at == NULL) {
            return (slice_t){end, 0};
        }
        at++;
    }
    const char *colon = memchr(at, ':', (size_t)(end - at));
    return (slice_t){at, (size_t)((colon == NULL ? end : colon) - at)};
}

const char *layouts_expand(const layout_names_t *names, slice_t sig, layout_sig_t each, void *context)
{
    slice_t rest = layout_of(sig);
    if (rest.length > 0 && rest.at[rest.length - 1] == '|') {
        return "a layout is missing after the last |";
    }
    const char *after = rest.at + rest.length;
    expansion_t expansion = {
        .before = {sig.at, (size_t)(rest.at - sig.at)},
        .after = {after, (size_t)(sig.at + sig.length - after)},
        .each = each,
        .context = context,
    };
    const char *reason = NULL;
    do {
        const slice_t one = next_alternative(&rest);
        reason = one.length > 0 && one.at[0] == '@' ? expand_named(names, &expansion, one)
                                                    : expand_one(&expansion, one, (slice_t){"", 0});
    } while (reason == NULL && rest.length > 0);
    return reason;
}
