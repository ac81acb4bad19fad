/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The samples in a datagram of sFlow: each one is a packet. */
#include "engine/engine_internal.h"

packet_context_t *engine_push_sflow(synfix_engine_t *engine, const synfix_packet_t *datagram,
                                    packet_context_t *context)
{
    sflow_reader_t reader;
    sflow_sample_t sample;
    if (!sflow_begin(&reader, datagram)) {
        return context;
    }
    while (sflow_next(&reader, &sample)) {
        synfix_verdict_t verdict;
        if (engine_classify_sample(&engine->config, &reader, &sample, context, &verdict)) {
            context = engine_join_group(engine, context);
        }
        engine_count_packet(engine, sample.packet.original_length, verdict);
    }
    if (sflow_rest(&reader) != SYNFIX_VERDICT_SFLOW) {
        engine_count_packet(engine, 0, sflow_rest(&reader));
    }
    return context;
}
