/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The source `live` on the loopback interface of a network namespace of its own; skipped where that is not
 * allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/live/interface_source.h"
#include "module/module_options.h"
#include "support/own_network.h"
#include "support/skip.h"
#include <stdio.h>

static const char *logged;

static void on_log(void *user, int level, const char *text)
{
    static char kept[SYNFIX_ERROR_SIZE];
    (void)user, (void)level;
    (void)snprintf(kept, sizeof kept, "%s", text);
    logged = kept;
}

static const synfix_module_context_t context = {.struct_size = sizeof context, .live = true, .log = on_log};

static synfix_status_t open_source(const char *target, const char *settings, void **instance,
                                   synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    assert_int_equal(module_options_make(&capture_live_module, target, settings, &options, NULL), SYNFIX_OK);
    const synfix_status_t status = capture_live_module.source->open(&context, options, instance, error);
    module_options_free(options);
    return status;
}

/* Reads until the source has nothing for a while; the number of packets. */
static unsigned drain(void *instance)
{
    unsigned sum = 0;
    unsigned idle = 0;
    while (idle < 3) {
        synfix_packet_t packets[16];
        size_t count = 0;
        const synfix_status_t status = capture_live_module.source->read(instance, packets, 16, &count, NULL);
        assert_true(status == SYNFIX_OK || status == SYNFIX_AGAIN);
        for (size_t i = 0; i < count; i++) {
            assert_true(packets[i].captured_length > 0 && packets[i].time_ns > 0);
        }
        sum += (unsigned)count;
        idle = status == SYNFIX_AGAIN ? idle + 1 : 0;
    }
    return sum;
}

static void packets_arrive(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_source_stats_t stats = {0};
    synfix_error_t error = {.text = ""};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_int_equal(open_source("lo", "timeout=20ms&buffer=1M", &instance, &error), SYNFIX_OK);
    assert_true(live_descriptor(instance) >= 0);
    assert_int_equal(live_delay_ms(instance), 20);
    send_syn(9);
    assert_int_equal(drain(instance), 2); /* and its RST; once each, though lo shows packets twice */
    assert_int_equal(live_set_promiscuous(instance, false, &error), SYNFIX_OK);
    live_close_intake(instance);
    send_syn(9);
    assert_int_equal(drain(instance), 0);
    live_end(instance, true);
    capture_live_module.source->stats(instance, &stats);
    assert_int_equal(stats.received, 2);
    assert_int_equal(stats.dropped_kernel, 0);
    capture_live_module.source->close(instance);
}

static void filter_is_replaced(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_int_equal(open_source("lo", "timeout=20ms&buffer=1M&kernel-filter=no", &instance, &error),
                     SYNFIX_OK);
    const socket_filter_t other = {
        .analysis = LIVE_EVERYTHING, .encapsulations = SYNFIX_ENCAPSULATIONS_ALL, .expression = "port 7"};
    live_filter_free(live_filter_new(&other));
    live_filter_t *filter = live_filter_new(&other);
    assert_int_equal(live_filter_check(instance, filter, &error), SYNFIX_OK);
    live_filter_use(instance, filter, &context);
    assert_int_equal(drain(instance), 0); /* applies it */
    send_syn(9);
    assert_int_equal(drain(instance), 0);
    send_syn(7);
    assert_int_equal(drain(instance), 2);
    assert_null(logged);
    capture_live_module.source->close(instance);
}

/* An expression is checked for the link layer of the handle, which differs from Ethernet here. */
static void filter_for_another_link_layer(void **state)
{
    (void)state;
    static const socket_filter_t filters[] = {
        {.analysis = LIVE_SYN,
         .encapsulations = SYNFIX_ENCAPSULATIONS_ALL,
         .expression = "ether host 1:2:3:4:5:6"},
        {.analysis = LIVE_SYN, .encapsulations = SYNFIX_ENCAPSULATIONS_ALL, .expression = "port 7"},
    };
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_int_equal(open_source("any", "timeout=20ms&buffer=1M", &instance, &error), SYNFIX_OK);
    live_filter_t *other = live_filter_new(&filters[0]);
    live_filter_t *good = live_filter_new(&filters[1]);
    assert_int_equal(live_filter_check(instance, other, &error), SYNFIX_INVALID);
    assert_true(strncmp(error.text, "any: filter: ", 13) == 0);
    assert_int_equal(live_filter_check(instance, good, &error), SYNFIX_OK);
    live_filter_free(other);
    live_filter_free(good);
    capture_live_module.source->close(instance);
}

/* All interfaces: the packet has the number of its own one, and appears once though lo shows it twice. */
static void any_interface(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    synfix_packet_t packet;
    size_t count = 0;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_int_equal(open_source("any", "timeout=20ms&buffer=1M", &instance, &error), SYNFIX_OK);
    send_syn(9);
    while (count == 0) {
        assert_true(capture_live_module.source->read(instance, &packet, 1, &count, NULL) >= 0);
    }
    assert_int_equal(packet.interface_id, if_nametoindex("lo"));
    assert_int_equal(drain(instance), 1); /* the RST */
    capture_live_module.source->close(instance);
}

static void an_interface_that_is_down(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = 0};
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    const synfix_status_t status = open_source("lo", NULL, &instance, &error);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    (void)close(fd);
    assert_int_equal(status, SYNFIX_IO);
    assert_string_equal(error.text, "lo: the interface is down; bring the interface up: ip link set lo up");
}

static void refusals(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_int_equal(open_source("no-such0", NULL, &instance, &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text,
                        "no-such0: no such interface; synfix capture --list-interfaces lists them");
    assert_true(open_source("lo", "filter=tcp porrt", &instance, &error) < 0);
    assert_null(instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(packets_arrive),
                                       cmocka_unit_test(filter_is_replaced),
                                       cmocka_unit_test(any_interface),
                                       cmocka_unit_test(filter_for_another_link_layer),
                                       cmocka_unit_test(an_interface_that_is_down),
                                       cmocka_unit_test(refusals)};
    return tests_exit_code(cmocka_run_group_tests(tests, enter_namespace, NULL));
}
