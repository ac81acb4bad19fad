/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"

/* Parts of the text. `port` is NULL without a colon. */
typedef struct parts {
    const char *host;
    size_t host_length;
    const char *port;
} parts_t;

static bool split(const char *text, parts_t *parts)
{
    const char *const close = text[0] == '[' ? strchr(text, ']') : NULL;
    const char *const end = close != NULL ? close : text + strcspn(text, ":");
    const char *const rest = close != NULL ? close + 1 : end;
    parts->host = close != NULL ? text + 1 : text;
    parts->host_length = (size_t)(end - parts->host);
    parts->port = rest[0] == ':' ? rest + 1 : NULL;
    /* an IPv6 address without brackets has a second colon */
    return (text[0] != '[' || (close != NULL && parts->host_length > 0)) &&
           (rest[0] == '\0' || parts->port != NULL) &&
           (parts->port == NULL || strchr(parts->port, ':') == NULL);
}

/* strtoul() would accept blanks and signs. */
static bool parse_port(const char *text, bool any_port, uint16_t *port)
{
    const size_t length = strlen(text);
    unsigned number = 0;
    if (length == 0 || length >= ENDPOINT_PORT_SIZE || strspn(text, DIGITS) != length) {
        return false;
    }
    for (; *text != '\0'; text++) {
        number = number * 10 + (unsigned)(*text - '0');
    }
    *port = (uint16_t)number;
    return number <= UINT16_MAX && (number > 0 || any_port);
}

bool endpoint_lacks_zone(const char *host)
{
    /* inet_pton() does not accept a zone */
    struct in6_addr address;
    return inet_pton(AF_INET6, host, &address) == 1 &&
           (IN6_IS_ADDR_LINKLOCAL(&address) || IN6_IS_ADDR_MC_LINKLOCAL(&address));
}

synfix_status_t endpoint_parse(const char *text, const endpoint_rule_t *rule, endpoint_t *endpoint,
                               synfix_error_t *error)
{
    parts_t parts;
    const char *const begin = strncmp(text, "//", 2) == 0 ? text + 2 : text;
    if (!split(begin, &parts) || parts.host_length >= sizeof endpoint->host ||
        (parts.host_length == 0 && !rule->any_host) || (parts.port == NULL && rule->default_port == 0)) {
        return synfix_fail(error, SYNFIX_INVALID, "'%.300s' is not an address; write %s", text, rule->form);
    }
    endpoint->number = rule->default_port;
    if (parts.port != NULL && !parse_port(parts.port, rule->any_port, &endpoint->number)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "'%.300s': port '%.32s' is not a port; write a number from %u to 65535", text,
                           parts.port, rule->any_port ? 0 : 1);
    }
    memcpy(endpoint->host, parts.host, parts.host_length);
    endpoint->host[parts.host_length] = '\0';
    (void)snprintf(endpoint->port, sizeof endpoint->port, "%u", endpoint->number);
    return endpoint_lacks_zone(endpoint->host)
               ? synfix_fail(error, SYNFIX_INVALID,
                             "'%.300s': an IPv6 link-local address needs its interface; write [%s%%eth0]:%s, "
                             "with the name of the interface",
                             text, endpoint->host, endpoint->port)
               : SYNFIX_OK;
}

void endpoint_format(const endpoint_t *endpoint, char *text)
{
    const bool brackets = strchr(endpoint->host, ':') != NULL;
    (void)snprintf(text, ENDPOINT_TEXT_SIZE, "%s%s%s:%s", brackets ? "[" : "", endpoint->host,
                   brackets ? "]" : "", endpoint->port);
}
