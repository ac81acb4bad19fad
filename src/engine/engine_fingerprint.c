/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Computes the fingerprint of a key that is not in the cache. */
#include "engine/engine_internal.h"
#include "signature/link_mtu.h"

static void look_up(const synfix_engine_config_t *config, synfix_direction_t direction, uint8_t offers,
                    synfix_fingerprint_t *contents)
{
    if (direction == SYNFIX_DIRECTION_REQUEST) {
        synfix_sigdb_match(config->sigdb, direction, &contents->signature, &contents->match);
    } else {
        synfix_sigdb_match_answer(config->sigdb, &contents->signature, offers, &contents->match);
    }
}

static void make_match(synfix_engine_t *engine, synfix_direction_t direction, uint8_t offers,
                       synfix_fingerprint_t *contents)
{
    const synfix_engine_config_t *config = &engine->config;
    const uint32_t mtu = mtu_from_mss(contents->signature.ip_version, contents->signature.mss);
    contents->link_mtu = mtu > UINT16_MAX ? UINT16_MAX : (uint16_t)mtu;
    contents->link_label = NULL;
    if (mtu != 0 && config->sigdb != NULL) {
        contents->link_label = synfix_sigdb_link(config->sigdb, mtu);
    }
    if (config->match != NULL) {
        config->match(direction, &contents->signature, &contents->match, config->match_user);
        return;
    }
    if (config->sigdb != NULL) {
        look_up(config, direction, offers, contents);
        return;
    }
    const uint8_t initial = synfix_initial_ttl_guess(contents->signature.ttl);
    const uint8_t distance = (uint8_t)(initial - contents->signature.ttl);
    contents->match = (synfix_match_t){
        .initial_ttl = initial, .distance = distance, .excess_distance = distance > SYNFIX_DISTANCE_MAX};
}

static uint32_t match_flags(const synfix_match_t *match)
{
    return (match->tool ? (uint32_t)SYNFIX_FLAG_TOOL : 0u) |
           (match->random_ttl ? (uint32_t)SYNFIX_FLAG_RANDOM_TTL : 0u) |
           (match->excess_distance ? (uint32_t)SYNFIX_FLAG_EXCESS_DISTANCE : 0u);
}

/* The parts of the SYN that may change the answer of a SYN+ACK. p0f tries the MSS of the peer as the last
 * divisor of the window, so that it matters only if no earlier divisor matched. */
static uint32_t answer_mask(const synfix_fingerprint_t *contents)
{
    return (contents->signature.window_kind == SYNFIX_WINDOW_PLAIN ? FINGERPRINT_SYN_MSS : 0) |
           (contents->match.uses_offers ? FINGERPRINT_SYN_OFFERS : 0);
}

static uint32_t as_syn(const synfix_signature_t *signature)
{
    return signature->mss | (uint32_t)synfix_signature_offers(signature) << FINGERPRINT_SYN_OFFERS_SHIFT;
}

/* Extracts the signature of @p headers, and writes it as text. @p syn: as in engine_compute. */
static void make_signature(const synfix_engine_t *engine, const synfix_headers_t *headers, uint32_t syn,
                           fingerprint_slot_t *slot, synfix_fingerprint_t *contents)
{
    synfix_signature_t *signature = &contents->signature;
    synfix_tcp_options_read(headers->options, headers->options_length, &slot->options);
    synfix_signature_extract(headers, &slot->options, (uint16_t)(syn & FINGERPRINT_SYN_MSS), signature);
    if (engine->config.signatures == SYNFIX_SIGNATURE_P0F) {
        synfix_signature_as_p0f(headers, signature);
    }
    contents->text_length = (uint16_t)synfix_signature_format(signature, contents->text);
    contents->layout_text_length = (uint16_t)synfix_layout_format(signature, contents->layout_text);
}

/* The fields of a slot that the fast path reads instead of the contents. */
static void summarize(const synfix_fingerprint_t *contents, fingerprint_slot_t *slot)
{
    slot->flags = match_flags(&contents->match) |
                  (contents->link_mtu == UINT16_MAX ? (uint32_t)SYNFIX_FLAG_MTU_SATURATED : 0u);
    slot->matched = contents->match.label != NULL;
    slot->clock = contents->match.clock & 7u;
    slot->as_syn = as_syn(&contents->signature);
}

fingerprint_slot_t *engine_compute(synfix_engine_t *engine, const packet_context_t *context, uint32_t hash,
                                   uint32_t syn)
{
    const bool answer = context->verdict != SYNFIX_VERDICT_SYN;
    engine_emit_plain(engine); /* observations that wait refer to slots, one of which is reused below */
    const synfix_headers_t *headers = engine_headers(engine, context);
    fingerprint_slot_t *slot = fingerprint_cache_take(&engine->cache, hash, &context->key);
    synfix_fingerprint_t *contents = fingerprint_cache_contents(&engine->cache, slot);
    counter_add(&engine->counters.fingerprint_misses, 1);
    slot->timestamps_at = context->timestamps_at;
    make_signature(engine, headers, syn, slot, contents);
    make_match(engine, answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST,
               (uint8_t)(syn >> FINGERPRINT_SYN_OFFERS_SHIFT), contents);
    summarize(contents, slot);
    slot->syn_mask = answer && syn == 0 ? answer_mask(contents) : 0;
    return slot;
}
