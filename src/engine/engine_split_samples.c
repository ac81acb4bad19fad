/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Samples of host clocks between workers. A sample is one cache line, and the owner of a host reads no other
 * data of the packet, except for the few samples that lead to an observation. */
#include "base/prefetch.h"
#include "engine/engine_split.h"

void engine_set_samples(synfix_engine_t *engine, split_samples_t *samples, unsigned workers)
{
    engine->samples = samples;
    engine->sample_owners = workers;
}

/* Addresses of a packet, as the words of synfix_address_t. */
typedef struct ends {
    uint64_t source[2];
    uint64_t destination[2];
} ends_t;

static inline ends_t ends_of(const packet_context_t *context)
{
    ends_t ends = {{LE64(context->tuple.addresses & UINT32_MAX), 0},
                   {LE64(context->tuple.addresses >> 32), 0}};
    if (__builtin_expect(context->ip_version == 6, 0)) {
        memcpy(ends.source, context->headers.source.bytes, sizeof ends.source);
        memcpy(ends.destination, context->headers.destination.bytes, sizeof ends.destination);
    }
    return ends;
}

static inline uint32_t facts_of(const packet_context_t *context)
{
    return context->sample.clock | (context->ip_version == 6 ? SAMPLE_IPV6 : 0) |
           (context->sample.from_server ? SAMPLE_FROM_SERVER : 0) |
           (context->frame != SPLIT_NO_FRAME ? SAMPLE_FRAME : 0);
}

void engine_keep_sample(synfix_engine_t *engine, const packet_context_t *context)
{
    split_samples_t *samples = engine->samples;
    split_sample_t *sample = &samples->samples[samples->count];
    const ends_t ends = ends_of(context);
    const void *packet =
        context->frame != SPLIT_NO_FRAME ? (const void *)&engine->frames[context->frame] : context;
    samples->owners[samples->count] = (uint8_t)(context->host_hash % engine->sample_owners);
    samples->orders[samples->count++] = context->order;
    stream_u64(&sample->source[0], ends.source[0]);
    stream_u64(&sample->source[1], ends.source[1]);
    stream_u64(&sample->time_ns, (uint64_t)context->packet.time_ns);
    stream_u32(&sample->value, context->sample.value);
    stream_u32(&sample->echo, context->sample.echo);
    stream_u32(&sample->connection, context->flow_hash);
    stream_u32(&sample->peer, engine_peer_hash_words(ends.destination, context->ip_version));
    stream_u32(&sample->host_hash, context->host_hash);
    stream_u32(&sample->now, context->now);
    stream_u32(&sample->facts, facts_of(context));
    stream_u32(&sample->unused, 0);
    stream_pointer(&sample->packet, packet);
}

/* Not inlined: few samples change anything. */
static __attribute__((noinline)) void add_to_regression(synfix_engine_t *engine, const split_sample_t *sample,
                                                        host_t *host, uptime_sample_t uptime_sample)
{
    synfix_uptime_t uptime;
    if (!uptime_regression_add(host, host_table_samples(&engine->hosts, host), &uptime_sample, &uptime)) {
        return;
    }
    packet_context_t *context = engine_split_context(engine, sample);
    context->sample =
        (engine_sample_t){sample->value, sample->echo, (sample->facts & SAMPLE_FROM_SERVER) != 0,
                          (uint8_t)(sample->facts & SAMPLE_CLOCK)};
    engine_report_uptime(engine, context, &uptime);
}

static void push_sample(synfix_engine_t *engine, const split_sample_t *sample, host_forecast_t forecast)
{
    synfix_address_t source;
    memcpy(&source, sample->source, sizeof source);
    host_t *host = host_table_get_at(&engine->hosts, forecast, sample->host_hash, source,
                                     (sample->facts & SAMPLE_IPV6) != 0 ? 6 : 4, sample->now);
    host_set_clock(host, sample->facts & SAMPLE_CLOCK);
    const uptime_sample_t uptime_sample = {(int64_t)sample->time_ns, sample->value,
                                           host->clock == SYNFIX_CLOCK_HOST ? sample->peer
                                                                            : sample->connection};
    if (uptime_regression_wants(host, &uptime_sample)) {
        add_to_regression(engine, sample, host, uptime_sample);
    }
}

/* Sample s is fetched in step s - SAMPLE_AHEAD, the head of its host's set in step s, the host in step s +
 * HOST_AHEAD. In step s + HEAD_AHEAD the sample is added. Between the last two steps, forecasts[s %
 * HOST_AHEAD] has its forecast; the place is used again in the step in which it becomes free. */
#define SAMPLE_AHEAD 32u
#define HEAD_AHEAD   16u
#define HOST_AHEAD   8u

_Static_assert(HEAD_AHEAD == 2 * HOST_AHEAD, "places of forecasts become free in time");

void engine_push_samples(synfix_engine_t *engine, const split_sample_t *const *samples, size_t count)
{
    host_forecast_t forecasts[HOST_AHEAD];
    for (size_t i = 0; i < SAMPLE_AHEAD && i < count; i++) {
        prefetch(samples[i]);
    }
    for (size_t i = 0; i < count + HEAD_AHEAD; i++) {
        if (i + SAMPLE_AHEAD < count) {
            prefetch(samples[i + SAMPLE_AHEAD]);
        }
        if (i >= HEAD_AHEAD) {
            push_sample(engine, samples[i - HEAD_AHEAD], forecasts[i % HOST_AHEAD]);
        }
        if (i < count) {
            host_table_prefetch(&engine->hosts, samples[i]->host_hash);
        }
        if (i >= HOST_AHEAD && i - HOST_AHEAD < count) {
            const split_sample_t *next = samples[i - HOST_AHEAD];
            forecasts[i % HOST_AHEAD] = host_table_prefetch_host(&engine->hosts, next->host_hash, next->now);
        }
    }
}
