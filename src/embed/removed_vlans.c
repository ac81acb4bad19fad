/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/embed.h>

void synfix_add_removed_vlans(synfix_headers_t *headers, const uint16_t *ids, size_t count)
{
    synfix_encapsulation_t *frame = &headers->encapsulation;
    if (count <= frame->vlan_count || count > UINT8_MAX) {
        return; /* the frame is complete */
    }
    if (frame->vlan_count > 0 && frame->vlan_id != ids[count - frame->vlan_count]) {
        return; /* the program also counts a tag after other headers, for example of a backbone bridge */
    }
    frame->vlan_id = ids[0];
    if (count > 1) {
        frame->customer_vlan_id = ids[1];
    }
    frame->vlan_count = (uint8_t)count;
}
