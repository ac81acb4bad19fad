/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "filter/header_filter.h"
#include "values/address_prefix.h"
#include "values/suggestion.h"
#include "values/value.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct list {
    struct list *next;
    filter_side_t side;
    bool deny;
    uint64_t *ports; /* one bit for each port; NULL: a list of prefixes */
    size_t count;
    address_prefix_t prefixes[];
} list_t;

struct header_filter {
    atomic_uint references;
    synfix_encapsulations_t encapsulations;
    list_t *lists;
    list_t **last;
};

#define PORT_WORDS (65536u / 64u)
#define SEPARATORS ", "

header_filter_t *header_filter_new(void)
{
    header_filter_t *filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        return NULL;
    }
    atomic_init(&filter->references, 1);
    filter->encapsulations = SYNFIX_ENCAPSULATIONS_ALL;
    filter->last = &filter->lists;
    return filter;
}

header_filter_t *header_filter_ref(header_filter_t *filter)
{
    atomic_fetch_add_explicit(&filter->references, 1, memory_order_relaxed);
    return filter;
}

static void free_list(list_t *list)
{
    free(list->ports);
    free(list);
}

void header_filter_unref(header_filter_t *filter)
{
    if (filter == NULL || atomic_fetch_sub_explicit(&filter->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (list_t *list = filter->lists, *next; list != NULL; list = next) {
        next = list->next;
        free_list(list);
    }
    free(filter);
}

static synfix_status_t new_list(const char *text, filter_side_t side, bool deny, bool ports, list_t **made,
                                synfix_error_t *error)
{
    size_t items = 1;
    for (const char *at = text; *at != '\0'; at++) {
        items += strchr(SEPARATORS, *at) != NULL;
    }
    if (items > FILTER_ITEMS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "more than %u items in a list", FILTER_ITEMS_MAX);
    }
    list_t *list = calloc(1, sizeof *list + (ports ? 0 : items) * sizeof(address_prefix_t));
    if (list != NULL && ports) {
        list->ports = calloc(PORT_WORDS, sizeof(uint64_t));
    }
    if (list == NULL || (ports && list->ports == NULL)) {
        free(list);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    list->side = side;
    list->deny = deny;
    *made = list;
    return SYNFIX_OK;
}

static bool parse_ports(list_t *list, const char *item, synfix_error_t *error)
{
    uint32_t first = 0;
    uint32_t last = 0;
    if (value_range("port", UINT16_MAX, item, &first, &last, error) != SYNFIX_OK) {
        return false;
    }
    for (uint32_t port = first; port <= last; port++) {
        list->ports[port / 64] |= UINT64_C(1) << (port % 64);
    }
    return true;
}

static bool parse_prefix(list_t *list, const char *item, synfix_error_t *error)
{
    const synfix_status_t status = address_prefix_parse(item, &list->prefixes[list->count], error);
    list->count += status == SYNFIX_OK;
    return status == SYNFIX_OK;
}

/* Owns @p list; frees it on failure. */
static synfix_status_t fill(header_filter_t *filter, list_t *list, const char *text, synfix_error_t *error)
{
    bool empty = true;
    while (*text != '\0') {
        char item[64];
        text += strspn(text, SEPARATORS);
        const size_t length = strcspn(text, SEPARATORS);
        if (length == 0) {
            break;
        }
        const size_t kept = length < sizeof item ? length : sizeof item - 1;
        memcpy(item, text, kept);
        item[kept] = '\0';
        synfix_error_t reason = {.text = "an item is too long; write addresses, prefixes or ports"};
        if (length >= sizeof item ||
            !(list->ports != NULL ? parse_ports(list, item, &reason) : parse_prefix(list, item, &reason))) {
            free_list(list);
            return synfix_fail(error, SYNFIX_INVALID, "%.480s", reason.text);
        }
        text += length;
        empty = false;
    }
    if (empty) {
        free_list(list);
        return synfix_fail(error, SYNFIX_INVALID,
                           "the list is empty; write one item or more, separated by commas");
    }
    *filter->last = list;
    filter->last = &list->next;
    return SYNFIX_OK;
}

static synfix_status_t add(header_filter_t *filter, filter_side_t side, bool deny, bool ports,
                           const char *text, synfix_error_t *error)
{
    list_t *list = NULL;
    const synfix_status_t status = new_list(text, side, deny, ports, &list, error);
    return status == SYNFIX_OK ? fill(filter, list, text, error) : status;
}

synfix_status_t header_filter_add_ports(header_filter_t *filter, filter_side_t side, bool deny,
                                        const char *text, synfix_error_t *error)
{
    return add(filter, side, deny, true, text, error);
}

synfix_status_t header_filter_add_addresses(header_filter_t *filter, filter_side_t side, bool deny,
                                            const char *text, synfix_error_t *error)
{
    return add(filter, side, deny, false, text, error);
}

/* Number of the encapsulation called @p name; 64: unknown. */
static unsigned find_encapsulation(const char *name)
{
    for (unsigned number = 1; number < 64; number++) {
        if (strcmp(synfix_encapsulation_name(number), name) == 0 && strcmp(name, "unknown") != 0) {
            return number;
        }
    }
    return 64;
}

static bool apply_encapsulation(synfix_encapsulations_t *set, const char *item)
{
    const bool without = item[0] == '-';
    const unsigned number = find_encapsulation(item + without);
    if (strcmp(item, "all") == 0) {
        *set = SYNFIX_ENCAPSULATIONS_ALL;
    } else if (strcmp(item, "none") == 0) {
        *set = SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
    } else if (number == 64) {
        return false;
    } else if (without) {
        *set &= ~SYNFIX_ENCAPSULATION_BIT(number);
    } else {
        *set |= SYNFIX_ENCAPSULATION_BIT(number);
    }
    return true;
}

/* All names without a close one: a list that does not end at the error size. */
static synfix_status_t refuse_encapsulation(const char *item, synfix_error_t *error)
{
    const char *names[66] = {"all", "none"};
    char text[SYNFIX_ERROR_SIZE] = "all, none";
    size_t count = 2;
    for (unsigned number = 1; number < 64; number++) {
        const char *name = synfix_encapsulation_name(number);
        const size_t used = strlen(text);
        if (strcmp(name, "unknown") != 0) {
            (void)snprintf(text + used, sizeof text - used, ", %s", name);
            names[count++] = name;
        }
    }
    const char *closest = suggestion_closest(item + (item[0] == '-'), names, count);
    if (closest != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "encapsulations: '%s' is unknown; did you mean '%s%s'?",
                           item, item[0] == '-' ? "-" : "", closest);
    }
    return synfix_fail(error, SYNFIX_INVALID, "encapsulations: '%s' is unknown; write some of %s", item,
                       text);
}

synfix_status_t header_filter_set_encapsulations(header_filter_t *filter, const char *text,
                                                 synfix_error_t *error)
{
    const char *at = text + strspn(text, ", ");
    if (at[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "encapsulations: the list is empty; write names separated by commas, all or none");
    }
    synfix_encapsulations_t set =
        at[0] == '-' ? SYNFIX_ENCAPSULATIONS_ALL : SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
    for (size_t length; (length = strcspn(at, ", ")) > 0; at += strspn(at, ", ")) {
        char item[32];
        const size_t kept = length < sizeof item ? length : sizeof item - 1;
        memcpy(item, at, kept);
        item[kept] = '\0';
        if (length >= sizeof item || !apply_encapsulation(&set, item)) {
            return refuse_encapsulation(item, error);
        }
        at += length;
    }
    filter->encapsulations = set;
    return SYNFIX_OK;
}

synfix_encapsulations_t header_filter_encapsulations(const header_filter_t *filter)
{
    return filter == NULL ? SYNFIX_ENCAPSULATIONS_ALL : filter->encapsulations;
}

static bool side_matches(const list_t *list, const synfix_address_t *address, uint8_t version, uint16_t port)
{
    if (list->ports != NULL) {
        return (list->ports[port / 64] >> (port % 64) & 1) != 0;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (address_prefix_has(&list->prefixes[i], address, version)) {
            return true;
        }
    }
    return false;
}

bool header_filter_pass(const header_filter_t *filter, const synfix_headers_t *headers)
{
    for (const list_t *list = filter->lists; list != NULL; list = list->next) {
        const bool matches =
            ((list->side & FILTER_SOURCE) != 0 &&
             side_matches(list, &headers->source, headers->ip_version, headers->source_port)) ||
            ((list->side & FILTER_DESTINATION) != 0 &&
             side_matches(list, &headers->destination, headers->ip_version, headers->destination_port));
        if (matches == list->deny) {
            return false;
        }
    }
    return true;
}
