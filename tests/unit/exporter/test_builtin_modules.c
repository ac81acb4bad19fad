/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/builtin_modules.h"
#include "support/descriptor_checks.h"

static void sinks_check_their_options(void **state)
{
    (void)state;
    check_descriptors(exporter_sinks);
}

static void enrichers_check_their_options(void **state)
{
    (void)state;
    check_descriptors(exporter_enrichers);
}

/* Mistakes other than the type of a value. */
static void each_part_is_named(void **state)
{
    (void)state;
    static const wrong_row_t rows[] = {
        {"inventory:", ": inventory:: no file named"},
        {"inventory:-", ": inventory:-: no file named"},
        {"kafka:", ": kafka:: no broker"},
        {"kafka:/topic", ": kafka:/topic: no broker"},
        {"kafka:b?set=nothing=1&set-file=/nonexistent&password-file=/nonexistent",
         "set-file: kafka:b: set-file: /nonexistent: No such|set: kafka:b: set: nothing: librdkafka has no "
         "such|password-file: kafka:b: password-file: /nonexistent: No such"},
        {"kafka:b?format=ipfix&profile=none", "profile: kafka:b: profile 'none' is unknown"},
        {"eve:h:x?type=redis&username=u&mode=queue", "mode: eve:h:x: mode: 'queue'|: eve:h:x: port 'x' is "
                                                     "not a port|username: eve:h:x: username without"},
        {"eve:h?type=redis&password-file=/nonexistent", "password-file: eve:h: password-file /nonexistent: "},
        {"json:h:x?type=redis",
         "type: json:h:x: type: 'redis' is unknown; write file, unix_stream or unix_dg"},
        {"tls:h?cert=/nonexistent&key=/nonexistent", "cert: tls:h: cert=/nonexistent: No such file"},
        {"udp:h?options=none&profile=compact", "options: udp:h: options=none: the profile compact needs"},
        {"file:a/%H/b?keep-size=1G&rotate-time=1h",
         "keep-size: file:a/%H/b: keep-size with a date in the dir"},
    };
    check_rows(exporter_sinks, rows, G_N_ELEMENTS(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sinks_check_their_options),
        cmocka_unit_test(enrichers_check_their_options),
        cmocka_unit_test(each_part_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
