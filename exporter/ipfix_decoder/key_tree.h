/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file key_tree.h
 * Tables by numbers that an exporter chooses: observation domains, template ids, enterprise numbers. A tree,
 * because an exporter can choose the keys of a hash table so that all of them fall into one place, and then
 * each search costs as much as the table is long.
 */
#ifndef EXPORTER_IPFIX_DECODER_KEY_TREE_H
#define EXPORTER_IPFIX_DECODER_KEY_TREE_H

#include <glib.h>
#include <stdint.h>

/** An empty tree; @p value_free frees its values (NULL: they stay). Free it with g_tree_destroy(). */
GTree *key_tree_new(GDestroyNotify value_free);

/** The value of @p key; NULL: there is none. */
void *key_tree_find(GTree *tree, int64_t key);

/** Stores @p value under @p key; an earlier value is freed. */
void key_tree_put(GTree *tree, int64_t key, void *value);

/** Removes @p key and frees its value, if there is one. */
void key_tree_remove(GTree *tree, int64_t key);

/** The value of the lowest key from @p first to @p last, both included; NULL: there is none. */
void *key_tree_first(GTree *tree, int64_t first, int64_t last);

#endif
