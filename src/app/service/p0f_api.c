/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/p0f_api.h"
#include "base/byte_order.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 32u /* P0F_STR_MAX + 1 */
#define FUZZY     0x01u
#define GENERIC   0x02u

/* Offsets of the response (p0f 3.09b, api.h: struct p0f_api_response, packed). */
enum {
    AT_MAGIC = 0,
    AT_STATUS = 4,
    AT_FIRST_SEEN = 8,
    AT_LAST_SEEN = 12,
    AT_TOTAL_CONNECTIONS = 16,
    AT_UPTIME_MINUTES = 20,
    AT_UPTIME_MODULO_DAYS = 24,
    AT_LAST_NAT = 28,
    AT_LAST_CHANGE = 32,
    AT_DISTANCE = 36,
    AT_MATCH_QUALITY = 39,
    AT_OS_NAME = 40,
    AT_OS_FLAVOR = 72,
    AT_LINK_TYPE = 168,
};

static void put32(uint8_t *at, uint64_t value)
{
    write_native32(at, value > UINT32_MAX ? UINT32_MAX : (uint32_t)value);
}

static void put_text(uint8_t *at, const char *text)
{
    const size_t length = strnlen(text, NAME_SIZE - 1);
    memcpy(at, text, length);
}

static uint64_t seconds(int64_t time_ns)
{
    return time_ns > 0 ? (uint64_t)(time_ns / NS_PER_S) : 0;
}

/* p0f keeps one entry for an address, synfix one for each role and set of tags. */
typedef struct merged_rows {
    host_row_t row; /* stands for the address: with a label, then with the most observations */
    uint64_t observations;
    int64_t first_ns;
    int64_t last_ns;
} merged_rows_t;

static bool stands_before(const host_row_t *row, const host_row_t *kept)
{
    const bool known = row->label->number != HOST_LABEL_UNKNOWN;
    return kept->label == NULL ||
           (known != (kept->label->number != HOST_LABEL_UNKNOWN) ? known
                                                                 : row->observations > kept->observations);
}

static bool merge_row(const host_row_t *row, void *user)
{
    merged_rows_t *merged = user;
    const bool first = merged->observations == 0;
    merged->first_ns = first || row->first_ns < merged->first_ns ? row->first_ns : merged->first_ns;
    merged->last_ns = first || row->last_ns > merged->last_ns ? row->last_ns : merged->last_ns;
    merged->observations += row->observations;
    if (stands_before(row, &merged->row)) {
        merged->row = *row;
    }
    return true;
}

static void put_times_of_changes(uint8_t *response, const host_row_t *row)
{
    for (size_t i = row->change_count; i-- > 0;) { /* from the oldest to the newest */
        const uint32_t reasons = row->changes[i].reasons;
        const uint64_t time_s = seconds(row->changes[i].time_ns);
        if ((reasons & SYNFIX_HOST_SHARED) != 0) {
            put32(response + AT_LAST_NAT, time_s);
        }
        if ((reasons & (SYNFIX_HOST_SYSTEM | SYNFIX_HOST_VERSION)) != 0) {
            put32(response + AT_LAST_CHANGE, time_s);
        }
    }
}

static uint8_t match_quality(const host_row_t *row)
{
    const bool fuzzy =
        row->signature_count > 0 && (row->signatures[0].match_kind == SYNFIX_MATCH_FUZZY ||
                                     row->signatures[0].match_kind == SYNFIX_MATCH_FUZZY_GENERIC);
    return (uint8_t)((fuzzy ? FUZZY : 0u) | (row->label->generic ? GENERIC : 0u));
}

static void put_host(uint8_t *response, const merged_rows_t *merged)
{
    const host_row_t *row = &merged->row;
    const int16_t distance = row->random_ttl ? -1 : row->distance;
    put32(response + AT_FIRST_SEEN, seconds(merged->first_ns));
    put32(response + AT_LAST_SEEN, seconds(merged->last_ns));
    put32(response + AT_TOTAL_CONNECTIONS, merged->observations);
    if (row->uptime.seconds > 0) {
        put32(response + AT_UPTIME_MINUTES, row->uptime.seconds / 60);
        put32(response + AT_UPTIME_MODULO_DAYS, row->uptime.modulus / 86400);
    }
    put_times_of_changes(response, row);
    memcpy(response + AT_DISTANCE, &distance, sizeof distance);
    response[AT_MATCH_QUALITY] = match_quality(row);
    if (row->label->number != HOST_LABEL_UNKNOWN) {
        put_text(response + AT_OS_NAME, row->label->family);
        put_text(response + AT_OS_FLAVOR, row->label->flavor);
    }
    if (row->link_label != NULL) {
        put_text(response + AT_LINK_TYPE, row->link_label);
    }
}

void p0f_api_answer(host_model_t *model, const uint8_t request[P0F_API_REQUEST_SIZE],
                    uint8_t response[P0F_API_RESPONSE_SIZE])
{
    uint32_t magic;
    memcpy(&magic, request, sizeof magic);
    const uint8_t version = request[4];
    memset(response, 0, P0F_API_RESPONSE_SIZE);
    put32(response + AT_MAGIC, P0F_API_RESPONSE_MAGIC);
    put32(response + AT_STATUS, P0F_API_BAD_QUERY);
    if (magic != P0F_API_REQUEST_MAGIC || (version != 4 && version != 6)) {
        return;
    }
    synfix_address_t address = {{0}};
    memcpy(address.bytes, request + 5, version == 4 ? 4 : 16);
    merged_rows_t merged = {.observations = 0};
    host_model_lock(model);
    host_model_find(model, &address, version, merge_row, &merged);
    if (merged.observations > 0) {
        put32(response + AT_STATUS, P0F_API_OK);
        put_host(response, &merged);
    } else {
        put32(response + AT_STATUS, P0F_API_NO_MATCH);
    }
    host_model_unlock(model);
}
