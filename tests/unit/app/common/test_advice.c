/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/advice.h"
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool refuses;

#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ /* they have their own */
extern void *__libc_malloc(size_t size);

__attribute__((visibility("default"))) void *malloc(size_t size)
{
    return refuses ? NULL : __libc_malloc(size);
}
#endif

/* GLib's g_strerror() converts the text in such a locale, and returns NULL without memory for it. */
static void without_memory(void **state)
{
    (void)state;
    refuses = true;
    const char *advice = advice_for("x.pcap: Connection refused");
    refuses = false;
    assert_non_null(advice);
}

static void test_advice(void **state)
{
    (void)state;
    static const int codes[] = {ENOENT,   EACCES, ECONNREFUSED, EADDRINUSE, EADDRNOTAVAIL, ENOSPC,
                                ENETDOWN, ELOOP,  ENAMETOOLONG, EDQUOT,     ENOMEM};
    static const int files[] = {EACCES, EPERM};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autofree char *text = g_strdup_printf("x.pcap: %s", g_strerror(codes[i]));
        assert_non_null(advice_for(text));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) { /* an address has its advice in its message */
        g_autofree char *text = g_strdup_printf("x.pcap: %s", g_strerror(files[i]));
        assert_null(strstr(advice_for(text), "address"));
    }
    assert_non_null(advice_for("JSON encoder: out of memory"));
    assert_non_null(strstr(advice_for("inventory:s: not a regular file"), "a socket"));
    assert_null(advice_for("x.pcap: neither pcap nor pcapng"));
    assert_null(advice_for("x.pcap: No such file or directory; did you mean y.pcap?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory), /* first: GLib keeps converted texts */
        cmocka_unit_test(test_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
