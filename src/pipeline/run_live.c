/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Worker k reads fanout socket k of each interface. A timestamp sample goes to the worker that owns its
 * host through an SPSC ring; if the ring is full, the sample is dropped and counted. */
#include "pipeline/run_live.h"
#include "base/thread_start.h"
#include "capture/live/interface_source.h"
#include "pipeline/fanout_choice.h"
#include "pipeline/pipeline_internal.h"
#include "pipeline/time_merge.h"
#include "pipeline/worker.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_ALL  8192u /* sum over all rings into one worker */
#define POINTS_MIN  64u
#define POLL_MS     300
#define DRAIN_MS    50 /* plus the time that the kernel may hold a packet */
#define DESCRIPTORS 64u
#define HOLD_NS     20000000
#define WAIT_MAX_NS 25000000000 /* above the maximum of read-timeout, 10 s */

/* Ring pair from one worker to another: pointers to samples circulate between `full` and `empty`. */
typedef struct sample_ring {
    ring_t full;
    ring_t empty;
    synfix_timestamp_sample_t *points;
} sample_ring_t;

typedef struct live_worker {
    worker_t *worker;
    sample_ring_t *links;   /* all, [from * workers + to] */
    synfix_status_t status; /* of the first source that failed, with error */
    synfix_error_t error;
    size_t sources_off;
    size_t interfaces;
    merge_input_t *inputs; /* one for each interface */
    int64_t pushed_ns;     /* monotonic: last time that packets were pushed, or none waited */
} live_worker_t;

static bool built_in(const source_t *source)
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

void pipeline_set_promiscuous(pipeline_t *pipeline, bool promiscuous)
{
    synfix_error_t error;
    for (size_t i = 0; i < pipeline->source_count; i++) {
        if (built_in(&pipeline->sources[i]) &&
            live_set_promiscuous(pipeline->sources[i].instance, promiscuous, &error) != SYNFIX_OK) {
            pipeline_log(pipeline, 1, "%s", error.text);
        }
    }
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

synfix_status_t pipeline_make_kernel_filter(pipeline_t *pipeline, const char *expression, bool kernel_filter,
                                            synfix_uptime_mode_t uptime,
                                            synfix_encapsulations_t encapsulations, pending_filter_t **made,
                                            synfix_error_t *error)
{
    const socket_filter_t filter = {.analysis = kernel_filter ? analysis_for(next_uptime(pipeline, uptime))
                                                              : LIVE_EVERYTHING,
                                    .encapsulations = encapsulations,
                                    .expression = expression};
    const synfix_status_t status = socket_filter_check(expression, captures_any(pipeline), error);
    if (status != SYNFIX_OK) {
        return status;
    }
    pending_filter_t *pending = calloc(1, sizeof *pending + pipeline->source_count * sizeof(live_filter_t *));
    bool whole = pending != NULL;
    for (size_t i = 0; whole && i < pipeline->source_count; i++) {
        pending->count++;
        if (built_in(&pipeline->sources[i])) {
            pending->filters[i] = live_filter_new(&filter);
            whole = pending->filters[i] != NULL;
        }
    }
    if (!whole) {
        pipeline_discard_kernel_filter(pending);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
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
static void print_levels(const pipeline_t *pipeline)
{
    for (size_t i = 0; i < pipeline->source_count; i += pipeline->worker_count) {
        const source_t *source = &pipeline->sources[i];
        const unsigned levels = built_in(source) ? live_levels(source->instance) : MAX_IP_HEADERS;
        if (levels < MAX_IP_HEADERS) {
            pipeline_log(pipeline, 1,
                         "%s: net.core.optmem_max leaves the kernel's filter room to look into %u tunnel(s) "
                         "instead of %u: what is deeper passes",
                         synfix_options_target(source->options), levels - 1, MAX_IP_HEADERS - 1);
        }
    }
}

/* Of two tags, the kernel takes the outer one off and writes the type behind the inner one, which stays. */
static void warn_of_any(const pipeline_t *pipeline)
{
    if (captures_any(pipeline)) {
        pipeline_log(pipeline, 1,
                     "any: Linux damages packets with two VLAN tags on the interface 'any', so they are not "
                     "observed; where these occur, name the interfaces with -i");
    }
}

synfix_status_t live_open_sources(pipeline_t *pipeline, synfix_error_t *error)
{
    const size_t interfaces = pipeline->source_count / pipeline->worker_count;
    fanout_mode_t mode = FANOUT_AUTO;
    fanout_group_t group = {.made = false};
    if (built_in(pipeline->sources)) {
        const synfix_status_t status = live_choose_fanout(pipeline, &mode, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < pipeline->source_count; i++) {
        source_t *source = &pipeline->sources[i];
        if (i % pipeline->worker_count == 0) {
            group = (fanout_group_t){.mode = mode};
        }
        const live_member_t member = {
            .index = (unsigned)(i % pipeline->worker_count),
            .count = pipeline->worker_count,
            .group = &group,
            .alone = interfaces == 1,
            .analysis = analysis_of(pipeline),
            .encapsulations = filter_encapsulations(pipeline->config.filter),
        };
        if (!built_in(source) && pipeline->worker_count > 1) {
            return synfix_fail(error, SYNFIX_UNSUPPORTED, "%s: only one worker can read it",
                               source->module->name);
        }
        synfix_error_t own = {.text = ""};
        const synfix_status_t status = pipeline_opened(
            source->module->name,
            built_in(source)
                ? live_open_member(source->options, &member, &source->instance, &own)
                : source->module->source->open(&pipeline->context, source->options, &source->instance, &own),
            &own, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        source->open = true;
    }
    print_levels(pipeline);
    warn_of_any(pipeline);
    const int64_t now_ns = wall_ns();
    for (size_t i = 0; pipeline->worker_count > 1 && i < pipeline->source_count; i++) {
        live_discard_before(pipeline->sources[i].instance, now_ns);
    }
    return SYNFIX_OK;
}

void live_sample(const synfix_timestamp_sample_t *point, void *user)
{
    worker_t *worker = user;
    const unsigned workers = worker->pipeline->worker_count;
    const unsigned owner = synfix_host_hash(&point->headers) % workers;
    if (owner == worker->index) {
        if (worker->own_count < WORKER_SAMPLES) {
            worker->own_samples[worker->own_count++] = *point;
        }
        return;
    }
    sample_ring_t *link = &worker->live->links[worker->index * workers + owner];
    synfix_timestamp_sample_t *place = ring_pop(&link->empty);
    if (place == NULL) {
        atomic_fetch_add(&worker->pipeline->samples_dropped, 1);
        return;
    }
    *place = *point;
    (void)ring_push(&link->full, place);
}

static void receive_samples(worker_t *worker)
{
    const unsigned workers = worker->pipeline->worker_count;
    worker_lock_enrichers(worker);
    for (size_t i = 0; i < worker->own_count; i++) {
        synfix_engine_push_sample(worker->engine, &worker->own_samples[i]);
    }
    worker->own_count = 0;
    for (unsigned from = 0; workers > 1 && from < workers; from++) {
        sample_ring_t *link = &worker->live->links[from * workers + worker->index];
        synfix_timestamp_sample_t *point;
        while ((point = ring_pop(&link->full)) != NULL) {
            synfix_engine_push_sample(worker->engine, point);
            (void)ring_push(&link->empty, point);
        }
    }
    worker_unlock_enrichers(worker);
}

/* A source that failed or ended is skipped and logged; the others go on. A lost interface may be half of a
 * tap, so the exit code reports it, and a service manager can restart the program. */
static void skip_source(live_worker_t *self, source_t *source, synfix_status_t status,
                        const synfix_error_t *error)
{
    const char *reason = error->text[0] != '\0' ? error->text : synfix_status_text(status);
    source->off = true;
    self->sources_off++;
    if (status < 0) {
        pipeline_log(self->worker->pipeline, 0, "source %s: %s: switched off", source->module->name, reason);
    }
    if (status < 0 && self->status == SYNFIX_OK) {
        self->status = synfix_fail(&self->error, status, "%s", reason);
    }
    if (status < 0 && built_in(source)) {
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
    const synfix_status_t status =
        source->module->source->read(source->instance, input->packets, SYNFIX_BATCH_MAX, &count, &error);
    /* packet numbers are unique: each handle has its own range */
    const uint64_t place = (uint64_t)(source - pipeline->sources);
    for (size_t i = 0; i < count; i++) {
        input->packets[i].number = input->packets[i].number * pipeline->source_count + place;
    }
    merge_filled(input, count, self->interfaces > 1 ? wall_ns() : 0);
    if (status < 0 || status == SYNFIX_END) {
        skip_source(self, source, status, &error);
        merge_ended(input);
    }
}

static void push(live_worker_t *self, const synfix_packet_t *packets, size_t count)
{
    pipeline_note_times(self->worker->pipeline, packets, count);
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
    receive_samples(self->worker);
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
        if (built_in(source) && readable(self, i)) {
            descriptors[count++] = (struct pollfd){.fd = live_descriptor(source->instance), .events = POLLIN};
        }
    }
    const int64_t turn_ms = turn_ns < 0 ? POLL_MS : turn_ns / 1000000 + 1;
    (void)poll(descriptors, count, turn_ms < POLL_MS ? (int)turn_ms : POLL_MS);
}

static bool drains(const source_t *source)
{
    return built_in(source) && !source->off;
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
        if (built_in(own_source(self, i))) {
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
    receive_samples(self->worker);
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

static bool open_queues(sample_ring_t *links, unsigned workers)
{
    const size_t room = POINTS_ALL / workers > POINTS_MIN ? POINTS_ALL / workers : POINTS_MIN;
    for (size_t i = 0; i < (size_t)workers * workers; i++) {
        if (i / workers == i % workers) {
            continue;
        }
        links[i].points = malloc(room * sizeof *links[i].points);
        if (links[i].points == NULL || !ring_init(&links[i].full, room) ||
            !ring_init(&links[i].empty, room)) {
            return false;
        }
        for (size_t k = 0; k < room; k++) {
            (void)ring_push(&links[i].empty, &links[i].points[k]);
        }
    }
    return true;
}

static void close_links(sample_ring_t *links, unsigned workers)
{
    for (size_t i = 0; links != NULL && i < (size_t)workers * workers; i++) {
        ring_destroy(&links[i].full);
        ring_destroy(&links[i].empty);
        free(links[i].points);
    }
    free(links);
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
        if (built_in(own_source(self, i))) {
            self->inputs[i].hold_ns = live_delay_ms(own_source(self, i)->instance) * 1250000 + HOLD_NS;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error)
{
    const unsigned workers = pipeline->worker_count;
    const size_t links_size = (size_t)workers * workers * sizeof(sample_ring_t);
    live_worker_t *selves = calloc(workers, sizeof *selves);
    sample_ring_t *links = aligned_alloc(RING_LINE, links_size);
    synfix_status_t status = SYNFIX_OK;
    if (links != NULL) {
        __builtin_memset(links, 0, links_size);
    }
    if (selves == NULL || links == NULL || !open_queues(links, workers)) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    for (unsigned i = 0; i < workers && status == SYNFIX_OK; i++) {
        selves[i].worker = &pipeline->workers[i];
        selves[i].links = links;
        pipeline->workers[i].live = &selves[i];
        status = open_inputs(&selves[i], error);
    }
    if (status == SYNFIX_OK) {
        status = run_threads(pipeline, selves, error);
    }
    close_links(links, workers);
    for (unsigned i = 0; selves != NULL && i < workers; i++) {
        free(selves[i].inputs);
    }
    free(selves);
    return status;
}
