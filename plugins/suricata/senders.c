/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Most flows have one of few fingerprints, and flow.memcap does not count the data that plug-ins store in
 * flows. So flows with equal senders share one copy. */
#include "synfix_suricata.h"

#define HOST_TEXT_SIZE 2048u
#define BUCKETS        16384u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static HashTable *table; /* under the lock; the JSON object is the key, because it has all other fields */

static uint32_t hash(HashTable *used, void *data, uint16_t unused)
{
    const synfix_sender_t *sender = data;
    (void)unused;
    return StringHashDjb2((const uint8_t *)sender->json, (uint32_t)strlen(sender->json)) % used->array_size;
}

static char is_equal(void *first, uint16_t unused_first, void *second, uint16_t unused_second)
{
    const synfix_sender_t *const pair[2] = {first, second};
    (void)unused_first;
    (void)unused_second;
    return strcmp(pair[0]->json, pair[1]->json) == 0;
}

static const char *append(char **at, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = *at;
    memcpy(copy, text, size);
    *at += size;
    return copy;
}

static synfix_sender_t *sender_new(const synfix_fingerprint_t *fingerprint, const char *json)
{
    const synfix_match_t *match = &fingerprint->match;
    const char *os = match->label != NULL ? match->label->text : "";
    const char *family = match->label != NULL ? match->label->name : "";
    synfix_sender_t *sender =
        SCMalloc(sizeof *sender + strlen(os) + strlen(family) + strlen(fingerprint->text) + strlen(json) + 4);
    if (sender == NULL) {
        return NULL;
    }
    char *at = (char *)(sender + 1);
    *sender = (synfix_sender_t){.quality = match->quality,
                                .family_quality = match->family_quality,
                                .distance = match->distance,
                                .labelled = match->label != NULL};
    sender->os = append(&at, os);
    sender->family = append(&at, family);
    sender->signature = append(&at, fingerprint->text);
    sender->json = append(&at, json);
    return sender;
}

/* Under the lock. */
static synfix_sender_t *find_or_add(const synfix_fingerprint_t *fingerprint, const char *json)
{
    if (table == NULL) {
        table = HashTableInit(BUCKETS, hash, is_equal, NULL);
    }
    synfix_sender_t key = {.json = json};
    synfix_sender_t *sender = HashTableLookup(table, &key, HASH_NO_SIZE);
    if (sender != NULL || table == NULL) {
        return sender;
    }
    sender = sender_new(fingerprint, json);
    if (sender != NULL && HashTableAdd(table, sender, HASH_NO_SIZE) != 0) {
        SCFree(sender);
        return NULL;
    }
    return sender;
}

synfix_sender_t *synfix_sender_get(const synfix_observation_t *observation)
{
    char json[HOST_TEXT_SIZE];
    if (synfix_event_host(observation, json, sizeof json) == 0) {
        return NULL;
    }
    pthread_mutex_lock(&lock);
    synfix_sender_t *sender = find_or_add(observation->fingerprint, json);
    if (sender != NULL) {
        sender->users++;
    }
    pthread_mutex_unlock(&lock);
    return sender;
}

void synfix_sender_put(synfix_sender_t *sender)
{
    if (sender == NULL) {
        return;
    }
    pthread_mutex_lock(&lock);
    const bool unused = --sender->users == 0;
    if (unused) {
        (void)HashTableRemove(table, sender, HASH_NO_SIZE);
    }
    pthread_mutex_unlock(&lock);
    if (unused) {
        SCFree(sender);
    }
}
