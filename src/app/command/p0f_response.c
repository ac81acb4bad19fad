/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/p0f_response.h"
#include "base/byte_order.h"

#include <string.h>

#define TEXT_SIZE 32u /* P0F_STR_MAX + 1 of p0f 3.09b (api.h) */

static const struct {
    const char *name;
    size_t at;
} numbers[] = {{"total_connections", 16}, {"uptime_minutes", 20}, {"uptime_modulo_days", 24}};

static const struct {
    const char *name;
    size_t at;
} times[] = {{"first_seen", 8}, {"last_seen", 12}, {"last_nat", 28}, {"last_change", 32}};

static const struct {
    const char *name;
    size_t at;
} texts[] = {{"os_name", 40},      {"os_flavor", 72},  {"http_name", 104},
             {"http_flavor", 136}, {"link_type", 168}, {"language", 200}};

/* Printable ASCII without quotes and backslashes; p0f copies texts of its database and of HTTP headers. */
static void add_text(GString *json, const char *name, const uint8_t *text, size_t length)
{
    g_string_append_printf(json, ",\"%s\":\"", name);
    for (size_t i = 0; i < length; i++) {
        const bool plain = text[i] >= 0x20 && text[i] < 0x7F && text[i] != '"' && text[i] != '\\';
        g_string_append_c(json, plain ? (char)text[i] : '?');
    }
    g_string_append_c(json, '"');
}

static void add_time(GString *json, const char *name, uint32_t seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *text = g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
    add_text(json, name, (const uint8_t *)text, strlen(text));
}

void p0f_response_json(const uint8_t response[P0F_API_RESPONSE_SIZE], const address_prefix_t *net,
                       GString *json)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    int16_t distance;
    synfix_address_format(&net->address, net->ip_version, address);
    memcpy(&distance, response + 36, sizeof distance);
    g_string_append_printf(json, "[{\"address\":\"%s\"", address);
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        if (read_native32(response + times[i].at) != 0) {
            add_time(json, times[i].name, read_native32(response + times[i].at));
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (read_native32(response + numbers[i].at) != 0) {
            g_string_append_printf(json, ",\"%s\":%u", numbers[i].name,
                                   read_native32(response + numbers[i].at));
        }
    }
    if (distance >= 0) {
        g_string_append_printf(json, ",\"distance\":%d", distance);
    }
    g_string_append_printf(json, ",\"bad_software\":%u,\"match_quality\":%u", response[38], response[39]);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const size_t length = strnlen((const char *)response + texts[i].at, TEXT_SIZE);
        if (length > 0) {
            add_text(json, texts[i].name, response + texts[i].at, length);
        }
    }
    g_string_append(json, "}]\n");
}
