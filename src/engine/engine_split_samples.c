/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Samples of host clocks between workers. A sample is one cache line, so the owner of a host looks at nothing
 * else: the packet is looked at again only for the few samples that change what is known about the host. */
#include "engine/engine_split.h"

void engine_set_samples(synfix_engine_t *engine, split_samples_t *samples, unsigned workers)
{
    engine->samples = samples;
    engine->sample_owners = workers;
}

void engine_keep_sample(synfix_engine_t *engine, const packet_context_t *context)
{
    split_samples_t *samples = engine->samples;
    const synfix_address_t destination = engine_destination(context);
    samples->owners[samples->count] = (uint8_t)(context->host_hash % engine->sample_owners);
    samples->samples[samples->count++] = (split_sample_t){
        .source = engine_source(context),
        .time_ns = context->packet.time_ns,
        .value = context->sample.value,
        .echo = context->sample.echo,
        .connection = context->flow_hash,
        .peer = engine_peer_hash(&destination, context->ip_version),
        .host_hash = context->host_hash,
        .seconds = context->seconds,
        .which = context->which,
        .ip_version = context->ip_version,
        .clock = context->sample.clock,
        .from_server = context->sample.from_server,
    };
}

/* Not inlined: few samples change anything. */
static __attribute__((noinline)) void add_to_regression(synfix_engine_t *engine, const split_batch_t *batch,
                                                        const split_sample_t *sample, host_t *host,
                                                        uptime_sample_t uptime_sample)
{
    synfix_uptime_t uptime;
    if (!uptime_regression_add(host, host_table_samples(&engine->hosts, host), &uptime_sample, &uptime)) {
        return;
    }
    packet_context_t *context = engine_split_context(engine, batch, sample->which);
    context->sample = (engine_sample_t){sample->value, sample->echo, sample->from_server, sample->clock};
    engine_report_uptime(engine, context, &uptime);
}

static void push_sample(synfix_engine_t *engine, const split_batch_t *batch, const split_sample_t *sample,
                        host_forecast_t forecast)
{
    host_t *host = host_table_get_at(&engine->hosts, forecast, sample->host_hash, sample->source,
                                     sample->ip_version, sample->seconds);
    host_set_clock(host, sample->clock);
    const uptime_sample_t uptime_sample = {
        sample->time_ns, sample->value, host->clock == SYNFIX_CLOCK_HOST ? sample->peer : sample->connection};
    if (uptime_regression_wants(host, &uptime_sample)) {
        add_to_regression(engine, batch, sample, host, uptime_sample);
    }
}

#define HEAD_AHEAD 16u
#define HOST_AHEAD 8u /* half of it: a forecast is used before its place is needed again */

void engine_push_samples(synfix_engine_t *engine, const split_batch_t *batch,
                         const split_sample_t *const *samples, size_t count)
{
    host_forecast_t forecasts[HOST_AHEAD];
    for (size_t i = 0; i < count + HEAD_AHEAD; i++) {
        if (i >= HEAD_AHEAD) {
            push_sample(engine, batch, samples[i - HEAD_AHEAD], forecasts[i % HOST_AHEAD]);
        }
        if (i < count) {
            host_table_prefetch(&engine->hosts, samples[i]->host_hash);
        }
        if (i >= HOST_AHEAD && i - HOST_AHEAD < count) {
            const split_sample_t *next = samples[i - HOST_AHEAD];
            forecasts[i % HOST_AHEAD] =
                host_table_prefetch_host(&engine->hosts, next->host_hash, next->seconds);
        }
    }
}
