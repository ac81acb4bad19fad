/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/label_cache.h"
#include "support/host_sightings.h"

static uint32_t number_of(label_cache_t *cache, const synfix_fingerprint_t *fingerprint)
{
    host_sighting_t sighting = {.label = 0};
    label_cache_number(cache, fingerprint, &sighting);
    return sighting.label;
}

/* Slots that share a place, and new content of a slot, never get the number of another label. */
static void a_number_belongs_to_its_content(void **state)
{
    (void)state;
    host_labels_t *labels = host_labels_new();
    label_cache_t *cache = label_cache_new(labels);
    const uint32_t linux_number = host_labels_add(labels, &linux_label);
    const uint32_t windows_number = host_labels_add(labels, &windows_label);
    synfix_fingerprint_t one = {.slot = 5, .stamp = 0, .match.label = &linux_label};
    synfix_fingerprint_t other = {.slot = 5 + 8192, .stamp = 0, .match.label = &windows_label};
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(number_of(cache, &one), linux_number);
        assert_int_equal(number_of(cache, &other), windows_number);
    }
    one.stamp = 1;
    one.match.label = &windows_label;
    assert_int_equal(number_of(cache, &one), windows_number);
    one.stamp = 2;
    one.match.label = NULL;
    assert_int_equal(number_of(cache, &one), HOST_LABEL_UNKNOWN);
    label_cache_free(cache);
    label_cache_free(NULL);
    host_labels_free(labels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_number_belongs_to_its_content)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
