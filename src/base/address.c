/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/decimal_digits.h"
#include <arpa/inet.h>
#include <string.h>
#include <synfix/address.h>

/* inet_ntop prints IPv4 with printf, which takes ten times as long. */
static size_t format_ipv4(const uint8_t bytes[4], char *text)
{
    char *at = text;
    for (unsigned i = 0; i < 4; i++) {
        at = decimal_put(at, bytes[i]);
        *at++ = '.';
    }
    at[-1] = '\0';
    return (size_t)(at - 1 - text);
}

size_t synfix_address_format(const synfix_address_t *address, uint8_t version, char *text)
{
    if (version != 6) {
        return format_ipv4(address->bytes, text);
    }
    if (inet_ntop(AF_INET6, address->bytes, text, SYNFIX_ADDRESS_TEXT_SIZE) == NULL) {
        text[0] = '\0';
    }
    return strlen(text);
}
