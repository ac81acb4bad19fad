/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <arpa/inet.h>
#include <string.h>
#include <synfix/address.h>

size_t synfix_address_format(const synfix_address_t *address, uint8_t version, char *text)
{
    if (inet_ntop(version == 6 ? AF_INET6 : AF_INET, address->bytes, text, SYNFIX_ADDRESS_TEXT_SIZE) ==
        NULL) {
        text[0] = '\0';
    }
    return strlen(text);
}
