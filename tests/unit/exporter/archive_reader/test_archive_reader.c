/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Files of hand-made messages: order of observations and failures. The tests of the converter
 * cover the content of records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <synfix-export/archive.h>
#include <unistd.h>

/* A template 256 of one element (sourceTransportPort), then a record of it. */
static const uint8_t foreign[] = {0, 10, 0,  34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0,
                                  2, 0,  12, 1,  0, 0, 1, 0, 7, 0, 2, 1, 0, 0, 6, 0, 80};
static const uint8_t damaged[] = {0, 10, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 99};

static char *file_of(const uint8_t *const *parts, const size_t *lengths, size_t count)
{
    char *path = g_strdup("/tmp/synfix-test-XXXXXX");
    const int file = g_mkstemp(path);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(write(file, parts[i], lengths[i]), lengths[i]);
    }
    close(file);
    return path;
}

static uint64_t refused(synfix_archive_t *archive)
{
    uint64_t sum = 0;
    uint64_t count = 0;
    const char *element = NULL;
    for (unsigned i = 0; synfix_archive_refused(archive, i, &count, &element) != NULL; i++) {
        sum += count;
    }
    return sum;
}

static void test_damage_in_the_middle(void **state)
{
    (void)state;
    const uint8_t *const parts[] = {foreign, damaged, foreign, foreign};
    const size_t lengths[] = {sizeof foreign, sizeof damaged, sizeof foreign, 20};
    g_autofree char *path = file_of(parts, lengths, 4);
    synfix_archive_t *archive = NULL;
    const synfix_observation_t *observation = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(synfix_archive_open(path, 0, &archive, &error), SYNFIX_OK);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "message at byte 34"));
    assert_int_equal(refused(archive), 1);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_TRUNCATED);
    assert_int_equal(refused(archive), 2);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_END);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_END);
    assert_int_equal(synfix_archive_converted(archive), 0);
    synfix_archive_close(archive);
    g_unlink(path);
}

/* Template 256 alone; records of it alone, the last one cut off by the end of its message. */
static const uint8_t template_alone[] = {0, 10, 0, 28, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0,
                                         0, 1,  0, 2,  0, 12, 1, 0, 0, 1, 0, 7, 0, 2};
static const uint8_t records_alone[] = {0, 10, 0, 24, 0, 0, 0, 0, 0, 0,  0, 0,
                                        0, 0,  0, 1,  1, 0, 0, 8, 0, 80, 0, 81};

static void read_parts(const uint8_t *const *parts, const size_t *lengths, size_t count, uint64_t records,
                       synfix_status_t status)
{
    g_autofree char *path = file_of(parts, lengths, count);
    synfix_archive_t *archive = NULL;
    const synfix_observation_t *observation = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(synfix_archive_open(path, 0, &archive, &error), SYNFIX_OK);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), status);
    assert_int_equal(refused(archive), records);
    assert_int_equal(status == SYNFIX_END, error.text[0] == '\0');
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_END);
    synfix_archive_close(archive);
    g_unlink(path);
}

static void test_each_record_is_read_or_its_loss_shown(void **state)
{
    (void)state;
    const uint8_t *const cut[] = {template_alone, records_alone};
    read_parts(cut, (size_t[]){sizeof template_alone, sizeof records_alone - 1}, 2, 1, SYNFIX_TRUNCATED);
    const uint8_t *const later[] = {records_alone, template_alone};
    read_parts(later, (size_t[]){sizeof records_alone, sizeof template_alone}, 2, 2, SYNFIX_END);
    const uint8_t *const missing[] = {records_alone};
    read_parts(missing, (size_t[]){sizeof records_alone}, 1, 0, SYNFIX_INVALID);
    read_parts(NULL, NULL, 0, 0, SYNFIX_TRUNCATED);
}

static void test_mistakes(void **state)
{
    (void)state;
    synfix_archive_t *archive = NULL;
    const synfix_observation_t *observation = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(synfix_archive_open("/no/such", 0, &archive, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(synfix_archive_open("/tmp", 0, &archive, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "directory"));
    assert_null(archive);
    assert_int_equal(synfix_archive_open("/etc/passwd", 4242, &archive, &error), SYNFIX_OK);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_INVALID);
    assert_int_equal(synfix_archive_next(archive, &observation, &error), SYNFIX_END);
    synfix_archive_close(archive);
    synfix_archive_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damage_in_the_middle),
                                       cmocka_unit_test(test_each_record_is_read_or_its_loss_shown),
                                       cmocka_unit_test(test_mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
