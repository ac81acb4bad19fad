/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets that one thread reads and the owners of their flows process: the observations are those of one
 * engine that gets all packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/engine_split.h"
#include "support/engine_fixture.h"

#define PACKETS     480u
#define WORKERS_MAX 3u
#define LINK        14u

_Static_assert(PACKETS <= SPLIT_PACKETS_MAX, "one batch");

/* Facts of an observation that differ from packet to packet. */
typedef struct fact {
    uint64_t number;
    int kind;
    uint32_t flags;
    uint32_t timestamp_value;
    uint64_t uptime_seconds;
    uint32_t frequency;
    uint8_t link_address;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
} fact_t;

typedef struct facts {
    size_t count;
    fact_t at[2 * PACKETS];
} facts_t;

static void note(const synfix_observation_t *observation, void *user)
{
    facts_t *facts = user;
    fact_t *fact = &facts->at[facts->count++];
    memset(fact, 0, sizeof *fact);
    fact->number = observation->packet_number;
    fact->kind = (int)observation->kind;
    fact->flags = observation->flags;
    fact->timestamp_value = observation->options->timestamp_value;
    if ((observation->headers->encapsulation.details & SYNFIX_DETAIL_LINK) != 0) {
        fact->link_address = observation->headers->details.link_addresses[5];
    }
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME) {
        fact->uptime_seconds = observation->uptime.uptime_seconds;
        fact->frequency = observation->uptime.frequency;
    } else {
        (void)strcpy(fact->text, observation->fingerprint->text);
    }
}

static int compare_facts(const void *one, const void *other)
{
    const fact_t *a = one;
    const fact_t *b = other;
    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->kind - b->kind;
}

/* Milliseconds since the first packet. A round of five packets is a connection of three seconds: SYN,
 * SYN+ACK, and segments, of which the second one comes too early to show the clock. */
static unsigned time_of(unsigned number)
{
    static const unsigned steps[5] = {0, 10, 500, 510, 2000};
    return number / 5 * 3000 + steps[number % 5];
}

static shape_t shape_of(unsigned number)
{
    const unsigned round = number / 5;
    const unsigned step = number % 5;
    shape_t shape = step == 1 ? syn_ack : syn;
    *(step == 1 ? &shape.destination : &shape.source) += round % 20;
    *(step == 1 ? &shape.destination_port : &shape.source_port) = (uint16_t)(1000 + round);
    shape.window = (uint16_t)(shape.window + round % 7);
    if (step > 1) {
        shape.flags = SYNFIX_TCP_ACK;
        shape.sequence++;
    }
    shape.timestamp_value += time_of(number); /* 1000 Hz */
    return shape;
}

typedef struct input {
    uint8_t frames[PACKETS][FRAME_SIZE + LINK + 4];
    synfix_packet_t packets[PACKETS];
} input_t;

static void make_packet(input_t *input, unsigned number)
{
    uint8_t *frame = input->frames[number];
    uint8_t *at = frame;
    memset(frame, 0, sizeof input->frames[number]);
    frame[5] = (uint8_t)number;
    at += 12;
    if (number % 7 == 6) { /* a VLAN tag: no plain frame */
        write_be16(at, 0x8100);
        at += 4;
    }
    write_be16(at, 0x0800);
    const shape_t shape = shape_of(number);
    uint32_t length = (uint32_t)(at + 2 - frame) + make_frame(&shape, at + 2);
    if (number % 31 == 0) { /* its options are cut */
        length -= 4;
    }
    if (number % 37 == 0) {
        (at + 2)[33] |= SYNFIX_TCP_FIN; /* with SYN: flags that no stack sends */
    }
    input->packets[number] = (synfix_packet_t){.data = frame,
                                               .captured_length = length,
                                               .original_length = length + number,
                                               .time_ns = SECOND + (int64_t)time_of(number) * 1000000,
                                               .number = number + 1,
                                               .link_type = 1};
    if (number % 11 == 5) { /* a plain frame that is not copied */
        input->packets[number].user = input;
    }
}

static void make_input(input_t *input)
{
    for (unsigned i = 0; i < PACKETS; i++) {
        make_packet(input, i);
    }
}

static synfix_engine_config_t config_of(facts_t *facts, synfix_uptime_mode_t uptime)
{
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = note;
    config.observation_user = facts;
    config.uptime = uptime;
    return config;
}

/* The batch of the reading thread, and the part of each worker. */
typedef struct work {
    packet_context_t *contexts;
    split_share_t shares[WORKERS_MAX];
    split_samples_t samples[WORKERS_MAX];
    synfix_engine_t *engines[WORKERS_MAX];
    size_t copied;
} work_t;

static void divide(work_t *work, const input_t *input, const synfix_engine_config_t *config, unsigned workers)
{
    const frame_choice_t choice = engine_frame_choice(config);
    for (uint16_t i = 0; i < PACKETS; i++) {
        synfix_verdict_t verdict;
        frame_copy_t copy;
        if (engine_copy_frame(choice, &input->packets[i], &copy)) {
            split_share_t *share = &work->shares[flow_shard(copy.flow_hash) % workers];
            split_add_frame(share, &copy, i);
            work->copied++;
            continue;
        }
        packet_context_t *context = &work->contexts[i];
        const bool wanted = engine_classify(config, &input->packets[i], context, &verdict);
        split_share_t *share = &work->shares[wanted ? flow_shard(context->flow_hash) % workers : 0];
        if (wanted) {
            split_add_context(share, work->contexts, i, i);
        }
        batch_counters_add(&share->counters, &input->packets[i], verdict);
    }
}

static void flow_phase(work_t *work, unsigned worker, unsigned workers)
{
    engine_set_samples(work->engines[worker], &work->samples[worker], workers);
    engine_push_share(work->engines[worker], &work->shares[worker], work->contexts);
}

static void host_phase(work_t *work, unsigned owner, unsigned workers)
{
    const split_sample_t *owned[PACKETS];
    size_t count = 0;
    for (unsigned number = 0; number < PACKETS; number++) {
        for (unsigned i = 0; i < workers; i++) {
            for (size_t s = 0; s < work->samples[i].count; s++) {
                const split_sample_t *sample = &work->samples[i].samples[s];
                if (work->samples[i].owners[s] == owner && work->samples[i].orders[s] == number) {
                    owned[count++] = sample;
                }
            }
        }
    }
    engine_push_samples(work->engines[owner], owned, count);
}

static work_t *new_work(const synfix_engine_config_t *config, unsigned workers)
{
    work_t *work = aligned_alloc(_Alignof(work_t), sizeof *work);
    assert_non_null(work);
    memset(work, 0, sizeof *work);
    work->contexts = aligned_alloc(64, PACKETS * sizeof(packet_context_t));
    assert_non_null(work->contexts);
    for (unsigned i = 0; i < workers; i++) {
        work->shares[i].frames = aligned_alloc(64, PACKETS * sizeof(frame_copy_t));
        assert_non_null(work->shares[i].frames);
        assert_int_equal(synfix_engine_new(config, &work->engines[i], NULL), SYNFIX_OK);
    }
    return work;
}

static void free_work(work_t *work)
{
    for (unsigned i = 0; i < WORKERS_MAX; i++) {
        synfix_engine_free(work->engines[i]);
        free(work->shares[i].frames);
    }
    free(work->contexts);
    free(work);
}

static void sum_counters(const work_t *work, unsigned workers, synfix_engine_counters_t *sum)
{
    memset(sum, 0, sizeof *sum);
    for (unsigned i = 0; i < workers; i++) {
        const synfix_engine_counters_t own = counters_of(work->engines[i]);
        sum->packets_received += own.packets_received;
        sum->octets_received += own.octets_received;
        sum->timestamp_samples += own.timestamp_samples;
        sum->uptime_observations += own.uptime_observations;
        for (unsigned v = 0; v < SYNFIX_VERDICT_COUNT; v++) {
            sum->verdicts[v] += own.verdicts[v];
        }
    }
}

static void expect_same_counters(const synfix_engine_counters_t *one, const synfix_engine_counters_t *other)
{
    assert_int_equal(one->packets_received, other->packets_received);
    assert_int_equal(one->octets_received, other->octets_received);
    assert_int_equal(one->timestamp_samples, other->timestamp_samples);
    assert_int_equal(one->uptime_observations, other->uptime_observations);
    assert_memory_equal(one->verdicts, other->verdicts, sizeof one->verdicts);
}

static synfix_engine_counters_t push_all(const input_t *input, facts_t *facts, synfix_uptime_mode_t uptime)
{
    const synfix_engine_config_t config = config_of(facts, uptime);
    synfix_engine_t *engine = NULL;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    synfix_engine_push(engine, input->packets, PACKETS);
    const synfix_engine_counters_t counters = counters_of(engine);
    synfix_engine_free(engine);
    qsort(facts->at, facts->count, sizeof *facts->at, compare_facts);
    return counters;
}

static void split_equals_whole(synfix_uptime_mode_t uptime, unsigned workers)
{
    static input_t input;
    static facts_t whole;
    static facts_t split;
    whole.count = split.count = 0;
    make_input(&input);
    const synfix_engine_counters_t expected = push_all(&input, &whole, uptime);
    const synfix_engine_config_t config = config_of(&split, uptime);
    work_t *work = new_work(&config, workers);
    divide(work, &input, &config, workers);
    for (unsigned i = 0; i < workers; i++) {
        flow_phase(work, i, workers);
    }
    stream_end();
    for (unsigned i = 0; i < workers; i++) {
        host_phase(work, i, workers);
    }
    qsort(split.at, split.count, sizeof *split.at, compare_facts);
    assert_int_equal(split.count, whole.count);
    assert_memory_equal(split.at, whole.at, whole.count * sizeof *whole.at);
    synfix_engine_counters_t sum;
    sum_counters(work, workers, &sum);
    expect_same_counters(&sum, &expected);
    assert_true(work->copied > PACKETS / 4 && work->copied < PACKETS);
    assert_true(uptime == SYNFIX_UPTIME_OFF || sum.uptime_observations > 10);
    free_work(work);
}

static void test_split_equals_whole(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= WORKERS_MAX; workers++) {
        split_equals_whole(SYNFIX_UPTIME_REGRESSION, workers);
        split_equals_whole(SYNFIX_UPTIME_OFF, workers);
    }
}

static bool pass_all(const synfix_headers_t *headers, void *user)
{
    (void)headers;
    (void)user;
    return true;
}

/* A frame whose headers something looks at is not copied, nor one that the caller marked, nor a cut one. */
static void test_frames_that_are_not_copied(void **state)
{
    (void)state;
    static input_t input;
    facts_t facts;
    frame_copy_t copy;
    make_input(&input);
    synfix_engine_config_t config = config_of(&facts, SYNFIX_UPTIME_REGRESSION);
    synfix_packet_t packet = input.packets[1]; /* SYN+ACK */
    assert_true(engine_copy_frame(engine_frame_choice(&config), &packet, &copy));
    assert_memory_equal(copy.frame, packet.data, packet.captured_length);
    packet.user = &facts;
    assert_false(engine_copy_frame(engine_frame_choice(&config), &packet, &copy));
    packet.user = NULL;
    packet.captured_length--;
    assert_false(engine_copy_frame(engine_frame_choice(&config), &packet, &copy));
    packet.captured_length++;
    config.filter = pass_all;
    assert_false(engine_copy_frame(engine_frame_choice(&config), &packet, &copy));
    config.filter = NULL;
    config.uptime = SYNFIX_UPTIME_OFF;
    assert_true(engine_copy_frame(engine_frame_choice(&config), &packet, &copy));
    assert_false(engine_copy_frame(engine_frame_choice(&config), &input.packets[2], &copy)); /* a segment */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_equals_whole),
        cmocka_unit_test(test_frames_that_are_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
