/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Worker k reads fanout socket k of each interface, and merges the interfaces by time. */
#include "pipeline/run_live.h"
#include "base/thread_start.h"
#include "capture/live/interface_source.h"
#include "capture/live/time_merge.h"
#include "pipeline/live_sources.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/live_samples.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Blocks are sent flush_ms (1 s by default) after their first record at the latest, settings change within
 * the same time. */
#define POLL_MS     300
#define DRAIN_MS    50 /* plus the time that the kernel may hold a packet */
#define DESCRIPTORS 64u
/* Scheduling delay that the merge of interfaces tolerates on top of the time that the kernel may hold a
 * packet and a quarter of it (the timer of TPACKET_V3 runs in jiffies). */
#define HOLD_NS     (20 * NS_PER_MS)
#define WAIT_MAX_NS (25 * NS_PER_S) /* above the maximum of read-timeout, 10 s */

typedef struct live_worker {
    worker_t *worker;
    synfix_status_t status; /* of the first source that failed, with error */
    synfix_error_t error;
    size_t sources_off;
    size_t interfaces;
    merge_input_t *inputs; /* one for each interface */
    int64_t pushed_ns;     /* monotonic: last time that packets were pushed, or none waited */
} live_worker_t;

/* A source that failed or ended is skipped and logged; the others continue. A lost interface may be half of a
 * tap, so the exit code reports it, and a service manager can restart the program. */
static void skip_source(live_worker_t *self, source_t *source, synfix_status_t status,
                        const synfix_error_t *error)
{
    const char *reason = error->text[0] != '\0' ? error->text : synfix_status_text(status);
    source->off = true;
    self->sources_off++;
    if (status < 0) {
        pipeline_log(self->worker->pipeline, 0, "source %s: %s: disabled", source->module->name, reason);
    }
    if (status < 0 && self->status == SYNFIX_OK) {
        self->status = synfix_fail(&self->error, status, "%s", reason);
    }
    if (status < 0 && live_built_in(source)) {
        pipeline_end(self->worker->pipeline);
    }
}

static source_t *own_source(const live_worker_t *self, size_t interface)
{
    const pipeline_t *pipeline = self->worker->pipeline;
    return &pipeline->sources[interface * pipeline->worker_count + self->worker->index];
}

static bool readable(const live_worker_t *self, size_t interface)
{
    return !own_source(self, interface)->off && merge_empty(&self->inputs[interface]);
}

static void read_one(live_worker_t *self, size_t interface)
{
    source_t *source = own_source(self, interface);
    merge_input_t *input = &self->inputs[interface];
    const pipeline_t *pipeline = self->worker->pipeline;
    size_t count = 0;
    synfix_error_t error = {.text = ""};
    /* before the read: after it, a pause of the source or of the scheduler would count as time without
     * packets */
    const int64_t now_ns = self->interfaces > 1 ? wall_ns() : 0;
    const synfix_status_t status =
        source->module->source->read(source->instance, input->packets, SYNFIX_BATCH_MAX, &count, &error);
    /* packet numbers are unique: each handle has its own range */
    const uint64_t index = (uint64_t)(source - pipeline->sources);
    for (size_t i = 0; i < count; i++) {
        input->packets[i].number = input->packets[i].number * pipeline->source_count + index;
    }
    merge_filled(input, count, now_ns);
    if (status < 0 || status == SYNFIX_END) {
        skip_source(self, source, status, &error);
        merge_ended(input);
    }
}

static void push(live_worker_t *self, const synfix_packet_t *packets, size_t count)
{
    pipeline_note_times(self->worker->pipeline, packets[0].time_ns, packets[count - 1].time_ns);
    worker_lock_enrichers(self->worker);
    synfix_engine_push(self->worker->engine, packets, count);
    worker_unlock_enrichers(self->worker);
}

/* Pushes packets: of one interface all at once, of several in the order of time. Whether there were any. */
static bool push_inputs(live_worker_t *self, bool all)
{
    synfix_packet_t merged[SYNFIX_BATCH_MAX];
    merge_input_t *first = &self->inputs[0];
    size_t count = first->count - first->next;
    worker_apply_updates(self->worker);
    atomic_store_explicit(&self->worker->alive_ns, self->worker->now_ns, memory_order_relaxed);
    if (self->interfaces > 1) {
        count = merge_take(self->inputs, self->interfaces, all, merged, SYNFIX_BATCH_MAX);
    }
    if (count > 0) {
        push(self, self->interfaces > 1 ? merged : first->packets + first->next, count);
        first->next = self->interfaces > 1 ? first->next : first->count;
    }
    if (count > 0 || merge_wait_ns(self->inputs, self->interfaces) < 0) {
        self->pushed_ns = self->worker->now_ns;
    }
    live_receive_samples(self->worker);
    return count > 0;
}

/* Limits the wait of packets after the wall clock was set back. */
static bool waited_long(const live_worker_t *self)
{
    return self->worker->now_ns - self->pushed_ns > WAIT_MAX_NS;
}

/* One iteration: reads inputs and pushes packets whose time has come. */
static bool run_iteration(live_worker_t *self, bool all)
{
    for (size_t i = 0; i < self->interfaces; i++) {
        if (readable(self, i)) {
            read_one(self, i);
        }
    }
    return push_inputs(self, all || waited_long(self));
}

static void wait_input(const live_worker_t *self)
{
    struct pollfd descriptors[DESCRIPTORS];
    nfds_t count = 0;
    const int64_t turn_ns = merge_wait_ns(self->inputs, self->interfaces);
    for (size_t i = 0; i < self->interfaces && count < DESCRIPTORS; i++) {
        const source_t *source = own_source(self, i);
        if (live_built_in(source) && readable(self, i)) {
            descriptors[count++] = (struct pollfd){.fd = live_descriptor(source->instance), .events = POLLIN};
        }
    }
    const int64_t turn_ms = turn_ns < 0 ? POLL_MS : turn_ns / NS_PER_MS + 1;
    (void)poll(descriptors, count, turn_ms < POLL_MS ? (int)turn_ms : POLL_MS);
}

static bool drains(const source_t *source)
{
    return live_built_in(source) && !source->off;
}

/* Reads what the kernel had received at the stop; after a second stop only what it has delivered. Whether
 * everything was read. */
static bool drain(live_worker_t *self)
{
    const pipeline_t *pipeline = self->worker->pipeline;
    int64_t read_timeout_ms = 0;
    for (size_t i = 0; i < self->interfaces; i++) {
        const source_t *source = own_source(self, i);
        if (!drains(source)) {
            merge_ended(&self->inputs[i]);
            continue;
        }
        live_close_intake(source->instance);
        const int64_t own_ms = live_delay_ms(source->instance);
        read_timeout_ms = own_ms > read_timeout_ms ? own_ms : read_timeout_ms;
    }
    const int64_t end_ns = monotonic_ns() + (read_timeout_ms * 3 / 2 + DRAIN_MS) * 1000000;
    bool any = true;
    while (any || (monotonic_ns() < end_ns && atomic_load(&pipeline->stops) == 1)) {
        any = run_iteration(self, false);
        if (!any && self->interfaces > 1) {
            wait_input(self);
        }
    }
    const bool whole = monotonic_ns() >= end_ns;
    while (push_inputs(self, true)) {
        continue;
    }
    return whole;
}

static void end_sources(const live_worker_t *self, bool whole)
{
    for (size_t i = 0; i < self->interfaces; i++) {
        if (live_built_in(own_source(self, i))) {
            live_end(own_source(self, i)->instance, whole);
        }
    }
}

static void *live_main(void *user)
{
    live_worker_t *self = user;
    pipeline_t *pipeline = self->worker->pipeline;
    pipeline_pin(pipeline, self->worker);
    self->pushed_ns = monotonic_ns();
    while (!pipeline_stopping(pipeline)) {
        const bool any = run_iteration(self, false);
        if (self->sources_off == self->interfaces && !any) {
            pipeline_end(pipeline);
        }
        if (!any && self->interfaces > 1) {
            wait_input(self);
        }
    }
    end_sources(self, drain(self));
    live_receive_samples(self->worker);
    worker_flush(self->worker);
    worker_last_change(self->worker);
    atomic_store(&self->worker->alive_ns, 0);
    return NULL;
}

int pipeline_stuck(const pipeline_t *pipeline, int64_t limit_ms)
{
    const int64_t now_ns = monotonic_ns();
    if (limit_ms < 2 * POLL_MS) { /* as long as poll may sleep */
        limit_ms = 2 * POLL_MS;
    }
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        const int64_t alive_ns = atomic_load_explicit(&pipeline->workers[i].alive_ns, memory_order_relaxed);
        if (alive_ns != 0 && now_ns - alive_ns > limit_ms * 1000000) {
            return (int)i;
        }
    }
    return -1;
}

static synfix_status_t run_threads(pipeline_t *pipeline, live_worker_t *selves, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    unsigned started = 0;
    for (; started < pipeline->worker_count && status == SYNFIX_OK; started++) {
        status =
            thread_start(&pipeline->workers[started].thread, live_main, &selves[started], "worker", error);
        if (status != SYNFIX_OK) {
            pipeline_stop(pipeline);
            break;
        }
    }
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(pipeline->workers[i].thread, NULL);
        if (status == SYNFIX_OK && selves[i].status < 0) {
            status = synfix_fail(error, selves[i].status, "%s", selves[i].error.text);
        }
    }
    return status;
}

/* A TPACKET_V3 block arrives after its timeout at the latest; the rest is for scheduling. */
static synfix_status_t open_inputs(live_worker_t *self, synfix_error_t *error)
{
    const pipeline_t *pipeline = self->worker->pipeline;
    self->interfaces = pipeline->source_count / pipeline->worker_count;
    self->inputs = calloc(self->interfaces, sizeof *self->inputs);
    if (self->inputs == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    for (size_t i = 0; i < self->interfaces; i++) {
        if (live_built_in(own_source(self, i))) {
            self->inputs[i].hold_ns =
                live_delay_ms(own_source(self, i)->instance) * (NS_PER_MS + NS_PER_MS / 4) + HOLD_NS;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error)
{
    const unsigned workers = pipeline->worker_count;
    live_worker_t *selves = calloc(workers, sizeof *selves);
    sample_rings_t *rings = sample_rings_new(workers);
    synfix_status_t status = SYNFIX_OK;
    if (selves == NULL || rings == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    for (unsigned i = 0; i < workers && status == SYNFIX_OK; i++) {
        selves[i].worker = &pipeline->workers[i];
        pipeline->workers[i].sample_rings = rings;
        status = open_inputs(&selves[i], error);
    }
    if (status == SYNFIX_OK) {
        status = run_threads(pipeline, selves, error);
    }
    sample_rings_free(rings);
    for (unsigned i = 0; selves != NULL && i < workers; i++) {
        free(selves[i].inputs);
    }
    free(selves);
    return status;
}
