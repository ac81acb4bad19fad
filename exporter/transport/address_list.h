/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file address_list.h
 * The addresses of a name, as getaddrinfo() returns them: a list that is walked in a circle from any of its
 * addresses. No list is empty. Any thread.
 */
#ifndef EXPORTER_TRANSPORT_ADDRESS_LIST_H
#define EXPORTER_TRANSPORT_ADDRESS_LIST_H

#include <netdb.h>
#include <stddef.h>

/** Returns the number of addresses. */
static inline unsigned address_list_count(const struct addrinfo *list)
{
    unsigned count = 0;
    for (; list != NULL; list = list->ai_next) {
        count++;
    }
    return count;
}

/** Returns the address after @p at; after the last one is the first one. */
static inline const struct addrinfo *address_list_next(const struct addrinfo *list, const struct addrinfo *at)
{
    return at->ai_next != NULL ? at->ai_next : list;
}

/** Returns the address at @p index, which is less than the number of addresses. */
static inline const struct addrinfo *address_list_at(const struct addrinfo *list, unsigned index)
{
    for (; index > 0; index--) {
        list = list->ai_next;
    }
    return list;
}

#endif
