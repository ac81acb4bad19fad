/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The flow of a SYN or SYN+ACK in the last stage: new, repeated, or an answer. */
#include "engine/engine_internal.h"
#include "engine/flow_insert.h"

static inline __attribute__((always_inline)) flow_t *insert(synfix_engine_t *engine,
                                                            const packet_context_t *context, bool from_server,
                                                            uint32_t state, flow_position_t position)
{
    flow_t *flow = flow_table_insert(&engine->flows, context->flow_hash, &context->tuple,
                                     engine_ipv6(context), from_server, state, context->now, &position);
    const uint32_t now_ms = engine_milliseconds(context->packet.time_ns);
    flow->next_sequence[from_server] = context->sequence + 1;
    flow->next_sequence[!from_server] = 0;
    flow->opened_ms = now_ms;
    flow->sampled_ms[0] = flow->sampled_ms[1] = now_ms + FREQUENCY_WAIT_MIN_MS;
    return flow;
}

/* Whether the flow began with the same SYN. */
static inline bool is_repeated_syn(const flow_t *flow, const packet_context_t *context,
                                   flow_position_t position)
{
    return position.found && !position.from_server && (flow->state & FLOW_SYN_SEEN) != 0 &&
           flow->next_sequence[0] == context->sequence + 1;
}

static inline void handshake_syn(synfix_engine_t *engine, const packet_context_t *context,
                                 flow_position_t position, engine_handshake_t *result)
{
    flow_t *flow = result->flow;
    if (is_repeated_syn(flow, context, position)) {
        result->flags = SYNFIX_FLAG_RETRANSMISSION;
        flow->state &= ~FLOW_SYN;
        flow_table_touch(&engine->flows, position, context->now, false);
        /* p0f forgets flows early and then takes a repeated SYN for a new one. */
        if (engine->config.uptime != SYNFIX_UPTIME_P0F || (flow->state & FLOW_P0F_ALIVE) != 0) {
            return;
        }
    }
    result->flow = insert(engine, context, false, FLOW_SYN_SEEN | FLOW_P0F_ALIVE, position);
    result->first = true;
}

static void answer(synfix_engine_t *engine, const packet_context_t *context, flow_position_t position,
                   engine_handshake_t *result)
{
    flow_t *flow = result->flow;
    const uint32_t next = context->sequence + 1;
    const bool syn_seen = (flow->state & FLOW_SYN_SEEN) != 0;
    if ((flow->state & FLOW_ANSWERED) == 0) {
        flow->state |= FLOW_ANSWERED;
        flow->next_sequence[1] = next;
        result->first = syn_seen;
    } else if (flow->next_sequence[1] == next) {
        result->flags |= SYNFIX_FLAG_RETRANSMISSION;
    }
    if (syn_seen) {
        result->syn = flow->state & FLOW_SYN;
    } else {
        result->flags |= SYNFIX_FLAG_SYN_NOT_SEEN;
    }
    flow_table_touch(&engine->flows, position, context->now, syn_seen);
}

static inline void handshake_syn_ack(synfix_engine_t *engine, const packet_context_t *context,
                                     flow_position_t position, engine_handshake_t *result)
{
    if (!position.found) {
        result->flow = insert(engine, context, true, FLOW_ANSWERED, position);
        result->flags = SYNFIX_FLAG_SYN_NOT_SEEN;
    } else if (position.from_server) {
        answer(engine, context, position, result);
    } else {
        /* Simultaneous open: this packet answers a SYN of the other side, which the flow does not hold. */
        result->flags = SYNFIX_FLAG_SYN_NOT_SEEN;
    }
}

void engine_handshake(synfix_engine_t *engine, const packet_context_t *context, engine_handshake_t *result)
{
    const flow_position_t position =
        flow_table_find(&engine->flows, &context->flow, context->flow_hash, &context->tuple,
                        engine_ipv6(context), context->now, true);
    result->flow = flow_table_at(&engine->flows, position);
    result->flags = 0;
    result->syn = 0;
    result->first = false;
    if (context->verdict == SYNFIX_VERDICT_SYN) {
        handshake_syn(engine, context, position, result);
    } else {
        handshake_syn_ack(engine, context, position, result);
    }
}
