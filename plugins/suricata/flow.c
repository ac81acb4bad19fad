/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "synfix_suricata.h"

typedef struct flow_senders {
    synfix_sender_t *sender[2];
} flow_senders_t;

static FlowStorageId storage = {.id = -1};

static void senders_free(void *pointer)
{
    flow_senders_t *senders = pointer;
    synfix_sender_put(senders->sender[SYNFIX_CLIENT]);
    synfix_sender_put(senders->sender[SYNFIX_SERVER]);
    SCFree(senders);
}

void synfix_flow_register(void)
{
    storage = FlowStorageRegister("synfix", sizeof(void *), NULL, senders_free);
    if (storage.id < 0) {
        FatalError("Suricata refuses storage in flows");
    }
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
    synfix_sender_t *sender = synfix_sender_get(observation);
    if (sender != NULL) {
        synfix_sender_put(known);
        senders->sender[side] = sender;
    }
}

const synfix_sender_t *synfix_flow_sender(const Flow *flow, synfix_side_t side)
{
    const flow_senders_t *senders = FlowGetStorageById(flow, storage);
    return senders != NULL ? senders->sender[side] : NULL;
}
