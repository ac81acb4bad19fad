/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_tunnel_ports.h
 * UDP ports of tunnels. The decoder and the kernel filter share this table.
 */
#ifndef DECODE_UDP_TUNNEL_PORTS_H
#define DECODE_UDP_TUNNEL_PORTS_H

/* X(port, step of the decoder, SYNFIX_ENCAPSULATION_ number), in ascending order of ports. Add new tunnels
 * here. */
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
    X(6343, step_sflow, SFLOW)                                                                               \
    X(6635, step_mpls_in_ip, MPLS_IN_IP)                                                                     \
    X(8472, step_vxlan, VXLAN) /* default of Linux, older than the IANA assignment */                        \
    X(37008, step_tzsp, TZSP)

#endif
