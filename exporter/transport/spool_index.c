/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/spool_index.h"
#include "base/byte_order.h"
#include "on_demand/zlib.h"

#define SUM_AT (SPOOL_ENTRY_SIZE - 4)

synfix_status_t spool_sum_load(synfix_error_t *error)
{
    return on_demand_load_zlib(error);
}

uint32_t spool_sum(const uint8_t *data, size_t length)
{
    return (uint32_t)crc32(0, data, (uInt)length);
}

void spool_entry_write(const spool_entry_t *entry, uint8_t bytes[SPOOL_ENTRY_SIZE])
{
    write_be64(bytes, entry->offset);
    write_be64(bytes + 8, entry->before);
    write_be32(bytes + 16, entry->length);
    write_be32(bytes + 20, entry->records);
    write_be32(bytes + 24, entry->sum);
    write_be32(bytes + SUM_AT, spool_sum(bytes, SUM_AT));
}

bool spool_entry_read(const uint8_t bytes[SPOOL_ENTRY_SIZE], spool_entry_t *entry)
{
    *entry = (spool_entry_t){.offset = read_be64(bytes),
                             .before = read_be64(bytes + 8),
                             .length = read_be32(bytes + 16),
                             .records = read_be32(bytes + 20),
                             .sum = read_be32(bytes + 24)};
    return read_be32(bytes + SUM_AT) == spool_sum(bytes, SUM_AT);
}
