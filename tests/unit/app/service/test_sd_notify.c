/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/sd_notify.h"

#include <glib.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(bind(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static void test_states_are_sent(void **state)
{
    (void)state;
    g_autofree char *directory = g_dir_make_tmp("synfix-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "socket", NULL);
    const int manager = listen_at(path);
    g_autofree char *pid = g_strdup_printf("%d", (int)getpid());
    g_setenv("NOTIFY_SOCKET", path, TRUE);
    g_setenv("WATCHDOG_USEC", "3000000", TRUE);
    g_setenv("WATCHDOG_PID", pid, TRUE);
    notify_t notify = notify_open();
    assert_true(notify.socket >= 0);
    assert_int_equal(notify.watchdog_ms, 1500);
    notify_send(&notify, "READY=1\nSTATUS=x");
    char text[64] = "";
    const ssize_t length = recv(manager, text, sizeof text - 1, MSG_DONTWAIT);
    assert_int_equal(length, 16);
    assert_string_equal(text, "READY=1\nSTATUS=x");
    close(manager);
    notify_send(&notify, "STOPPING=1"); /* the manager has gone: nothing happens */
    notify_close(&notify);
    unlink(path);
    rmdir(directory);
}

static void test_no_manager(void **state)
{
    (void)state;
    static const char *const paths[] = {"", "x", "/nonexistent/socket", "relative/path", "@"};
    g_setenv("WATCHDOG_PID", "1", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_setenv("NOTIFY_SOCKET", paths[i], TRUE);
        notify_t notify = notify_open();
        assert_int_equal(notify.socket, -1);
        assert_int_equal(notify.watchdog_ms, 0);
        notify_send(&notify, "READY=1");
        notify_close(&notify);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_states_are_sent),
                                       cmocka_unit_test(test_no_manager)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
