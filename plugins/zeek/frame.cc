// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plugin.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include <zeek/iosource/PktSrc.h>
#include <zeek/IP.h>
#include <zeek/RunState.h>

namespace synfix_zeek
{

constexpr std::uint32_t linktype_raw = 101;
constexpr std::uint32_t ipv6_header_length = 40;

// A tap gets the content of the innermost tunnel; the packet source has the frame.
static const zeek::Packet &FrameOf(const zeek::Packet &packet)
{
    const zeek::Packet *frame = nullptr;
    auto *source = zeek::run_state::detail::current_packet_source();
    return source != nullptr && source->GetCurrentPacket(&frame) ? *frame : packet;
}

// While Zeek processes a reassembled packet, cap_len of the last fragment's frame is the length that the frame
// would have with the whole packet. Zeek reassembles only fragments that were captured completely.
static std::uint32_t CapturedLength(const zeek::Packet &frame)
{
    if (!frame.ip_hdr || !frame.ip_hdr->Reassembled() || frame.cap_len < frame.ip_hdr->TotalLen()) {
        return frame.cap_len;
    }
    const std::uint32_t link = frame.cap_len - static_cast<std::uint32_t>(frame.ip_hdr->TotalLen());
    const std::uint8_t *fragment = frame.data + link;
    if (fragment[0] >> 4 == 4) {
        return link + (std::uint32_t{fragment[2]} << 8 | fragment[3]);
    }
    return link + ipv6_header_length + (std::uint32_t{fragment[4]} << 8 | fragment[5]);
}

static synfix_packet_t AsPacket(const zeek::Packet &frame)
{
    synfix_packet_t made{};
    made.data = frame.data;
    made.captured_length = CapturedLength(frame);
    made.original_length = made.captured_length;
    if (made.captured_length == frame.cap_len && frame.len > frame.cap_len) {
        made.original_length = frame.len;
    }
    made.time_ns = static_cast<std::int64_t>(frame.ts.tv_sec) * 1000000000 +
                   static_cast<std::int64_t>(frame.ts.tv_usec) * 1000;
    made.link_type = synfix_link_type_from_dlt(static_cast<int>(frame.link_type));
    return made;
}

// Zeek 8.1 has a number, 0 without a tag; Zeek 8.2 has an optional structure.
template <typename Tag> static bool HasTag(const Tag &tag, std::uint16_t *id)
{
    if constexpr (std::is_integral_v<Tag>) {
        *id = static_cast<std::uint16_t>(tag);
        return tag != 0;
    } else {
        *id = tag ? tag->id : 0;
        return static_cast<bool>(tag);
    }
}

// AF_PACKET removes the outermost tag; Zeek's packet source has its number. Frames of files have all their
// tags.
static void AddTags(const zeek::Packet &frame, synfix_headers_t *headers)
{
    std::uint16_t ids[2];
    if (zeek::run_state::reading_live && HasTag(frame.vlan, &ids[0])) {
        synfix_add_removed_vlans(headers, ids, HasTag(frame.inner_vlan, &ids[1]) ? 2 : 1);
    }
}

Frame::Frame(const zeek::Packet &packet)
{
    const zeek::Packet &frame = FrameOf(packet);
    captured = AsPacket(frame);
    Decode(frame, packet);
    if (IsTcp()) {
        AddTags(frame, &headers);
    }
}

bool Frame::IsTcp() const
{
    return verdict == SYNFIX_VERDICT_SYN || verdict == SYNFIX_VERDICT_SYN_ACK ||
           verdict == SYNFIX_VERDICT_SEGMENT;
}

// An atomic fragment is complete; of other fragments only Zeek has the whole: of the frame, or inside a
// tunnel.
void Frame::Decode(const zeek::Packet &frame, const zeek::Packet &packet)
{
    verdict = synfix_decode(&captured, &headers);
    const zeek::Packet *const parts[] = {&frame, &packet};
    for (const auto *part : parts) {
        if (IsTcp() && !headers.first_fragment && headers.options_captured == headers.options_length) {
            return;
        }
        if (!part->ip_hdr || !part->ip_hdr->Reassembled()) {
            continue;
        }
        Reassemble(*part->ip_hdr);
        verdict = synfix_decode(&captured, &headers);
        if (IsTcp()) {
            headers.first_fragment = true; // the observation says that the packet was fragmented
            headers.truncated = false;     // of a fragment that is not complete, Zeek makes no packet
            return;
        }
    }
}

// Zeek's own reassembly of fragments, as a packet without link layer. Its IPv4 header still has the offset of
// the fragment that came first, so the packet is a corrected copy of the bytes that hold headers.
void Frame::Reassemble(const zeek::IP_Hdr &header)
{
    const bool version4 = header.IP4_Hdr() != nullptr;
    const auto *bytes = version4 ? reinterpret_cast<const std::uint8_t *>(header.IP4_Hdr())
                                 : reinterpret_cast<const std::uint8_t *>(header.IP6_Hdr());
    const auto length = static_cast<std::size_t>(header.TotalLen());
    const std::size_t copied = std::min(length, reassembled.size());
    std::memcpy(reassembled.data(), bytes, copied);
    if (version4) {
        reassembled[6] &= 0xC0; // flags: reserved, DF
        reassembled[7] = 0;
    }
    captured.data = reassembled.data();
    captured.captured_length = static_cast<std::uint32_t>(copied);
    captured.original_length = static_cast<std::uint32_t>(length);
    captured.link_type = linktype_raw;
}

} // namespace synfix_zeek
