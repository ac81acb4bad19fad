/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* GTP-U: user data of mobile networks (3GPP TS 29.281). */
#include "decode/decoder.h"

#define GTP_HEADER 8u

/* Moves @p length past the chain of extension headers; @p type: of the first one. Each states its length in
 * words and, in its last byte, the type of the next one. False: the parser has ended. */
static bool skip_gtp_extensions(decoder_t *d, uint8_t type, size_t *length)
{
    while (type != 0) {
        if (!decoder_has_tunnel(d, *length + 4)) {
            return false;
        }
        const size_t extension = d->at[*length] * 4u;
        if (extension == 0 || !decoder_has_tunnel(d, *length + extension)) {
            decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
            return false;
        }
        *length += extension;
        type = d->at[*length - 1];
    }
    return true;
}

/* Sets @p length to that of a G-PDU's header: with any of the flags E, S, PN there are 4 more bytes, and with
 * E extension headers. False: the parser has ended. */
static bool measure_gtp(decoder_t *d, size_t *length)
{
    enum { OPTIONAL_FIELDS = 7, EXTENSION = 4 };
    const uint8_t flags = d->at[0];

    *length = GTP_HEADER;
    if ((flags & OPTIONAL_FIELDS) == 0) {
        return true;
    }
    *length += 4;
    return decoder_has_tunnel(d, *length) &&
           skip_gtp_extensions(d, (flags & EXTENSION) != 0 ? d->at[*length - 1] : 0, length);
}

/* Continues with IP after @p length bytes; the packets of other sessions have no IP header. */
static void go_gtp_payload(decoder_t *d, size_t length)
{
    if (!decoder_has_tunnel(d, length + 1)) {
        return;
    }
    const unsigned version = d->at[length] >> 4;
    if (version == 4 || version == 6) {
        decoder_continue(d, length, step_ip);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* Version 1, and not GTP' (charging); only G-PDUs carry packets. */
void step_gtp(decoder_t *d)
{
    enum { VERSION_AND_PROTOCOL = 0xF0, VERSION_1 = 0x30, G_PDU = 255 };

    if (!decoder_has_tunnel(d, GTP_HEADER)) {
        return;
    }
    if ((d->at[0] & VERSION_AND_PROTOCOL) != VERSION_1 || d->at[1] != G_PDU) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    size_t length;
    if (measure_gtp(d, &length)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_GTP_U, read_be32(d->at + 4));
        go_gtp_payload(d, length);
    }
}
