/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/live_sources.h"
#include "capture/live/interface_source.h"
#include "pipeline/fanout_choice.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/pipeline_state.h"
#include <stdlib.h>
#include <string.h>

bool live_built_in(const source_t *source)
{
    return source->module == &capture_live_module;
}

static live_analysis_t analysis_for(synfix_uptime_mode_t uptime)
{
    static const live_analysis_t analyses[] = {[SYNFIX_UPTIME_OFF] = LIVE_SYN,
                                               [SYNFIX_UPTIME_REGRESSION] = LIVE_UPTIME,
                                               [SYNFIX_UPTIME_P0F] = LIVE_SEGMENTS};
    return analyses[uptime];
}

static live_analysis_t analysis_of(const pipeline_t *pipeline)
{
    return analysis_for((synfix_uptime_mode_t)atomic_load(&pipeline->uptime));
}

/* The mode after a change to @p wanted: p0f's estimate begins with the first packet of a run. */
static synfix_uptime_mode_t next_uptime(const pipeline_t *pipeline, synfix_uptime_mode_t wanted)
{
    const synfix_uptime_mode_t now = (synfix_uptime_mode_t)atomic_load(&pipeline->uptime);
    return wanted == SYNFIX_UPTIME_P0F || now == SYNFIX_UPTIME_P0F ? now : wanted;
}

void pipeline_set_uptime(pipeline_t *pipeline, synfix_uptime_mode_t mode)
{
    atomic_store(&pipeline->uptime, (int)next_uptime(pipeline, mode));
}

void pipeline_set_signatures(pipeline_t *pipeline, synfix_signature_mode_t mode)
{
    atomic_store(&pipeline->signatures, (int)mode);
}

synfix_status_t pipeline_set_promiscuous(pipeline_t *pipeline, bool promiscuous, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    size_t done = 0;
    for (; status == SYNFIX_OK && done < pipeline->source_count; done++) {
        if (live_built_in(&pipeline->sources[done])) {
            status = live_set_promiscuous(pipeline->sources[done].instance, promiscuous, error);
        }
    }
    for (size_t i = 0; status != SYNFIX_OK && i + 1 < done; i++) {
        synfix_error_t again;
        if (live_built_in(&pipeline->sources[i]) &&
            live_set_promiscuous(pipeline->sources[i].instance, !promiscuous, &again) != SYNFIX_OK) {
            pipeline_log(pipeline, 1, "%s", again.text);
        }
    }
    return status;
}

struct pending_filter {
    size_t count;
    live_filter_t *filters[]; /* one for each handle; NULL: not an interface */
};

/* Whether an interface is `any`, whose packets are cooked: some expressions are not possible there. */
static bool captures_any(const pipeline_t *pipeline)
{
    bool any = false;
    for (size_t i = 0; i < pipeline->source_count; i++) {
        any = any || strcmp(synfix_options_target(pipeline->sources[i].spec->options), "any") == 0;
    }
    return any;
}

/* Each handle has its own filter, since link layers differ. */
static synfix_status_t make_filters(const pipeline_t *pipeline, const socket_filter_t *filter,
                                    pending_filter_t *pending, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; status == SYNFIX_OK && i < pipeline->source_count; i++) {
        pending->count++;
        if (live_built_in(&pipeline->sources[i])) {
            pending->filters[i] = live_filter_new(filter);
            status = pending->filters[i] != NULL
                         ? live_filter_check(pipeline->sources[i].instance, pending->filters[i], error)
                         : synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
        }
    }
    return status;
}

synfix_status_t pipeline_make_kernel_filter(pipeline_t *pipeline, const char *expression, bool kernel_filter,
                                            synfix_uptime_mode_t uptime,
                                            synfix_encapsulations_t encapsulations, pending_filter_t **made,
                                            synfix_error_t *error)
{
    const socket_filter_t filter = {.analysis = kernel_filter ? analysis_for(next_uptime(pipeline, uptime))
                                                              : LIVE_EVERYTHING,
                                    .encapsulations = encapsulations,
                                    .expression = expression};
    synfix_status_t status = socket_filter_check(expression, captures_any(pipeline), error);
    if (status != SYNFIX_OK) {
        return status;
    }
    pending_filter_t *pending = calloc(1, sizeof *pending + pipeline->source_count * sizeof(live_filter_t *));
    if (pending == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    status = make_filters(pipeline, &filter, pending, error);
    if (status != SYNFIX_OK) {
        pipeline_discard_kernel_filter(pending);
        return status;
    }
    *made = pending;
    return SYNFIX_OK;
}

void pipeline_use_kernel_filter(pipeline_t *pipeline, pending_filter_t *made)
{
    for (size_t i = 0; i < made->count; i++) {
        if (made->filters[i] != NULL) {
            live_filter_use(pipeline->sources[i].instance, made->filters[i], &pipeline->context);
        }
    }
    free(made);
}

void pipeline_discard_kernel_filter(pending_filter_t *made)
{
    for (size_t i = 0; made != NULL && i < made->count; i++) {
        live_filter_free(made->filters[i]);
    }
    free(made);
}

/* The socket memory limit of the kernel may be too low for the whole filter. */
static void log_max_ip_headers(const pipeline_t *pipeline)
{
    for (size_t i = 0; i < pipeline->source_count; i += pipeline->worker_count) {
        const source_t *source = &pipeline->sources[i];
        const unsigned max_ip_headers =
            live_built_in(source) ? live_max_ip_headers(source->instance) : MAX_IP_HEADERS;
        if (max_ip_headers < MAX_IP_HEADERS) {
            pipeline_log(pipeline, 1,
                         "%s: net.core.optmem_max leaves the kernel's filter room to look into %u tunnel(s) "
                         "instead of %u: deeper packets pass; raise net.core.optmem_max",
                         synfix_options_target(source->options), max_ip_headers - 1, MAX_IP_HEADERS - 1);
        }
    }
}

/* The kernel removes the outer of two tags, and writes the ethertype behind the inner tag, which stays. */
static void warn_of_any(const pipeline_t *pipeline)
{
    if (captures_any(pipeline)) {
        pipeline_log(pipeline, 1,
                     "any: Linux damages packets with two VLAN tags on the interface 'any', so they are not "
                     "observed; where these occur, name the interfaces with -i");
    }
}

static synfix_status_t open_member(pipeline_t *pipeline, source_t *source, const live_member_t *member,
                                   synfix_error_t *error)
{
    const bool built_in = live_built_in(source);
    if (!built_in && pipeline->worker_count > 1) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "%s: only one worker can read this source; set workers to 1",
                           source->module->name);
    }
    synfix_error_t own = {.text = ""};
    const synfix_status_t status =
        built_in ? live_open_member(source->options, member, &source->instance, &own)
                 : source->module->source->open(&pipeline->context, source->options, &source->instance, &own);
    return pipeline_opened(source->module->name, status, &own, error);
}

/* The members of one interface share its fanout group, so they follow each other. */
static synfix_status_t open_members(pipeline_t *pipeline, fanout_mode_t mode, synfix_error_t *error)
{
    fanout_group_t group = {.made = false};
    for (size_t i = 0; i < pipeline->source_count; i++) {
        if (i % pipeline->worker_count == 0) {
            group = (fanout_group_t){.mode = mode};
        }
        const live_member_t member = {
            .index = (unsigned)(i % pipeline->worker_count),
            .count = pipeline->worker_count,
            .group = &group,
            .alone = pipeline->source_count == pipeline->worker_count,
            .analysis = analysis_of(pipeline),
            .encapsulations = header_filter_encapsulations(pipeline->config.filter),
        };
        const synfix_status_t status = open_member(pipeline, &pipeline->sources[i], &member, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        pipeline->sources[i].open = true;
    }
    return SYNFIX_OK;
}

synfix_status_t live_open_sources(pipeline_t *pipeline, synfix_error_t *error)
{
    fanout_mode_t mode = FANOUT_AUTO;
    synfix_status_t status = SYNFIX_OK;
    if (live_built_in(pipeline->sources)) {
        status = live_choose_fanout(pipeline, &mode, error);
    }
    status = status == SYNFIX_OK ? open_members(pipeline, mode, error) : status;
    if (status != SYNFIX_OK) {
        return status;
    }
    log_max_ip_headers(pipeline);
    warn_of_any(pipeline);
    const int64_t now_ns = wall_ns();
    for (size_t i = 0; pipeline->worker_count > 1 && i < pipeline->source_count; i++) {
        live_discard_before(pipeline->sources[i].instance, now_ns);
    }
    return SYNFIX_OK;
}
