/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_tunnels.h
 * The UDP ports on which tunnels are looked for: the decoder's table, and what the kernel must let pass.
 */
#ifndef BASE_UDP_TUNNELS_H
#define BASE_UDP_TUNNELS_H

/* X(port, the decoder's step). Add yours here. */
#define UDP_TUNNELS(X)                                                                                       \
    X(1701, step_l2tp)                                                                                       \
    X(2152, step_gtp)                                                                                        \
    X(3544, step_teredo)                                                                                     \
    X(4341, step_lisp)                                                                                       \
    X(4754, step_gre) /* RFC 8086 */                                                                         \
    X(4789, step_vxlan)                                                                                      \
    X(4790, step_vxlan_gpe)                                                                                  \
    X(5072, step_ayiya)                                                                                      \
    X(5247, step_capwap)                                                                                     \
    X(6081, step_geneve)                                                                                     \
    X(6635, step_mpls_in_ip)                                                                                 \
    X(8472, step_vxlan) /* Linux, before there was a number */                                               \
    X(37008, step_tzsp)

#endif
