/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tags.h"

void plugin_tags_add(const plugin_tags_t *tags, synfix_headers_t *headers)
{
    synfix_encapsulation_t *frame = &headers->encapsulation;
    if (frame->vlan_count >= tags->count) {
        return; /* the frame is complete */
    }
    if (frame->vlan_count == 1 && frame->vlan_id != tags->ids[1]) {
        return; /* the program also counts a tag behind other headers, for example of a backbone bridge */
    }
    frame->customer_vlan_id = frame->vlan_count == 1 ? frame->vlan_id : tags->ids[1];
    frame->vlan_id = tags->ids[0];
    frame->vlan_count = (uint8_t)tags->count;
}
