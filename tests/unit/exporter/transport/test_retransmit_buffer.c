/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/retransmit_buffer.h"
#include <glib.h>

static const uint8_t bytes[1000];

static void sends_again_after_a_break(void **state)
{
    (void)state;
    retransmit_buffer_t *const buffer = retransmit_new(3000);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(retransmit_add(buffer, bytes, 1000, 10 + i, false), 0);
    }
    assert_int_equal(retransmit_pending(buffer), 33);
    assert_int_equal(retransmit_next(buffer)->records, 10);
    retransmit_sent(buffer);
    retransmit_sent(buffer);
    assert_int_equal(retransmit_pending(buffer), 12);
    assert_int_equal(retransmit_rewind(buffer), 21);
    assert_int_equal(retransmit_pending(buffer), 12);
    static const struct {
        uint32_t records;
        bool again;
    } expected[] = {{10, true}, {11, true}, {12, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        assert_int_equal(retransmit_next(buffer)->records, expected[i].records);
        assert_int_equal(retransmit_next(buffer)->again, expected[i].again);
        retransmit_sent(buffer);
    }
    assert_null(retransmit_next(buffer));
    assert_int_equal(retransmit_pending(buffer), 0);
    retransmit_free(buffer);
}

static void keeps_its_bounds(void **state)
{
    (void)state;
    retransmit_buffer_t *const buffer = retransmit_new(2500);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 2, false), 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 4, false), 1); /* the oldest went */
    assert_int_equal(retransmit_pending(buffer), 6);
    for (int i = 0; i < 2; i++) {
        retransmit_sent(buffer);
    }
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 8, false), 0);
    retransmit_sent(buffer);
    assert_int_equal(retransmit_rewind(buffer), 12); /* of the sent ones the last two */
    retransmit_free(buffer);
}

static void puts_back(void **state)
{
    (void)state;
    retransmit_buffer_t *const buffer = retransmit_new(2500);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 2, true), 0);
    assert_int_equal(retransmit_messages(buffer), 2);
    retransmit_message_t *const message = retransmit_take(buffer);
    assert_int_equal(retransmit_pending(buffer), 0);
    retransmit_put_back(buffer, message);
    assert_int_equal(retransmit_pending(buffer), 1);
    assert_int_equal(retransmit_next(buffer)->records, 2);
    retransmit_sent(buffer);
    assert_int_equal(retransmit_next(buffer)->records, 1);
    retransmit_free(buffer);
}

static void takes_away(void **state)
{
    (void)state;
    retransmit_buffer_t *const buffer = retransmit_new(2500);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 5, true), 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 6, false), 0);
    assert_int_equal(retransmit_pending(buffer), 6);
    for (uint32_t records = 5; records <= 6; records++) {
        g_autofree retransmit_message_t *message = retransmit_take(buffer);
        assert_int_equal(message->records, records);
    }
    assert_null(retransmit_take(buffer));
    assert_int_equal(retransmit_pending(buffer), 0);
    retransmit_free(buffer);
}

/* Half of the message is sent: it stays the next one until the connection breaks. */
static void keeps_what_is_begun(void **state)
{
    (void)state;
    retransmit_buffer_t *const buffer = retransmit_new(2500);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 2, false), 0);
    retransmit_next(buffer)->begun = 500;
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 4, false), 2);
    assert_int_equal(retransmit_next(buffer)->records, 1);
    assert_int_equal(retransmit_unsent_bytes(buffer), 2000);
    retransmit_rewind(buffer);
    assert_int_equal(retransmit_next(buffer)->begun, 0);
    assert_int_equal(retransmit_add(buffer, bytes, 1000, 8, false), 1);
    assert_int_equal(retransmit_next(buffer)->records, 4);
    retransmit_free(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_again_after_a_break),
        cmocka_unit_test(keeps_its_bounds),
        cmocka_unit_test(takes_away),
        cmocka_unit_test(puts_back),
        cmocka_unit_test(keeps_what_is_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
