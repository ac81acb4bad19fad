/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secrets.h"
#include <string.h>

typedef struct case_of_text {
    const char *text;
    const char *masked;
} case_of_text_t;

/* @p mask returns whether it changed the text. */
static void assert_masked(bool (*mask)(char *text), const case_of_text_t *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[128];
        strcpy(text, cases[i].text);
        assert_int_equal(mask(text), strcmp(cases[i].text, cases[i].masked) != 0);
        assert_string_equal(text, cases[i].masked);
    }
}

static void masks_values(void **state)
{
    (void)state;
    static const case_of_text_t cases[] = {
        {"json:out", "json:out"},
        {"set=sasl.password=ab,cd&topic=t", "set=sasl.password=*****&topic=t"},
        {"a.secret=xyz&b.password=q", "a.secret=***&b.password=*"},
        {"password-file=/etc/p", "password-file=/etc/p"},
        {"PASSWORD=ab&c", "PASSWORD=**&c"},
        {"kafka://u:pw@host:9092?topic=t", "kafka://u:**@host:9092?topic=t"},
        {"redis://:p@w@host", "redis://:***@host"},
        {"tcp://[2001:db8::1]:4739", "tcp://[2001:db8::1]:4739"},
        {"tcp://a:1,tcp://b:2", "tcp://a:1,tcp://b:2"},
        {"tcp://user@host:4739", "tcp://user@host:4739"},
        {"set=sasl.password=a b&topic=t", "set=sasl.password=***&topic=t"},
        {"set=ssl.key.pem=---,ssl.key.passphrase=q", "set=ssl.key.pem=************************"},
        {"syslog://u:p w@host", "syslog://u:***@host"},
    };
    assert_masked(secrets_mask, cases, sizeof cases / sizeof cases[0]);
}

static void an_empty_secret_is_one(void **state)
{
    (void)state;
    char text[] = "password=";
    assert_true(secrets_mask(text));
    assert_string_equal(text, "password=");
}

static void masks_sentences(void **state)
{
    (void)state;
    static const case_of_text_t cases[] = {
        {"Kafka://h?password=abc: no such sink; did you mean 'kafka://h?password=abc'? a/b@c",
         "Kafka://h?password=***: no such sink; did you mean 'kafka://h?password=***'? a/b@c"},
        {"k://h?set=sasl.password=a b'c,d: no such sink", "k://h?set=sasl.password=*******: no such sink"},
        {"timeout: 'secret=a b' is not a time", "timeout: 'secret=***' is not a time"},
        {"syslog://u:a b@h: port 5", "syslog://u:***@h: port 5"},
        {"a.pcap: No such file or directory; 12:30 x@y", "a.pcap: No such file or directory; 12:30 x@y"},
        {"syslog://h:514: refused; see a@b", "syslog://h:514: refused; see a@b"},
    };
    assert_masked(secrets_mask_message, cases, sizeof cases / sizeof cases[0]);
}

static void masks_a_whole_option(void **state)
{
    (void)state;
    static const case_of_text_t option = {"set=sasl.password=a&b,c=d", "set=sasl.password=*******"};
    assert_masked(secrets_mask_option, &option, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_values), cmocka_unit_test(masks_sentences),
                                       cmocka_unit_test(masks_a_whole_option),
                                       cmocka_unit_test(an_empty_secret_is_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
