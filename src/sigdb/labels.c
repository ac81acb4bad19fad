/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/sha256.h"

/* Slot of a key (FNV-1a). The id is a SHA-256 digest, which is computed for new labels only. */
static uint32_t hash_of(slice_t key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.length; i++) {
        hash = (hash ^ (uint8_t)key.at[i]) * 16777619u;
    }
    return hash;
}

static uint32_t label_id(slice_t key)
{
    uint8_t digest[32];
    sha256(key.at, key.length, digest);
    const uint32_t id = read_be32(digest);
    return id == 0 ? 1 : id;
}

/* Makes room for one more label. Slots hold index + 1; labels that were rolled back match nothing. */
static bool grow_slots(synfix_sigdb_t *sigdb)
{
    if (sigdb->label_slot_count > sigdb->labels.count * 2) {
        return true;
    }
    const uint32_t size = sigdb->label_slot_count == 0 ? 256 : sigdb->label_slot_count * 4;
    uint32_t *slots = calloc(size, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < sigdb->labels.count; i++) {
        const char *key = sigdb_text(sigdb, sigdb_label_at(sigdb, i)->key);
        uint32_t at = hash_of((slice_t){key, strlen(key)});
        while (slots[at & (size - 1)] != 0) {
            at++;
        }
        slots[at & (size - 1)] = i + 1;
    }
    free(sigdb->label_slots);
    sigdb->label_slots = slots;
    sigdb->label_slot_count = size;
    return true;
}

static bool holds(const synfix_sigdb_t *sigdb, uint32_t index, slice_t key)
{
    const char *text = sigdb_text(sigdb, sigdb_label_at(sigdb, index)->key);
    return strlen(text) == key.length && memcmp(text, key.at, key.length) == 0;
}

static slice_t next_part(slice_t *rest)
{
    const char *colon = memchr(rest->at, ':', rest->length);
    const size_t length = colon == NULL ? rest->length : (size_t)(colon - rest->at);
    const slice_t part = {rest->at, length};
    const size_t passed = colon == NULL ? length : length + 1;
    rest->at += passed;
    rest->length -= passed;
    return part;
}

static bool store(synfix_sigdb_t *sigdb, slice_t part, uint32_t *offset)
{
    *offset = 0;
    if (part.length == 0) {
        return true;
    }
    *offset = sigdb_store_text(sigdb, part.at, part.length);
    return *offset != 0;
}

static bool store_display(synfix_sigdb_t *sigdb, slice_t name, slice_t flavor, uint32_t *offset)
{
    if (!store(sigdb, name, offset)) {
        return false;
    }
    if (flavor.length == 0) {
        return true;
    }
    sigdb->strings.count--; /* overwrite the terminating NUL of the name */
    char *more = sigdb_array_add(&sigdb->strings, 1, flavor.length + 2);
    if (more == NULL) {
        return false;
    }
    more[0] = ' ';
    memcpy(more + 1, flavor.at, flavor.length);
    return true;
}

static const char *add_label(synfix_sigdb_t *sigdb, slice_t key, uint32_t id, uint32_t *index)
{
    static const char no_memory[] = "out of memory";
    sigdb_label_t label = {.type = key.at[0], .id = id};
    slice_t rest = key;
    (void)next_part(&rest);
    const slice_t os_class = next_part(&rest);
    const slice_t name = next_part(&rest);
    label.tool = os_class.length == 1 && os_class.at[0] == '!';
    if (!store(sigdb, key, &label.key) || !store(sigdb, os_class, &label.os_class) ||
        !store(sigdb, name, &label.name) || !store(sigdb, rest, &label.flavor) ||
        !store_display(sigdb, name.length > 0 ? name : os_class, rest, &label.text)) {
        return no_memory;
    }
    sigdb_label_t *added = sigdb_array_add(&sigdb->labels, sizeof label, 1);
    if (added == NULL) {
        return no_memory;
    }
    *added = label;
    *index = sigdb->labels.count - 1;
    return NULL;
}

static bool class_known(slice_t classes, slice_t os_class)
{
    while (classes.length > 0) {
        const char *comma = memchr(classes.at, ',', classes.length);
        size_t length = comma == NULL ? classes.length : (size_t)(comma - classes.at);
        const slice_t one = slice_trim((slice_t){classes.at, length});
        if (one.length == os_class.length && memcmp(one.at, os_class.at, one.length) == 0) {
            return true;
        }
        length += comma == NULL ? 0 : 1;
        classes.at += length;
        classes.length -= length;
    }
    return false;
}

/* Longest text that records carry (elements osLabel, osClass, osFamily, osFlavor). */
#define LABEL_TEXT_MAX 96u

static const char *check_label(slice_t key, slice_t classes)
{
    slice_t rest = key;
    const slice_t type = next_part(&rest);
    const slice_t os_class = next_part(&rest);
    const slice_t name = next_part(&rest);
    if (type.length != 1 || (type.at[0] != 's' && type.at[0] != 'g')) {
        return "a label is type:class:name:flavor, its type s or g";
    }
    if (os_class.length == 0 || name.length == 0 || rest.at == name.at + name.length) {
        return "a label is type:class:name:flavor";
    }
    if (memchr(rest.at, ':', rest.length) != NULL) {
        return "a label has four parts";
    }
    if (os_class.length > LABEL_TEXT_MAX || name.length + 1 + rest.length > LABEL_TEXT_MAX) {
        return "a label is too long: the class has at most 96 bytes, name and flavor have 95 together";
    }
    if (!(os_class.length == 1 && os_class.at[0] == '!') && !class_known(classes, os_class)) {
        return "the class of this label is not among the classes; add the class to the line classes =";
    }
    return NULL;
}

static const char *intern(synfix_sigdb_t *sigdb, slice_t key, uint32_t *index)
{
    if (!grow_slots(sigdb)) {
        return "out of memory";
    }
    const uint32_t mask = sigdb->label_slot_count - 1;
    uint32_t at = hash_of(key);
    for (; sigdb->label_slots[at & mask] != 0; at++) {
        const uint32_t found = sigdb->label_slots[at & mask] - 1;
        if (found < sigdb->labels.count && holds(sigdb, found, key)) {
            *index = found;
            return NULL;
        }
    }
    const char *reason = add_label(sigdb, key, label_id(key), index);
    if (reason == NULL) {
        sigdb->label_slots[at & mask] = *index + 1;
    }
    return reason;
}

const char *sigdb_intern_label(synfix_sigdb_t *sigdb, slice_t key, slice_t classes, uint32_t *index)
{
    const char *reason = check_label(key, classes);
    return reason != NULL ? reason : intern(sigdb, key, index);
}

enum { KEY_MAX = 1024 };

static slice_t text_slice(const synfix_sigdb_t *sigdb, uint32_t offset)
{
    const char *text = sigdb_text(sigdb, offset);
    return (slice_t){text, strlen(text)};
}

static size_t append(char *key, size_t at, slice_t part)
{
    key[at++] = ':';
    memcpy(key + at, part.at, part.length);
    return at + part.length;
}

/* type:class:name:flavor, with the type and class of @p label. Returns the length; 0: longer than KEY_MAX. */
static size_t key_build(const synfix_sigdb_t *sigdb, const sigdb_label_t *label, slice_t name, slice_t flavor,
                        char key[KEY_MAX])
{
    const slice_t os_class = text_slice(sigdb, label->os_class);
    if (os_class.length + name.length + flavor.length + 4 > KEY_MAX) {
        return 0;
    }
    key[0] = label->type;
    return append(key, append(key, append(key, 1, os_class), name), flavor);
}

const char *sigdb_intern_relative(synfix_sigdb_t *sigdb, uint32_t of, slice_t flavor, uint32_t *index)
{
    char key[KEY_MAX];
    const sigdb_label_t *label = sigdb_label_at(sigdb, of);
    const slice_t name = text_slice(sigdb, label->name);
    if (memchr(flavor.at, ':', flavor.length) != NULL) {
        return "a generation has no colon";
    }
    const size_t length = key_build(sigdb, label, name, flavor, key);
    return length == 0 ? "a label is too long" : intern(sigdb, (slice_t){key, length}, index);
}

const char *sigdb_intern_class(synfix_sigdb_t *sigdb, uint32_t of, uint32_t *index)
{
    char key[KEY_MAX];
    const slice_t none = {"", 0};
    const size_t length = key_build(sigdb, sigdb_label_at(sigdb, of), none, none, key);
    return length == 0 ? "a class is too long" : intern(sigdb, (slice_t){key, length}, index);
}
