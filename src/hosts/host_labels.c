/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_labels.h"

#include "base/hash_mix.h"
#include "verdict/host_habits.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u /* a power of two */

typedef struct label_node {
    host_label_t label;
    uint32_t next; /* next number in the bucket; 0: none, because HOST_LABEL_UNKNOWN is in no bucket */
    char texts[];
} label_node_t;

struct host_labels {
    pthread_mutex_t mutex;
    uint32_t count;
    uint32_t buckets[BUCKETS];
    label_node_t *nodes[HOST_LABELS_LIMIT];
    uint64_t refused;
};

static uint64_t text_hash(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = hash_mix(hash, (uint8_t)*text);
    }
    return hash_mix(hash, 256);
}

static bool same_label(const host_label_t *a, const synfix_label_t *b)
{
    return a->generic == (b->type == 'g') && strcmp(a->text, b->text) == 0 &&
           strcmp(a->family, b->name) == 0 && strcmp(a->flavor, b->flavor) == 0 &&
           strcmp(a->os_class, b->os_class) == 0;
}

static const char *copy_text(char **at, const char *text)
{
    const size_t length = strnlen(text, HOST_LABEL_TEXT_SIZE - 1);
    char *copy = *at;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *at += length + 1;
    return copy;
}

static label_node_t *node_new(const synfix_label_t *label, uint32_t number, uint32_t family)
{
    label_node_t *node = calloc(1, sizeof *node + strlen(label->text) + strlen(label->name) +
                                       strlen(label->flavor) + strlen(label->os_class) + 4);
    if (node == NULL) {
        return NULL;
    }
    char *at = node->texts;
    node->label = (host_label_t){
        .number = number,
        .family_number = family,
        .id = label->id,
        .generic = label->type == 'g',
        .tool = label->tool,
        .os_class = copy_text(&at, label->os_class),
        .family = copy_text(&at, label->name),
        .flavor = copy_text(&at, label->flavor),
        .text = copy_text(&at, label->text),
        .support = system_support_find(label->name, label->flavor),
    };
    return node;
}

host_labels_t *host_labels_new(void)
{
    static const synfix_label_t unknown = {
        .type = 's', .os_class = "", .name = "", .flavor = "", .text = "?"};
    host_labels_t *labels = calloc(1, sizeof *labels);
    if (labels == NULL) {
        return NULL;
    }
    labels->nodes[HOST_LABEL_UNKNOWN] = node_new(&unknown, HOST_LABEL_UNKNOWN, 0);
    labels->count = 1;
    if (labels->nodes[HOST_LABEL_UNKNOWN] == NULL || pthread_mutex_init(&labels->mutex, NULL) != 0) {
        free(labels->nodes[HOST_LABEL_UNKNOWN]);
        free(labels);
        return NULL;
    }
    return labels;
}

void host_labels_free(host_labels_t *labels)
{
    if (labels == NULL) {
        return;
    }
    for (uint32_t i = 0; i < labels->count; i++) {
        free(labels->nodes[i]);
    }
    (void)pthread_mutex_destroy(&labels->mutex);
    free(labels);
}

static uint32_t find_or_add(host_labels_t *labels, const synfix_label_t *label);

/* Returns the number of the entry of the family. That entry has no class. That entry and links have no
 * family. */
static uint32_t family_of(host_labels_t *labels, const synfix_label_t *label)
{
    const synfix_label_t family = {
        .type = 'g', .os_class = "", .name = "", .flavor = "", .text = label->name};
    return label->name[0] != '\0' ? find_or_add(labels, &family) : 0;
}

static uint32_t find_or_add(host_labels_t *labels, const synfix_label_t *label)
{
    uint64_t hash = text_hash(text_hash(0, label->os_class), label->text);
    hash = text_hash(text_hash(hash, label->name), label->flavor);
    uint32_t *bucket = &labels->buckets[hash % BUCKETS];
    for (uint32_t number = *bucket; number != 0; number = labels->nodes[number]->next) {
        if (same_label(&labels->nodes[number]->label, label)) {
            return number;
        }
    }
    const uint32_t family = family_of(labels, label);
    label_node_t *node = labels->count < HOST_LABELS_LIMIT ? node_new(label, labels->count, family) : NULL;
    if (node == NULL) {
        labels->refused++;
        return HOST_LABEL_UNKNOWN;
    }
    node->next = *bucket;
    *bucket = labels->count;
    labels->nodes[labels->count] = node;
    return labels->count++;
}

uint32_t host_labels_add(host_labels_t *labels, const synfix_label_t *label)
{
    if (label == NULL || strcmp(label->text, "?") == 0) {
        return HOST_LABEL_UNKNOWN;
    }
    (void)pthread_mutex_lock(&labels->mutex);
    const uint32_t number = find_or_add(labels, label);
    (void)pthread_mutex_unlock(&labels->mutex);
    return number;
}

uint64_t host_labels_refused(host_labels_t *labels)
{
    (void)pthread_mutex_lock(&labels->mutex);
    const uint64_t refused = labels->refused;
    (void)pthread_mutex_unlock(&labels->mutex);
    return refused;
}

uint32_t host_labels_add_text(host_labels_t *labels, const char *text)
{
    const synfix_label_t label = {.type = 's', .os_class = "", .name = "", .flavor = "", .text = text};
    return text == NULL ? HOST_LABEL_UNKNOWN : host_labels_add(labels, &label);
}

const host_label_t *host_labels_at(const host_labels_t *labels, uint32_t number)
{
    return &labels->nodes[number]->label;
}

uint32_t host_clock_pack(const synfix_match_t *match)
{
    uint32_t clock = match->clock;
    for (unsigned i = 0; i < match->clock_rate_count; i++) {
        clock |= HOST_CLOCK_RATE(clock_rate_of(match->clock_hertz[i]));
    }
    return clock;
}

void host_labels_add_clock(host_labels_t *labels, uint32_t number, uint32_t clock)
{
    if (number != HOST_LABEL_UNKNOWN && clock != 0) {
        __atomic_store_n(&labels->nodes[number]->label.clock, clock, __ATOMIC_RELAXED);
    }
}

uint32_t host_label_clock(const host_label_t *label)
{
    return __atomic_load_n(&label->clock, __ATOMIC_RELAXED);
}
