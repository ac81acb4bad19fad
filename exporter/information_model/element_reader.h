/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file element_reader.h
 * Reads elements from XML in the form of IANA's registry.
 */
#ifndef EXPORTER_INFORMATION_MODEL_ELEMENT_READER_H
#define EXPORTER_INFORMATION_MODEL_ELEMENT_READER_H

#include "exporter/information_model/information_model.h"
#include <glib.h>

/** Key of an element in a table of 64-bit keys. */
static inline uint64_t element_key(uint32_t pen, uint16_t id)
{
    return (uint64_t)pen << 16 | id;
}

/** Frees an ipfix_element_t with its strings; the form of GDestroyNotify. */
void element_free(void *element);

/**
 * The elements of the file @p path as ipfix_element_t, freed with the array. IANA's own file is accepted as
 * published: registries of other things in it are skipped. SYNFIX_INVALID with `file:line: reason`, also for
 * an element that @p model has already. With @p wanted, records of other elements are skipped unread.
 */
synfix_status_t element_reader_read(const ipfix_model_t *model, const char *path, ipfix_wanted_fn *wanted,
                                    GPtrArray **found, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
