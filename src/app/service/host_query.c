/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/host_query.h"
#include "app/service/p0f_api.h"
#include "base/byte_order.h"
#include "exporter/host_report/host_json.h"

#include <string.h>

typedef struct found_hosts {
    GString *json;
    unsigned count;
} found_hosts_t;

static bool add_host(const host_row_t *row, void *user)
{
    found_hosts_t *found = user;
    g_string_append(found->json, found->count++ > 0 ? ",\n" : "");
    host_json(found->json, row);
    return found->count < HOST_QUERY_HOSTS_MAX;
}

unsigned host_query_json(host_model_t *model, const synfix_address_t *address, uint8_t ip_version,
                         GString *out)
{
    found_hosts_t found = {.json = out};
    g_string_append_c(out, '[');
    host_model_lock(model);
    host_model_find(model, address, ip_version, add_host, &found);
    host_model_unlock(model);
    g_string_append(out, "]\n");
    return found.count;
}

void host_query_answer(host_model_t *model, const uint8_t *request, GString *answer)
{
    const uint8_t version = request[4];
    synfix_address_t address = {{0}};
    uint32_t status = P0F_API_BAD_QUERY;
    g_string_set_size(answer, HOST_QUERY_HEADER_SIZE);
    if (version == 4 || version == 6) {
        memcpy(address.bytes, request + 5, version == 4 ? 4 : 16);
        status = host_query_json(model, &address, version, answer) > 0 ? P0F_API_OK : P0F_API_NO_MATCH;
    }
    uint8_t *const header = (uint8_t *)answer->str;
    write_native32(header, HOST_QUERY_RESPONSE_MAGIC);
    write_native32(header + 4, status);
    write_native32(header + 8, (uint32_t)(answer->len - HOST_QUERY_HEADER_SIZE));
}
