/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file event.h
 * Observations as events for other programs: JSON members and typed columns.
 *
 * The sinks `eve:`, `json:`, `zeek:` and `csv:` and the plug-ins for Suricata and Zeek write the same keys
 * and types, because all of them use this writer. conf/schema/eve-event.schema.json describes the JSON form.
 *
 * All functions are thread-safe, allocate nothing, and read only their arguments.
 */
#ifndef SYNFIX_EVENT_H
#define SYNFIX_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/address.h>
#include <synfix/export.h>
#include <synfix/observation.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that every event without annotations fits into, with labels as long as a database permits. */
#define SYNFIX_EVENT_TEXT_SIZE 8192u

/**
 * Type of the event.
 * @param observation  not NULL
 * @return constant text, never NULL: `tcp_fp` for a SYN or SYN+ACK, `tcp_uptime` for the uptime of a host,
 *         `tcp_host_change` for a change of a host
 */
SYNFIX_API const char *synfix_event_type(const synfix_observation_t *observation);

/**
 * Writes the member of the event's object that holds the observation, `"tcp_fp":{...}`,
 * `"tcp_uptime":{...}` or `"tcp_host_change":{...}`, and `,"enrichment":{...}` if there are annotations. The
 * caller writes the outer fields (timestamp, addresses, ports).
 * @param observation  not NULL
 * @param text         buffer of the caller; NUL-terminated unless @p size is 0
 * @param size         of the buffer in bytes; SYNFIX_EVENT_TEXT_SIZE suffices without annotations
 * @return length in bytes without the terminating NUL; 0: @p size is too small, and @p text is empty
 */
SYNFIX_API size_t synfix_event_member(const synfix_observation_t *observation, char *text, size_t size);

/**
 * Writes the facts that a SYN or SYN+ACK shows about its sender as one object, for records about connections:
 * `{"os":...,"class":...,"family":...,"match":...,"quality":...,"family_quality":...,"candidates":...,
 * "distance":...,"link":...,"signature":...}`. The keys have the meaning and type that they have in
 * `tcp_fp`.
 * @param observation  not NULL
 * @param text         buffer of the caller; NUL-terminated unless @p size is 0
 * @param size         of the buffer in bytes; SYNFIX_EVENT_TEXT_SIZE suffices
 * @return length in bytes without the terminating NUL; 0: @p size is too small or the observation has no
 *         fingerprint, and @p text is empty
 */
SYNFIX_API size_t synfix_event_host(const synfix_observation_t *observation, char *text, size_t size);

/** Type of a column's value. */
typedef enum synfix_column_type {
    SYNFIX_COLUMN_UNSET,
    SYNFIX_COLUMN_NUMBER,
    SYNFIX_COLUMN_HUNDREDTHS,
    SYNFIX_COLUMN_BOOLEAN,
    SYNFIX_COLUMN_NANOSECONDS, /* since the epoch */
    SYNFIX_COLUMN_TEXT,
    SYNFIX_COLUMN_LIST, /* words separated by commas */
    SYNFIX_COLUMN_ADDRESS,
} synfix_column_type_t;

/** Size in bytes, with the terminating NUL, of a text that synfix_column_read() makes. */
#define SYNFIX_COLUMN_TEXT_SIZE 160u

/** A value of a column. Do not copy the structure: text may point into room. */
typedef struct synfix_column_value {
    synfix_column_type_t type;
    uint64_t number;
    int64_t time_ns;
    const char *text;
    const synfix_address_t *address;
    uint8_t ip_version;
    char room[SYNFIX_COLUMN_TEXT_SIZE];
} synfix_column_value_t;

/** A column of the logs of `csv:` and `zeek:`. Strings are constant. */
typedef struct synfix_column {
    const char *csv_name;  /* empty: not a column of `csv:` */
    const char *zeek_name; /* empty: not a column of `zeek:` */
    const char *zeek_type; /* type in Zeek's log header */
} synfix_column_t;

/**
 * Number of columns.
 * @return constant within a version of the library
 */
SYNFIX_API size_t synfix_column_count(void);

/**
 * Description of a column.
 * @param index  0 to synfix_column_count() - 1
 * @return constant; NULL: beyond the last column
 */
SYNFIX_API const synfix_column_t *synfix_column_at(size_t index);

/**
 * Reads a column of an observation.
 * @param observation  not NULL
 * @param index        0 to synfix_column_count() - 1
 * @param value        owned by the caller; its pointers are valid as long as the observation and the
 *                     structure. The type is UNSET if the observation does not have the value
 */
SYNFIX_API void synfix_column_read(const synfix_observation_t *observation, size_t index,
                                   synfix_column_value_t *value);

#ifdef __cplusplus
}
#endif

#endif
