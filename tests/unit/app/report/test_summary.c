/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/report/summary.h"

#include <string.h>

static pipeline_summary_t *example(void)
{
    pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    summary->workers = 2;
    summary->engine.packets_received = 30;
    summary->engine.octets_received = 1800;
    summary->engine.matched = 4;
    summary->engine.verdicts[SYNFIX_VERDICT_SYN] = 3;
    summary->engine.verdicts[SYNFIX_VERDICT_SYN_ACK] = 2;
    summary->engine.verdicts[SYNFIX_VERDICT_SEGMENT] = 25;
    summary->first_ns = 1000000000;
    summary->last_ns = 3500000000;
    summary->sink_count = 1;
    summary->sinks[0].name = "file:a\"b";
    summary->sinks[0].stats.delivered = 5;
    summary->sinks[0].stats.bytes = 700;
    return summary;
}

static void test_text(void **state)
{
    (void)state;
    g_autofree pipeline_summary_t *summary = example();
    g_autoptr(GString) text = g_string_new(NULL);
    summary_format(summary, text);
    assert_string_equal(text->str, "30 packets, 1800 bytes, 2.500 s from the first to the last packet\n"
                                   "             3  observed: SYN\n"
                                   "             2  observed: SYN+ACK\n"
                                   "            25  ignored: TCP segment without SYN\n"
                                   "5 observations: 4 with a label, 0 repeated, 0 whose SYN was not seen; "
                                   "0 uptimes\n"
                                   "file:a\"b: 5 records delivered, 700 bytes\n");
}

/* Full tables are reported once they evicted an entry. */
static void test_evictions(void **state)
{
    (void)state;
    g_autofree pipeline_summary_t *summary = example();
    g_autoptr(GString) text = g_string_new(NULL);
    summary->engine.handshakes_evicted = 8;
    summary->engine.hosts_evicted = 9;
    summary_format(summary, text);
    assert_non_null(strstr(text->str, "\n             8  open handshakes evicted early"));
    assert_non_null(strstr(text->str, "\n             9  hosts evicted early"));
}

static void test_metrics(void **state)
{
    (void)state;
    g_autofree pipeline_summary_t *summary = example();
    synfix_engine_counters_t workers[2] = {summary->engine, summary->engine};
    workers[1].verdicts[SYNFIX_VERDICT_SYN] = 7;
    const pipeline_handle_t handles[] = {
        {.name = "eth0", .worker = 0, .stats = {.dropped_kernel = 6, .dropped_interface = 1}},
        {.name = "eth0", .worker = 1, .stats = {.dropped_kernel = 4}},
    };
    const summary_parts_t parts = {.workers = workers, .handles = handles, .handle_count = 2};
    g_autoptr(GString) text = g_string_new(NULL);
    summary_metrics(summary, &parts, text);
    static const char *const lines[] = {
        "# TYPE synfix_packets counter\n",
        "\nsynfix_packets_total{worker=\"0\",verdict=\"syn\"} 3\n",
        "\nsynfix_packets_total{worker=\"1\",verdict=\"syn\"} 7\n",
        "\nsynfix_matched_total{worker=\"1\"} 4\n",
        "\nsynfix_packets_dropped_total{interface=\"eth0\",worker=\"1\",where=\"kernel\"} 4\n",
        "\nsynfix_packets_dropped_total{interface=\"eth0\",worker=\"0\",where=\"interface\"} 1\n",
        "# TYPE synfix_sink_records_spooled gauge\n",
        "\nsynfix_sink_records_spooled{sink=\"file:a\\\"b\"} 0\n",
        "\nsynfix_timestamp_samples_dropped_total 0\n",
        "\nsynfix_sink_records_delivered_total{sink=\"file:a\\\"b\"} 5\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (!strstr(text->str, lines[i])) {
            fail_msg("%s is not in %s", lines[i], text->str);
        }
    }
    assert_true(g_str_has_suffix(text->str, "\n# EOF\n"));
    g_string_truncate(text, 0);
    summary_format_workers(summary, &parts, text);
    assert_string_equal(text->str, "worker 0: 30 packets, 5 observations, 6 dropped by the kernel\n"
                                   "worker 1: 30 packets, 9 observations, 4 dropped by the kernel\n");
}

/* A sink that is named after a file may have any bytes in its name. */
static void test_bytes_of_names(void **state)
{
    (void)state;
    g_autofree pipeline_summary_t *summary = example();
    const summary_parts_t parts = {.workers = &summary->engine};
    g_autoptr(GString) text = g_string_new(NULL);
    summary->workers = 1;
    summary->sinks[0].name = "file:\xC3\xA9\xE9\n\33[2J";
    summary_format(summary, text);
    assert_true(g_str_has_suffix(text->str, "\nfile:\xC3\xA9???[2J: 5 records delivered, 700 bytes\n"));
    g_string_truncate(text, 0);
    summary_metrics(summary, &parts, text);
    assert_non_null(strstr(
        text->str, "\nsynfix_sink_records_delivered_total{sink=\"file:\xC3\xA9\\\\xe9\\n\\\\x1b[2J\"} 5\n"));
    assert_true(g_utf8_validate(text->str, -1, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_evictions),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_bytes_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
