/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file system_support.h
 * Age and security support of the systems that the labels of the shipped database name.
 *
 * Dates are those of regular support; paid extensions are not counted. Sources: life cycle pages of the
 * vendors, endoflife.date (read in August 2026), for systems that neither lists the pages that the table
 * names. For Linux the newest date is that of the long-term distribution with the newest kernel of the range,
 * the oldest date that of the kernel; for macOS a date is the last security update. Where sources name
 * different months, the table has the year.
 */
#ifndef HOSTS_SYSTEM_SUPPORT_H
#define HOSTS_SYSTEM_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

/** One label. A label stands for a range of versions. */
typedef struct system_support {
    const char *family;
    const char *flavor;
    uint16_t newest_year; /* release of the newest version of the range */
    const char
        *newest_end; /* `2015-07` or `2007`: support of the newest version ends; NULL: no date is known */
    const char *oldest_end; /* the same for the oldest version; NULL: as newest_end */
} system_support_t;

typedef enum support_status {
    SUPPORT_UNKNOWN, /* the table has no date, or all versions have support */
    SUPPORT_PARTLY,  /* the oldest versions of the range have no support */
    SUPPORT_ENDED,   /* no version of the range has support */
} support_status_t;

/** Returns the entry of a label; NULL: none. Constant memory. */
const system_support_t *system_support_find(const char *family, const char *flavor);

/** Returns entry @p index; NULL: beyond the last one. */
const system_support_t *system_support_at(size_t index);

/** Returns the status at @p time_ns (nanoseconds since the epoch). @p support may be NULL: unknown. */
support_status_t system_support_status(const system_support_t *support, int64_t time_ns);

/**
 * Writes `ended 2015-07`, `ended in part` or nothing into @p text of SUPPORT_TEXT_SIZE bytes.
 */
#define SUPPORT_TEXT_SIZE 24u
void system_support_format(const system_support_t *support, int64_t time_ns, char *text);

#endif
