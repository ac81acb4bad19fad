/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_tunnel_ports.h
 * The UDP ports on which tunnels are looked for: the decoder's table, and what the kernel must let pass.
 */
#ifndef BASE_UDP_TUNNEL_PORTS_H
#define BASE_UDP_TUNNEL_PORTS_H

/* X(port, the decoder's step, SYNFIX_ENCAPSULATION_ of what is found there), by port. Add yours here. */
#define UDP_TUNNELS(X)                                                                                       \
    X(1701, step_l2tp, L2TP)                                                                                 \
    X(2152, step_gtp, GTP_U)                                                                                 \
    X(3544, step_teredo, TEREDO)                                                                             \
    X(4341, step_lisp, LISP)                                                                                 \
    X(4754, step_gre, GRE) /* RFC 8086 */                                                                    \
    X(4789, step_vxlan, VXLAN)                                                                               \
    X(4790, step_vxlan_gpe, VXLAN_GPE)                                                                       \
    X(5072, step_ayiya, AYIYA)                                                                               \
    X(5247, step_capwap, CAPWAP)                                                                             \
    X(6081, step_geneve, GENEVE)                                                                             \
    X(6635, step_mpls_in_ip, MPLS_IN_IP)                                                                     \
    X(8472, step_vxlan, VXLAN) /* Linux, before there was a number */                                        \
    X(37008, step_tzsp, TZSP)

#endif
