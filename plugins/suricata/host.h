/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host.h
 * Suricata's headers, in the order that they need, without the warnings that they cause.
 */
#ifndef SYNFIX_SURICATA_HOST_H
#define SYNFIX_SURICATA_HOST_H

#ifndef __SCFILENAME__
#define __SCFILENAME__ "synfix"
#endif
#pragma GCC system_header
/* Optional features of Suricata whose libraries are not installed here. Without them the union of their data
 * in Packet has fewer members; that the layout is the same is checked when the plug-in is loaded (layout.c).
 */
/* clang-format off */
#include "suricata-common.h"
#include "suricata-plugin.h"
/* clang-format on */
#if defined(HAVE_DPDK) && !__has_include(<rte_eal.h>)
#undef HAVE_DPDK
#endif
#if defined(NFQ) && !__has_include(<libnetfilter_queue/libnetfilter_queue.h>)
#undef NFQ
#endif
#if defined(HAVE_NFLOG) &&                                                                                   \
    !(__has_include(<libnetfilter_log/libnetfilter_log.h>) && __has_include(<libnfnetlink/libnfnetlink.h>))
#undef HAVE_NFLOG
#endif
#if defined(HAVE_MAGIC) && !__has_include(<magic.h>)
#undef HAVE_MAGIC
#endif

/* An order in which each header has what it needs. */
/* clang-format off */
#include "suricata.h"
#include "decode.h"
#include "decode-tcp.h"
#include "packet.h"
#include "flow.h"
#include "flow-callbacks.h"
#include "flow-storage.h"
#include "thread-callbacks.h"
#include "thread-storage.h"
#include "detect.h"
#include "detect-parse.h"
#include "detect-engine.h"
#include "detect-engine-buffer.h"
#include "detect-engine-content-inspection.h"
#include "detect-engine-helper.h"
#include "detect-engine-inspect-buffer.h"
#include "detect-engine-mpm.h"
#include "detect-engine-prefilter.h"
#include "detect-flow.h"
#include "conf.h"
#include "counters.h"
#include "output.h"
#include "output-json.h"
#include "output-eve.h"
#include "output-packet.h"
#include "runmodes.h"
#include "rust.h"
#include "util-debug.h"
#include "util-device.h"
#include "util-hash.h"
#include "util-hash-string.h"
#include "util-print.h"
#include "util-time.h"
/* clang-format on */

/* Bytes of the TCP header: in captured frames the structure TCPHdr may lie at an address that is not aligned.
 */
static inline uint8_t host_tcp_flags(const Packet *p)
{
    return ((const uint8_t *)PacketGetTCP(p))[13];
}

/** Length of the TCP header in 32-bit words. */
static inline uint8_t host_tcp_words(const Packet *p)
{
    return ((const uint8_t *)PacketGetTCP(p))[12] >> 4;
}

/* Here, because the macros convert without casts. */
static inline SCTime_t host_time_from_ns(int64_t time_ns)
{
    const SCTime_t seconds = SCTIME_FROM_SECS((uint64_t)(time_ns / 1000000000));
    return SCTIME_ADD_USECS(seconds, (uint64_t)(time_ns % 1000000000 / 1000));
}

static inline int64_t host_time_ns(SCTime_t time)
{
    return (int64_t)SCTIME_SECS(time) * 1000000000 + (int64_t)SCTIME_USECS(time) * 1000;
}

#endif
