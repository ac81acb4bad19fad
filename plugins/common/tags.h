/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tags.h
 * VLAN tags that the frame does not have any more: network cards and AF_PACKET remove the outermost tag, and
 * the host program has its number beside the frame.
 */
#ifndef SYNFIX_PLUGIN_TAGS_H
#define SYNFIX_PLUGIN_TAGS_H

#include <stdint.h>
#include <synfix/headers.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The ids of all tags of a frame as the host program counts them, the outermost first. */
typedef struct plugin_tags {
    uint16_t ids[2];
    unsigned count; /* 0 to 2 */
} plugin_tags_t;

/** Adds the tags of @p tags that the frame of @p headers does not have to the encapsulation of @p headers. */
void plugin_tags_add(const plugin_tags_t *tags, synfix_headers_t *headers);

#ifdef __cplusplus
}
#endif

#endif
