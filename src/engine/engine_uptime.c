/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Uptime in the last stage: selects the timestamps that are samples, and passes them to the host table, to
 * another thread or to the application. */
#include <string.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "engine/engine_split.h"
#include "engine/flow_hash.h"

static void emit(synfix_engine_t *engine, const synfix_headers_t *headers,
                 const synfix_timestamp_sample_t *sample, const synfix_uptime_t *uptime)
{
    synfix_tcp_options_t options;
    memset(&options, 0, sizeof options);
    options.has_timestamps = true;
    options.timestamp_value = sample->timestamp_value;
    options.timestamp_echo = sample->timestamp_echo;
    const synfix_observation_t observation = {
        .kind = SYNFIX_OBSERVATION_UPTIME,
        .from_server = sample->from_server,
        .flags = engine_header_flags(headers),
        .time_ns = sample->time_ns,
        .packet_number = sample->packet_number & SYNFIX_PACKET_NUMBER_MAX,
        .flow_id = engine->config.flow_id_base + sample->packet_number,
        .interface_id = sample->interface_id,
        .headers = headers,
        .options = &options,
        .uptime = *uptime,
        .user = sample->user,
    };
    counter_add(&engine->counters.uptime_observations, 1);
    engine->config.on_observation(&observation, engine->config.observation_user);
}

/* All fields but the headers, which are large and often not needed. */
static void fill_sample(synfix_timestamp_sample_t *sample, const packet_context_t *context)
{
    const engine_sample_t *own = &context->sample;
    sample->timestamp_value = own->value;
    sample->timestamp_echo = own->echo;
    sample->time_ns = context->packet.time_ns;
    sample->packet_number = context->packet.packet_number;
    sample->interface_id = context->packet.interface_id;
    sample->user = context->packet.user;
    sample->from_server = own->from_server;
    sample->clock = own->clock;
    sample->from_syn = context->verdict != SYNFIX_VERDICT_SEGMENT;
}

/* Not inlined: the observation on the stack slows every call of a function that has one. */
__attribute__((noinline)) void engine_report_uptime(synfix_engine_t *engine, const packet_context_t *context,
                                                    const synfix_uptime_t *uptime)
{
    synfix_timestamp_sample_t sample;
    engine_emit_plain(engine);
    fill_sample(&sample, context);
    emit(engine, engine_headers(engine, context), &sample, uptime);
}

/* The sample for the regression of @p host: timestamp @p value, and the connection, or the pair of hosts if
 * the clock @p clock of the sender's label belongs to a pair. */
static inline uptime_sample_t sample_of(host_t *host, const packet_context_t *context, uint32_t value,
                                        uint8_t clock)
{
    uptime_sample_t uptime_sample = {context->packet.time_ns, value, context->flow_hash};
    host_set_clock(host, clock);
    if (__builtin_expect(host->clock == SYNFIX_CLOCK_HOST, 0)) {
        const synfix_address_t destination = engine_destination(context);
        uptime_sample.connection = engine_peer_hash(&destination, context->ip_version);
    }
    return uptime_sample;
}

/* Adds a sample that can change the estimate. */
static inline void add_to_regression(synfix_engine_t *engine, packet_context_t *context, host_t *host,
                                     uptime_sample_t uptime_sample)
{
    synfix_uptime_t uptime;
    if (uptime_regression_add(host, host_table_samples(&engine->hosts, host), &uptime_sample, &uptime)) {
        engine_report_uptime(engine, context, &uptime);
    }
}

/* Passes the sample of @p context to the owner of the host's state: another thread, or the embedding
 * application. */
static __attribute__((noinline)) void pass_sample(synfix_engine_t *engine, packet_context_t *context)
{
    if (engine->samples != NULL) {
        engine_keep_sample(engine, context);
        return;
    }
    synfix_timestamp_sample_t sample;
    fill_sample(&sample, context);
    sample.headers = *engine_headers(engine, context);
    sample.headers.options = NULL;
    engine->config.on_timestamp_sample(&sample, engine->config.timestamp_sample_user);
}

/* The value of @p sample is not 0, and the host_hash of @p context is set. Only a sample that is passed on or
 * changes an estimate is copied to the context: few are. */
static inline __attribute__((always_inline)) void
receive_sample(synfix_engine_t *engine, packet_context_t *context, const engine_sample_t sample)
{
    counter_add(&engine->counters.timestamp_samples, 1);
    if (!context->fetch_host && !engine_keeps_hosts(engine)) {
        context->sample = sample;
        pass_sample(engine, context);
        return;
    }
    host_t *host = engine_host(engine, context);
    const uptime_sample_t uptime_sample = sample_of(host, context, sample.value, sample.clock);
    if (uptime_regression_wants(host, &uptime_sample)) {
        context->sample = sample;
        add_to_regression(engine, context, host, uptime_sample);
    }
}

void synfix_engine_push_sample(synfix_engine_t *engine, const synfix_timestamp_sample_t *sample)
{
    const synfix_headers_t *headers = &sample->headers;
    host_t *host = host_table_get(&engine->hosts, flow_host_hash(headers), &headers->source,
                                  headers->ip_version, stamp_time(sample->time_ns));
    uptime_sample_t uptime_sample = {sample->time_ns, sample->timestamp_value,
                                     flow_hash(headers, flow_tuple(headers))};
    host_set_clock(host, sample->clock);
    if (host->clock == SYNFIX_CLOCK_HOST) {
        uptime_sample.connection = engine_peer_hash(&headers->destination, headers->ip_version);
    }
    synfix_uptime_t uptime;
    if (uptime_regression_wants(host, &uptime_sample) &&
        uptime_regression_add(host, host_table_samples(&engine->hosts, host), &uptime_sample, &uptime)) {
        emit(engine, headers, sample, &uptime);
    }
}

/* The interval between samples of a connection is its age, 25 ms at least: each sample doubles the age. */
static void regression_segment(synfix_engine_t *engine, packet_context_t *context, flow_position_t position)
{
    const uint32_t now_ms = context->time_ms;
    flow_t *flow = flow_table_at(&engine->flows, position);
    if (!engine_sample_is_due(flow, position.from_server, now_ms)) {
        return;
    }
    const uint32_t open_ms = now_ms - flow->opened_ms;
    flow->sampled_ms[position.from_server] =
        now_ms + (open_ms > FREQUENCY_WAIT_MIN_MS ? open_ms : FREQUENCY_WAIT_MIN_MS);
    flow_table_touch(&engine->flows, position, context->now, (flow->state & FLOW_SYN_SEEN) != 0);
    if (!context->fetch_host) {
        context->host_hash = engine_host_hash(context);
    }
    const uint8_t *values = context->options + PLAIN_STAMPED_VALUES;
    const engine_sample_t sample = {read_be32(values), read_be32(values + 4), position.from_server,
                                    SYNFIX_CLOCK_UNKNOWN};
    if (sample.value != 0) {
        receive_sample(engine, context, sample);
    }
}

void engine_uptime_handshake(synfix_engine_t *engine, packet_context_t *context, flow_t *flow, bool first,
                             const fingerprint_slot_t *slot)
{
    const uint32_t value = context->packet.timestamp_value;
    const synfix_uptime_mode_t mode = engine->config.uptime;
    if ((value == 0 && mode != SYNFIX_UPTIME_P0F) || mode == SYNFIX_UPTIME_OFF) {
        return;
    }
    if (!context->fetch_host) {
        context->host_hash = engine_host_hash(context);
    }
    if (__builtin_expect(mode == SYNFIX_UPTIME_P0F, 0)) {
        if (first) {
            engine_p0f_handshake(engine, context, flow, (slot->flags & SYNFIX_FLAG_TOOL) != 0);
        }
        return;
    }
    const engine_sample_t sample = {value, context->packet.timestamp_echo,
                                    context->verdict == SYNFIX_VERDICT_SYN_ACK, slot->clock};
    receive_sample(engine, context, sample);
}

void engine_uptime_segment(synfix_engine_t *engine, packet_context_t *context)
{
    if (!context->fetch_host) {
        context->now = stamp_time(context->packet.time_ns);
    }
    const flow_position_t position =
        flow_table_find(&engine->flows, &context->flow, context->flow_hash, &context->tuple,
                        engine_ipv6(context), context->now, false);
    if (!position.found) {
        return;
    }
    if (engine->config.uptime == SYNFIX_UPTIME_P0F) {
        engine_p0f_segment(engine, context, position);
    } else {
        regression_segment(engine, context, position);
    }
}
