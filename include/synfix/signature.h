/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file signature.h
 * The raw TCP signature of one SYN or SYN+ACK in the terms of p0f v3, and its text form
 *
 *     ver:ittl:olen:mss:wsize,scale:olayout:quirks:pclass
 */
#ifndef SYNFIX_SIGNATURE_H
#define SYNFIX_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/headers.h>
#include <synfix/status.h>
#include <synfix/tcp_options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** X(identifier, bit, text), in the order of the text form. Bits of the element tcpQuirks: they never
 * change. D5 and D11: docs/explanation/differences-from-p0f.md. */
#define SYNFIX_QUIRKS(X)                                                                                     \
    X(DF, 0, "df")              /* DF set */                                                                 \
    X(ID_NONZERO, 1, "id+")     /* DF set, IP ID not 0 */                                                    \
    X(ID_ZERO, 2, "id-")        /* DF clear, IP ID 0 */                                                      \
    X(ECN, 3, "ecn")            /* any ECN bit of IP, or ECE, CWR, AE of TCP */                              \
    X(RESERVED, 4, "0+")        /* reserved flag of IPv4 set */                                              \
    X(FLOW, 5, "flow")          /* IPv6 flow label not 0 */                                                  \
    X(SEQ_ZERO, 6, "seq-")      /* sequence number 0 */                                                      \
    X(ACK_NONZERO, 7, "ack+")   /* acknowledgement not 0 without ACK (D5) */                                 \
    X(ACK_ZERO, 8, "ack-")      /* acknowledgement 0 with ACK */                                             \
    X(URG_NONZERO, 9, "uptr+")  /* urgent pointer not 0 without URG */                                       \
    X(URG, 10, "urgf+")         /* URG set */                                                                \
    X(PUSH, 11, "pushf+")       /* PSH set */                                                                \
    X(TS1_ZERO, 12, "ts1-")     /* own timestamp 0 */                                                        \
    X(TS2_NONZERO, 13, "ts2+")  /* echoed timestamp not 0 on a SYN without ACK */                            \
    X(EOL_NONZERO, 14, "opt+")  /* byte that is not 0 after EOL (D11) */                                     \
    X(SCALE_EXCESS, 15, "exws") /* window scale over 14 */                                                   \
    X(BAD, 16, "bad")           /* malformed options */

#define SYNFIX_QUIRK_ENUM(identifier, bit, text) SYNFIX_QUIRK_##identifier = 1 << bit,
/** Bits of SYNFIX_QUIRKS. */
typedef enum synfix_quirk {
    SYNFIX_QUIRKS(SYNFIX_QUIRK_ENUM) SYNFIX_QUIRK_ALL = (1 << 17) - 1
} synfix_quirk_t;
#undef SYNFIX_QUIRK_ENUM

/** Representation of the window. */
typedef enum synfix_window_kind {
    SYNFIX_WINDOW_PLAIN = 0, /* the window itself */
    SYNFIX_WINDOW_MSS = 1,   /* mss*N */
    SYNFIX_WINDOW_MTU = 2,   /* mtu*N */
} synfix_window_kind_t;

/** Maximum plausible distance. A larger one is printed as `TTL+?` and sets excess_dist. */
#define SYNFIX_DISTANCE_MAX 35

/** A signature. Two signatures are equal if all fields are equal; the structure has no padding. */
typedef struct synfix_signature {
    uint8_t ip_version;         /* 4 or 6 */
    uint8_t ttl;                /* as observed */
    uint16_t ip_options_length; /* olen */
    uint16_t mss;               /* 0 when absent */
    uint16_t window;            /* as observed, unscaled */
    uint16_t window_multiple;   /* N of mss*N or mtu*N; 0 when plain */
    uint8_t window_kind;        /* synfix_window_kind_t */
    uint8_t window_scale;       /* 0 when absent */
    uint32_t quirks;            /* SYNFIX_QUIRK_* */
    uint8_t payload;            /* 1 if the packet has a payload */
    uint8_t eol_padding;        /* bytes after the EOL */
    uint8_t layout_count;
    uint8_t layout[SYNFIX_OPTION_LAYOUT_MAX]; /* option kinds in wire order; unused ones 0 */
    uint8_t reserved;                         /* 0 */
} synfix_signature_t;

/** Sizes in bytes, with the terminating NUL, of the longest text form, layout text and quirk text. */
#define SYNFIX_SIGNATURE_TEXT_SIZE 320
#define SYNFIX_LAYOUT_TEXT_SIZE    160
#define SYNFIX_QUIRKS_TEXT_SIZE    96

/**
 * Extracts the signature of a SYN or SYN+ACK. Cannot fail. Any thread.
 * @param headers    filled in by synfix_decode()
 * @param options    filled in by synfix_tcp_options_read() from the options of the same packet
 * @param syn_mss    MSS in bytes of the SYN that a SYN+ACK answers; 0 for a SYN, and if the SYN was not seen
 * @param signature  owned by the caller, all fields are set
 */
SYNFIX_API void synfix_signature_extract(const synfix_headers_t *headers, const synfix_tcp_options_t *options,
                                         uint16_t syn_mss, synfix_signature_t *signature);

/**
 * Changes a signature of synfix_signature_extract() into the form of p0f 3.09b: `ack+` depends on one bit of
 * the number (D5), a multiple above 32767 is the plain number (D7), `opt+` ignores the last byte of the
 * padding (D11). Any thread.
 * @param headers    of the same packet, with all options captured
 * @param signature  changed in place
 */
SYNFIX_API void synfix_signature_as_p0f(const synfix_headers_t *headers, synfix_signature_t *signature);

/**
 * Initial TTL that p0f assumes for an observed one. Any thread.
 * @param ttl  as observed
 * @return the first of 32, 64, 128, 255 that is not below @p ttl
 */
SYNFIX_API uint8_t synfix_initial_ttl_guess(uint8_t ttl);

/**
 * Writes the text form of a signature. Any thread.
 * @param signature  not NULL
 * @param text       buffer of SYNFIX_SIGNATURE_TEXT_SIZE bytes, owned by the caller
 * @return length in bytes without the terminating NUL
 */
SYNFIX_API size_t synfix_signature_format(const synfix_signature_t *signature, char *text);

/** X(identifier, bit, text): options that a SYN offers; the names are those of `offered` in a database. */
#define SYNFIX_OFFERS(X)                                                                                     \
    X(MSS, 0, "mss")     /* RFC 9293 3.7.1 */                                                                \
    X(SCALE, 1, "ws")    /* RFC 7323 2 */                                                                    \
    X(SACK, 2, "sok")    /* RFC 2018 2 */                                                                    \
    X(STAMPS, 3, "ts")   /* RFC 7323 3 */                                                                    \
    X(ECN, 4, "ecn")     /* RFC 3168 6.1.1: quirk `ecn` */                                                   \
    X(TFO, 5, "tfo")     /* RFC 7413 2, option 34; before the RFC: 254 */                                    \
    X(MPTCP, 6, "mptcp") /* RFC 8684 3.1, option 30 */

#define SYNFIX_OFFER_ENUM(identifier, bit, text) SYNFIX_OFFER_##identifier = 1 << bit,
/** Bits of SYNFIX_OFFERS. */
typedef enum synfix_offer {
    SYNFIX_OFFERS(SYNFIX_OFFER_ENUM) SYNFIX_OFFER_SEEN = 1 << 7 /* the SYN was seen */
} synfix_offer_t;
#undef SYNFIX_OFFER_ENUM

/**
 * Returns the options that a SYN offers to the answering host. Any thread.
 * @param syn  signature of the SYN
 * @return bits SYNFIX_OFFER_*, SYNFIX_OFFER_SEEN among them
 */
SYNFIX_API uint8_t synfix_signature_offers(const synfix_signature_t *syn);

/**
 * Writes the option layout as text: `mss,nop,ws`. Any thread.
 * @param signature  not NULL
 * @param text       buffer of SYNFIX_LAYOUT_TEXT_SIZE bytes, owned by the caller
 * @return length in bytes without the terminating NUL; 0 without options
 */
SYNFIX_API size_t synfix_layout_format(const synfix_signature_t *signature, char *text);

/**
 * Writes quirks as text: `df,id+`. Any thread.
 * @param quirks  bits SYNFIX_QUIRK_*
 * @param text    buffer of SYNFIX_QUIRKS_TEXT_SIZE bytes, owned by the caller
 * @return length in bytes without the terminating NUL; 0 without quirks
 */
SYNFIX_API size_t synfix_quirks_format(uint32_t quirks, char *text);

/**
 * Parses the text form of an observed signature. The result equals the signature that
 * synfix_signature_format() printed, except `window` of a multiple, which becomes N * MSS or N * (MSS + 40;
 * IPv6: 60), or 0 if this exceeds 16 bits. Any thread.
 * @param text       need not be NUL-terminated
 * @param length     of the text in bytes
 * @param signature  owned by the caller; undefined after a failure
 * @param error      receives column and reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: not the form of a signature
 */
SYNFIX_API synfix_status_t synfix_signature_parse(const char *text, size_t length,
                                                  synfix_signature_t *signature,
                                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
