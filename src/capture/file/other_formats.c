/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/other_formats.h"
#include "base/byte_order.h"
#include <stdbool.h>
#include <string.h>

#define CONVERT "; convert the file: editcap -F pcap FILE NEW"

/* Formats with a fixed beginning. */
static const struct {
    const char *magic;
    size_t length; /* of the magic */
    const char *advice;
} with_magic[] = {
#define MAGIC(text, advice)                                                                                  \
    {                                                                                                        \
        text, sizeof(text) - 1, advice                                                                       \
    }
    MAGIC("BZh", ", but bzip2; write bzcat FILE | synfix read -"),
    MAGIC("PK\x03\x04", ", but zip; write unzip -p FILE | synfix read -"),
    MAGIC("SQLite format 3", ", but an SQLite database; for an inventory, write synfix hosts FILE"),
    MAGIC("snoop", ", but snoop" CONVERT),
    MAGIC("GMBU", ", but Network Monitor" CONVERT),
    MAGIC("RTSS", ", but Network Monitor" CONVERT),
    MAGIC("TRSNIFF", ", but Sniffer" CONVERT),
    MAGIC("XCP", ", but Sniffer or NetXray" CONVERT),
    MAGIC("\xAA\xAA\xAA\xAA", ", but 5View" CONVERT),
    MAGIC("ObserverPktBuffer", ", but Observer" CONVERT),
    MAGIC("\x05VNF", ", but Visual Networks" CONVERT),
    MAGIC("iptrace ", ", but AIX iptrace" CONVERT),
    MAGIC("btsnoop", ", but Bluetooth snoop, which holds no IP packets; name a capture of a network"),
    MAGIC("\x7fver", ", but EtherPeek or OmniPeek" CONVERT),
    MAGIC("TR\0d\0", ", but HP-UX nettl" CONVERT),
    MAGIC("\0\0\0\x01\0\0\0\0\0\x07\xD0\0", ", but HP-UX nettl" CONVERT),
    MAGIC("+---------+---------------+----------+", ", but K12 text" CONVERT),
    MAGIC("\0\0\x02\0\x12\x05\0\x10", ", but Tektronix K12" CONVERT),
#undef MAGIC
};

/* The following formats have records of one size and form: whether one is at the start of @p length
 * bytes; @p size becomes its size. */
typedef bool (*record_fn)(const uint8_t *record, size_t length, size_t *size);

/* A time (little-endian, after its fraction), a type and a length. Descriptions of the capture may have no
 * time. */
static bool is_erf(const uint8_t *record, size_t length, size_t *size)
{
    enum { DESCRIPTION = 27, YEAR_2000 = 946684800 };
    if (length < 16) {
        return false;
    }
    const unsigned type = record[8] & 0x7Fu;
    *size = read_be16(record + 10);
    const bool timed =
        read_le32(record + 4) > YEAR_2000 || (type == DESCRIPTION && read_le32(record + 4) == 0);
    return timed && type >= 1 && type <= 48 && *size >= 16;
}

/* Year, month, day, hour, minute, second, microseconds. */
static bool is_commview_time(const uint8_t *time)
{
    const unsigned year = time[0] | (unsigned)time[1] << 8;
    return year >= 1990 && year < 2200 && time[2] >= 1 && time[2] <= 12 && time[3] >= 1 && time[3] <= 31 &&
           time[4] < 24 && time[5] < 60 && time[6] <= 60 && read_le32(time + 7) < 1000000;
}

/* Two lengths of two bytes, a version of 0 and a time. */
static bool is_commview(const uint8_t *record, size_t length, size_t *size)
{
    if (length < 24) {
        return false;
    }
    *size = 24 + (record[0] | (size_t)record[1] << 8);
    return record[4] == 0 && *size > 24 && is_commview_time(record + 5);
}

/* One length of four bytes and a time. */
static bool is_commview_x(const uint8_t *record, size_t length, size_t *size)
{
    if (length < 20) {
        return false;
    }
    *size = 20 + (size_t)read_le32(record);
    return *size > 20 && *size < 20 + 262144 && is_commview_time(record + 4);
}

/* The record type of a header, the version, and a name. */
static bool is_lanalyzer(const uint8_t *start, size_t length)
{
    return length >= 12 && (start[0] == 0x01 || start[0] == 0x07) && start[1] == 0x10 && start[4] == 1 &&
           memcmp(start + 6, "Trace ", 6) == 0;
}

/* A message of version 10 that begins with a set of templates or records. */
static bool is_ipfix(const uint8_t *start, size_t length)
{
    if (length < 20 || read_be16(start) != 10) {
        return false;
    }
    const size_t message = read_be16(start + 2);
    const unsigned id = read_be16(start + 16);
    const size_t set = read_be16(start + 18);
    return (id == 2 || id == 3 || id >= 256) && set >= 4 && message >= 16 + set;
}

/* One record alone in the file, or another one after it. */
static bool has_records(const uint8_t *start, size_t length, record_fn is_record)
{
    size_t size = 0;
    size_t next = 0;
    return is_record(start, length, &size) &&
           (size == length || (size < length && is_record(start + size, length - size, &next)));
}

const char *other_format_advice(const uint8_t *start, size_t length)
{
    for (size_t i = 0; i < sizeof with_magic / sizeof with_magic[0]; i++) {
        if (length >= with_magic[i].length && memcmp(start, with_magic[i].magic, with_magic[i].length) == 0) {
            return with_magic[i].advice;
        }
    }
    if (is_ipfix(start, length)) {
        return ", but IPFIX; write synfix dump FILE";
    }
    if (is_lanalyzer(start, length)) {
        return ", but LANalyzer" CONVERT;
    }
    if (has_records(start, length, is_commview) || has_records(start, length, is_commview_x)) {
        return ", but CommView, as it seems" CONVERT;
    }
    return has_records(start, length, is_erf) ? ", but Endace ERF, as it seems" CONVERT : NULL;
}
