/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/reader.h"

const ipfix_element_t *reader_find_in_model(const void *user, uint32_t pen, uint16_t id)
{
    return user ? ipfix_model_by_id(user, pen, id) : NULL;
}
