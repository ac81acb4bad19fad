/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/address_prefix.h"
#include "base/ascii.h"
#include <arpa/inet.h>
#include <stdlib.h>

static unsigned address_bits(uint8_t ip_version)
{
    return ip_version == 4 ? 32 : 128;
}

static synfix_address_t mask(const address_prefix_t *prefix)
{
    synfix_address_t masked = prefix->address;
    for (unsigned bit = prefix->length; bit < address_bits(prefix->ip_version); bit++) {
        masked.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
    }
    return masked;
}

/* The first @p length characters of @p text are the address. */
static bool parse_address(const char *text, size_t length, address_prefix_t *prefix)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    if (length >= sizeof address) {
        return false;
    }
    memcpy(address, text, length);
    address[length] = '\0';
    prefix->ip_version = strchr(address, ':') != NULL ? 6 : 4;
    return inet_pton(prefix->ip_version == 6 ? AF_INET6 : AF_INET, address, prefix->address.bytes) == 1;
}

/* Text after the address: nothing, or the prefix length. */
static bool parse_length(const char *text, address_prefix_t *prefix)
{
    char *end = NULL;
    unsigned long length = address_bits(prefix->ip_version);
    if (*text == '/') {
        if (!ascii_is_digit(text[1])) {
            return false;
        }
        length = strtoul(text + 1, &end, 10);
        if (*end != '\0' || length > address_bits(prefix->ip_version)) {
            return false;
        }
    }
    prefix->length = (uint8_t)length;
    return true;
}

synfix_status_t address_prefix_parse(const char *text, address_prefix_t *prefix, synfix_error_t *error)
{
    const size_t length = strcspn(text, "/");
    const char *const zone = strchr(text, '%');
    *prefix = (address_prefix_t){.length = 0};
    if (zone != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "'%s' has a zone, which no packet has; omit '%.*s'", text,
                           (int)strcspn(zone, "/"), zone);
    }
    if (!parse_address(text, length, prefix) || !parse_length(text + length, prefix)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "'%s' is not an address or a prefix; write for example 192.0.2.1 or 192.0.2.0/24",
                           text);
    }
    const synfix_address_t masked = mask(prefix);
    if (memcmp(&masked, &prefix->address, sizeof masked) != 0) {
        char network[SYNFIX_ADDRESS_TEXT_SIZE];
        (void)synfix_address_format(&masked, prefix->ip_version, network);
        /* 10.0.0.1/8 can mean the host or the network */
        return synfix_fail(
            error, SYNFIX_INVALID,
            "'%s' has bits set after its prefix length; write %s/%u for the network, or %.*s for "
            "the host",
            text, network, prefix->length, (int)length, text);
    }
    return SYNFIX_OK;
}

void address_prefix_unmap(address_prefix_t *prefix)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (prefix->ip_version == 6 && prefix->length >= 96 &&
        memcmp(prefix->address.bytes, mapped, sizeof mapped) == 0) {
        synfix_address_t address = {.bytes = {0}};
        memcpy(address.bytes, prefix->address.bytes + sizeof mapped, 4);
        *prefix =
            (address_prefix_t){.address = address, .ip_version = 4, .length = (uint8_t)(prefix->length - 96)};
    }
}
