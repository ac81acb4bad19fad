/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Uptime in the last stage as p0f 3.09b finds it, with its rules about flows. */
#include "engine/engine_internal.h"

#define ENDING (SYNFIX_TCP_FIN | SYNFIX_TCP_RST) /* one of them ends a flow; both: no segment of a TCP */

/* As p0f: one report for each flow and direction. */
static void compare(synfix_engine_t *engine, packet_context_t *context, flow_t *flow, host_t *host,
                    engine_sample_t sample)
{
    const uint32_t done = FLOW_P0F_DONE << sample.from_server;
    if ((flow->state & done) != 0) {
        return;
    }
    const uptime_sample_t uptime_sample = {context->packet.time_ns, sample.value, context->flow_hash};
    synfix_uptime_t uptime;
    const frequency_estimate_t judged = uptime_p0f_compare(host, host_table_samples(&engine->hosts, host),
                                                           &uptime_sample, sample.from_server, &uptime);
    if (judged == FREQUENCY_GOOD || (judged == FREQUENCY_BAD && context->verdict != SYNFIX_VERDICT_SYN)) {
        flow->state |= done;
    }
    if (judged == FREQUENCY_GOOD) {
        context->sample = sample;
        engine_report_uptime(engine, context, &uptime);
    }
}

void engine_p0f_handshake(synfix_engine_t *engine, packet_context_t *context, flow_t *flow, bool tool)
{
    if ((flow->state & FLOW_P0F_ALIVE) == 0) {
        return;
    }
    if (tool) {
        flow->state &= ~FLOW_P0F_ALIVE;
        return;
    }
    host_t *host = engine_host(engine, context);
    const engine_sample_t sample = {context->packet.timestamp_value, context->packet.timestamp_echo,
                                    context->verdict == SYNFIX_VERDICT_SYN_ACK, SYNFIX_CLOCK_UNKNOWN};
    compare(engine, context, flow, host, sample);
    const uptime_sample_t uptime_sample = {context->packet.time_ns, sample.value, context->flow_hash};
    uptime_p0f_remember(host, host_table_samples(&engine->hosts, host), &uptime_sample, sample.from_server);
    counter_add(&engine->counters.timestamp_samples, sample.value != 0);
}

/* Whether p0f would compare the segment: FIN or RST, or ACK of the next sequence number. The first segment of
 * an unanswered SYN ends the flow for p0f. */
static bool is_compared(flow_t *flow, const synfix_headers_t *headers, unsigned ending, bool from_server)
{
    if ((flow->state & FLOW_P0F_ALIVE) == 0 || ending == ENDING) {
        return false;
    }
    if (ending != 0) {
        return true;
    }
    if ((headers->tcp_flags & SYNFIX_TCP_ACK) == 0) {
        return false;
    }
    if ((flow->state & FLOW_ANSWERED) == 0) {
        flow->state &= ~FLOW_P0F_ALIVE;
        return false;
    }
    return flow->next_sequence[from_server] == headers->sequence;
}

static void compare_segment(synfix_engine_t *engine, packet_context_t *context, flow_t *flow,
                            bool from_server)
{
    const synfix_headers_t *headers = &context->headers;
    synfix_tcp_options_t options;
    synfix_tcp_options_read(headers->options, headers->options_captured, &options);
    if (options.timestamp_value != 0) {
        const engine_sample_t sample = {options.timestamp_value, options.timestamp_echo, from_server,
                                        SYNFIX_CLOCK_UNKNOWN};
        compare(engine, context, flow, engine_host(engine, context), sample);
    }
}

void engine_p0f_segment(synfix_engine_t *engine, packet_context_t *context, flow_position_t position)
{
    const synfix_headers_t *headers = &context->headers;
    const unsigned ending = headers->tcp_flags & ENDING;
    flow_t *flow = flow_table_at(&engine->flows, position);
    if (!is_compared(flow, headers, ending, position.from_server)) {
        return;
    }
    flow_table_touch(&engine->flows, position, context->now, true);
    compare_segment(engine, context, flow, position.from_server);
    if (ending == 0) {
        flow->next_sequence[position.from_server] += headers->payload_length;
    } else {
        flow->state &= ~FLOW_P0F_ALIVE;
    }
}
