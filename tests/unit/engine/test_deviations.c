/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The wanted differences from p0f 3.09b that docs/reference/signatures.md lists, each by its number, from
 * packet to answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <synfix/engine.h>

#include "support/frame.h"

#define ETHERNET 1u

typedef struct answer {
    unsigned count;
    uint32_t flags;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    char label[128];
    uint8_t distance;
    uint16_t mtu;
} answer_t;

static void keep(const synfix_observation_t *observation, void *user)
{
    answer_t *answer = user;
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME) {
        return;
    }
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    answer->count++;
    answer->flags = observation->flags;
    snprintf(answer->text, sizeof answer->text, "%s", fingerprint->text);
    const synfix_label_t *label = fingerprint->match.label;
    snprintf(answer->label, sizeof answer->label, "%s", label == NULL ? "" : label->text);
    answer->distance = fingerprint->match.distance;
    answer->mtu = fingerprint->link_mtu;
}

typedef struct fixture {
    synfix_sigdb_t *sigdb;
    synfix_engine_t *engine;
    answer_t answer;
    uint64_t number;
} fixture_t;

static void set_up_for(fixture_t *fixture, const char *database, synfix_signature_mode_t mode)
{
    synfix_error_t error = {.text = ""};
    memset(fixture, 0, sizeof *fixture);
    fixture->sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load_text(fixture->sigdb, "test", database, strlen(database), &error) != SYNFIX_OK ||
        synfix_sigdb_finish(fixture->sigdb, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = fixture->sigdb;
    config.signatures = mode;
    config.handshakes = SYNFIX_HANDSHAKES_MIN;
    config.hosts = SYNFIX_HOSTS_MIN;
    config.on_observation = keep;
    config.observation_user = &fixture->answer;
    if (synfix_engine_new(&config, &fixture->engine, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
}

static void set_up(fixture_t *fixture, const char *database)
{
    set_up_for(fixture, database, SYNFIX_SIGNATURE_PACKET);
}

static void tear_down(fixture_t *fixture)
{
    synfix_engine_free(fixture->engine);
    synfix_sigdb_unref(fixture->sigdb);
}

/* Pushes a frame of which the last @p cut bytes were not captured. */
static void push(fixture_t *fixture, const char *words, uint32_t cut)
{
    frame_t frame;
    frame_build(&frame, words);
    synfix_packet_t packet = frame_packet(&frame, ETHERNET);
    packet.captured_length -= cut;
    packet.number = ++fixture->number;
    packet.time_ns = (int64_t)packet.number * 1000000;
    synfix_engine_push(fixture->engine, &packet, 1);
}

static const char *const nothing = "classes = win,unix,other\n";

/* SYN with MSS 1460 and window 4 * 1460. */
#define SYN_MSS "9c4001bb0000000100000000600216d000000000020405b4"

static void expect(const char *words, uint32_t cut, const char *text, uint32_t flags)
{
    fixture_t fixture;
    set_up(&fixture, nothing);
    push(&fixture, words, cut);
    assert_int_equal(fixture.answer.count, 1);
    assert_string_equal(fixture.answer.text, text);
    assert_int_equal(fixture.answer.flags, flags);
    tear_down(&fixture);
}

/* With signatures as p0f forms them. */
static void expect_p0f(const char *words, const char *text)
{
    fixture_t fixture;
    set_up_for(&fixture, nothing, SYNFIX_SIGNATURE_P0F);
    push(&fixture, words, 0);
    assert_int_equal(fixture.answer.count, 1);
    assert_string_equal(fixture.answer.text, text);
    tear_down(&fixture);
}

static void d1_encapsulation(void **state)
{
    (void)state;
    expect("E8100 00070800 I6 " SYN_MSS, 0, "4:64+0:0:1460:mss*4,0:mss:df,id+:0", 0);
    expect("E0800 I47 00000800 I6 " SYN_MSS, 0, "4:64+0:0:1460:mss*4,0:mss:df,id+:0", SYNFIX_FLAG_TUNNELLED);
}

static void d2_extension_headers(void **state)
{
    (void)state;
    expect("E86dd S0 0600010400000000 " SYN_MSS, 0, "6:64+0:8:1460:mss*4,0:mss::0", 0);
}

static void d3_truncated_payload(void **state)
{
    (void)state;
    expect("E0800 I6 " SYN_MSS " 6162636465", 5, "4:64+0:0:1460:mss*4,0:mss:df,id+:+", SYNFIX_FLAG_TRUNCATED);
}

static void d4_every_observation(void **state)
{
    fixture_t fixture;
    (void)state;
    set_up(&fixture, "classes = unix\n[tcp:request]\nlabel = s:!:Tool:\nsys = unix\nsig = "
                     "*:64:0:*:mss*4,0:mss:df,id+:0\n");
    push(&fixture, "E0800 I6 " SYN_MSS, 0);
    assert_int_equal(fixture.answer.flags, SYNFIX_FLAG_TOOL);
    assert_int_equal(fixture.answer.mtu, 1500);
    push(&fixture, "E0800 I6 " SYN_MSS, 0);
    assert_int_equal(fixture.answer.count, 2);
    assert_int_equal(fixture.answer.flags, SYNFIX_FLAG_TOOL | SYNFIX_FLAG_RETRANSMISSION);
    push(&fixture, "E0800 I6 01bc9c40000000010000000160120000000000000204ffff", 0);
    assert_int_equal(fixture.answer.count, 3);
    assert_int_equal(fixture.answer.flags, SYNFIX_FLAG_SYN_NOT_SEEN | SYNFIX_FLAG_MTU_SATURATED);
    assert_int_equal(fixture.answer.mtu, 65535);
    tear_down(&fixture);
}

static void d5_acknowledgement(void **state)
{
    (void)state;
    expect("E0800 I6 9c4001bb00000001000000025002faf000000000", 0, "4:64+0:0:0:64240,0::df,id+,ack+:0", 0);
    expect_p0f("E0800 I6 9c4001bb00000001feffffff5002faf000000000", "4:64+0:0:0:64240,0::df,id+:0");
    expect_p0f("E0800 I6 9c4001bb00000001010000005002faf000000000", "4:64+0:0:0:64240,0::df,id+,ack+:0");
}

/* The divisor 1 comes from the MSS of the SYN, 13, less 12. */
static void expect_multiple(synfix_signature_mode_t mode, const char *text)
{
    fixture_t fixture;
    set_up_for(&fixture, nothing, mode);
    push(&fixture, "E0800 I6 9c4001bb00000001000000006002ffff000000000204000d", 0);
    push(&fixture,
         "E0800 4500002c00014000400600"
         "00c6336401c0000201 01bb9c4000000001000000026012fff1000000000204"
         "05b4",
         0);
    assert_int_equal(fixture.answer.count, 2);
    assert_string_equal(fixture.answer.text, text);
    tear_down(&fixture);
}

static void d7_multiple(void **state)
{
    (void)state;
    expect_multiple(SYNFIX_SIGNATURE_PACKET, "4:64+0:0:1460:mss*65521,0:mss:df,id+:0");
    expect_multiple(SYNFIX_SIGNATURE_P0F, "4:64+0:0:1460:65521,0:mss:df,id+:0");
}

static void d8_version(void **state)
{
    fixture_t fixture;
    (void)state;
    set_up(&fixture, "classes = unix\n[tcp:request]\nlabel = s:unix:Four:\nsig = 4:64:0:*:mss*4,0:mss::0\n"
                     "label = s:unix:Any:\nsig = *:64:0:*:mss*4,0:mss::0\n");
    push(&fixture, "E86dd S6 " SYN_MSS, 0);
    assert_string_equal(fixture.answer.label, "Any");
    tear_down(&fixture);
}

static void d10_fragments(void **state)
{
    (void)state;
    expect("E0800 450000340001200040060000c0000201c6336401 " SYN_MSS " 6161616161616161", 0,
           "4:64+0:0:1460:mss*4,0:mss::+", SYNFIX_FLAG_FRAGMENT);
    expect("E86dd S44 0600000000000007 " SYN_MSS, 0, "6:64+0:8:1460:mss*4,0:mss::0", 0);
}

static void d11_last_padding(void **state)
{
    (void)state;
    expect("E0800 I6 9c4001bb000000010000000060025b400000000000000001", 0,
           "4:64+0:0:0:23360,0:eol+3:df,id+,opt+:0", 0);
    expect_p0f("E0800 I6 9c4001bb000000010000000060025b400000000000000001",
               "4:64+0:0:0:23360,0:eol+3:df,id+:0");
    expect_p0f("E0800 I6 9c4001bb000000010000000060025b400000000000000100",
               "4:64+0:0:0:23360,0:eol+3:df,id+,opt+:0");
    expect_p0f("E0800 I6 9c4001bb000000010000000060025b400000000000010001",
               "4:64+0:0:0:23360,0:eol+3:df,id+,opt+:0");
}

static void d12_distance(void **state)
{
    fixture_t fixture;
    (void)state;
    set_up(&fixture, "classes = unix\n[tcp:request]\nlabel = s:!:Tool:\nsys = unix\nsig = "
                     "*:30:0:*:mss*4,0:mss:df,id+:0\n");
    push(&fixture,
         "E0800 4500002c00014000330600"
         "00c0000201c6336401 " SYN_MSS,
         0);
    assert_string_equal(fixture.answer.label, "");
    assert_int_equal(fixture.answer.distance, 64 - 0x33);
    tear_down(&fixture);
}

static void d13_no_special_probe(void **state)
{
    (void)state;
    expect("E0800 I6 9c4001bb000000010000000060020539000000000204"
           "0533",
           0, "4:64+0:0:1331:1337,0:mss:df,id+:0", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d1_encapsulation),     cmocka_unit_test(d2_extension_headers),
        cmocka_unit_test(d3_truncated_payload), cmocka_unit_test(d4_every_observation),
        cmocka_unit_test(d5_acknowledgement),   cmocka_unit_test(d7_multiple),
        cmocka_unit_test(d8_version),           cmocka_unit_test(d10_fragments),
        cmocka_unit_test(d11_last_padding),     cmocka_unit_test(d12_distance),
        cmocka_unit_test(d13_no_special_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
