/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/observation.h>
#include <synfix/signature.h>

typedef struct {
    uint8_t version;
    uint8_t ttl;
    uint8_t ip_flags;
    uint32_t id;
    uint16_t tcp_flags;
    uint32_t acknowledgement;
    uint16_t window;
    uint16_t syn_mss;
    uint8_t options_length;
    uint8_t options[40];
    const char *text;
} extract_case_t;

#define SYN     SYNFIX_TCP_SYN
#define SYN_ACK (SYNFIX_TCP_SYN | SYNFIX_TCP_ACK)

static const extract_case_t cases[] = {
    {4, 64, 2, 7, SYN, 0, 64240, 0, 4, {2, 4, 5, 180}, "4:64+0:0:1460:mss*44,0:mss:df,id+:0"},
    {4, 28, 0, 0, SYN, 0, 1024, 0, 4, {2, 4, 5, 180}, "4:28+4:0:1460:1024,0:mss:id-:0"},
    {4, 200, 2, 0, SYN, 5, 65535, 0, 0, {0}, "4:200+?:0:0:65535,0::df,ack+:0"},
    /* D5: any bit of the acknowledgement number; D13: p0f's own probe is nothing special */
    {4, 64, 2, 1, SYN, 0x01000000, 0, 0, 0, {0}, "4:64+0:0:0:0,0::df,id+,ack+:0"},
    {4, 64, 2, 0, SYN_ACK, 9, 1337, 0, 4, {2, 4, 5, 51}, "4:64+0:0:1331:1337,0:mss:df:0"},
    {4, 64, 6, 1, SYN | SYNFIX_TCP_AE, 0, 0, 0, 0, {0}, "4:64+0:0:0:0,0::df,id+,ecn,0+:0"},
    {4, 64, 2, 0, SYN_ACK, 0, 65535, 0, 4, {2, 4, 0, 90}, "4:64+0:0:90:65535,0:mss:df,ack-:0"},
    /* MSS - 12 only with a timestamp; then the peer's MSS, last of all */
    {4,
     64,
     2,
     0,
     SYN,
     0,
     14880,
     0,
     16,
     {2, 4, 3, 244, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1},
     "4:64+0:0:1012:14880,0:mss,ts,nop,nop:df:0"},
    {4,
     64,
     2,
     0,
     SYN,
     0,
     14000,
     0,
     16,
     {2, 4, 3, 244, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1},
     "4:64+0:0:1012:mss*14,0:mss,ts,nop,nop:df:0"},
    {4, 64, 2, 0, SYN_ACK, 9, 12340, 1234, 4, {2, 4, 2, 24}, "4:64+0:0:536:mss*10,0:mss:df:0"},
    {4, 64, 2, 0, SYN_ACK, 9, 12220, 1234, 4, {2, 4, 2, 24}, "4:64+0:0:536:mss*10,0:mss:df:0"},
    {4, 64, 2, 0, SYN, 0, 12340, 1234, 4, {2, 4, 2, 24}, "4:64+0:0:536:12340,0:mss:df:0"},
    {4, 64, 2, 0, SYN, 0, 5760, 0, 4, {2, 4, 2, 24}, "4:64+0:0:536:mtu*10,0:mss:df:0"},
    {4, 64, 2, 0, SYN, 0, 5800, 0, 4, {2, 4, 2, 24}, "4:64+0:0:536:mtu*10,0:mss:df:0"},
    {6, 64, 0, 0, SYN, 0, 5960, 0, 4, {2, 4, 2, 24}, "6:64+0:0:536:mtu*10,0:mss:flow:0"},
    {4, 64, 2, 0, SYN, 0, 60000, 0, 4, {2, 4, 2, 24}, "4:64+0:0:536:mtu*40,0:mss:df:0"},
};

static void extract(const extract_case_t *from, synfix_signature_t *signature)
{
    synfix_headers_t headers = {
        .ip_version = from->version,
        .ttl = from->ttl,
        .ip_flags = from->ip_flags,
        .fragment_id = from->id,
        .flow_label = from->version == 6 ? 1 : 0,
        .sequence = 1,
        .tcp_flags = from->tcp_flags,
        .acknowledgement = from->acknowledgement,
        .window = from->window,
        .ip_header_length = from->version == 6 ? 40 : 20,
        .tcp_header_length = (uint16_t)(20 + from->options_length),
    };
    synfix_tcp_options_t options;
    synfix_tcp_options_read(from->options, from->options_length, &options);
    synfix_signature_extract(&headers, &options, from->syn_mss, signature);
}

static void extracts_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        synfix_signature_t signature;
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        extract(&cases[i], &signature);
        const size_t length = synfix_signature_format(&signature, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static uint32_t random_word(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 32);
}

static void random_case(uint64_t *seed, synfix_signature_t *signature)
{
    extract_case_t from = {.options_length = (uint8_t)(random_word(seed) % 11 * 4)};
    static const uint8_t starts[] = {0, 1, 2, 3, 4, 5, 8, 30, 34, 255};
    for (unsigned i = 0; i < from.options_length; i++) {
        from.options[i] =
            (uint8_t)(random_word(seed) % 2 ? random_word(seed) : starts[random_word(seed) % sizeof starts]);
    }
    if (from.options_length >= 4 && random_word(seed) % 2) {
        memcpy(from.options, (const uint8_t[]){2, 4, 5, 180}, 4);
    }
    from.version = random_word(seed) % 2 ? 4 : 6;
    from.ttl = (uint8_t)random_word(seed);
    from.ip_flags = random_word(seed) % 8;
    from.id = random_word(seed) % 2;
    from.tcp_flags = (uint16_t)((random_word(seed) & 0x1fa) | SYN);
    from.acknowledgement = random_word(seed) % 2;
    from.window = (uint16_t)(random_word(seed) % 2 ? random_word(seed) : 1460 * (random_word(seed) % 45));
    from.syn_mss = (uint16_t)(random_word(seed) % 3 ? 1234 : random_word(seed));
    extract(&from, signature);
}

static void every_extracted_signature_parses_back(void **state)
{
    (void)state;
    uint64_t seed = 20;
    for (unsigned i = 0; i < 200000; i++) {
        synfix_signature_t signature;
        synfix_signature_t again;
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        char text_again[SYNFIX_SIGNATURE_TEXT_SIZE];
        synfix_error_t error = {.text = ""};
        random_case(&seed, &signature);
        const size_t length = synfix_signature_format(&signature, text);
        assert_true(length < sizeof text);
        if (synfix_signature_parse(text, length, &again, &error) != SYNFIX_OK) {
            fail_msg("%s: %s", text, error.text);
        }
        synfix_signature_format(&again, text_again);
        assert_string_equal(text, text_again);
        if (signature.window_kind != SYNFIX_WINDOW_PLAIN) {
            again.window = signature.window;
        }
        assert_memory_equal(&signature, &again, sizeof again);
    }
}

static void refuses_wrong_text(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "5:64+0:0:1460:0,0:mss::0",
        "4:256+0:0:1460:0,0:mss::0",
        "4:64+0:0:70000:0,0:mss::0",
        "4:64+0:0:1460:mss*0,0:mss::0",
        "4:64+0:0:1460:0:mss::0",
        "4:64+0:0:1460:0,0:mss,::0",
        "4:64+0:0:1460:0,0:eol+1,nop::0",
        "4:64+0:0:1460:0,0:?2::0",
        "4:64+0:0:1460:0,0:mss:df,df:0",
        "4:64+0:0:1460:0,0:mss:dfx:0",
        "4:64+0:0:1460:0,0:mss:df:1",
        "4:64+0:0:1460:0,0:mss:df:0 ",
        "4:64+0:0:*:0,0:mss:df:0",
        "4:64+0:0:0:0,0:nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,"
        "nop,nop,nop,nop::0",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        synfix_signature_t signature;
        synfix_error_t error = {.text = ""};
        assert_int_equal(synfix_signature_parse(wrong[i], strlen(wrong[i]), &signature, &error),
                         SYNFIX_INVALID);
        assert_memory_equal(error.text, "column ", 7);
    }
}

static void writes_parameters(void **state)
{
    (void)state;
    const synfix_label_t generic = {.type = 'g', .os_class = "unix", .name = "", .flavor = "", .text = ""};
    synfix_headers_t headers = {.traffic_class = 0xb9};
    synfix_fingerprint_t fingerprint = {.slot = 0};
    synfix_observation_t observation = {.headers = &headers, .fingerprint = &fingerprint};
    char text[SYNFIX_PARAMETERS_TEXT_SIZE];
    fingerprint.match = (synfix_match_t){
        .kind = SYNFIX_MATCH_FUZZY_GENERIC, .random_ttl = true, .excess_distance = true, .label = &generic};
    synfix_observation_parameters(&observation, text);
    assert_string_equal(text, "generic fuzzy random_ttl excess_dist tos:0x2e");
    fingerprint.match = (synfix_match_t){.kind = SYNFIX_MATCH_NONE};
    headers.traffic_class = 3;
    assert_int_equal(synfix_observation_parameters(&observation, text), 4);
    assert_string_equal(text, "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extracts_table),
        cmocka_unit_test(every_extracted_signature_parses_back),
        cmocka_unit_test(refuses_wrong_text),
        cmocka_unit_test(writes_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
