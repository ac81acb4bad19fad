/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IEEE 802.11 data frames, and what capture systems put before them. */
#include "decode/link_steps.h"

/* The first of the frames that share one header: addresses, length, LLC. */
static void step_aggregate(decoder_t *d)
{
    if (!decoder_has_link(d, 14)) {
        return;
    }
    const uint16_t length = read_be16(d->at + 12);
    decoder_continue(d, 14, step_llc);
    decoder_clip(d, length);
}

/* Frame control, first byte: version in the lowest bits, type, subtype. Second byte: flags. */
enum {
    WIFI_VERSION = 0x03,
    WIFI_TYPE = 0x0C,
    WIFI_DATA = 0x08,
    WIFI_NO_DATA = 0x40, /* subtypes without a payload */
    WIFI_QOS = 0x80,     /* subtypes with the QoS control field */
    WIFI_BETWEEN = 0x03, /* to and from a distribution system: a fourth address */
    WIFI_PROTECTED = 0x40,
    WIFI_ORDER = 0x80, /* of a QoS frame: the HT control field is there */
};

/* Whether a frame may have a readable packet. False: the parser has ended. */
static bool may_have_packet(decoder_t *d, uint8_t control, uint8_t flags)
{
    if ((control & WIFI_VERSION) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else if ((control & WIFI_TYPE) != WIFI_DATA || (control & WIFI_NO_DATA) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if ((flags & WIFI_PROTECTED) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
    } else {
        return true;
    }
    return false;
}

/* A frame whose frame control has the bytes @p control and @p flags. */
static void go_data_frame(decoder_t *d, uint8_t control, uint8_t flags)
{
    enum { AGGREGATE = 0x80 }; /* of the QoS control field */
    const bool qos = (control & WIFI_QOS) != 0;
    const size_t qos_at = (flags & WIFI_BETWEEN) == WIFI_BETWEEN ? 30 : 24;
    const size_t qos_length = (flags & WIFI_ORDER) != 0 ? 6 : 2;
    const size_t length = qos ? qos_at + qos_length : qos_at;

    if (may_have_packet(d, control, flags) && decoder_has_link(d, length)) {
        const bool aggregate = qos && (d->at[qos_at] & AGGREGATE) != 0;
        decoder_continue(d, length, aggregate ? step_aggregate : step_llc);
    }
}

void step_ieee80211(decoder_t *d)
{
    if (!decoder_has_link(d, 2)) {
        return;
    }
    const uint8_t *frame = d->at;
    go_data_frame(d, frame[0], frame[1]);
    if (d->next != NULL && (read_le16(frame + 22) & 0xF) != 0) { /* fragment number */
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
    }
}

/* Cisco's access points swap the frame control's bytes, and leave the fragment number undefined. */
void step_ieee80211_swapped(decoder_t *d)
{
    if (!decoder_has_link(d, 2)) {
        return;
    }
    if ((d->at[0] & 0x0F) == 0x08) {
        go_data_frame(d, d->at[0], d->at[1]);
    } else {
        go_data_frame(d, d->at[1], d->at[0]);
    }
}

/*
 * Radiotap pads the frame's header to 4 bytes when its flags field states it; the flags follow the
 * 8-byte timestamp (bit 0) when both are there.
 */
static bool radiotap_pads(const uint8_t *header, size_t length)
{
    enum { PRESENT_TSFT = 1, PRESENT_FLAGS = 2, FLAG_PADDED = 0x20 };
    size_t at = 4;
    const uint8_t present = header[at];

    while (at + 4 <= length && (header[at + 3] & 0x80) != 0) { /* more words of present bits */
        at += 4;
    }
    at += 4;
    if ((present & PRESENT_TSFT) != 0) {
        at = ((at + 7) & ~(size_t)7) + 8;
    }
    return (present & PRESENT_FLAGS) != 0 && at < length && (header[at] & FLAG_PADDED) != 0;
}

static void step_ieee80211_padded(decoder_t *d)
{
    const uint8_t *frame = d->at;

    step_ieee80211(d);
    const size_t padding = (size_t)(4 - ((d->at - frame) & 3)) & 3;
    if (d->next != NULL && decoder_has_link(d, padding)) {
        decoder_continue(d, padding, d->next);
    }
}

void step_radiotap(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    const size_t length = read_le16(d->at + 2);
    if (d->at[0] != 0 || length < 8) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    if (decoder_has_link(d, length)) { /* the flags are in the bytes that this checks */
        decoder_continue(d, length, radiotap_pads(d->at, length) ? step_ieee80211_padded : step_ieee80211);
    }
}

/* 144 bytes, or AVS under the same number. */
void step_prism(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    if ((read_be32(d->at) & 0xFFFFF000) == 0x80211000) {
        d->next = step_avs;
    } else {
        decoder_skip_link(d, 144, step_ieee80211);
    }
}

void step_avs(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    const uint32_t length = read_be32(d->at + 4);
    if (length < 8) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else {
        decoder_skip_link(d, length, step_ieee80211);
    }
}

/* Version, flags, length, link type of what follows; little endian. */
void step_ppi(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    const size_t length = read_le16(d->at + 2);
    decoder_step_t *next = link_type_step(read_le32(d->at + 4));

    if (length < 8) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else if (next == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_UNKNOWN_LINK);
    } else {
        decoder_skip_link(d, length, next);
    }
}
