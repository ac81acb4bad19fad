/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The layout of Packet depends on the features that Suricata was configured with, and no version number names
 * them. Suricata's own functions fill in a packet; the plug-in compares the fields of its own headers. */
#include "synfix_suricata.h"

#define PROBE_LENGTH   321u
#define PROBE_DATALINK 0x5AFE
#define PROBE_SECONDS  1234567890
#define PROBE_SOURCE   3

static bool values_are_in_place(Packet *p)
{
    static uint8_t bytes[PROBE_LENGTH];
    LiveDevice *device = (LiveDevice *)(void *)bytes; /* only compared */
    (void)PacketSetData(p, bytes, PROBE_LENGTH);
    SCPacketSetDatalink(p, PROBE_DATALINK);
    SCPacketSetLiveDevice(p, device);
    SCPacketSetSource(p, PROBE_SOURCE);
    SCPacketSetTime(p, SCTIME_FROM_SECS(PROBE_SECONDS));
    const bool right = GET_PKT_DATA(p) == bytes && GET_PKT_LEN(p) == PROBE_LENGTH &&
                       p->datalink == PROBE_DATALINK && p->livedev == device && p->pkt_src == PROBE_SOURCE &&
                       SCTIME_SECS(p->ts) == PROBE_SECONDS && p->root == NULL && p->flow == NULL &&
                       p->pcap_cnt == 0;
    SCPacketSetLiveDevice(p, NULL);
    return right;
}

void synfix_layout_check(void)
{
    Packet *p = PacketGetFromAlloc();
    if (p == NULL) {
        FatalError("out of memory");
    }
    if (!values_are_in_place(p)) {
        FatalError("this Suricata (%s) was built with other features than the headers that the plug-in "
                   "was built with: build the plug-in with the headers of this Suricata",
                   GetProgramVersion());
    }
    PacketFree(p);
}
