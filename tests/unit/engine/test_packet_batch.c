/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/sample_observation.h"
#include <synfix/batch.h>

static void capacities(void **state)
{
    (void)state;
    synfix_batch_t *batch = NULL;
    synfix_error_t error;
    assert_int_equal(synfix_batch_new(0, &batch, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "capacity of 0"));
    assert_int_equal(synfix_batch_new(SYNFIX_BATCH_CAPACITY_MAX + 1, &batch, NULL), SYNFIX_INVALID);
    synfix_batch_free(NULL);
}

/* Everything is overwritten after it was added: the batch has its own. */
static void copies_are_whole(void **state)
{
    (void)state;
    static const uint8_t bytes[8] = {2, 4, 5, 0xAC, 1, 1, 4, 2};
    sample_t sample;
    synfix_batch_t *batch = NULL;
    assert_int_equal(synfix_batch_new(3, &batch, NULL), SYNFIX_OK);
    uint8_t options[8];
    memcpy(options, bytes, sizeof bytes);
    sample_syn(&sample);
    sample.headers.options = options;
    sample.headers.options_length = sizeof options;
    sample.headers.options_captured = sizeof options;
    sample.observation.community_id = "1:x";
    synfix_batch_add(&sample.observation, batch);
    memset(&sample.headers, 0xFF, sizeof sample.headers);
    memset(options, 0xFF, sizeof options);
    memset(&sample.fingerprint, 0xFF, sizeof sample.fingerprint);
    sample_uptime(&sample);
    synfix_batch_add(&sample.observation, batch);
    memset(&sample.options, 0xFF, sizeof sample.options);

    assert_int_equal(synfix_batch_count(batch), 2);
    const synfix_observation_t *syn = synfix_batch_at(batch, 0);
    assert_int_equal(syn->headers->source_port, 1524);
    assert_memory_equal(syn->headers->options, bytes, sizeof bytes);
    assert_string_equal(syn->fingerprint->text, "4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0");
    assert_null(syn->community_id);
    const synfix_observation_t *uptime = synfix_batch_at(batch, 1);
    assert_null(uptime->fingerprint);
    assert_int_equal(uptime->options->timestamp_value, 10140000);
    assert_int_equal(uptime->uptime.frequency, 250);
    assert_null(synfix_batch_at(batch, 2));
    synfix_batch_free(batch);
}

static void fingerprints_are_shared_by_slot_and_stamp(void **state)
{
    (void)state;
    static const struct {
        uint32_t slot;
        uint64_t stamp;
        size_t same_as;
    } rows[] = {{1, 1, 0}, {1, 1, 0}, {1, 2, 2}, {65, 2, 3}, {1, 2, 4}, {65, 2, 5}};
    sample_t sample;
    synfix_batch_t *batch = NULL;
    sample_syn(&sample);
    assert_int_equal(synfix_batch_new(6, &batch, NULL), SYNFIX_OK);
    for (size_t i = 0; i < 6; i++) {
        sample.fingerprint.slot = rows[i].slot;
        sample.fingerprint.stamp = rows[i].stamp;
        synfix_batch_add(&sample.observation, batch);
    }
    for (size_t i = 0; i < 6; i++) {
        const synfix_fingerprint_t *kept = synfix_batch_at(batch, i)->fingerprint;
        assert_int_equal(kept->slot, rows[i].slot);
        assert_int_equal(kept->stamp, rows[i].stamp);
        assert_ptr_equal(kept, synfix_batch_at(batch, rows[i].same_as)->fingerprint);
    }
    synfix_batch_free(batch);
}

static void observations_without_room_are_counted(void **state)
{
    (void)state;
    sample_t sample;
    synfix_batch_t *batch = NULL;
    sample_syn(&sample);
    assert_int_equal(synfix_batch_new(2, &batch, NULL), SYNFIX_OK);
    for (unsigned i = 0; i < 5; i++) {
        synfix_batch_add(&sample.observation, batch);
    }
    assert_int_equal(synfix_batch_count(batch), 2);
    assert_int_equal(synfix_batch_missed(batch), 3);
    synfix_batch_clear(batch);
    assert_int_equal(synfix_batch_count(batch), 0);
    synfix_batch_add(&sample.observation, batch);
    assert_int_equal(synfix_batch_count(batch), 1);
    assert_int_equal(synfix_batch_missed(batch), 3);
    synfix_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capacities),
        cmocka_unit_test(copies_are_whole),
        cmocka_unit_test(fingerprints_are_shared_by_slot_and_stamp),
        cmocka_unit_test(observations_without_room_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
