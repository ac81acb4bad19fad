/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First byte: ports or addresses, the side, and whether to print the ports and parse them again (slow). Then
 * a list. A filter that allows the list and a filter that denies the list must pass opposite packets; a list
 * of ports that is printed and parsed again is equal.
 */
#include "filter/header_filter.h"
#include "fuzz.h"
#include <stdio.h>
#include <string.h>

#define PORTS      65536u
#define ITEM_SIZE  12u
#define HEADERS_OF 16u

typedef synfix_status_t add_t(header_filter_t *, filter_side_t, bool, const char *, synfix_error_t *);

static header_filter_t *make(add_t *add, filter_side_t side, bool deny, const char *text)
{
    synfix_error_t error = {.text = ""};
    header_filter_t *filter = header_filter_new();
    FUZZ_CHECK(filter != NULL);
    if (add(filter, side, deny, text, &error) == SYNFIX_OK) {
        return filter;
    }
    FUZZ_CHECK(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
    header_filter_unref(filter);
    return NULL;
}

static synfix_headers_t headers_of(const uint8_t *data, size_t size)
{
    synfix_headers_t headers = {.ip_version = size % 2 == 0 ? 4 : 6};
    for (size_t i = 0; i < HEADERS_OF && i < size; i++) {
        headers.source.bytes[i] = data[i];
        headers.destination.bytes[i] = data[size - 1 - i];
    }
    headers.source_port = (uint16_t)(size * 257);
    headers.destination_port = size > 0 ? data[0] : 0;
    return headers;
}

static bool has_port(const header_filter_t *filter, uint32_t port)
{
    const synfix_headers_t headers = {
        .ip_version = 4, .source_port = (uint16_t)port, .destination_port = (uint16_t)port};
    return port < PORTS && header_filter_pass(filter, &headers);
}

static void write_out_and_compare(const header_filter_t *filter)
{
    static char text[PORTS / 2 * ITEM_SIZE];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t port = 0; port < PORTS; port++) {
        const uint32_t first = port;
        if (!has_port(filter, port)) {
            continue;
        }
        while (has_port(filter, port + 1)) {
            port++;
        }
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%u-%u", used > 0 ? "," : "", first, port);
    }
    header_filter_t *again = make(header_filter_add_ports, FILTER_EITHER, false, text);
    if (used == 0) {
        return; /* a list of nothing is refused */
    }
    FUZZ_CHECK(again != NULL);
    for (uint32_t port = 0; port < PORTS; port++) {
        FUZZ_CHECK(has_port(filter, port) == has_port(again, port));
    }
    header_filter_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    add_t *const add = (data[0] & 1) != 0 ? header_filter_add_ports : header_filter_add_addresses;
    const filter_side_t side = (filter_side_t)(data[0] / 2 % 3 + 1);
    char *text = strndup((const char *)data + 1, size - 1);
    header_filter_t *allow = make(add, side, false, text);
    header_filter_t *deny = make(add, side, true, text);
    FUZZ_CHECK((allow == NULL) == (deny == NULL));
    if (allow != NULL) {
        const synfix_headers_t headers = headers_of(data, size);
        FUZZ_CHECK(header_filter_pass(allow, &headers) != header_filter_pass(deny, &headers));
        if (add == header_filter_add_ports && (data[0] & 0x40) != 0) {
            write_out_and_compare(allow);
        }
    }
    header_filter_unref(allow);
    header_filter_unref(deny);
    free(text);
    return 0;
}
