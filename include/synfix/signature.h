/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file signature.h
 * The raw TCP signature of one SYN or SYN+ACK, in p0f v3's terms, and its text form
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

/* X(identifier, bit, text): in the order of the text form. The bits are those of the element tcpQuirks, for
 * good. */
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
typedef enum synfix_quirk {
    SYNFIX_QUIRKS(SYNFIX_QUIRK_ENUM) SYNFIX_QUIRK_ALL = (1 << 17) - 1
} synfix_quirk_t;
#undef SYNFIX_QUIRK_ENUM

/** How the window was expressed. */
typedef enum synfix_window_kind {
    SYNFIX_WINDOW_PLAIN = 0, /* the number itself */
    SYNFIX_WINDOW_MSS = 1,   /* mss*N */
    SYNFIX_WINDOW_MTU = 2,   /* mtu*N */
} synfix_window_kind_t;

/** Distance beyond which the guess is not believed (`TTL+?`, excess_dist). */
#define SYNFIX_DISTANCE_MAX 35

/** A plain value: two signatures are the same when all fields are equal (there is no padding to compare). */
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
    uint8_t payload;            /* 1 when there is any */
    uint8_t eol_padding;        /* bytes after the EOL */
    uint8_t layout_count;
    uint8_t layout[SYNFIX_OPTION_LAYOUT_MAX]; /* option kinds in wire order; unused ones 0 */
    uint8_t reserved;                         /* 0 */
} synfix_signature_t;

/** Room for the longest text form, for the longest layout text, for the longest quirk text; each with its
 * end. */
#define SYNFIX_SIGNATURE_TEXT_SIZE 320
#define SYNFIX_LAYOUT_TEXT_SIZE    160
#define SYNFIX_QUIRKS_TEXT_SIZE    96

/**
 * Makes the signature of a SYN or SYN+ACK from its @p headers and @p options. @p syn_mss is the MSS of the
 * SYN that a SYN+ACK answers, 0 for a SYN or when it was not seen. Any thread.
 */
SYNFIX_API void synfix_signature_extract(const synfix_headers_t *headers, const synfix_tcp_options_t *options,
                                         uint16_t syn_mss, synfix_signature_t *signature);

/**
 * Gives a signature that synfix_signature_extract made of the same @p headers the form that p0f 3.09b would
 * have given it: `ack+` looks at one bit of the number (D5), a multiple above 32767 is the plain number (D7),
 * `opt+` does not see the last byte of the padding (D11). The options must have been captured whole. Any
 * thread.
 */
SYNFIX_API void synfix_signature_as_p0f(const synfix_headers_t *headers, synfix_signature_t *signature);

/** Initial TTL that p0f guesses for an observed one: the first of 32, 64, 128, 255 not below it. Any thread.
 */
SYNFIX_API uint8_t synfix_initial_ttl_guess(uint8_t ttl);

/**
 * Writes the text form and its end into @p text (SYNFIX_SIGNATURE_TEXT_SIZE bytes), without printf. Returns
 * its length. Any thread.
 */
SYNFIX_API size_t synfix_signature_format(const synfix_signature_t *signature, char *text);

/** Writes only the option layout (`mss,nop,ws`, empty when there are no options; SYNFIX_LAYOUT_TEXT_SIZE
 * bytes). */
SYNFIX_API size_t synfix_layout_format(const synfix_signature_t *signature, char *text);

/** Writes only the quirks (`df,id+`, empty when there are none; SYNFIX_QUIRKS_TEXT_SIZE bytes). */
SYNFIX_API size_t synfix_quirks_format(uint32_t quirks, char *text);

/**
 * Reads the text form of an observed signature: what synfix_signature_format writes comes back to the same
 * value, but for `window` of a multiple, which is made anew as N * MSS or N * (MSS + 40, IPv6 60) when that
 * fits in 16 bits, else 0.
 * @p text need not be terminated. SYNFIX_INVALID with the column and the reason in @p error (may be NULL).
 */
SYNFIX_API synfix_status_t synfix_signature_parse(const char *text, size_t length,
                                                  synfix_signature_t *signature,
                                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
