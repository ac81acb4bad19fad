/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_row.h"

#include "base/decimal.h"
#include <string.h>

static const struct {
    uint32_t bit;
    const char *name;
    const char *text;
} reasons_table[] = {
#define REASON(identifier, bit, name, text) {SYNFIX_HOST_##identifier, name, text},
    SYNFIX_HOST_REASONS(REASON)
#undef REASON
};
#define REASONS_COUNT (sizeof reasons_table / sizeof reasons_table[0])

const char *host_role_name(uint8_t role)
{
    return role == HOST_SERVER ? "server" : "client";
}

int host_key_compare(const host_key_t *a, const host_key_t *b)
{
    if (a->ip_version != b->ip_version) {
        return a->ip_version < b->ip_version ? -1 : 1;
    }
    const int address = memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes);
    if (address != 0) {
        return address;
    }
    if (a->tunnel_kind != b->tunnel_kind) {
        return a->tunnel_kind - b->tunnel_kind;
    }
    if (a->tunnel_id != b->tunnel_id) {
        return a->tunnel_id < b->tunnel_id ? -1 : 1;
    }
    const int vlan =
        a->vlan_id != b->vlan_id ? a->vlan_id - b->vlan_id : a->customer_vlan_id - b->customer_vlan_id;
    return vlan != 0 ? vlan : a->role - b->role;
}

size_t host_key_format(const host_key_t *key, char *text)
{
    char *at = text + synfix_address_format(&key->address, key->ip_version, text);
    if (key->vlan_id != HOST_NO_VLAN) {
        at = append_decimal(append_text(at, " vlan "), key->vlan_id);
    }
    if (key->customer_vlan_id != HOST_NO_VLAN) {
        at = append_decimal(append_text(at, "."), key->customer_vlan_id);
    }
    if (key->tunnel_kind != 0) {
        at = append_text(append_text(at, " "), synfix_encapsulation_name(key->tunnel_kind));
        at = append_decimal(append_text(at, " "), key->tunnel_id);
    }
    *at = '\0';
    return (size_t)(at - text);
}

/* Tunnels whose id names a network: hosts in different networks may have the same address. */
static bool names_network(uint8_t kind)
{
    return kind == SYNFIX_ENCAPSULATION_VXLAN || kind == SYNFIX_ENCAPSULATION_VXLAN_GPE ||
           kind == SYNFIX_ENCAPSULATION_GENEVE || kind == SYNFIX_ENCAPSULATION_LISP;
}

void host_key_read(host_key_t *key, const synfix_headers_t *headers, bool from_server)
{
    const synfix_encapsulation_t *around = &headers->encapsulation;
    const bool network = names_network(around->kind);
    *key = (host_key_t){
        .address = headers->source,
        .tunnel_id = network ? around->id : 0,
        .vlan_id = around->vlan_count >= 1 ? around->vlan_id : HOST_NO_VLAN,
        .customer_vlan_id = around->vlan_count >= 2 ? around->customer_vlan_id : HOST_NO_VLAN,
        .ip_version = headers->ip_version,
        .role = from_server ? HOST_SERVER : HOST_CLIENT,
        .tunnel_kind = network ? around->kind : 0,
    };
}

size_t host_tools_format(const host_row_t *row, char *text)
{
    char *at = text;
    for (size_t i = 0; i < row->label_count; i++) {
        if (row->labels[i].label->tool) {
            at = append_text(at, at != text ? ", " : "");
            at = append_text(at, row->labels[i].label->text);
        }
    }
    *at = '\0';
    return (size_t)(at - text);
}

uint64_t host_tool_observations(const host_row_t *row)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < row->label_count; i++) {
        sum += row->labels[i].label->tool ? row->labels[i].count : 0;
    }
    return sum;
}

size_t host_reasons_format(uint32_t reasons, char *text)
{
    char *at = text;
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        if ((reasons & reasons_table[i].bit) == 0) {
            continue;
        }
        if (at != text) {
            *at++ = ',';
        }
        at = append_text(at, reasons_table[i].name);
    }
    *at = '\0';
    return (size_t)(at - text);
}

uint32_t host_reasons_parse(const char *text)
{
    uint32_t reasons = 0;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        for (size_t i = 0; i < REASONS_COUNT; i++) {
            if (strlen(reasons_table[i].name) == length && memcmp(reasons_table[i].name, text, length) == 0) {
                reasons |= reasons_table[i].bit;
            }
        }
        text += length + (text[length] == ',');
    }
    return reasons;
}

const char *host_reason_text(uint32_t reason)
{
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        if (reasons_table[i].bit == reason) {
            return reasons_table[i].text;
        }
    }
    return "";
}
