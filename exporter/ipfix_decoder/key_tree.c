/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/key_tree.h"

static gint compare(gconstpointer one, gconstpointer other, gpointer user)
{
    const int64_t a = *(const int64_t *)one;
    const int64_t b = *(const int64_t *)other;
    (void)user;
    return (a > b) - (a < b);
}

GTree *key_tree_new(GDestroyNotify value_free)
{
    return g_tree_new_full(compare, NULL, g_free, value_free);
}

void *key_tree_find(GTree *tree, int64_t key)
{
    return g_tree_lookup(tree, &key);
}

void key_tree_put(GTree *tree, int64_t key, void *value)
{
    g_tree_insert(tree, g_memdup2(&key, sizeof key), value);
}

void key_tree_remove(GTree *tree, int64_t key)
{
    (void)g_tree_remove(tree, &key);
}

void *key_tree_first(GTree *tree, int64_t first, int64_t last)
{
    GTreeNode *const node = g_tree_lower_bound(tree, &first);
    return node != NULL && *(const int64_t *)g_tree_node_key(node) <= last ? g_tree_node_value(node) : NULL;
}
