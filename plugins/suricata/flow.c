/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "synfix_suricata.h"

#define HOST_TEXT_SIZE 2048u

typedef struct flow_senders {
    synfix_sender_t *sender[2];
} flow_senders_t;

static FlowStorageId storage = {.id = -1};

static void senders_free(void *pointer)
{
    flow_senders_t *senders = pointer;
    SCFree(senders->sender[SYNFIX_CLIENT]);
    SCFree(senders->sender[SYNFIX_SERVER]);
    SCFree(senders);
}

void synfix_flow_register(void)
{
    storage = FlowStorageRegister("synfix", sizeof(void *), NULL, senders_free);
    if (storage.id < 0) {
        FatalError("synfix: Suricata refuses storage in flows");
    }
}

static const char *append(char **at, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = *at;
    memcpy(copy, text, size);
    *at += size;
    return copy;
}

static synfix_sender_t *sender_new(const synfix_observation_t *observation)
{
    char json[HOST_TEXT_SIZE];
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    const synfix_match_t *match = &fingerprint->match;
    const char *os = match->label != NULL ? match->label->text : "";
    const char *family = match->label != NULL ? match->label->name : "";
    if (synfix_event_host(observation, json, sizeof json) == 0) {
        return NULL;
    }
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

static flow_senders_t *senders_of(Flow *flow)
{
    flow_senders_t *senders = FlowGetStorageById(flow, storage);
    if (senders == NULL) {
        senders = SCCalloc(1, sizeof *senders);
        if (senders != NULL) {
            (void)FlowSetStorageById(flow, storage, senders);
        }
    }
    return senders;
}

void synfix_flow_store(Flow *flow, synfix_side_t side, const synfix_observation_t *observation)
{
    flow_senders_t *senders = senders_of(flow);
    if (senders == NULL) {
        return;
    }
    synfix_sender_t *known = senders->sender[side];
    if (known != NULL && (known->labelled || observation->fingerprint->match.label == NULL)) {
        return;
    }
    synfix_sender_t *sender = sender_new(observation);
    if (sender != NULL) {
        SCFree(known);
        senders->sender[side] = sender;
    }
}

const synfix_sender_t *synfix_flow_sender(const Flow *flow, synfix_side_t side)
{
    const flow_senders_t *senders = FlowGetStorageById(flow, storage);
    return senders != NULL ? senders->sender[side] : NULL;
}
