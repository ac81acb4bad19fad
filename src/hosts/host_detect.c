/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Changes of a host. One unusual packet is no change: a different value must occur twice in a row, and a
 * label that the host had before is no change. The properties of a shared address change with each packet:
 * only the sharing itself is reported.
 */
#include "base/clock.h"
#include "hosts/host_entry.h"

#define EVIDENCE_FROM     3u /* observations of a host before evidence is kept */
#define CONFIRM           2u /* times in a row */
#define RESTART_MARGIN_S  60
#define LABEL_KNOWN_COUNT CONFIRM

static uint32_t family_number(const host_model_t *model, uint32_t label)
{
    return host_labels_at(model->labels, label)->family_number;
}

static bool has_sure_family(const host_sighting_t *sighting)
{
    return sighting->label != HOST_LABEL_UNKNOWN && !sighting->tool &&
           (sighting->match_kind == SYNFIX_MATCH_EXACT || sighting->match_kind == SYNFIX_MATCH_GENERIC);
}

static bool is_sure(const host_sighting_t *sighting)
{
    return has_sure_family(sighting) && !sighting->repeated;
}

static uint32_t label_count(const host_entry_t *entry, uint32_t label)
{
    for (unsigned i = 0; i < ENTRY_LABELS; i++) {
        if (entry->labels[i] == label) {
            return entry->label_counts[i];
        }
    }
    return 0;
}

/* Reason of a label change, 0: none. */
static uint32_t detect_label(host_model_t *model, host_entry_t *entry, const host_sighting_t *sighting)
{
    if (!is_sure(sighting) || sighting->label == entry->verdict) {
        entry->pending_count = sighting->label == entry->verdict ? 0 : entry->pending_count;
        return 0;
    }
    if (entry->verdict == HOST_LABEL_UNKNOWN) {
        entry->verdict = sighting->label;
        return 0;
    }
    entry->pending_count = (uint8_t)(sighting->label == entry->pending ? entry->pending_count + 1 : 1);
    entry->pending = sighting->label;
    if (entry->pending_count < CONFIRM) {
        return 0;
    }
    const host_label_t *before = host_labels_at(model->labels, entry->verdict);
    const host_label_t *after = host_labels_at(model->labels, sighting->label);
    entry->verdict = sighting->label;
    entry->pending_count = 0;
    if (label_count(entry, sighting->label) > LABEL_KNOWN_COUNT) {
        return 0;
    }
    if (before->family_number != after->family_number) {
        return SYNFIX_HOST_SYSTEM;
    }
    return before->generic || after->generic ? 0 : SYNFIX_HOST_VERSION;
}

/* If the first SYN of a host was captured elsewhere, as in another VLAN, only a repeated SYN has an MTU. */
static void take_repeated_link(host_entry_t *entry, const host_sighting_t *sighting)
{
    if (entry->mtu == 0) {
        entry->mtu = sighting->link_mtu;
        entry->mtu_repeated = true;
    }
}

static uint32_t detect_link(host_entry_t *entry, const host_sighting_t *sighting)
{
    if (sighting->link_mtu == 0 || sighting->tool || sighting->link_mtu == entry->mtu) {
        entry->pending_mtu_count = sighting->link_mtu == entry->mtu ? 0 : entry->pending_mtu_count;
        entry->mtu_repeated = entry->mtu_repeated && (sighting->repeated || sighting->link_mtu != entry->mtu);
        return 0;
    }
    if (sighting->repeated) {
        take_repeated_link(entry, sighting);
        return 0;
    }
    const bool first = entry->mtu == 0 || entry->mtu_repeated;
    entry->pending_mtu_count =
        (uint8_t)(sighting->link_mtu == entry->pending_mtu ? entry->pending_mtu_count + 1 : 1);
    entry->pending_mtu = sighting->link_mtu;
    if (!first && entry->pending_mtu_count < CONFIRM) {
        return 0;
    }
    entry->mtu = sighting->link_mtu;
    entry->mtu_repeated = false;
    entry->pending_mtu_count = 0;
    return first ? 0 : SYNFIX_HOST_LINK;
}

static int64_t boot_second(const host_uptime_t *uptime)
{
    return uptime->measured_ns / NS_PER_S - (int64_t)uptime->seconds;
}

static uint32_t detect_restart(host_entry_t *entry, const host_sighting_t *sighting)
{
    const synfix_uptime_t *measured = &sighting->facts.uptime;
    const host_uptime_t old = entry->uptime;
    if (sighting->time_ns < old.measured_ns) {
        return 0;
    }
    entry->uptime = (host_uptime_t){
        .measured_ns = sighting->time_ns,
        .seconds = measured->uptime_seconds,
        .modulus = measured->modulus_seconds,
        .frequency = measured->frequency,
        .reliability = measured->reliability,
        .restarts = old.restarts,
    };
    if (old.reliability != SYNFIX_UPTIME_ONE_LINE || measured->reliability != SYNFIX_UPTIME_ONE_LINE ||
        boot_second(&entry->uptime) <= boot_second(&old) + RESTART_MARGIN_S) {
        return 0;
    }
    entry->uptime.restarts++;
    return SYNFIX_HOST_RESTART;
}

/* The packet of the first signature is unknown: the time of the signature is used. */
static void seed_evidence(const host_model_t *model, const host_entry_t *entry, host_evidence_t *evidence)
{
    const entry_signature_t *first = &entry->signature;
    const host_sighting_t sighting = {
        .key = entry->key,
        .label = first->label,
        .time_ns = first->last_ns,
        .kind = SYNFIX_OBSERVATION_SYN_ACK,
        .match_kind = first->match_kind,
        .initial_ttl = first->initial_ttl,
        .distance = first->distance,
        .random_ttl = first->random_ttl,
        .link_mtu = first->link_mtu,
        .facts.signature = first->signature,
    };
    host_evidence_add(evidence, &sighting, is_sure(&sighting) ? family_number(model, first->label) : 0);
}

static uint32_t detect_sharing(host_model_t *model, host_entry_t *entry, uint32_t slot,
                               const host_sighting_t *sighting)
{
    if (!model->config.evidence || entry->observations < EVIDENCE_FROM) {
        return 0;
    }
    const bool fresh = entry->evidence == 0;
    host_evidence_t *evidence = entry_evidence(model, entry, slot);
    if (evidence == NULL) {
        return 0;
    }
    if (fresh) {
        seed_evidence(model, entry, evidence);
    }
    host_evidence_add(evidence, sighting,
                      has_sure_family(sighting) ? family_number(model, sighting->label) : 0);
    entry->reasons = (uint16_t)(host_evidence_reasons(evidence) | entry->kept_reasons);
    const uint8_t before = entry->score;
    const uint8_t score = host_reasons_score(entry->reasons);
    entry->score = score > before ? score : before;
    return before < SYNFIX_HOST_SHARED_SCORE && score >= SYNFIX_HOST_SHARED_SCORE ? SYNFIX_HOST_SHARED : 0;
}

/* Reasons for a change. For a shared address, only the sharing is a reason: its systems alternate. */
static uint32_t detect(host_model_t *model, host_entry_t *entry, uint32_t slot,
                       const host_sighting_t *sighting)
{
    uint32_t reasons = 0;
    if (sighting->kind == SYNFIX_OBSERVATION_UPTIME) {
        reasons = detect_restart(entry, sighting);
    } else if (sighting->time_ns >= entry->last_ns) {
        reasons = detect_sharing(model, entry, slot, sighting);
        reasons |= detect_label(model, entry, sighting) | detect_link(entry, sighting);
    }
    return entry->score >= SYNFIX_HOST_SHARED_SCORE ? reasons & SYNFIX_HOST_SHARED : reasons;
}

static synfix_host_change_t public_change(const host_model_t *model, const entry_change_t *change)
{
    return (synfix_host_change_t){
        .reasons = change->reasons,
        .score = change->score,
        .before = host_labels_at(model->labels, change->before)->text,
        .after = host_labels_at(model->labels, change->after)->text,
    };
}

bool entry_detect(host_model_t *model, host_entry_t *entry, uint32_t slot, const host_sighting_t *sighting,
                  synfix_host_change_t *change)
{
    const uint32_t before = entry->verdict;
    const uint32_t reasons = detect(model, entry, slot, sighting);
    if (reasons == 0 || !model->config.evidence) {
        return false;
    }
    const bool by_other = (reasons & SYNFIX_HOST_SHARED) != 0 && sighting->label != 0;
    const entry_change_t kept = {
        .time_ns = sighting->time_ns,
        .reasons = reasons | entry->reasons,
        .before = before,
        .after = by_other ? sighting->label : entry->verdict,
        .score = entry->score,
    };
    entry_add_change(model, entry, &kept);
    if (change != NULL) {
        *change = public_change(model, &kept);
    }
    return true;
}
