/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Other sinks and enrichers for a pipeline that runs: all that is new is opened, then every worker changes
 * over, then what nobody uses any more is ended. */
#include "engine/pipeline_internal.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MS        2u
#define BEGIN_WAIT_MS  5000u  /* for the threads of a run that is about to begin */
#define CHANGE_WAIT_MS 2000u  /* for workers: one that is alive comes round in a fraction of that */
#define LEAVE_WAIT_MS  15000u /* for predecessors that have the spool of a new sink */

/* What will be there. */
typedef struct next {
    const pipeline_outputs_t *wanted;
    sink_t *slots[PIPELINE_SINKS_MAX]; /* as in the pipeline, without those that leave */
    bool kept[PIPELINE_SINKS_MAX];     /* by place in wanted */
    bool deferred[PIPELINE_SINKS_MAX]; /* the same: its predecessor has what it needs */
    bool any_deferred;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX]; /* as wanted */
    bool new_enrichers[PIPELINE_ENRICHERS_MAX];
    change_t *change;
} next_t;

static void look_later(void)
{
    const struct timespec wait = {.tv_nsec = LOOK_MS * 1000000};
    (void)nanosleep(&wait, NULL);
}

static const char *text_of(const pipeline_part_t *part)
{
    return part->text == NULL ? "" : part->text;
}

void change_free(change_t *change)
{
    if (change != NULL)
        free(change->outputs);
    free(change);
}

/* The sink that is what @p part asks for, and that no other part has yet. */
static bool keep_sink(const pipeline_t *pipeline, next_t *next, const pipeline_part_t *part)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (sink == NULL || sink->leaving || next->slots[i] != NULL || sink->module != part->module ||
            sink->host.observation_domain != next->wanted->observation_domain ||
            strcmp(sink->text, text_of(part)) != 0)
            continue;
        next->slots[i] = sink;
        return true;
    }
    return false;
}

static bool same_place(const char *one, const char *other)
{
    const size_t length = strcspn(one, "?");
    return length == strcspn(other, "?") && strncmp(one, other, length) == 0;
}

static bool same_spool(const char *one, const char *other)
{
    const char *left = strstr(one, "spool=");
    const char *right = strstr(other, "spool=");
    const size_t length = left == NULL ? 0 : strcspn(left, "&");
    return left != NULL && right != NULL && length == strcspn(right, "&") &&
           strncmp(left, right, length) == 0;
}

typedef bool same_fn(const char *one, const char *other);

/* Whether one that leaves has what @p part could not get. */
static bool has_predecessor(const pipeline_t *pipeline, const next_t *next, const pipeline_part_t *part,
                            same_fn *same)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *sink = pipeline->sinks[i];
        if (sink != NULL && next->slots[i] == NULL && same(sink->text, text_of(part)))
            return true;
    }
    return false;
}

/* It could not be opened: perhaps only as long as its predecessor is there. A file that it would replace is
 * left alone: the records of this run are in it. */
static synfix_status_t defer(const pipeline_t *pipeline, next_t *next, size_t place, synfix_status_t status,
                             synfix_error_t *error)
{
    const pipeline_part_t *part = &next->wanted->sinks[place];
    const synfix_error_t reason = *error;
    next->deferred[place] = status == SYNFIX_IO && has_predecessor(pipeline, next, part, same_spool);
    next->any_deferred |= next->deferred[place];
    if (next->deferred[place])
        return SYNFIX_OK;
    if (status == SYNFIX_IO && has_predecessor(pipeline, next, part, same_place))
        return synfix_fail(error, status,
                           "%s (the sink in whose place it would come has it: give it another name)",
                           reason.text);
    return status;
}

static synfix_status_t add_sink(pipeline_t *pipeline, next_t *next, sink_t *sink, synfix_error_t *error)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++)
        if (pipeline->sinks[i] == NULL && next->slots[i] == NULL) {
            next->slots[i] = sink;
            next->change->joining[next->change->joining_count++] = sink;
            return SYNFIX_OK;
        }
    sink_free(sink);
    return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks, those that have not ended yet included",
                       PIPELINE_SINKS_MAX);
}

/* One that failed is tried again in the same words; it does not hold up other changes when it fails again. */
static void retry_failed(pipeline_t *pipeline, next_t *next, const pipeline_part_t *part)
{
    sink_t *made = NULL;
    synfix_error_t reason = {.text = ""};
    size_t slot = 0;
    while (next->slots[slot] == NULL || !atomic_load(&next->slots[slot]->failed) ||
           next->slots[slot]->module != part->module || strcmp(next->slots[slot]->text, text_of(part)) != 0)
        if (++slot == PIPELINE_SINKS_MAX)
            return;
    sink_t *failed = next->slots[slot];
    next->slots[slot] = NULL;
    if (sink_new(pipeline, part, next->slots, &made, &reason) == SYNFIX_OK &&
        add_sink(pipeline, next, made, &reason) == SYNFIX_OK)
        return;
    next->slots[slot] = failed;
    pipeline_log(pipeline, 1, "sink %s: stays switched off: %s", failed->name, reason.text);
}

static synfix_status_t gather_sinks(pipeline_t *pipeline, next_t *next, synfix_error_t *error)
{
    const pipeline_outputs_t *wanted = next->wanted;
    for (size_t i = 0; i < wanted->sink_count; i++)
        next->kept[i] = keep_sink(pipeline, next, &wanted->sinks[i]);
    for (size_t i = 0; i < wanted->sink_count; i++) {
        sink_t *made = NULL;
        if (next->kept[i]) {
            retry_failed(pipeline, next, &wanted->sinks[i]);
            continue;
        }
        synfix_status_t status = sink_new(pipeline, &wanted->sinks[i], next->slots, &made, error);
        if (status == SYNFIX_OK)
            status = add_sink(pipeline, next, made, error);
        else
            status = defer(pipeline, next, i, status, error);
        if (status != SYNFIX_OK)
            return status;
    }
    return SYNFIX_OK;
}

static enricher_t *keep_enricher(const pipeline_t *pipeline, const next_t *next, const pipeline_part_t *part)
{
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        enricher_t *enricher = pipeline->enrichers[i];
        bool taken = enricher->module != part->module || strcmp(enricher->text, text_of(part)) != 0 ||
                     atomic_load(&enricher->failed);
        for (size_t k = 0; k < next->wanted->enricher_count; k++)
            taken |= next->enrichers[k] == enricher;
        if (!taken)
            return enricher;
    }
    return NULL;
}

static synfix_status_t gather_enrichers(pipeline_t *pipeline, next_t *next, synfix_error_t *error)
{
    for (size_t i = 0; i < next->wanted->enricher_count; i++) {
        const pipeline_part_t *part = &next->wanted->enrichers[i];
        next->enrichers[i] = keep_enricher(pipeline, next, part);
        if (next->enrichers[i] != NULL)
            continue;
        const synfix_status_t status = enricher_new(pipeline, part, &next->enrichers[i], error);
        if (status != SYNFIX_OK)
            return status;
        next->new_enrichers[i] = true;
    }
    return SYNFIX_OK;
}

static synfix_status_t gather_outputs(pipeline_t *pipeline, next_t *next, synfix_error_t *error)
{
    sink_t *sinks[PIPELINE_SINKS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++)
        if (next->slots[i] != NULL)
            sinks[count++] = next->slots[i];
    return outputs_make(pipeline, sinks, count, next->enrichers, next->wanted->enricher_count,
                        &next->change->outputs, error);
}

static synfix_status_t start_sinks(const change_t *change, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < change->joining_count && status == SYNFIX_OK; i++)
        status = sink_start(change->joining[i], error);
    return status;
}

/* What is new is closed again: no worker has seen it. */
static void discard(pipeline_t *pipeline, next_t *next)
{
    change_t *change = next->change;
    outputs_discard(pipeline, change->outputs);
    change->outputs = NULL;
    for (size_t i = 0; i < change->joining_count; i++) {
        sink_t *sink = change->joining[i];
        atomic_store(&sink->dismissed, true);
        event_signal(&sink->filled);
        if (sink->running)
            (void)pthread_join(sink->thread, NULL);
        sink_free(sink);
    }
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++)
        if (next->new_enrichers[i])
            enricher_free(next->enrichers[i]);
    change_free(change);
}

static bool is_among(const next_t *next, const enricher_t *enricher)
{
    for (size_t i = 0; i < next->wanted->enricher_count; i++)
        if (next->enrichers[i] == enricher)
            return true;
    return false;
}

static void list_enrichers(pipeline_t *pipeline, const next_t *next)
{
    size_t left = 0;
    for (size_t i = 0; i < pipeline->enricher_count; i++)
        if (!is_among(next, pipeline->enrichers[i]))
            pipeline->left_enrichers[left++] = pipeline->enrichers[i];
    memcpy(pipeline->enrichers, next->enrichers, sizeof pipeline->enrichers);
    pipeline->enricher_count = next->wanted->enricher_count;
}

/* What stays is asked to reload. */
static void list_sinks(pipeline_t *pipeline, const next_t *next)
{
    pipeline->sink_count = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (next->slots[i] != NULL && sink == NULL) {
            sink_list(pipeline, next->slots[i], i);
        } else if (next->slots[i] != NULL) {
            pipeline->sink_count++;
            atomic_store(&sink->reload, true);
        } else if (sink != NULL && !sink->leaving) {
            sink->leaving = true;
            sink->left_ns = monotonic_ns();
            pipeline->removed_count++;
        }
    }
}

static void publish(pipeline_t *pipeline, next_t *next)
{
    change_t *change = next->change;
    atomic_store(&change->left, pipeline->worker_count);
    (void)pthread_mutex_lock(&pipeline->listing);
    list_sinks(pipeline, next);
    list_enrichers(pipeline, next);
    (void)pthread_mutex_unlock(&pipeline->listing);
    for (size_t i = 0; i < pipeline->enricher_count; i++)
        if (!next->new_enrichers[i])
            atomic_store(&pipeline->enrichers[i]->reload,
                         pipeline->enrichers[i]->module->enricher->reload != NULL);
    pipeline->change = change;
    for (unsigned i = 0; i < pipeline->worker_count; i++)
        worker_offer_change(&pipeline->workers[i], change);
    for (unsigned waited = 0; waited < CHANGE_WAIT_MS && atomic_load(&change->left) > 0; waited += LOOK_MS)
        look_later();
    if (atomic_load(&change->left) > 0)
        pipeline_log(pipeline, 1, "%u of %u workers have not changed over yet", atomic_load(&change->left),
                     pipeline->worker_count);
}

/* The next after the one that is there. With @p next the caller knows what was deferred. */
static synfix_status_t change_to(pipeline_t *pipeline, const pipeline_outputs_t *wanted, next_t *next,
                                 synfix_error_t *error)
{
    *next = (next_t){.wanted = wanted, .change = calloc(1, sizeof *next->change)};
    if (next->change == NULL)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sinks: out of memory");
    synfix_error_t reason = {.text = ""};
    pipeline->host.observation_domain = wanted->observation_domain;
    synfix_status_t status = gather_sinks(pipeline, next, &reason);
    if (status == SYNFIX_OK)
        status = gather_enrichers(pipeline, next, &reason);
    if (status == SYNFIX_OK)
        status = gather_outputs(pipeline, next, &reason);
    if (status == SYNFIX_OK)
        status = start_sinks(next->change, &reason);
    if (status != SYNFIX_OK) {
        discard(pipeline, next);
        return synfix_fail(error, status, "%s", reason.text);
    }
    publish(pipeline, next);
    return SYNFIX_OK;
}

/* Its thread has ended. */
static void take_leave(pipeline_t *pipeline, size_t slot)
{
    sink_t *sink = pipeline->sinks[slot];
    pipeline_sink_summary_t sum = {.name = NULL};
    (void)pthread_join(sink->thread, NULL);
    sink->running = false;
    (void)pthread_mutex_lock(&pipeline->listing);
    sink_add_up(pipeline, sink, &sum);
    sink_add_up(pipeline, sink, &pipeline->removed);
    pipeline->removed.before = 0; /* says nothing of several together */
    pipeline->sinks[slot] = NULL;
    atomic_store(&pipeline->instances[slot], NULL);
    (void)pthread_mutex_unlock(&pipeline->listing);
    pipeline_log(pipeline, 2,
                 "sink %s: taken out: %ju records handed over, %ju spooled, %ju given up, %ju dropped",
                 sink->name, (uintmax_t)sum.stats.handed_over, (uintmax_t)sum.stats.spooled,
                 (uintmax_t)sum.stats.given_up, (uintmax_t)(sum.dropped + sum.unencodable));
    sink_free(sink);
}

/* It has its time to bring the rest away, as at the end of a run. */
static void hurry(sink_t *sink)
{
    const int64_t grace_ns = (int64_t)sink->pipeline->config.grace_ms * 1000000;
    if (sink_stuck_ns(sink, sink->left_ns) < sink_patience_ns(sink) + grace_ns ||
        atomic_exchange(&sink->late_told, true))
        return;
    pipeline_log(sink->pipeline, 2, "sink %s: is to be taken out, but has not ended", sink->name);
    if (sink->functions->stop != NULL)
        sink->functions->stop(sink->instance);
}

/* How many sinks have not ended yet. */
static size_t tend(pipeline_t *pipeline)
{
    size_t waiting = 0;
    if (pipeline->change != NULL && atomic_load(&pipeline->change->left) > 0)
        return 1;
    change_free(pipeline->change);
    pipeline->change = NULL;
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++) {
        enricher_free(pipeline->left_enrichers[i]);
        pipeline->left_enrichers[i] = NULL;
    }
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (sink == NULL || !sink->leaving)
            continue;
        if (!atomic_exchange(&sink->dismissed, true))
            event_signal(&sink->filled);
        if (atomic_load(&sink->ended)) {
            take_leave(pipeline, i);
            continue;
        }
        hurry(sink);
        waiting++;
    }
    return waiting;
}

static void await_leaving(pipeline_t *pipeline)
{
    for (unsigned waited = 0; tend(pipeline) > 0 && waited < LEAVE_WAIT_MS; waited += LOOK_MS)
        look_later();
}

/* What there is now in the words that asked for it; frees with free_words. */
static synfix_status_t note_words(const pipeline_t *pipeline, pipeline_outputs_t *words,
                                  synfix_error_t *error)
{
    pipeline_part_t *parts = calloc(PIPELINE_SINKS_MAX + PIPELINE_ENRICHERS_MAX, sizeof *parts);
    bool whole = parts != NULL;
    *words = (pipeline_outputs_t){.sinks = parts, .observation_domain = pipeline->host.observation_domain};
    for (size_t i = 0; whole && i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *sink = pipeline->sinks[i];
        if (sink == NULL || sink->leaving)
            continue;
        parts[words->sink_count] = (pipeline_part_t){.module = sink->module, .text = strdup(sink->text)};
        whole = parts[words->sink_count++].text != NULL;
    }
    words->enrichers = whole ? parts + words->sink_count : NULL;
    for (size_t i = 0; whole && i < pipeline->enricher_count; i++) {
        const enricher_t *enricher = pipeline->enrichers[i];
        pipeline_part_t *part = &parts[words->sink_count + words->enricher_count++];
        *part = (pipeline_part_t){.module = enricher->module, .text = strdup(enricher->text), .target = ""};
        whole = part->text != NULL;
    }
    return whole ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "sinks: out of memory");
}

static void free_words(const pipeline_outputs_t *words)
{
    for (size_t i = 0; words->sinks != NULL && i < words->sink_count + words->enricher_count; i++)
        free((char *)(uintptr_t)words->sinks[i].text); /* ours */
    free((pipeline_part_t *)(uintptr_t)words->sinks);
}

/* Predecessors have ended, or had their time. */
static synfix_status_t change_deferred(pipeline_t *pipeline, const pipeline_outputs_t *wanted,
                                       const pipeline_outputs_t *before, synfix_error_t *error)
{
    next_t next;
    synfix_error_t again = {.text = ""};
    await_leaving(pipeline);
    synfix_status_t status = change_to(pipeline, wanted, &next, error);
    if (status == SYNFIX_OK && !next.any_deferred)
        return SYNFIX_OK;
    if (status == SYNFIX_OK)
        status = synfix_fail(error, SYNFIX_IO, "a sink's predecessor has not ended within %u s",
                             LEAVE_WAIT_MS / 1000);
    await_leaving(pipeline);
    if (change_to(pipeline, before, &next, &again) != SYNFIX_OK)
        pipeline_log(pipeline, 0, "sinks that there were could not be opened again: %s", again.text);
    return status;
}

static synfix_status_t set_outputs(pipeline_t *pipeline, const pipeline_outputs_t *wanted,
                                   synfix_error_t *error)
{
    next_t next;
    pipeline_outputs_t before;
    synfix_status_t status = note_words(pipeline, &before, error);
    if (status == SYNFIX_OK)
        status = change_to(pipeline, wanted, &next, error);
    if (status != SYNFIX_OK)
        pipeline->host.observation_domain = before.observation_domain;
    else if (next.any_deferred)
        status = change_deferred(pipeline, wanted, &before, error);
    free_words(&before);
    return status;
}

/* With the lock for changing, when the run is under way and no worker hangs in the last change. */
static synfix_status_t begin_change(pipeline_t *pipeline, synfix_error_t *error)
{
    for (unsigned waited = 0;; waited += LOOK_MS) {
        (void)pthread_mutex_lock(&pipeline->changing);
        if (pipeline->begun)
            (void)tend(pipeline);
        if (pipeline->begun && pipeline->change == NULL && !atomic_load(&pipeline->drained))
            return SYNFIX_OK;
        const bool over = atomic_load(&pipeline->drained);
        (void)pthread_mutex_unlock(&pipeline->changing);
        if (over)
            return synfix_fail(error, SYNFIX_INVALID, "sinks: the run is at its end");
        if (waited >= BEGIN_WAIT_MS)
            return synfix_fail(error, SYNFIX_INVALID,
                               "sinks: workers have not begun, or not changed over since the last change");
        look_later();
    }
}

synfix_status_t pipeline_set_outputs(pipeline_t *pipeline, const pipeline_outputs_t *wanted,
                                     synfix_error_t *error)
{
    if (!pipeline->config.live)
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "sinks: of files they do not change");
    if (wanted->sink_count > PIPELINE_SINKS_MAX || wanted->enricher_count > PIPELINE_ENRICHERS_MAX)
        return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks and %u enrichers", PIPELINE_SINKS_MAX,
                           PIPELINE_ENRICHERS_MAX);
    synfix_status_t status = begin_change(pipeline, error);
    if (status != SYNFIX_OK)
        return status;
    status = set_outputs(pipeline, wanted, error);
    (void)tend(pipeline);
    (void)pthread_mutex_unlock(&pipeline->changing);
    return status;
}

void pipeline_tend(pipeline_t *pipeline)
{
    (void)pthread_mutex_lock(&pipeline->changing);
    if (pipeline->begun && !atomic_load(&pipeline->drained))
        (void)tend(pipeline);
    (void)pthread_mutex_unlock(&pipeline->changing);
}
