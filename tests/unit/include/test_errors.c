/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Promises of the headers about failures: the result is unchanged, and the pointer to the reason may be NULL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix-export/archive.h>
#include <synfix/batch.h>
#include <synfix/embed.h>
#include <synfix/engine.h>
#include <synfix/reader.h>
#include <unistd.h>

static char mark; /* a result that no function sets */

static void ignore(const synfix_observation_t *observation, void *user)
{
    (void)observation;
    (void)user;
}

/* Calls each function twice, with and without a place for the reason. */
#define FAILS(wanted, result, call)                                                                          \
    do {                                                                                                     \
        synfix_error_t reason = {.text = ""};                                                                \
        synfix_error_t *error = NULL;                                                                        \
        (result) = (void *)&mark;                                                                            \
        assert_int_equal((call), (wanted));                                                                  \
        error = &reason;                                                                                     \
        assert_int_equal((call), (wanted));                                                                  \
        assert_true(reason.text[0] != '\0' && strchr(reason.text, '\n') == NULL);                            \
        assert_ptr_equal((result), &mark);                                                                   \
    } while (false)

static void engines(void **state)
{
    (void)state;
    synfix_engine_t *engine = NULL;
    synfix_batch_t *batch = NULL;
    synfix_shared_clocks_t *clocks = NULL;
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    FAILS(SYNFIX_INVALID, engine, synfix_engine_new(&config, &engine, error)); /* no callback */
    config.on_observation = ignore;
    config.hosts = SYNFIX_HOSTS_MAX + 1;
    FAILS(SYNFIX_INVALID, engine, synfix_engine_new(&config, &engine, error));
    FAILS(SYNFIX_INVALID, batch, synfix_batch_new(0, &batch, error));
    FAILS(SYNFIX_INVALID, batch, synfix_batch_new(SYNFIX_BATCH_CAPACITY_MAX + 1u, &batch, error));
    FAILS(SYNFIX_INVALID, clocks,
          synfix_shared_clocks_new(SYNFIX_HOSTS_MIN - 1, SYNFIX_SAMPLE_ORDER_TIME, 1, &clocks, error));
    FAILS(SYNFIX_INVALID, clocks,
          synfix_shared_clocks_new(SYNFIX_HOSTS_MIN, SYNFIX_SAMPLE_ORDER_TIME, UINT64_MAX, &clocks, error));
}

/* The engine continues as before; without a database nothing matches. */
static void changes_of_an_engine(void **state)
{
    (void)state;
    void *unused = NULL;
    synfix_engine_t *engine = NULL;
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = ignore;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    FAILS(SYNFIX_INVALID, unused, synfix_engine_set_uptime(engine, SYNFIX_UPTIME_P0F, error));
    FAILS(SYNFIX_INVALID, unused,
          synfix_engine_set_signatures(engine, (synfix_signature_mode_t)(SYNFIX_SIGNATURE_P0F + 1), error));
    synfix_engine_set_sigdb(engine, NULL);
    synfix_engine_set_sigdb(engine, NULL);
    synfix_engine_free(engine);
    synfix_engine_free(NULL);
}

static void databases(void **state)
{
    (void)state;
    static const char *const missing[] = {"/nonexistent.fp"};
    static const char wrong[] = "nonsense\n";
    char path[SYNFIX_PATH_SIZE];
    void *unused = NULL;
    synfix_sigdb_info_t info;
    synfix_sigdb_t *opened = NULL;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_non_null(sigdb);
    FAILS(SYNFIX_NOT_FOUND, unused, synfix_sigdb_load(sigdb, missing[0], error));
    FAILS(SYNFIX_INVALID, unused, synfix_sigdb_load_text(sigdb, "x", wrong, strlen(wrong), error));
    FAILS(SYNFIX_INVALID, unused, synfix_sigdb_set_min_quality(sigdb, 101, error));
    FAILS(SYNFIX_NOT_FOUND, opened, synfix_sigdb_open(missing, 1, 0, &opened, error));
    FAILS(SYNFIX_INVALID, opened, synfix_sigdb_open(NULL, 0, 101, &opened, error));
    FAILS(SYNFIX_NOT_FOUND, unused, synfix_sigdb_default_path(path, 1, error));
    assert_int_equal(synfix_sigdb_finish(sigdb, NULL), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, NULL), SYNFIX_OK);
    FAILS(SYNFIX_INVALID, unused, synfix_sigdb_load_text(sigdb, "x", "", 0, error));
    synfix_sigdb_info(sigdb, &info);
    assert_string_equal(info.name, "");
    assert_string_equal(info.version, "");
    assert_int_equal(info.label_count, 0);
    assert_null(synfix_sigdb_label(sigdb, 0));
    assert_null(synfix_sigdb_link(sigdb, 1500));
    synfix_sigdb_unref(sigdb);
    synfix_sigdb_unref(NULL);
}

static void readers(void **state)
{
    (void)state;
    synfix_reader_t *reader = NULL;
    synfix_archive_t *archive = NULL;
    synfix_sigdb_t *sigdb = NULL;
    synfix_reader_config_t config;
    synfix_reader_config_init(&config, sizeof config);
    assert_int_equal(synfix_sigdb_open(NULL, 0, 0, &sigdb, NULL), SYNFIX_OK);
    config.sigdb = sigdb;
    FAILS(SYNFIX_NOT_FOUND, reader, synfix_reader_open_file("/nonexistent.pcap", &config, &reader, error));
    FAILS(SYNFIX_INVALID, reader,
          synfix_reader_open_file(SYNFIX_SOURCE_DIR "/README.md", &config, &reader, error));
    config.filter = "tcp porrt";
    FAILS(SYNFIX_INVALID, reader,
          synfix_reader_open_file(SYNFIX_TEST_DATA "/web.pcap", &config, &reader, error));
    FAILS(SYNFIX_NOT_FOUND, archive, synfix_archive_open("/nonexistent.ipfix", 0, &archive, error));
    synfix_sigdb_unref(sigdb);
    synfix_reader_close(NULL);
    synfix_archive_close(NULL);
}

static void signatures(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "4", "9:64:0:1460:mss*4,7:mss:df:0",
                                        "4:64:0:1460:mss*4,7:mss:df:0:1"};
    void *unused = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        synfix_signature_t signature;
        FAILS(SYNFIX_INVALID, unused, synfix_signature_parse(wrong[i], strlen(wrong[i]), &signature, error));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines), cmocka_unit_test(changes_of_an_engine), cmocka_unit_test(databases),
        cmocka_unit_test(readers), cmocka_unit_test(signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
