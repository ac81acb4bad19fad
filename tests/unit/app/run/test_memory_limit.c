/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/memory_limit.h"
#include "support/temporary_directory.h"
#include <string.h>

#define FILES_MAX 6

/* A file below the root: its directory, its name and its content. */
typedef struct group_file {
    const char *directory;
    const char *name;
    const char *content;
} group_file_t;

static void write_file(const char *root, const group_file_t *file)
{
    g_autofree char *directory = g_build_filename(root, file->directory, NULL);
    g_autofree char *path = g_build_filename(directory, file->name, NULL);
    assert_int_equal(g_mkdir_with_parents(directory, 0700), 0);
    assert_true(g_file_set_contents(path, file->content, -1, NULL));
}

#define CGROUP(content)                                                                                      \
    {                                                                                                        \
        "proc/self", "cgroup", content                                                                       \
    }
#define V2(group, content)                                                                                   \
    {                                                                                                        \
        "sys/fs/cgroup" group, "memory.max", content                                                         \
    }
#define V1(group, content)                                                                                   \
    {                                                                                                        \
        "sys/fs/cgroup/memory" group, "memory.limit_in_bytes", content                                       \
    }

static void the_least_limit_above_the_process_counts(void **state)
{
    (void)state;
    static const struct {
        group_file_t files[FILES_MAX];
        uint64_t limit;
    } rows[] = {
        {{{NULL}}, UINT64_MAX}, /* no cgroups */
        {{CGROUP("0::/a/b\n"), V2("/a/b", "max\n"), V2("/a", "max\n")}, UINT64_MAX},
        {{CGROUP("0::/a/b\n"), V2("/a/b", "20971520\n"), V2("/a", "max\n")}, 20971520},
        {{CGROUP("0::/a/b\n"), V2("/a/b", "max\n"), V2("/a", "10485760\n")}, 10485760},
        {{CGROUP("0::/\n"), V2("", "12582912\n")}, 12582912}, /* a container */
        {{CGROUP("4:cpu,memory:/a\n1:name=systemd:/\n0::/\n"), V1("/a", "11534336\n"),
          V1("", "9223372036854771712\n")},
         11534336},
        {{CGROUP("0::/a b/c:d\n"), V2("/a b/c:d", "14680064\n")}, 14680064},
        {{CGROUP("0::/a\n"), V2("/a", "99999999999999999999\n")}, UINT64_MAX}, /* beyond 64 bits */
        {{CGROUP("4:memory:/of/the/host\n"), V1("", "13631488\n")}, 13631488},
        {{CGROUP("4:cpuset:/a\n"), V1("/a", "1\n")}, UINT64_MAX},
        {{CGROUP("no line of this file\n")}, UINT64_MAX},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *root = temporary_directory_new();
        for (unsigned k = 0; k < FILES_MAX && rows[i].files[k].name != NULL; k++) {
            write_file(root, &rows[i].files[k]);
        }
        assert_int_equal(memory_limit_read(root), rows[i].limit);
        assert_int_equal(temporary_directory_remove(root), 0);
    }
}

static void the_need_grows_with_workers_sinks_and_hosts(void **state)
{
    (void)state;
    char *sinks[] = {(char[]){"json:-"}, (char[]){"csv:b"}, NULL};
    settings_t settings = {
        .workers = (char[]){"1"}, .handshakes = 1000, .hosts = 1000, .fingerprint_slots = 64, .queue = 65536};
    const uint64_t one = memory_limit_need(&settings);
    assert_true(one > (13u << 20) + 65536 + 1000 * (48 + 88));
    settings.to = sinks;
    assert_int_equal(memory_limit_need(&settings) - one, 65536);
    settings.to = NULL;
    settings.workers = (char[]){"3"};
    assert_int_equal(memory_limit_need(&settings) - one, 2 * (one - (13u << 20)));
    settings.workers = (char[]){"1"};
    settings.host_table = 1000;
    assert_int_equal(memory_limit_need(&settings), one);
    settings.host_changes = TRUE;
    assert_int_equal(memory_limit_need(&settings) - one, 300000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_limit_above_the_process_counts),
        cmocka_unit_test(the_need_grows_with_workers_sinks_and_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
