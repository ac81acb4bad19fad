/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The compiled encoder against libfixbuf's transcoding: the same bytes over random observations, all
 * profiles and templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/observations.h"
#include "unit/exporter/ipfix/fixbuf_oracle.h"
#include <glib/gstdio.h>
#include <unistd.h>

#define ROUNDS 3000

static char every_element[64]; /* a profile made for this test */

static void settings_open(ipfix_settings_t *settings, const char *profile, bool cert)
{
    synfix_error_t error = {.text = ""};
    g_autofree char *directory = g_build_filename(SYNFIX_SOURCE_DIR, "ipfix-templates", NULL);
    *settings = (ipfix_settings_t){.message_size = 65535, .domain = 1};
    if (ipfix_model_load(directory, 4242, &settings->model, &error) != SYNFIX_OK ||
        ipfix_profile_load(settings->model, directory, profile, cert, &settings->profile, &error) !=
            SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
}

static void compare_messages(const synfix_block_t *block, oracle_t *oracle)
{
    assert_true(fBufEmit(oracle->buffer, NULL));
    assert_int_equal(block->length, fbExporterGetMsgLen(oracle->exporter));
    assert_memory_equal(block->data, oracle->bytes, 4);
    assert_memory_equal(block->data + 16, oracle->bytes + 16, block->length - 16);
}

/* Every second uptime is a change instead. */
static void vary_kind(random_observation_t *random, const synfix_host_change_t *change, unsigned round)
{
    if (random->observation.kind == SYNFIX_OBSERVATION_UPTIME && round % 2 == 0) {
        random->observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
        random->observation.uptime = (synfix_uptime_t){.frequency = 0};
        random->observation.from_server = round % 4 == 0;
        random->observation.host_change = change;
    }
}

static void encode_all(const ipfix_settings_t *settings, oracle_t *oracle, unsigned variants_wanted)
{
    void *encoder = NULL;
    assert_int_equal(ipfix_encoding.create(settings, 0, &encoder, NULL), SYNFIX_OK);
    uint32_t seed = 7;
    unsigned seen = 0;
    uint8_t *data = g_malloc(65535);
    synfix_block_t block = {.data = data, .capacity = 40000};
    for (unsigned i = 0; i < ROUNDS; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        random.observation.community_id = "1:abc=";
        const synfix_host_change_t change = {.reasons = i * 2654435761u,
                                             .score = (uint8_t)(i % 101),
                                             .before = i % 3 == 0 ? "?" : "Windows XP",
                                             .after = "Linux 5.x"};
        vary_kind(&random, &change, i);
        const unsigned variant = ipfix_variant(&random.observation);
        const ipfix_template_t *template = &settings->profile->templates[variant];
        if (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            ipfix_encoding.seal(encoder, &block);
            compare_messages(&block, oracle);
            block = (synfix_block_t){.data = data, .capacity = 40000};
            assert_int_equal(ipfix_encoding.encode(encoder, &random.observation, &block), SYNFIX_OK);
        }
        if (template->id != 0) {
            oracle_append(oracle, template, &random.observation);
            seen |= 1u << variant;
        }
    }
    ipfix_encoding.seal(encoder, &block);
    compare_messages(&block, oracle);
    assert_int_equal(seen, variants_wanted);
    ipfix_encoding.destroy(encoder);
    g_free(data);
}

static void check_profile(const char *profile, bool cert, unsigned variants)
{
    ipfix_settings_t settings;
    settings_open(&settings, profile, cert);
    oracle_t *oracle = g_new0(oracle_t, 1);
    oracle_open(oracle, &settings);
    encode_all(&settings, oracle, variants);
    fBufFree(oracle->buffer);
    fbInfoModelFree(oracle->model);
    g_free(oracle);
    ipfix_settings_clear(&settings);
}

static void test_equals_libfixbuf(void **state)
{
    (void)state;
    check_profile("full", false, 0x3FFFF);
    check_profile("full", true, 0x3FFFF);
    check_profile("compact", false, 0x3FFFF);
    check_profile("iana", false, 0x3F);
}

static void test_equals_libfixbuf_any_order(void **state)
{
    (void)state;
    check_profile(every_element, false, 0x3FFFF);
}

static void test_bounds(void **state)
{
    (void)state;
    ipfix_settings_t settings;
    settings_open(&settings, "full", false);
    void *encoder = NULL;
    assert_int_equal(ipfix_encoding.create(&settings, 0, &encoder, NULL), SYNFIX_OK);
    uint32_t seed = 3;
    uint8_t data[1400 + 32];
    random_observation_t random;
    random_observation(&seed, &random);
    synfix_block_t block = {.data = data, .capacity = 100};
    assert_int_equal(ipfix_encoding.encode(encoder, &random.observation, &block), SYNFIX_INVALID);
    assert_int_equal(block.length, 0);
    block.capacity = 1400;
    memset(data, 0xAA, sizeof data);
    unsigned records = 0;
    while (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_OK) {
        records++;
    }
    assert_true(records > 1);
    assert_int_equal(ipfix_block_records(&block), records);
    for (size_t i = 1400; i < sizeof data; i++) {
        assert_int_equal(data[i], 0xAA);
    }
    ipfix_encoding.destroy(encoder);
    ipfix_settings_clear(&settings);
}

/* Every element that can be filled, in an order that breaks up all runs. */
static int make_profile(void **state)
{
    (void)state;
    static const char text[] =
        "[observation]\ntcpSignature\nflowStartMilliseconds\nosLabel\nosClass\nlinkLabel\n"
        "packetDeltaCount[5]\ncommunityId\nsourceIPv4Address\nsourceIPv6Address\ntcpQuirks\n"
        "observationTimeNanoseconds\nobservationTimeMicroseconds\negressInterface\nsamplingInterval\n"
        "tcpOptionsFull\nsamplerId\nselectorAlgorithm\nipv6ExtensionHeadersFull\nflowEndReason\n"
        "flowAttributes\ninitialTCPFlags\nunionTCPFlags\n";
    GString *profile = g_string_new(text);
    g_string_append(profile,
                    "tcpOptionLayout\n32473/10 # by number\nmuonFingerprint\n\n[uptime]\ntcpSignature\n"
                    "tcpMaximumSegmentSize\nsystemUptime\nsourceIPv4Address\nsourceIPv6Address\n"
                    "encapsulationId\nouterSourceIPv4Address\nouterSourceIPv6Address\n\n[host-change]\n"
                    "osLabelAfter\nhostSharingScore\nsourceIPv4Address\nsourceIPv6Address\nosLabelBefore\n"
                    "hostChangeReasons\nouterSourceIPv4Address\nouterSourceIPv6Address\n"
                    "encapsulationKind\n");
    g_string_replace(profile, "32473/", "4242/", 0);
    strcpy(every_element, "/tmp/synfix-test-XXXXXX.profile");
    const int file = g_mkstemp(every_element);
    close(file);
    g_file_set_contents(every_element, profile->str, -1, NULL);
    g_string_free(profile, TRUE);
    return 0;
}

static int drop_profile(void **state)
{
    (void)state;
    return g_unlink(every_element);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_libfixbuf),
        cmocka_unit_test(test_equals_libfixbuf_any_order),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, make_profile, drop_profile);
}
