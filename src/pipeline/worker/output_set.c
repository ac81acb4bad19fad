/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Groups sinks by encoding and makes the output set of each worker. */
#include "pipeline/worker/output_set.h"
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/pipeline_state.h"
#include <stdlib.h>
#include <string.h>

static void join_group(encoding_group_t *groups, size_t *count, sink_t *sink)
{
    encoding_group_t *group = groups;
    while (group < groups + *count &&
           (group->encoding != sink->encoding || strcmp(group->key, sink->key) != 0)) {
        group++;
    }
    if (group == groups + *count) {
        *group = (encoding_group_t){.encoding = sink->encoding,
                                    .settings = sink->settings,
                                    .key = sink->key,
                                    .block_size = sink->block_size};
        ++*count;
    }
    group->sinks[group->sink_count++] = sink;
}

static bool fits(const encoder_slot_t *slot, const encoding_group_t *group)
{
    return slot->group.sink_count == group->sink_count &&
           memcmp(slot->group.sinks, group->sinks, group->sink_count * sizeof *group->sinks) == 0;
}

static synfix_status_t make_slot(const pipeline_t *pipeline, unsigned worker, const encoding_group_t *group,
                                 encoder_slot_t **slot, synfix_error_t *error)
{
    const output_set_t *old = &pipeline->workers[worker].outputs;
    for (size_t i = 0; i < old->slot_count; i++) {
        if (fits(old->slots[i], group)) {
            *slot = old->slots[i];
            return SYNFIX_OK;
        }
    }
    return encoder_slot_new(pipeline, group, worker, slot, error);
}

bool outputs_have(const output_set_t *outputs, const encoder_slot_t *slot)
{
    for (size_t i = 0; i < outputs->slot_count; i++) {
        if (outputs->slots[i] == slot) {
            return true;
        }
    }
    return false;
}

void outputs_discard(pipeline_t *pipeline, output_set_t *outputs)
{
    for (unsigned worker = 0; outputs != NULL && worker < pipeline->worker_count; worker++) {
        for (size_t i = 0; i < outputs[worker].slot_count; i++) {
            if (!outputs_have(&pipeline->workers[worker].outputs, outputs[worker].slots[i])) {
                encoder_slot_free(outputs[worker].slots[i]);
            }
        }
    }
    free(outputs);
}

static synfix_status_t make_slots(const pipeline_t *pipeline, unsigned worker, const encoding_group_t *groups,
                                  size_t group_count, output_set_t *outputs, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < group_count && status == SYNFIX_OK; i++) {
        status = make_slot(pipeline, worker, &groups[i], &outputs->slots[i], error);
        outputs->slot_count += status == SYNFIX_OK;
    }
    return status;
}

static void set_enrichers(output_set_t *outputs, enricher_t *const *enrichers, size_t count)
{
    outputs->enricher_count = count;
    for (size_t i = 0; i < count; i++) {
        outputs->enrichers[i] = enrichers[i];
        outputs->reloadable |= enrichers[i]->module->enricher->reload != NULL;
    }
}

/* Most runs have one sink and no enricher; the worker then needs no loop. */
static void choose_only(output_set_t *outputs)
{
    encoder_slot_t *only =
        outputs->slot_count == 1 && outputs->enricher_count == 0 ? outputs->slots[0] : NULL;
    outputs->only = only;
    outputs->plain = only != NULL && only->group.encoding->encode_plain != NULL ? only : NULL;
}

synfix_status_t outputs_make(pipeline_t *pipeline, sink_t *const *sinks, size_t sink_count,
                             enricher_t *const *enrichers, size_t enricher_count, output_set_t **made,
                             synfix_error_t *error)
{
    encoding_group_t *groups = calloc(PIPELINE_SINKS_MAX, sizeof *groups);
    output_set_t *outputs = calloc(pipeline->worker_count, sizeof *outputs);
    size_t group_count = 0;
    synfix_status_t status = SYNFIX_OK;
    if (groups == NULL || outputs == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "sinks: out of memory");
    }
    for (size_t i = 0; i < sink_count && status == SYNFIX_OK; i++) {
        join_group(groups, &group_count, sinks[i]);
    }
    for (unsigned worker = 0; worker < pipeline->worker_count && status == SYNFIX_OK; worker++) {
        set_enrichers(&outputs[worker], enrichers, enricher_count);
        status = make_slots(pipeline, worker, groups, group_count, &outputs[worker], error);
        choose_only(&outputs[worker]);
    }
    free(groups);
    if (status != SYNFIX_OK) {
        outputs_discard(pipeline, outputs);
        return status;
    }
    *made = outputs;
    return SYNFIX_OK;
}
