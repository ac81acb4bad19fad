/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/key_tree.h"

static void test_values(void **state)
{
    (void)state;
    GTree *const tree = key_tree_new(g_free);
    static const int64_t keys[] = {0, 1, INT64_C(1) << 32, (INT64_C(1) << 48) - 1, INT64_MAX, -1, INT64_MIN};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        assert_null(key_tree_find(tree, keys[i]));
        key_tree_put(tree, keys[i], g_memdup2(&i, sizeof i));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const size_t *const value = key_tree_find(tree, keys[i]);
        assert_non_null(value);
        assert_int_equal(*value, i);
    }
    key_tree_put(tree, 1, g_strdup("other"));
    assert_string_equal(key_tree_find(tree, 1), "other");
    key_tree_remove(tree, 1);
    key_tree_remove(tree, 1);
    assert_null(key_tree_find(tree, 1));
    assert_int_equal(g_tree_nnodes(tree), G_N_ELEMENTS(keys) - 1);
    g_tree_destroy(tree);
}

static void test_first(void **state)
{
    (void)state;
    GTree *const tree = key_tree_new(NULL);
    static char low[] = "low", high[] = "high";
    assert_null(key_tree_first(tree, INT64_MIN, INT64_MAX));
    key_tree_put(tree, 10, low);
    key_tree_put(tree, 20, high);
    assert_ptr_equal(key_tree_first(tree, 0, 10), low);
    assert_ptr_equal(key_tree_first(tree, 10, 20), low);
    assert_ptr_equal(key_tree_first(tree, 11, 20), high);
    assert_null(key_tree_first(tree, 0, 9));
    assert_null(key_tree_first(tree, 11, 19));
    assert_null(key_tree_first(tree, 21, INT64_MAX));
    g_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
