/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/decode_message.h"

static void type_records_name_elements(void **state)
{
    (void)state;
    g_autoptr(GByteArray) m = message_begin(1);
    size_t set = set_begin(m, 3);
    put16(m, 300), put16(m, 4), put16(m, 2);
    put16(m, 346), put16(m, 4);
    put16(m, 303), put16(m, 2);
    put16(m, 339), put16(m, 1);
    put16(m, 341), put16(m, IPFIX_VARIABLE);
    set_end(m, set);
    set = set_begin(m, 2); /* the template comes before its names */
    put16(m, 301), put16(m, 1), put16(m, 0x8001), put16(m, 2), put32(m, 4242);
    set_end(m, set);
    set = set_begin(m, 300);
    put32(m, 4242), put16(m, 1), put8(m, IPFIX_UNSIGNED16);
    put8(m, 4), g_byte_array_append(m, (const guint8 *)"nice", 4);
    set_end(m, set);
    set = set_begin(m, 301);
    put16(m, 513);
    set_end(m, set);
    message_end(m);
    synfix_status_t status;
    char *const text = decode(m, DUMP_JSON, NULL, &status, NULL);
    assert_int_equal(status, SYNFIX_OK);
    assert_non_null(strstr(text, "{\"nice\":513}\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(type_records_name_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
