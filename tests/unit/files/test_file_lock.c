/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Only a lock of another process is "in use": the message of another failure names it and a remedy, and no
 * file is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/inventory/inventory.h"
#include "exporter/ipfix/template_ids.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/posix/file_replacement.h"
#include "files/file_lock.h"
#include "support/temporary_directory.h"
#include "unit/exporter/transport/spool_fixture.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int reason;           /* of refused locks; 0: none is refused */
static unsigned interrupted; /* calls that a signal interrupts first */

int __real_flock(int descriptor, int operation);
int __wrap_flock(int descriptor, int operation);
int __wrap_flock(int descriptor, int operation)
{
    if (interrupted > 0) {
        interrupted--;
        errno = EINTR;
        return -1;
    }
    if (reason != 0) {
        errno = reason;
        return -1;
    }
    return __real_flock(descriptor, operation);
}

/* A file system without O_TMPFILE. */
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
    errno = ENOENT;
    return strcmp(path, "/proc/self/fd") == 0 ? -1 : __real_access(path, mode);
}

typedef synfix_status_t use_function(spool_fixture_t *fixture, synfix_error_t *error);

static char *inside(const spool_fixture_t *fixture, const char *name)
{
    return g_build_filename(fixture->directory, name, NULL);
}

static synfix_status_t use_file(spool_fixture_t *fixture, synfix_error_t *error)
{
    g_autofree char *path = inside(fixture, "a.ipfix");
    ipfix_file_t *file = NULL;
    assert_int_equal(ipfix_file_new(&(ipfix_file_config_t){.target = path}, &file, error), SYNFIX_OK);
    const synfix_status_t status = ipfix_file_begin(file, 0, error);
    ipfix_file_free(file);
    return status;
}

static char *make_part(const spool_fixture_t *fixture)
{
    char *const part = inside(fixture, "a.ipfix" ARCHIVE_PART_SUFFIX);
    assert_true(g_file_set_contents(part, "", 0, NULL));
    return part;
}

static synfix_status_t use_former_part(spool_fixture_t *fixture, synfix_error_t *error)
{
    g_autofree char *part = make_part(fixture);
    const synfix_status_t status = use_file(fixture, error);
    (void)g_unlink(part);
    return status;
}

static synfix_status_t use_unfinished_file(spool_fixture_t *fixture, synfix_error_t *error)
{
    g_autofree char *part = make_part(fixture);
    const synfix_status_t status = ipfix_file_recover(part, NULL, error);
    (void)g_unlink(part);
    return status;
}

static synfix_status_t use_replacement(spool_fixture_t *fixture, synfix_error_t *error)
{
    g_autofree char *path = inside(fixture, "out");
    file_replacement_t replacement = FILE_REPLACEMENT_NONE;
    const synfix_status_t status = file_replacement_begin(&replacement, path, 0644, error);
    file_replacement_abandon(&replacement);
    return status;
}

static synfix_status_t use_inventory(spool_fixture_t *fixture, synfix_error_t *error)
{
    g_autofree char *path = inside(fixture, "inventory");
    inventory_t *inventory = NULL;
    const synfix_status_t status = inventory_open(path, INVENTORY_WRITE, &inventory, error);
    inventory_close(status == SYNFIX_OK ? inventory : NULL);
    (void)g_unlink(path);
    return status;
}

static synfix_status_t use_spool(spool_fixture_t *fixture, synfix_error_t *error)
{
    const spool_config_t config = {
        .directory = fixture->directory, .settings = &fixture->settings, .limit_bytes = SPOOL_LIMIT};
    spool_t *spool = NULL;
    const synfix_status_t status = spool_open(&config, &spool, error);
    spool_close(status == SYNFIX_OK ? spool : NULL);
    g_autofree char *lock = inside(fixture, "lock");
    (void)g_unlink(lock);
    return status;
}

static synfix_status_t use_template_ids(spool_fixture_t *fixture, synfix_error_t *error)
{
    template_ids_damage_t damage;
    const synfix_status_t status =
        ipfix_template_ids(fixture->directory, fixture->settings.profile, &damage, error);
    g_autofree char *templates = inside(fixture, "templates");
    (void)g_unlink(templates);
    return status;
}

static use_function *const uses[] = {use_file,      use_former_part, use_unfinished_file, use_replacement,
                                     use_inventory, use_spool,       use_template_ids};

static void another_failure_is_not_in_use(void **state)
{
    static const int reasons[] = {ENOLCK, EIO, EOPNOTSUPP};
    for (size_t i = 0; i < G_N_ELEMENTS(uses) * G_N_ELEMENTS(reasons); i++) {
        synfix_error_t error = {.text = ""};
        reason = reasons[i % G_N_ELEMENTS(reasons)];
        const synfix_status_t status = uses[i / G_N_ELEMENTS(reasons)](*state, &error);
        const int refused = reason;
        reason = 0;
        if (status != SYNFIX_IO || strstr(error.text, strerror(refused)) == NULL ||
            strstr(error.text, "cannot lock the file") == NULL || strstr(error.text, "; use ") == NULL) {
            fail_msg("use %zu: status %d: %s", i / G_N_ELEMENTS(reasons), (int)status, error.text);
        }
        g_autoptr(GDir) names = g_dir_open(((spool_fixture_t *)*state)->directory, 0, NULL);
        const char *const left = g_dir_read_name(names);
        if (left != NULL) {
            fail_msg("use %zu leaves %s", i / G_N_ELEMENTS(reasons), left);
        }
    }
}

static void a_held_lock_is_in_use(void **state)
{
    g_autofree char *path = inside(*state, "file");
    synfix_error_t error = {.text = ""};
    const int first = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const int second = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(file_lock(first), 0);
    assert_int_equal(file_lock(second), -1);
    assert_true(file_lock_is_held(errno));
    assert_int_equal(file_lock_fail("a", "in use", &error), SYNFIX_IO);
    assert_string_equal(error.text, "a: in use");
    close(first);
    assert_int_equal(file_lock(second), 0);
    close(second);
}

static void a_signal_is_no_failure(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
        synfix_error_t error = {.text = ""};
        interrupted = 2;
        const synfix_status_t status = uses[i](*state, &error);
        if (status < 0 && status != SYNFIX_INVALID) { /* the file of recover has no message */
            fail_msg("use %zu: %s", i, error.text);
        }
        assert_int_equal(interrupted, 0);
    }
}

#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, spool_set_up, spool_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(another_failure_is_not_in_use),
        WITH_DIRECTORY(a_held_lock_is_in_use),
        WITH_DIRECTORY(a_signal_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
