/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_evidence.h"
#include "base/clock.h"

#include "hosts/stack.h"

#define PORT_REACH  16u
#define IP_ID_REACH 64u

/* Weights of the reasons. A sharing score needs one reason that no single host produces, or two that rarely
 * occur together. Option order and initial TTL depend on the implementation; label, window, MTU and distance
 * may vary within one host. */
static const struct {
    uint32_t reason;
    uint8_t weight;
} weights[] = {
    {SYNFIX_HOST_FAMILY, 40}, {SYNFIX_HOST_TTL, 35},   {SYNFIX_HOST_LAYOUT, 50},
    {SYNFIX_HOST_SCALE, 15},  {SYNFIX_HOST_CLOCK, 60}, {SYNFIX_HOST_DISTANCE, 10},
    {SYNFIX_HOST_MTU, 5},     {SYNFIX_HOST_IP_ID, 30}, {SYNFIX_HOST_PORTS, 25},
};

/* Compatible orders are one value, represented by the longest of them. With @p known_only a new order is
 * ignored.
 */
static void layout_add(alternation_t *layout, option_order_t order, uint32_t now_s, bool known_only)
{
    const unsigned current = layout->current;
    unsigned index = ALTERNATION_VALUES;
    if (layout->last_s[current] != 0 && option_orders_agree(layout->values[current], order)) {
        index = current;
    }
    for (unsigned i = 0; i < ALTERNATION_VALUES && index == ALTERNATION_VALUES; i++) {
        if (layout->last_s[i] != 0 && option_orders_agree(layout->values[i], order)) {
            index = i;
        }
    }
    if (index < ALTERNATION_VALUES) {
        order = option_order_longer(layout->values[index], order);
        layout->values[index] = order;
    } else if (known_only) {
        return;
    }
    alternation_add(layout, order, now_s);
}

/* Windows that do not differ are one value. */
static void window_add(host_evidence_t *evidence, const synfix_signature_t *signature, uint32_t now_s,
                       bool known_only)
{
    alternation_t *window = &evidence->window;
    uint32_t value = window_value(signature);
    bool known = false;
    for (unsigned i = 0; i < ALTERNATION_VALUES; i++) {
        const unsigned index = (window->current + i) % ALTERNATION_VALUES;
        if (window->last_s[index] == 0 || windows_differ(&evidence->window_signatures[index], signature)) {
            continue;
        }
        value = window->values[index];
        known = true;
        break;
    }
    if (known_only && !known) {
        return;
    }
    alternation_add(window, value, now_s);
    evidence->window_signatures[window->current] = *signature;
}

static void add_counters(host_evidence_t *evidence, const host_sighting_t *sighting, uint32_t now_s)
{
    const uint32_t peer_port = sighting->peer ^ (sighting->destination_port * UINT32_C(0x9E3779B1));
    if (sighting->timestamp != 0) {
        clock_lines_add(evidence, sighting->timestamp, sighting->peer, sighting->time_ns);
    }
    if (sighting->ip_id != 0) {
        counter_track_add(evidence->ip_ids, &evidence->ip_id_use, sighting->ip_id, sighting->peer,
                          IP_ID_REACH, now_s);
    }
    if (sighting->kind == SYNFIX_OBSERVATION_SYN) {
        counter_track_add(evidence->ports, &evidence->port_use, sighting->source_port, peer_port, PORT_REACH,
                          now_s);
    }
}

/* Without an entry the initial TTL is a guess: 32 may be the rest of a long path. */
static bool ttl_is_known(const host_sighting_t *sighting)
{
    return !sighting->random_ttl && !sighting->excess_distance && sighting->initial_ttl > 32;
}

static void ttl_add(host_evidence_t *evidence, const host_sighting_t *sighting, uint32_t now_s)
{
    const bool known_only = sighting->repeated;
    const unsigned old_ttl = evidence->ttl.current;
    if (ttl_is_known(sighting) && (!known_only || alternation_knows(&evidence->ttl, sighting->initial_ttl))) {
        alternation_add(&evidence->ttl, sighting->initial_ttl, now_s);
        if (evidence->ttl.current == old_ttl && !known_only) {
            alternation_add(&evidence->distance, sighting->distance + 1u, now_s);
        }
    }
}

/* A label alone is not sufficient: the signature must differ in a property that no middlebox changes. */
static void family_add(host_evidence_t *evidence, uint32_t family, bool other_stack, bool known_only,
                       uint32_t now_s)
{
    const bool counts =
        family != 0 && (other_stack || evidence->family.last_s[evidence->family.current] == 0);
    if (counts && (!known_only || alternation_knows(&evidence->family, family))) {
        alternation_add(&evidence->family, family, now_s);
    }
}

void host_evidence_add(host_evidence_t *evidence, const host_sighting_t *sighting, uint32_t family)
{
    const uint32_t now_s = (uint32_t)(uint64_t)(sighting->time_ns / NS_PER_S);
    const synfix_signature_t *signature = &sighting->facts.signature;
    /* A repeated SYN may lack options, so it adds no new value. A known value in it is evidence that its
     * stack is in use again. */
    const bool known_only = sighting->repeated;
    if (sighting->tool) {
        return;
    }
    const unsigned old_layout = evidence->layout.current;
    const unsigned old_window = evidence->window.current;
    const unsigned old_ttl = evidence->ttl.current;
    layout_add(&evidence->layout, option_order(signature), now_s, known_only);
    window_add(evidence, signature, now_s, known_only);
    ttl_add(evidence, sighting, now_s);
    if (sighting->link_mtu != 0 && !known_only) {
        alternation_add(&evidence->mtu, sighting->link_mtu, now_s);
    }
    const bool other_stack = evidence->layout.current != old_layout || evidence->ttl.current != old_ttl ||
                             evidence->window.current != old_window;
    family_add(evidence, family, other_stack, known_only, now_s);
    if (!known_only) {
        add_counters(evidence, sighting, now_s);
    }
}

uint32_t host_evidence_reasons(const host_evidence_t *evidence)
{
    uint32_t reasons = 0;
    const struct {
        const alternation_t *alternation;
        uint32_t reason;
    } alternations[] = {
        {&evidence->family, SYNFIX_HOST_FAMILY},     {&evidence->ttl, SYNFIX_HOST_TTL},
        {&evidence->layout, SYNFIX_HOST_LAYOUT},     {&evidence->window, SYNFIX_HOST_SCALE},
        {&evidence->distance, SYNFIX_HOST_DISTANCE}, {&evidence->mtu, SYNFIX_HOST_MTU},
    };
    for (size_t i = 0; i < sizeof alternations / sizeof alternations[0]; i++) {
        if (alternation_counts(alternations[i].alternation)) {
            reasons |= alternations[i].reason;
        }
    }
    if (clock_lines_alternate(evidence)) {
        reasons |= SYNFIX_HOST_CLOCK;
    }
    if (counter_tracks_alternate(evidence->ip_ids, &evidence->ip_id_use)) {
        reasons |= SYNFIX_HOST_IP_ID;
    }
    if (counter_tracks_alternate(evidence->ports, &evidence->port_use)) {
        reasons |= SYNFIX_HOST_PORTS;
    }
    return reasons;
}

uint8_t host_reasons_score(uint32_t reasons)
{
    unsigned score = 0;
    for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
        if ((reasons & weights[i].reason) != 0) {
            score += weights[i].weight;
        }
    }
    return (uint8_t)(score < 100 ? score : 100);
}
