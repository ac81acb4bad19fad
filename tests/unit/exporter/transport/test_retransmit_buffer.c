/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "exporter/transport/retransmit_buffer.h"
#include <glib.h>

static const uint8_t bytes[1000];

static void sends_again_after_a_break(void **state)
{
    (void)state;
    retransmit_buffer_t *const retain = retransmit_new(3000);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(retransmit_add(retain, bytes, 1000, 10 + i, false), 0);
    }
    assert_int_equal(retransmit_pending(retain), 33);
    assert_int_equal(retransmit_next(retain)->records, 10);
    retransmit_sent(retain);
    retransmit_sent(retain);
    assert_int_equal(retransmit_pending(retain), 12);
    assert_int_equal(retransmit_rewind(retain), 21);
    assert_int_equal(retransmit_pending(retain), 12);
    static const struct {
        uint32_t records;
        bool again;
    } expected[] = {{10, true}, {11, true}, {12, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        assert_int_equal(retransmit_next(retain)->records, expected[i].records);
        assert_int_equal(retransmit_next(retain)->again, expected[i].again);
        retransmit_sent(retain);
    }
    assert_null(retransmit_next(retain));
    assert_int_equal(retransmit_pending(retain), 0);
    retransmit_free(retain);
}

static void keeps_its_bounds(void **state)
{
    (void)state;
    retransmit_buffer_t *const retain = retransmit_new(2500);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 2, false), 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 4, false), 1); /* the oldest went */
    assert_int_equal(retransmit_pending(retain), 6);
    for (int i = 0; i < 2; i++) {
        retransmit_sent(retain);
    }
    assert_int_equal(retransmit_add(retain, bytes, 1000, 8, false), 0);
    retransmit_sent(retain);
    assert_int_equal(retransmit_rewind(retain), 12); /* of the sent ones the last two */
    retransmit_free(retain);
}

static void puts_back(void **state)
{
    (void)state;
    retransmit_buffer_t *const retain = retransmit_new(2500);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 2, true), 0);
    assert_int_equal(retransmit_messages(retain), 2);
    retransmit_message_t *const message = retransmit_take(retain);
    assert_int_equal(retransmit_pending(retain), 0);
    retransmit_put_back(retain, message);
    assert_int_equal(retransmit_pending(retain), 1);
    assert_int_equal(retransmit_next(retain)->records, 2);
    retransmit_sent(retain);
    assert_int_equal(retransmit_next(retain)->records, 1);
    retransmit_free(retain);
}

static void takes_away(void **state)
{
    (void)state;
    retransmit_buffer_t *const retain = retransmit_new(2500);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 5, true), 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 6, false), 0);
    assert_int_equal(retransmit_pending(retain), 6);
    for (uint32_t records = 5; records <= 6; records++) {
        g_autofree retransmit_message_t *message = retransmit_take(retain);
        assert_int_equal(message->records, records);
    }
    assert_null(retransmit_take(retain));
    assert_int_equal(retransmit_pending(retain), 0);
    retransmit_free(retain);
}

/* Half of it is on the wire: it stays the next one whatever comes, until the connection breaks. */
static void keeps_what_is_begun(void **state)
{
    (void)state;
    retransmit_buffer_t *const retain = retransmit_new(2500);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 1, false), 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 2, false), 0);
    retransmit_next(retain)->begun = 500;
    assert_int_equal(retransmit_add(retain, bytes, 1000, 4, false), 2);
    assert_int_equal(retransmit_next(retain)->records, 1);
    assert_int_equal(retransmit_unsent_bytes(retain), 2000);
    retransmit_rewind(retain);
    assert_int_equal(retransmit_next(retain)->begun, 0);
    assert_int_equal(retransmit_add(retain, bytes, 1000, 8, false), 1);
    assert_int_equal(retransmit_next(retain)->records, 4);
    retransmit_free(retain);
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
