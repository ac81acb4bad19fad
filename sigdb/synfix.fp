; synfix-fp 1
; SPDX-License-Identifier: MIT OR Apache-2.0
; The signatures of synfix. Grammar, provenance and how to extend: README.md beside this file.

version = 2026.11
classes = win,unix,other

; The options of a stack with and without timestamps, SACK and window scaling: a peer, a setting or a middlebox
; may disable each of them. Their positions identify the stack.

layouts = linux mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,ws|mss,sok,ts|mss,nop,nop,sok|mss,nop,nop,ts
layouts = linux-scaled mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,ws
layouts = linux-nopped mss,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ws

; Options that a socket (TCP-MD5, TCP-AO) or accurate ECN adds to those of a stack: RFC 2385, RFC 5925, RFC 9768.

added_options = 19,29,172,174

[mtu]

label = AX.25 radio modem
evidence = p0f.fp 3.09b
sig = 256

label = SLIP
evidence = p0f.fp 3.09b
sig = 552

label = Ethernet or modem
evidence = p0f.fp 3.09b | p0f.fp => minimum IPv4 reassembly, old modem
sig = 576

label = GIF
evidence = p0f.fp 3.09b
sig = 1240

label = OpenVPN TCP bs128 SHA256 lzo (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1278

label = OpenVPN TCP bs128 SHA256 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1279

label = IPv6 minimum, Tailscale and other VPN
evidence = tailscale issue 16017 (reduced to 1280); RFC 8200 minimum | p0f.fp 3.09b => GIF | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => OpenVPN UDP bs128 SHA256 lzo (OpenVPN mssfix 1350)
sig = 1280

label = OpenVPN UDP bs128 SHA256 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1281

label = OpenVPN TCP bs128 SHA1 lzo (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp | cisco/mercury 2.1e8 => Cisco AnyConnect variant
sig = 1290

label = OpenVPN TCP bs128 SHA1 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1291

label = OpenVPN UDP bs128 SHA1 lzo (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1292

label = OpenVPN UDP bs128 SHA1 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1293

label = Cisco VPN client (AnyConnect SVC setting)
evidence = community.cisco.com: 1300 for VPN client; cisco/mercury 5.8e9 SYNs from agent hosts | p0f.fp 3.09b => generic tunnel or VPN
sig = 1300

label = OpenVPN TCP bs64 SHA1 lzo (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1306

label = OpenVPN TCP bs64 SHA1 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1307

label = OpenVPN UDP bs64 SHA1 lzo (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1308

label = OpenVPN UDP bs64 SHA1 (OpenVPN mssfix 1350)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1309

label = OpenVPN TCP bs128 SHA256 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1328

label = OpenVPN TCP bs128 SHA256 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1329

label = OpenVPN UDP bs128 SHA256 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1330

label = OpenVPN UDP bs128 SHA256 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1331

label = OpenVPN TCP bs128 SHA1 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp | zardaxt 311, 147 Android => mobile carrier or VPN
sig = 1340

label = OpenVPN TCP bs128 SHA1 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1341

label = OpenVPN UDP bs128 SHA1 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1342

label = OpenVPN UDP bs128 SHA1 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1343

label = IPsec VPN
evidence = seen
sig = 1350

label = OpenVPN TCP bs64 SHA1 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1356

label = OpenVPN TCP bs64 SHA1 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1357

label = OpenVPN UDP bs64 SHA1 lzo (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1358

label = OpenVPN UDP bs64 SHA1 (OpenVPN mssfix 1400)
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1359

label = IPsec VPN (Alibaba gateway advice)
evidence = alibabacloud doc 119749
sig = 1360

label = flannel WireGuard in VXLAN
evidence = kube-hetzner discussion 1350
sig = 1370

label = OpenVPN TCP bs128 SHA256 lzo (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1378

label = OpenVPN TCP bs128 SHA256 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1379

label = WireGuard over GCP (1460-80)
evidence = wg-easy discussion 1052 | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => OpenVPN UDP bs128 SHA256 lzo (OpenVPN mssfix 1450 (default))
sig = 1380

label = OpenVPN UDP bs128 SHA256 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1381

label = Cisco AnyConnect (DTLS)
evidence = cisco/mercury 2.4e8 SYNs from agent hosts | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => OpenVPN TCP bs128 SHA1 lzo (OpenVPN mssfix 1450 (default))
sig = 1390

label = OpenVPN TCP bs128 SHA1 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1391

label = OpenVPN UDP bs128 SHA1 lzo (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1392

label = OpenVPN UDP bs128 SHA1 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1393

label = OpenVPN TCP bs128 AES256 lzo (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1395

label = OpenVPN UDP bs128 AES256 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1397

label = generic tunnel or VPN
evidence = p0f.fp 3.09b | p0f.fp; zardaxt 714 => IPsec or other VPN
sig = 1400

label = IPv4 DS-Lite-Tunnel
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1404

label = Cisco AnyConnect default
evidence = community.cisco.com AnyConnect MTU: initial value 1406 | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => OpenVPN TCP bs64 SHA1 lzo (OpenVPN mssfix 1450 (default))
sig = 1406

label = OpenVPN TCP bs64 SHA1 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1407

label = OpenVPN UDP bs64 SHA1 lzo (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1408

label = OpenVPN UDP bs64 SHA1 (OpenVPN mssfix 1450 (default))
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1409

label = mobile carrier or VPN
evidence = zardaxt 134, 87 Android
sig = 1410

label = WireGuard (wg-quick default)
evidence = wg-quick default per several docs; xray docs 1420 (IPv6 outer) | p0f.fp 3.09b => generic tunnel or VPN
sig = 1420

label = WireGuard over IPv4 without padding / mobile
evidence = opnsense docs PR 498: 1428
sig = 1428

label = mobile carrier (mostly Android, iOS), or WireGuard over IPv4 (calico)
evidence = zardaxt: 1985 observations, 1322 of them Android/iOS; calico WireGuard 1440 | p0f.fp 3.09b => generic tunnel or VPN
sig = 1440

label = VXLAN, or mobile carrier (mostly iOS)
evidence = tigera/sylva calico docs: VXLAN 1450; zardaxt counts | p0f.fp 3.09b => generic tunnel or VPN
sig = 1450

label = DSL
evidence = p0f.fp 3.09b | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => PPPoE | p0f.fp DSL; zardaxt 1692 observations => DSL or DS-Lite/mobile
sig = 1452

label = DSL
evidence = p0f.fp 3.09b | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp => PPPoE | support.aa.net.uk/L2TP_MTU; p0f.fp DSL => L2TP over PPPoE, or DSL (Japan)
sig = 1454

label = L2TP
evidence = Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1456

label = Google Cloud VPC default
evidence = docs.cloud.google.com/vpc/docs/mtu: default 1460 | p0f.fp 3.09b => generic tunnel or VPN
sig = 1460

label = L2TP over 1500
evidence = support.aa.net.uk/L2TP_MTU
sig = 1462

label = Google
evidence = p0f.fp 3.09b | p0f.fp
sig = 1470

label = IPv4-in-IPv6 or UDP sized
evidence = seen 42x
sig = 1472

label = GRE
evidence = 24 bytes overhead | p0f.fp 3.09b => IPSec or GRE
sig = 1476

label = IPIP, SIT, 6in4
evidence = 20 byte outer IPv4 header; calico/6rd docs | p0f.fp 3.09b => IPIP or SIT
sig = 1480

label = PPTP
evidence = p0f.fp 3.09b
sig = 1490

label = PPPoE
evidence = RFC 2516; second most common | p0f.fp 3.09b => DSL | Haxe18/p0f-mtu (ValdikSS fork) p0f.fp
sig = 1492

label = VLAN
evidence = p0f.fp 3.09b | p0f.fp VLAN => VLAN (Q-in-Q clamp)
sig = 1496

label = Ethernet
evidence = measured share: most common | p0f.fp 3.09b => Ethernet or modem
sig = 1500

label = Ericsson HIS modem
evidence = p0f.fp 3.09b
sig = 1656

label = loopback
evidence = p0f.fp 3.09b
sig = 3924

label = FDDI
evidence = table of common media
sig = 4352

label = Token Ring
evidence = table of common media
sig = 4464

label = 802.11 without Ethernet bridging
evidence = table of common media
sig = 7981

label = AWS inter-region VPC peering
evidence = docs.aws.amazon.com EC2 network_mtu: 8500
sig = 8500

label = Google Cloud VPC jumbo
evidence = docs.cloud.google.com/vpc/docs/mtu: maximum 8896
sig = 8896

label = jumbo Ethernet
evidence = measured here MSS 8960; p0f.fp | p0f.fp 3.09b
sig = 9000

label = AWS EC2 jumbo
evidence = docs.aws.amazon.com EC2 network_mtu: 9001; JA4T AWS Linux 2 MSS 8961
sig = 9001

label = loopback
evidence = p0f.fp 3.09b | greenplum issue 1164 tcpdump mss 16344; p0f.fp loopback => loopback (macOS lo0, MSS 16344)
sig = 16384

label = loopback
evidence = p0f.fp 3.09b
sig = 16436

label = loopback (Linux lo MTU 65536, MSS 65495)
evidence = measured here: Linux 6.18 SYN on lo has MSS 65495 -> 65535
sig = 65535

label = loopback (Linux IPv6 lo, MSS 65476)
evidence = measured here: Linux 6.18, MSS 65476 + 60
sig = 65536

[tcp:request]

; Tools first: they imitate systems except in a few fields.

label = s:!:ZMap:4 or newer
clock = off
clock_source = program source: the second since 1970 in which the packet was made
sys = @unix,@win
evidence = program source; scans
date = 2025
quality = 74
sig = 4:255:0:*:65535,8:mss,nop,ws,nop,nop,sok::0
sig = 4:255:0:*:65535,6:mss,nop,ws,nop,nop,ts,sok,eol+1::0
sig = 4:255:0:*:65535,7:mss,sok,ts,nop,ws::0

; The firmware of computers that boot over HTTP sends the same, but sometimes with an acknowledgement number, or with
; another MSS.

label = s:other:UEFI:network boot (EDK II)
evidence = laboratory with OVMF of November 2022
date = 2025
quality = 89
sig = 4:255:0:*:65535,0:mss:ack+:0
sig = 4:255:0:1461-65535:65535,0:mss::0
sig = 4:255:0:536-1459:65535,0:mss::0

label = s:!:ZMap:4 or newer
sys = @unix,@win
evidence = program source; scans
date = 2025
quality = 84
also = 40 s:other:UEFI:network boot (EDK II)
sig = 4:255:0:1460:65535,0:mss::0

label = s:!:ZMap:2 or 3
sys = @unix,@win
evidence = program source; scans
date = 2025
quality = 89
sig = 4:255:0:0:65535,0:::0
sig = 4:255:0:0:65535,0:::*

label = s:!:masscan:
sys = @unix,@win
evidence = program source; scans
date = 2025
quality = 89
sig = 4:255:0:0:1024,0::id-?:0
sig = 4:255:0:1460:1024,0:mss::0

; A controller's client sends what nmap sends with one of its four windows; nmap starts at 37 to 59, the controller at 30
; or 32.

label = s:other:Siemens:S7
evidence = captures of controllers
date = 2025
quality = 70
also = 30 s:!:NMap:SYN scan
sig = 4:32:0:1460:4096,0:mss::0

label = s:!:NMap:SYN scan
sys = @unix,@win
evidence = program source; laboratory
date = 2025
quality = 89
sig = 4:60-:0:1460:1024|2048|3072|4096,0:mss::*
; it states the MSS of IPv4 over IPv6 too
sig = 6:255:0:1460:1024|2048|3072|4096,0:mss:flow?:0
sig = 4:60-:0:0:1024|2048|3072|4096,0::id-?:0
sig = 6:64-:0:1460:1024|2048|3072|4096,0:mss:flow?:0

; nmap starts at 37 to 59 unless an option sets the TTL; a published list states 64.

label = s:!:NMap:SYN scan
sys = @unix,@win
evidence = published lists; program source
date = 2025
quality = 60
also = 40 s:other:Embedded system:with only the MSS option
sig = 4:64:0:1460:1024|3072,0:mss::0

label = s:!:NMap:OS detection
clock = off
clock_source = program source: a constant
sys = @unix,@win
evidence = program source; laboratory
date = 2025
quality = 96
sig = *:64-:0:265:512,0:mss,sok,ts:ack+?,flow?:0
; its first generation, until 2007
sig = 4:64-:0:265:1024|2048|3072|4096,10:ws,nop,mss,ts,eol+1:ack+?,ecn?,pushf+?,urgf+?:0
sig = *:64-:0:536:16,10:mss,sok,ts,ws,eol+0:ack+?,flow?:0
sig = *:64-:0:1400:63,0:mss,ws,sok,ts,eol+0:ack+?,flow?:0
sig = *:64-:0:0:4,10:sok,ts,ws,eol+0:ack+?,flow?:0
sig = *:64-:0:640:4,5:ts,nop,nop,ws,nop,mss:ack+?,flow?:0
sig = *:64-:0:1460:3,10:ws,nop,mss,sok,nop,nop:ecn,uptr+,flow?:0
sig = *:64-:0:1460|265:1|31337,10:ws,nop,mss,ts,sok:ack+?,flow?:0
sig = *:64-:0:265:1|31337|128|256,10:ws,nop,mss,ts,sok,eol+0:ack+?,df?,id+?,flow?:0
sig = 4:64-:0:265:128|256|31337|32768|65535,10|15:ws,nop,mss,ts,sok:ack+?,df?,id+?,id-?,exws?,pushf+?,urgf+?:0

label = s:!:p0f:sendsyn
clock = off
clock_source = program source: a constant
sys = @unix,@win
evidence = program source
date = 2025
quality = 74
sig = *:192~:0:1331:1337,0|5:mss,nop,eol+18|mss,sok,nop,eol+16|mss,sok,ts,nop,eol+6|mss,ts,nop,eol+8|mss,ws,nop,eol+15|mss,ws,sok,nop,eol+13::0
sig = *:192~:0:1331:1337,0|5:mss,ws,sok,ts,nop,eol+3|mss,ws,ts,nop,eol+5::0

label = s:!:scapy:default SYN
sys = @unix,@win
evidence = program source; laboratory
date = 2025
quality = 74
sig = *:64:0:0|1460:8192,0::seq-?,ecn?,flow?:*
sig = *:64:0:1460:8192,0:mss:seq-:0

label = s:!:hping:3
clock = off
clock_source = program source: a random number in each packet
sys = @unix,@win
evidence = program source; laboratory
date = 2025
quality = 89
sig = 4:64:0:0:512,0::ack+?,id-?:*
sig = 4:64:0:*:512,0:|mss|nop,nop,ts|mss,nop,nop,ts:ack+,df?,id+?,id-?:*

label = s:!:Mausezahn:
clock = off
clock_source = program source: a constant
sys = @unix
evidence = laboratory with netsniff-ng 0.6.8
date = 2026
quality = 89
sig = 4:255:0:1452:10000,5:mss,sok,ts,nop,ws:ack+?:*

label = s:!:nping:
sys = @unix,@win
evidence = program source; laboratory
date = 2025
quality = 89
sig = 4:64:0:0:1480,0::id-?:0

label = s:!:SinFP:active scan
sys = @unix,@win
evidence = older collections
date = 2012
quality = 74
sig = 4:255:0:*:mss*4,1:mss,ts,ws,sok,eol+0:ack+:0

; Network boot: its options have the reverse of the usual order.

label = s:other:iPXE:network boot
clock = 1024 boot
clock_source = program source: 1024 ticks a second since its start
evidence = laboratory with its version of 2019 in a virtual machine; program source
date = 2025
quality = 89
sig = *:64:0:*:65532,0-14:nop,nop,ts,nop,nop,sok,nop,ws,mss::0

; passt and pasta terminate TCP. They send MSS and scale regardless of the peer's options, and an IP ID of 0.

label = s:other:Proxy or middlebox:passt, user-mode NAT
evidence = laboratory with its releases of March 2023 and January 2025: MTU 1280 to 65520
date = 2025
quality = 89
sig = 4:255:0:*:65535,8:mss,nop,ws:id-:0
sig = 6:255:0:*:65535,8:mss,nop,ws:flow:0

label = s:other:Proxy or middlebox:user-mode NAT
evidence = laboratory with QEMU 7.2 and its slirp
date = 2025
quality = 70
sig = 4:64:0:1460:65535,0:mss:id-?:0

label = s:other:BeOS:5
evidence = older collections
date = 2002
quality = 60
sig = 4:255:0:*:1024,0:mss,nop,ws::0

; uIP has a window of one segment, and the MSS as its only option. So does RIOT in its default configuration.

label = s:other:Embedded system:Contiki (uIP) or RIOT
evidence = laboratory with Contiki-NG of 2024 and RIOT of 2026
date = 2026
quality = 95
sig = 6:64:0:*:mss*1,0:mss:seq-?:0

; lwIP: a fixed order of options, each one enabled by the build configuration. It does not set DF. Its hop limit and
; TTL are 255 unless a port changes them. Its IPv6 packets have no flow label. Its window is a small number of
; segments, or 65535 with a small scale.

layouts = lwip mss,nop,nop,sok|mss,nop,ws|mss,nop,nop,ts|mss,nop,nop,ts,nop,nop,sok|mss,nop,nop,ts,nop,ws|mss,nop,nop,ts,nop,ws,nop,nop,sok

; CycloneTCP offers the same MSS over IPv4 and IPv6, and never sets DF.

label = s:other:CycloneTCP:
evidence = laboratory with its version 2.6.2: 9 settings; program source: its MSS and its buffer
date = 2026
quality = 89
sig = 4:64:0:1430:mss*2-16|8192,0:mss|mss,nop,nop,sok:id-?:0
sig = 4:64:0:1430:mss*2-44|65535,0-5:mss,nop,ws|mss,nop,ws,nop,nop,sok:id-?:0
sig = 6:64:0:1430:mss*2-16|8192,0:mss|mss,nop,nop,sok::0
sig = 6:64:0:1430|1460:mss*2-44|65535,0-5:mss,nop,ws|mss,nop,ws,nop,nop,sok::0
sig = 6:64:0:1460:mss*2-16|8192|16384,0:mss|mss,nop,nop,sok::0

label = s:other:lwIP or CycloneTCP:with scaling
evidence = laboratories with the sources of both
date = 2026
quality = 89
sig = 4:64:0:1460:65535,1-5:mss,nop,ws:id-?:0

label = s:other:lwIP or Cisco IOS:(IOS 11)
evidence = laboratory with the source of lwIP; older collections
date = 2026
quality = 95
sig = 4:255:0:536:mss*4,0:mss:id-?:0
sig = 4:255:0:*:mss*8,0:mss:id-?:0

label = s:other:lwIP:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = laboratory with its source of 2026: 18 settings; program source
date = 2026
quality = 96
sig = 4:255:0:*:mss*1-10|mtu*1|2144|2920|5840|8192,0:mss:id-?:0
sig = 4:255:0:*:1-65535,0-5:@lwip:id-?:0
sig = 4:64:0:1436|1440:mss*4,0:mss:id-?:0
sig = 4:64:0:1436|1440:mss*1-45,0-5:mss,nop,nop,sok|mss,nop,ws|mss,nop,nop,ts|mss,nop,nop,ts,nop,nop,sok|mss,nop,ws,nop,nop,sok:id-?:0
sig = 4:64:0:*:65535,1-5:mss,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,nop,ts,nop,ws,nop,nop,sok:id-?:0
sig = 4:64:0:*:1-65535,0-5:mss,nop,nop,ts,nop,nop,sok|mss,nop,nop,ts,nop,ws,nop,nop,sok:id-?:0
sig = 6:255:0:*:mss*1-45|2048-32768,0:mss::0
sig = 6:255:0:*:1-65535,0-5:@lwip::0
sig = 6:64:0:1220-1429|1431-1440:mss*1-12|5760|8192,0:mss|mss,nop,nop,sok|mss,nop,nop,ts|mss,nop,nop,ts,nop,nop,sok::0
sig = 6:64:0:1220-1429|1431-1440:65535,1-5:mss,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,nop,ts,nop,ws,nop,nop,sok::0

; With SACK and scaling its layout is that of Windows, which scales by 8 and sets DF unless a middlebox clears it.

label = s:other:lwIP:with scaling and SACK
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = laboratory with its source of 2026
date = 2026
quality = 89
also = 40 s:win:Windows:behind a gateway that rewrites the TTL or DF
sig = 4:255:0:*:65535,1-5:mss,nop,ws,nop,nop,sok:id-?:0
sig = 6:255:0:*:65535,1-5:mss,nop,ws,nop,nop,sok::0

; A middlebox may replace options by NOPs.

layouts = apple-nopped mss,nop,ws,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,sok,eol+1|mss,nop,ws,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ts,sok,eol+1
layouts = windows-nopped mss,nop,ws,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop|mss,nop,nop,nop,nop,nop,nop,sok|mss,nop,nop,nop,nop,nop,nop,nop,nop

; Options of FreeBSD with an initial TTL of 128. Windows with timestamps has the same layout, but scales by 8 and counts its
; IP ID, which FreeBSD sets to 0 with DF.

label = s:unix:FreeBSD:with another initial TTL
clock = 1000 connection
clock_source = kernel source: an offset for each connection
evidence = kernel source; laboratory with the stack of 13.0
date = 2026
quality = 89
sig = 4:128:0:*:65535,6-9:mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,ts:df,ecn?:0
sig = 6:128:0:*:65535,6-7|9:mss,nop,ws,sok,ts:flow?,ecn?:0

; TRex generates traffic with a TCP stack derived from BSD. Agent strings in such traffic do not identify a system.

label = s:!:TRex:traffic generator
clock = 1000 unknown
clock_source = program source: counts from a random number, in steps of 50 ms
sys = @unix
evidence = program source: its TTL of 127, DF and IP ID; captures of its own tests
date = 2025
quality = 89
sig = 4:128:0:*:32768|8192|65535,0-5:mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,ts|mss,sok,eol+1:df,ts1-?:0

; Windows. Like Linux, 10 and 11 round the window down to a multiple of the MSS (which a middlebox may have lowered
; later), or send 65535. The third SYN to a peer that does not answer has no scale.

layouts = windows mss,nop,ws,nop,nop,sok|mss,nop,ws,sok,ts

label = s:win:Windows:10 or 11
clock = 1000 unknown
clock_source = labelled captures of builds 14393 to 26100: one line for the connections of a peer
evidence = labelled captures to 2020 by agent; lab and field reports to 2025
date = 2025
quality = 97
sig = *:128:0:*:fit65535|65535,8:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = *:128:0:*:reach16384|16384-17920|mss*2-120,8:@windows:df,id+?,ecn?,flow?:0
sig = *:128:0:*:fit65535|62600-65535,8:@windows:df,id+?,ecn?,flow?:0

; Without scaling, the windows that XP and Server 2003 use with an MSS of Ethernet are also those of a third SYN of 10 or 11.

label = s:win:Windows:XP or Server 2003
clock = 10 unknown
clock_source = labelled captures of 3 hosts: one line for the connections of a peer, except for the SYN+ACK, which has 0
evidence = labelled captures; NTLM builds 2600 and 3790
date = 2025
quality = 85
generation = 2000 or newer
generation_quality = 97
family_quality = 97
also = 30 s:win:Windows:10 or 11
sig = 4:128:0:*:mss*44|65535|16384|64512,0:mss,nop,nop,sok:df,id+?,ecn?:0
sig = 4:128:0:*:60352-64075,0:mss,nop,nop,sok:df,id+?,ecn?:0
sig = 4:128:0:*:65535|16384|64512|32768|mss*44,0:mss,nop,ws,nop,nop,sok:df,id+?,ecn?:0
sig = 4:128:0:*:65535|16384|64240|8192|60352,0-3:mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?,ts1-?:0

label = s:win:Windows:7 to 11
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = labelled captures to 2020 by agent: a set receive buffer, or a repeated SYN
date = 2025
quality = 97
sig = *:128:0:*:fit65535|65535,0-14:@windows:df,id+?,ecn?,flow?:0
sig = *:128:0:*:62600-65534,0|2-14:@windows:df,id+?,ecn?,flow?:0
sig = *:128:0:*:fit65535|64076-65535|reach16384|16384-17920,0:mss,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = *:128:0:*:fit65535|62600-65535,0-14:mss,nop,ws:df,id+?,ecn?,flow?:0

label = s:win:Windows:7 to 8.1, Server 2008 to 2012 R2
clock = 100 boot
clock_source = labelled captures of 7 and Server 2008 R2
evidence = labelled captures to 2020 by agent: scale 2 is of 7 alone
date = 2025
quality = 97
sig = *:128:0:*:8192,2:@windows:df,id+?,ecn?,flow?:0

label = s:win:Windows:7 to 10 1607, Server 2008 to 2016
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = labelled captures; NTLM builds 7601 to 14393
date = 2025
quality = 97
sig = *:128:0:*:8192|8193-8960,0-14:@windows:df,id+?,ecn?,flow?:0
sig = *:128:0:*:8192,0:mss,nop,nop,sok|mss,sok,ts:df,id+?,ecn?,flow?:0

label = s:other:Windows CE:6
evidence = capture of a controller
date = 2015
quality = 70
sig = 4:128:0:*:mss*23,0:mss,nop,nop,sok:df,id+?:0

label = s:win:Windows:NT kernel
evidence = older collections
date = 2020
quality = 74
sig = 4:128:0:0:8192|65535,0-14:nop,ws,nop,nop,sok:df,id+?:0

; XP with a receive buffer of 32 KiB; Windows CE has it by default.

label = s:win:Windows:XP, with a receive buffer of 32 KiB
evidence = labelled captures
date = 2015
quality = 70
also = 30 s:other:Windows CE:6
sig = 4:128:0:*:32768,0:mss,nop,nop,sok:df,id+?:0

label = s:win:Windows:receive buffer set
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = labelled captures
date = 2022
quality = 96
sig = *:128:0:*:%1024|%1000,0-7:@windows|mss,nop,nop,sok:df,id+?,ecn?,flow?:0

; Its options are those of Windows, in the same order. It sets DF only if so configured; its window is half its buffer in
; whole segments, without a scale. Windows sends 12 or 44 segments, Windows CE 23. Without sliding windows it is one segment.
; With 256 KiB the scale is 1, which Windows sends with 65535 or a round buffer only.

label = s:other:FreeRTOS:with FreeRTOS+TCP
evidence = laboratory with its release 4.4.1: 10 settings; program source
date = 2026
quality = 89
sig = 4:128:0:*:mss*1-43,0:mss,nop,ws,nop,nop,sok:id-?:0
sig = 4:128:0:*:mss*1-11|mss*13-22|mss*24-42,0:mss,nop,ws,nop,nop,sok:df,id+?:0
sig = 4:128:0:*:32768-65534,1:mss,nop,ws,nop,nop,sok:df,id+?:0
sig = 4:128:0:*:32768-65534,1:mss,nop,ws,nop,nop,sok:id-?:0
sig = 4:128:0:*:mss*1,0:mss:df,id+?:0
sig = 4:128:0:*:mss*1,0:mss:id-?:0

label = s:other:NetX:of Azure RTOS or ThreadX
evidence = laboratory with NetX Duo 6.4: 19 settings; program source: order of its options
date = 2026
quality = 89
sig = 4:128:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0:id-?:0
sig = 4:128:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0:df,id+?:0
sig = 4:128:0:*:65535,1-14:mss,ws,eol+0:id-?:0
sig = 4:128:0:*:65535,1-14:mss,ws,eol+0:df,id+?:0
sig = 6:255:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0::0
sig = 6:255:0:*:65535,1-14:mss,ws,eol+0::0

label = s:win:Windows:95 to XP
evidence = labelled captures; older collections
date = 2005
quality = 96
sig = 4:128:0:*:mss*6|mss*4,0:mss,nop,nop,sok:df,id+?:0

label = s:other:Xbox:360
evidence = older collections
date = 2014
quality = 65
sig = 4:64:0:*:mss*12,0:mss,nop,ws,nop,nop,sok::0

label = s:win:Windows:behind a gateway that rewrites the TTL or DF
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = field reports; laboratory
date = 2025
quality = 96
sig = *:64:0:*:fit65535|8192|62600-65535|reach16384,0-14:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = 4:64:0:*:fit65535|8192|62600-65535|reach16384,0-14:mss,nop,ws,nop,nop,sok:id-?,ecn?:0
sig = *:64:0:*:mss*4-65,8:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = *:255:0:*:fit65535|8192|62600-65535|reach16384|mss*4-65,0-14:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = 4:255:0:*:fit65535|8192|62600-65535|reach16384|mss*4-65,0-14:mss,nop,ws,nop,nop,sok:id-?,ecn?:0
sig = 4:128:0:*:fit65535|8192|62600-65535|reach16384|mss*2-65,0-14:@windows:id-?,ecn?:0
sig = 4:64:0:*:8192|16384|64512|65535|mss*6|mss*12,0:mss,nop,nop,sok:df,id+?,ecn?:0
; only Windows before Vista offers timestamps of 0
sig = 4:64:0:*:8192-65535,0-3:mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?,ts1-:0

; gVisor's netstack orders its options as Linux does; its window is twenty segments rounded down to a multiple of
; 128. It sends an IP ID of 0, with DF since 2025, and no flow label in IPv6.

label = s:unix:gVisor:netstack
clock = 1000 connection
clock_source = program source
evidence = laboratory with its releases of 2024 and 2026: MTU 1280 to 65535
date = 2026
quality = 96
also = 20 s:unix:Linux:DF cleared in transit
sig = 4:64:0:*:%128,7-10:mss,sok,ts,nop,ws:df,ecn?:0
sig = 4:64:0:*:%128,7-8:mss,sok,ts,nop,ws:id-?:0
sig = 6:64:0:1000-1439|1441-65535:%128,7-10:mss,sok,ts,nop,ws:ecn?:0
sig = 6:64:0:1440:28672,8-10:mss,sok,ts,nop,ws:ecn?:0

; Linux and systems built on it. From 4.20 the window is rounded down to a multiple of the MSS; earlier, it was a
; number of segments, fewer in jumbo frames. A middlebox that lowers the MSS does not change the window, so the windows
; of clouds (MTU 8500, 8896, 9000 and 9001) occur with any MSS.

; A receive buffer of 87,380 bytes, as old tuning guides recommend, with a large maximum: proxy servers. Agent strings
; of all systems occur behind them.

label = s:other:Proxy or middlebox:Linux with large buffers
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = kernel source; agent-labelled collection of 2026
date = 2026
quality = 70
also = 40 s:unix:Linux:4.20 or newer
sig = 4:64:0:536-1500:fit43690|mss*30-32,8-14:mss,sok,ts,nop,ws:df,id+?,ecn?:0

; With SACK alone, the layout is also that of Windows.

label = s:unix:Linux:without timestamps and scaling
evidence = laboratory with 6.18
date = 2025
quality = 89
also = 20 s:win:Windows:behind a gateway that rewrites the TTL or DF
sig = *:64:0:*:fit65535|mss*10|mss*20,0:mss,nop,nop,sok:df,id+?,flow?,ecn?:0

; Whole segments of a jumbo frame within 29,200 bytes are twenty segments of Ethernet, rounded.

label = s:unix:Linux:3.11 to 4.19
clock = 100|250|300|1000 unknown
clock_source = kernel source: jiffies, milliseconds since 4.13; an offset for each pair of addresses since 4.10
evidence = kernel source: twenty segments; labelled captures
date = 2019
quality = 80
family_quality = 96
generation = 3.11 or newer
generation_quality = 89
timestamps_nopped = yes
sig = *:64:0:4000-15999:fit29200,0-14:@linux:df,id+?,flow?,ecn?:0

; Before 3.6, the MTU of Linux's loopback interface was 16436 bytes; since then, 65536.

label = s:unix:Linux:2.4 to 3.5, loopback interface
clock = 100|250|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source: MTU of the loopback interface; labelled captures of 2.6.32 and 3.5
date = 2012
quality = 89
family_quality = 96
sig = 4:64:0:16396:mss*1-2|32767,0-14:@linux:df,id+?,ecn?:0
sig = 6:64:0:16376:mss*1-2|32767,0-14:@linux:flow?,ecn?:0

; A client with the settings of its distribution scales by 7 or by 10 and has timestamps. With other settings, the packet
; comes from a proxy server as often as from a client.

label = s:unix:Linux:4.20 or newer, with settings of a server
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = labelled captures; agent-labelled collection of 2026; laboratory with 6.18
date = 2026
quality = 89
sig = *:64:0:*:fit65535,8:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:fit65535,0-14:mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:65535,12-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0

label = s:unix:Linux:4.20 or newer
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18; labelled captures
date = 2025
quality = 97
timestamps_nopped = yes
sig = *:64:0:*:fit65535,7:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:fit65535|fit32767,0-14:@linux|@linux-nopped:df,id+?,flow?,ecn?:0

label = s:unix:Linux:4.20 or newer, old default buffer
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18
date = 2025
quality = 96
timestamps_nopped = yes
sig = *:64:0:*:fit43690,0-14:@linux|@linux-nopped:df,id+?,flow?,ecn?:0
; MPTCP, TCP Fast Open (with a cookie or a cookie request), SMC, or the experimental Fast Open option
sig = *:64:0:*:fit65535|fit43690|fit32767|65535|62600-65534,0-14:@linux,?30|mss,?30:df,id+?,flow?,ecn?:*
sig = *:64:0:*:fit65535|fit43690|fit32767|65535|62600-65534,0-14:@linux,?34,nop,nop|@linux,?34|mss,?34,nop,nop|mss,?34:df,id+?,flow?,ecn?:*
sig = *:64:0:*:fit65535|fit43690|fit32767|65535|62600-65534,0-14:@linux,?34,nop,nop,?30|@linux,?34,?30:df,id+?,flow?,ecn?:*
sig = *:64:0:*:fit65535|fit43690|fit32767|65535|62600-65534,0-14:@linux,?254|@linux,?254,nop,nop|@linux,nop,nop,?254|mss,?254:df,id+?,flow?,ecn?:*

label = s:unix:Linux:Android, or a program that sets its receive buffer
clock = 100|250|300|1000 unknown
clock_source = labelled captures of Android 4 and 5: 100 Hz; kernel source
evidence = labelled captures; field reports to 2025; laboratory with 6.18
date = 2025
quality = 97
timestamps_nopped = yes
sig = *:64:0:*:65535,5-11:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|@linux-nopped:df,id+?,flow?,ecn?:0

label = s:unix:Linux:4.20 or newer, receive buffer set
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18
date = 2025
quality = 74
timestamps_nopped = yes
sig = *:64:0:*:65535,0-14:@linux-scaled:df,id+?,flow?,ecn?:0
sig = *:64:0:*:65535,0:mss,sok,ts|mss,nop,nop,ts:df,id+?,flow?,ecn?:0

label = s:unix:Linux:4.20 or newer, MSS lowered in transit
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18 and a box that lowers the MSS; field reports
date = 2025
quality = 89
timestamps_nopped = yes
sig = *:64:0:*:62580-65534|42000-43689|31500-32766|59080-59220|61852-61992,0-14:@linux-scaled|@linux-nopped:df,id+?,flow?,ecn?:0

label = s:unix:Linux:3.11 to 4.19
clock = 100|250|300|1000 unknown
clock_source = kernel source: jiffies, milliseconds since 4.13; an offset for each pair of addresses since 4.10
evidence = kernel source: twenty segments; labelled captures
date = 2019
quality = 80
family_quality = 96
generation = 3.11 or newer
generation_quality = 89
timestamps_nopped = yes
sig = *:64:0:*:mss*20,0-14:@linux:df,id+?,flow?,ecn?:0
sig = *:64:0:*:mss*20,0-14:@linux,?254|@linux,?254,nop,nop|@linux,?34,nop,nop|@linux,?34|@linux,?30:df,id+?,flow?,ecn?:*
sig = *:64:0:1461-65535:fit29200|43690,0-14:@linux:df,id+?,flow?,ecn?:0
sig = *:64:0:16000-65535:43690,0-14:@linux,?254|@linux,?34,nop,nop:df,id+?,flow?,ecn?:*
sig = *:64:0:*:28000-29400,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:26880-26883|26823|26568|25380,0-14:@linux-scaled:df,id+?,flow?,ecn?:0

label = s:unix:Linux:2.6.39 to 3.10
clock = 100|250|300|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source: ten segments; labelled captures
date = 2015
quality = 77
family_quality = 97
generation = 2.6.39 or newer
generation_quality = 97
timestamps_nopped = yes
sig = *:64:0:*:mss*10,0-14:@linux:df,id+?,flow?,ecn?:0
sig = *:64:0:*:mss*10,0-14:@linux,?254|@linux,?254,nop,nop|@linux,?30:df,id+?,flow?,ecn?:*
sig = *:64:0:1461-65535:fit14600,0-14:@linux:df,id+?,flow?,ecn?:0
sig = *:64:0:*:13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:17920-17922|17882|17712|16920,0-14:@linux-scaled:df,id+?,flow?,ecn?:0

label = s:unix:Linux:2.4 or 2.6
clock = 100|250|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source; labelled captures
date = 2011
quality = 95
timestamps_nopped = yes
sig = *:64:0:*:mss*4,0-14:@linux:df,id+?,flow?,ecn?:0
; three segments beyond an MSS of 1460, two beyond 4380: tcp_select_initial_window
sig = *:64:0:*:5592|5600-5840,0-14:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:1461-65535:mss*2-3,0-14:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:mss*22|mss*11|mss*16,0-14:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:16000-65535:32767|32792|16396,0-14:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
; 2.6.27 wrote the MSS after the timestamps; its next release restored the order
sig = *:64:0:*:mss*4|5592|5600-5840,0-14:sok,ts,mss,nop,ws|nop,nop,ts,mss,nop,ws|sok,ts,mss:df,id+?,flow?,ecn?:0

label = s:unix:Linux:4.20 or newer, receive buffer set to a whole number of MSS
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18
date = 2025
quality = 96
timestamps_nopped = yes
sig = *:64:0:*:mss*1-120,0-14:@linux,?30|mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:mss*1-120,0-14:mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|mss,sok,ts:df,id+?,flow?,ecn?:0
sig = *:64:0:*:mss*1-120,1-14:mss,nop,ws:df,id+?,flow?,ecn?:0
sig = *:64:0:*:32767,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0

label = s:unix:Linux:with only the MSS option
evidence = kernel source; laboratory with 6.18
date = 2025
quality = 96
sig = *:64:0:*:fit65535|mss*10|mss*20,0:mss:df,id+?,flow?,ecn?:0

label = s:unix:Linux:DF cleared in transit
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = field reports; laboratory with 6.18 and no path MTU discovery
date = 2025
quality = 89
timestamps_nopped = yes
sig = 4:64:0:*:fit65535|62600-65535|mss*1-120|42000-43690|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|@linux-nopped|mss,sok,ts,nop,ws,?34,nop,nop|mss,sok,ts,nop,ws,?30:id-?,ecn?:0

label = s:unix:Linux:TTL of 255 or 128 set by a gateway
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = field reports; laboratory with 6.18
date = 2025
quality = 74
timestamps_nopped = yes
sig = *:255:0:*:fit65535|62600-65535|mss*1-120|42000-43690|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|@linux-nopped:df,id+?,ecn?,flow?:0
sig = 4:255:0:*:fit65535|62600-65535|mss*1-120|42000-43690|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|@linux-nopped:id-?,ecn?:0
sig = *:128:0:*:fit65535|62600-65535|mss*1-120|42000-43690|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ws:df,id+?,ecn?,flow?:0
sig = 4:128:0:*:fit65535|62600-65535|mss*1-120|42000-43690|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws:id-?,ecn?:0

label = s:win:Windows:7 to 11, options rewritten in transit
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = labelled captures to 2020 by agent
date = 2025
quality = 89
sig = 4:128:0:*:fit65535|62600-65535|8192|reach16384|16384-17920,0-14:mss,sok,ts|@windows-nopped|mss,nop,nop,sok,ws,nop|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0
sig = 4:128:0:*:8192,0-14:mss,ws,nop,nop,nop,sok:df,id+?,ecn?:0
sig = 4:128:0:*:fit65535|62600-65535|8192|reach16384|16384-17920,0-14:mss,nop,ws,nop,nop,sok,nop,eol+6|mss,nop,ws,nop,nop,sok,?76,?76,nop,eol+0:df,id+?,flow?,ecn?:0

; Windows 9x and CE begin at a TTL of 32.

label = s:win:Windows:95 or 98
evidence = older collections
date = 2002
quality = 95
sig = 4:32:0:*:8192|mss*6|8820,0:mss|mss,nop,nop,sok:df,id+?:0

label = s:other:Windows CE:3 or 4
evidence = older collections
date = 2006
quality = 95
sig = 4:32:0:*:32768,0:mss|mss,nop,nop,sok:df,id+?:0

label = s:other:Juniper:Junos
evidence = older collections
date = 2014
quality = 65
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+:0
; BGP sends to a neighbour with a TTL of 1
sig = 4:32:0:*:16384,0:mss,nop,ws,nop,nop,ts,sok,eol+1:df?,id+:0

; Apple

label = s:unix:macOS or iOS:(macOS 10.14 or newer, recent iOS)
clock = 1000 connection
clock_source = kernel source: randomised timestamps
evidence = labelled captures; field reports to 2025
date = 2025
quality = 96
timestamps_nopped = yes
sig = *:64:0:*:65535,6|8-14:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0
sig = *:64:0:*:65535,6-14:@apple-nopped:df,id+?,ecn?,flow?:0
sig = *:64:0:*:65535,0:mss,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,sok,eol+1|mss,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,eol+1:df,id+?,ecn?,flow?:0
; TCP Fast Open; MPTCP, first and further connections
sig = *:64:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,?34|mss,nop,ws,nop,nop,ts,sok,?34,nop,nop|mss,nop,ws,nop,nop,ts,sok,?34,eol+1:df,id+?,ecn?,flow?:*
sig = *:64:0:*:65535,0-14:mss,nop,ws,?30,nop,nop,ts,sok,eol+1|mss,nop,ws,nop,nop,ts,sok,?30,eol+1|mss,nop,ws,?30,nop,nop,ts,sok,?34:df,id+?,ecn?,flow?:*
; NOPs in place of the padding, an option of a VPN
sig = *:64:0:*:65535,5-14:mss,nop,ws,nop,nop,ts,sok,nop,nop|mss,nop,ws,nop,nop,ts,sok,nop,nop,?33|mss,nop,ws,nop,nop,ts,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop:df,id+?,ecn?,flow?:0

label = s:unix:macOS or iOS:without timestamps
evidence = kernel source; agent-labelled collections
date = 2025
quality = 74
also = 30 s:unix:FreeBSD:11 to 15
sig = *:64:0:*:65535,5-14:mss,nop,ws,sok,eol+1:df,id+?,ecn?,flow?:0

label = s:unix:FreeBSD or macOS:without timestamps and scaling
evidence = kernel sources: one layout for both; older collections
date = 2025
quality = 89
also = 40 s:unix:FreeBSD:11 to 15
sig = *:64:0:*:65535,0:mss,sok,eol+1:df,id+?,ecn?,flow?:0

label = s:unix:macOS or iOS:(macOS 10.10 to 10.13, iOS 14 to 16)
clock = 1000 unknown
clock_source = labelled captures of macOS 10.10 to 10.13: one line for all peers
evidence = labelled captures; agent-labelled collections to 2026
date = 2025
quality = 97
timestamps_nopped = yes
also = 20 s:unix:macOS or iOS:(macOS 10.14 or newer, recent iOS)
sig = *:64:0:*:65535,5:mss,nop,ws,nop,nop,ts,sok,eol+1|@apple-nopped:df,id+?,ecn?,flow?:0

label = s:unix:macOS or iOS:(mostly iOS 12 or 13)
clock = 1000 connection
clock_source = kernel source: randomised timestamps
evidence = agent-labelled collections to 2026
date = 2025
quality = 95
timestamps_nopped = yes
also = 40 s:unix:macOS or iOS:(macOS 10.14 or newer, recent iOS)
sig = *:64:0:*:65535,7:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0

label = s:unix:macOS:10.8 or 10.9 (Mac OS X)
clock = 1000 boot
clock_source = labelled captures: one line for all peers, milliseconds
evidence = labelled captures
date = 2014
quality = 96
timestamps_nopped = yes
sig = *:64:0:*:65535,4:mss,nop,ws,nop,nop,ts,sok,eol+1|@apple-nopped:df,id+?,ecn?,flow?:0

; FreeBSD 5.3 to 6 and Mac OS X 10.4 to 10.7 have one layout. Where both scale by 1 at most, they cannot be distinguished.

label = s:unix:FreeBSD or macOS:(FreeBSD 5.3 to 6, Mac OS X 10.4 to 10.7)
clock = 10|100|1000 unknown
clock_source = kernel sources: the systems differ
evidence = labelled captures; older collections; kernel sources: one layout for both
date = 2009
quality = 96
timestamps_nopped = yes
sig = *:64:0:*:65535,0-1:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0

label = s:unix:macOS:10.4 to 10.7 (Mac OS X)
clock = 10 unknown
clock_source = labelled captures of 10.5 and 10.6: one line for all peers, whose start is not that of the system
evidence = labelled captures; older collections
date = 2012
quality = 89
class_quality = 96
timestamps_nopped = yes
sig = *:64:0:*:65535,0-3:mss,nop,ws,nop,nop,ts,sok,eol+1|@apple-nopped:df,id+?,ecn?,flow?:0
sig = *:64:0:*:65535,0:mss,nop,nop,sok,eol+1:df,id+?,ecn?,flow?:0
; before its padding
sig = 4:64:0:*:65535,0-3:mss,nop,ws,nop,nop,ts,sok:df,id+:0

label = s:unix:macOS or iOS:window, DF or TTL changed in transit
clock = 10|1000 unknown
clock_source = labelled captures of macOS 10.5 to 15.6
evidence = field reports
date = 2025
quality = 96
timestamps_nopped = yes
sig = 4:64:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1|mss,nop,ws,nop,nop,ts,sok,?34:id-?,ecn?:*
sig = *:255:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0
sig = 4:255:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:id-?,ecn?:0
sig = *:128:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0
sig = 4:128:0:*:65535,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:id-?,ecn?:0
sig = *:64:0:*:62600-65534|mss*5-120|%1024,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0

; BSD and other Unix

label = s:unix:FreeBSD:11 to 15
clock = 1000 connection
clock_source = kernel source: an offset for each connection
evidence = kernel source; captures
date = 2025
quality = 89
timestamps_nopped = yes
sig = *:64:0:*:65535,6-8:mss,nop,ws,sok,ts:df,flow?,ecn?:0
sig = 4:64:0:*:65535,6:mss,nop,ws,sok,ts:id-?,ecn?:0

label = s:unix:FreeBSD:without SACK
clock = 1000 connection
clock_source = kernel source of 13.0
evidence = laboratory with the stack of 13.0
date = 2026
quality = 89
sig = *:64:0:*:65535,6-9:mss,nop,ws,nop,nop,ts:df,flow?,ecn?:0

label = s:unix:FreeBSD:7 to 10
clock = 1000 boot
clock_source = kernel source of 9.1: milliseconds since boot
evidence = older collections
date = 2014
quality = 95
sig = *:64:0:*:65535,3:mss,nop,ws,sok,ts:df,id+?,flow?,ecn?:0
sig = 4:64:0:*:65535,0-2|5:mss,nop,ws,sok,ts:df,id+?,flow?,ecn?:0

; FreeBSD 11 and newer send an IP ID of 0, and 9 and 10 are rare today; agent strings of many systems occur behind it.

label = s:other:Proxy or middlebox:based on FreeBSD
evidence = agent-labelled collections of 2026
date = 2025
quality = 70
also = 30 s:unix:FreeBSD:7 to 10
sig = 4:64:0:*:65535,4|6-8:mss,nop,ws,sok,ts:df,id+,ecn?:0

label = s:unix:macOS:10.2 or 10.3 (Mac OS X)
clock = 2 boot
clock_source = kernel source: counted every 500 ms
evidence = older collections
date = 2005
quality = 79
sig = 4:64:0:*:33304,0:mss,nop,ws,nop,nop,ts:df,id+,ecn?:0

; FreeBSD before 5.3 and Mac OS X before 10.4 have one layout, from 4.4BSD, and one choice of buffers.

label = s:unix:FreeBSD or macOS:(FreeBSD 4 or 5, Mac OS X 10.2 or 10.3)
clock = 2|100|1000 boot
clock_source = kernel sources: every 500 ms, or ticks of the clock
evidence = older collections; kernel sources: one layout for both
date = 2005
quality = 96
sig = 4:64:0:*:32768|65535,0-1:mss,nop,ws,nop,nop,ts:df,id+,ecn?:0

; Systems with a unique order of options, or a unique window. Haiku also scales the window of its SYN.

label = s:other:Plan 9:
evidence = program source of 9front; older collections
date = 2024
quality = 89
sig = 4:255:0:*:65535,0-14:mss,ws,nop::0

label = s:other:SerenityOS:
evidence = program source: a buffer of 256 KiB, an IP ID of 1
date = 2026
quality = 89
sig = 4:64:0:*:65535,3:mss,ws,eol+0::0

label = s:other:Haiku:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = program source: an initial TTL of 254
date = 2026
quality = 89
sig = 4:255:0:*:255,8:mss,sok,ts,nop,ws:df,id+?:0

label = s:other:Mac OS:classic
evidence = captures; older collections
date = 2002
quality = 96
sig = 4:255:0:*:32768-33000|65535,0-1:mss,ws,eol+0::0
sig = 4:255:0:*:mss*2|16616|32768-33000|65535,0-1:mss,ws,eol+0|mss,ws,nop|mss,nop,nop,nop,nop|mss,nop,nop,nop,eol+0:df,id+?:0
sig = 4:64:0:*:32768-33000|65535,0-1:mss,ws,eol+0:df,id+?:0
sig = 4:64:0:*:32768-33000|65535,0-1:mss,ws,eol+0:id-?:0

; With RFC 1323 and its usual buffers of 128 to 512 KiB, AIX has the layout of old BSD stacks, which scale by 1 at most unless an
; administrator sets larger buffers. To other networks it announces an MSS of 512, without DF, unless it discovers the path MTU.

label = s:unix:AIX or macOS:(AIX, Mac OS X before 10.4 with a larger buffer)
evidence = by analogy with the SYN+ACK of AIX; older collections
date = 2015
quality = 89
also = 30 s:unix:FreeBSD:4 to 6
sig = 4:64:0:*:65535,2-3:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:unix:AIX:with timestamps
evidence = older collections; by analogy with its SYN+ACK
date = 2015
quality = 89
also = 30 s:unix:FreeBSD:4 to 6
sig = 4:64:0:512:16384|32768|65535,0-14:mss,nop,ws,nop,nop,ts:id-?:0

; PlayStation 2 also has a BSD stack, with a timestamp clock of 2 Hz.

label = s:unix:FreeBSD:4 to 6
clock = 2|100|1000 boot
clock_source = kernel source: ticks of the clock, 100 a second, later 1000; labelled captures of PlayStation 2: 2
evidence = older collections; labelled captures of PlayStation 2
date = 2020
quality = 89
also = 30 s:other:PlayStation:2
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:unix:FreeBSD:4 to 6
clock = 100|1000 boot
clock_source = kernel source: ticks of the clock, 100 a second, later 1000
evidence = older collections
date = 2008
quality = 96
sig = 4:64:0:*:57344|16384,0|1:mss,nop,ws,nop,nop,ts:df,id+?,flow?,ecn?:0
sig = 4:64:0:*:65535,0-2:mss,nop,ws,nop,nop,ts:df:0
sig = 4:64:0:*:65535,0-1:mss,nop,ws,nop,nop,ts,sok,eol+0:df,id+?,flow?,ecn?:0
; 5.3 and 5.4, and appliances built on them, had the order of OpenBSD
sig = 4:64:0:*:65535,1-14:mss,nop,nop,sok,nop,ws,nop,nop,ts:df,id+:0

label = s:other:Nintendo:Switch
clock = 1000 unknown
clock_source = labelled capture: one connection
evidence = capture
date = 2020
quality = 89
sig = 4:64:0:*:32768,6:mss,nop,ws,sok,ts:df,id+:0

label = s:other:VMware ESX:6.5
evidence = older collections
date = 2021
quality = 89
sig = 4:64:0:*:65535,9:mss,nop,ws,sok,ts:df,id+:0

; NetScaler has a window of 8190 bytes, for all systems in front of it and behind it.

label = s:other:Proxy or middlebox:load balancer
evidence = older collections; its answers in captures with banners of several systems
date = 2025
quality = 60
sig = 4:255:0:*:8190,0-14:mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok:df,id+?:0
sig = 4:255:0:*:8190,0-14:mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok:id-?:0

label = s:other:Proxy or middlebox:that terminates TCP
evidence = field reports: agents of many systems behind one layout
date = 2025
quality = 70
sig = 4:64:0:*:65535,9-14:mss,nop,ws,sok,ts:df,id+?,ecn?:0
sig = 4:255:0:*:65535,0-14:mss,nop,ws,sok,ts:df,id+?,ecn?:0
sig = 4:64:0:*:mss*3|mss*10,0-2:mss,nop,ws,nop,nop,sok:df,id+?:0

label = s:unix:OpenBSD:
clock = 2|1000 connection
clock_source = kernel source: an offset for each connection; milliseconds since 7.4
evidence = kernel source; captures
date = 2025
quality = 96
sig = *:64:0:*:16384,0-6:mss,nop,nop,sok,nop,ws,nop,nop,ts:df,id+?,ecn?,flow?:0
sig = 4:64:0:*:16384,0-6:mss,nop,nop,sok,nop,ws,nop,nop,ts:ecn?:0
sig = 4:64:0:*:16385-17920|32768|57344|65535,0:mss,nop,nop,sok,nop,ws,nop,nop,ts:df,id+?:0
sig = 4:64:0:*:16385-17920|32768|57344|65535,0:mss,nop,nop,sok,nop,ws,nop,nop,ts:id-?:0

; The consoles have the stack of NetBSD with a buffer of 64 KiB; their clocks begin at 0 in each connection.

label = s:other:PlayStation:3 or Vita
clock = 2|4 connection
clock_source = labelled captures: 9 connections of 2 consoles, each from 0 or 2 on
evidence = labelled captures of 3 consoles; older collections
date = 2020
quality = 89
sig = 4:64:0:*:65535,0:mss,nop,ws,sok,nop,nop,nop,nop,ts:df,id+,ts1-?:0

label = s:other:PlayStation:2
evidence = labelled captures
date = 2020
quality = 74
sig = 4:64:0:*:mss*22,0:mss:df,id+:0

label = s:unix:NetBSD:
clock = 2 connection
clock_source = kernel source: each connection begins at 0
evidence = laboratory with 7.99: 17 settings; kernel source; older collections
date = 2026
quality = 89
sig = *:64:0:*:4096|16384|32768|49152|65535,0-9:mss,nop,ws,sok,nop,nop,nop,nop,ts:df,id+?,flow?,ecn?:0
sig = 4:64:0:*:16384|32768|49152|65535,1-9:mss,nop,ws,sok,nop,nop,nop,nop,ts:id-?,ecn?:0
sig = *:64:0:*:16384|32768|49152|65535,1-9:mss,nop,ws,sok,nop,nop:df,id+?,flow?,ecn?:0
sig = *:64:0:*:16384|32768|49152|65535,0:mss,sok,nop,nop,nop,nop,ts|mss,sok,nop,nop:df,id+?,flow?,ecn?:0
sig = 4:64:0:*:32768|49152,1-9:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,ecn?:0
sig = 6:64:0:*:32768|49152,1-9:mss,nop,ws,nop,nop,ts|mss,nop,ws:flow,ecn?:0
sig = *:64:0:*:32768|16384|65535,0-7:mss,nop,ws,sok,nop,nop,ts:df,id+?,flow?,ecn?:0
sig = *:64:0:*:32768|16384,0:mss,nop,ws,nop,nop,ts,sok,nop,nop:df,id+?,flow?,ecn?:0

label = s:unix:Solaris:10
clock = 100 boot
clock_source = kernel source of illumos
evidence = older collections; captures
date = 2010
quality = 95
sig = *:64:0:*:mss*34|mss*37|32806|49640,0-2:mss,nop,ws,nop,nop,sok:df,id+?,flow?:0
sig = *:64:0:*:32850|mss*34,0-2:nop,ws,nop,nop,ts,nop,nop,sok,mss:df,id+?,flow?:0
sig = *:64:0:*:mss*34|mss*37,0:mss,nop,nop,sok:df,id+?,flow?:0

label = s:unix:DragonFly:
clock = 100 boot
clock_source = kernel source: ticks of the clock
evidence = kernel source: order of its options
date = 2025
quality = 50
sig = *:64:0:*:57344|65535,0-14:mss,nop,ws,nop,nop,sok,nop,nop,ts:df,id+?,flow?,ecn?:0

label = s:unix:Solaris:2.5 to 8
evidence = older collections
date = 2005
quality = 89
sig = 4:255:0:*:mss*6-44|8760|24820,0-1:mss:df,id+:0

label = s:unix:AIX:
evidence = older collections
date = 2008
quality = 95
sig = 4:64:0:*:16384|65535|45046,0-2:mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?:0
sig = 4:64:0:*:16384|65535|45046,0-2:mss,nop,ws,nop,nop,ts,nop,nop,sok::0
sig = 4:60:0:*:16384|65535,0:mss:df,id+?:0
sig = 4:60:0:*:16384|65535,0:mss:id-?:0
sig = 4:64:0:512:16384,0:mss::0
sig = 4:64:0:*:45046,0:mss::0

label = s:unix:HP-UX:11
evidence = older collections
date = 2008
quality = 89
sig = 4:64:0:*:32768,0:mss,ws,nop|mss,nop,nop,sok,ws,nop,nop,nop,ts:df,id+?:0
sig = 4:64:0:*:32768,0:mss,ws,nop|mss,nop,nop,sok,ws,nop,nop,nop,ts::0

label = s:unix:Tru64:
evidence = older collections
date = 2005
quality = 95
sig = 4:64:0:1460:32768,0:mss,nop,ws:df,id+?:0

label = s:other:OpenVMS:
evidence = older collections
date = 2008
quality = 89
sig = 4:128:0:1460:mtu*2,0:mss,nop,ws::0
sig = 4:64:0:1460:61440,0:mss,nop,ws::0
sig = 4:64:0:1460:6144,0:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:other:VMware ESX:
evidence = captures
date = 2025
quality = 74
sig = 4:64:0:*:65535,9:mss,nop,ws,sok,ts::0

; Old and rare systems: servers, appliances, handhelds

label = s:unix:NetBSD:1.x or 2.0
clock = 2 unknown
clock_source = kernel source of 7.99: two ticks a second
evidence = older collections
date = 2005
quality = 89
sig = 4:64:0:*:16384|32768|65535,0-1:mss,nop,ws,nop,nop,ts:df,id+?,ts1-:0
sig = 4:64:0:*:16384|32768,0-1:mss,nop,ws,sok,nop,nop,nop,nop,ts:df,id+?,ts1-:0
sig = 4:64:0:*:65535,0:mss,nop,ws,nop,nop,ts:ts1-:0

; QNX 6 has the stack of NetBSD, which did not set DF until it used path MTU discovery.

label = s:unix:NetBSD or QNX:(NetBSD 1.x, QNX 6)
clock = 2 unknown
clock_source = kernel source of NetBSD 7.99: two ticks a second
evidence = older collections
date = 2006
quality = 95
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts:ts1-?:0

label = s:unix:IRIX:6
evidence = older collections
date = 2006
quality = 89
sig = 4:60:0:*:49152|61440,0-3:mss,nop,ws,nop,nop,sok|mss,nop,nop,sok|mss,nop,ws,nop,nop,ts,nop,nop,sok::0
sig = 4:60:0:*:49152|61440,0:mss::0

label = s:unix:SCO:UnixWare 7
evidence = older collections
date = 2006
quality = 60
sig = 4:64:0:*:mss*3|mss*17,0:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:unix:Solaris:2.6 to 9
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = older collections
date = 2006
quality = 89
sig = 4:64:0:*:mss*17|mss*23,0-3:nop,nop,sok,mss|nop,ws,nop,nop,ts,nop,nop,sok,mss:df,id+?,ts1-?:0
sig = 4:64:0:*:32850,1:mss,nop,nop,ts,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+:0
sig = 4:64:0:*:mss*34,0:mss,nop,nop,nop,nop:df,id+:0

label = s:other:NetWare:
evidence = older collections
date = 2006
quality = 95
sig = 4:128:0:*:6143|6144,0:mss|mss,ws,nop|mss,ws,nop,sok,nop,nop:df,id+:0
sig = 4:128:0:*:6143|6144,1-14:mss,ws,nop|mss,ws,nop,sok,nop,nop:df,id+:0

label = s:other:OS/400:
evidence = older collections
date = 2004
quality = 60
sig = 4:64:0:*:4096,0:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:other:OS/2:4
evidence = older collections
date = 2002
quality = 60
sig = 4:64:0:*:28672|mss*56,0:mss::0

label = s:other:FortiGate:50
evidence = older collections
date = 2008
quality = 60
sig = 4:64:0:*:mss*4,0:ws,nop,sok,ts,mss:df,id+:0

label = s:other:Nokia:IPSO
evidence = older collections
date = 2006
quality = 60
sig = 4:64:0:*:mss*16|mss*32,0:mss,nop,ws,nop,nop,ts,nop,nop,?12::0

label = s:other:CacheFlow:CacheOS
evidence = older collections
date = 2006
quality = 60
sig = 4:64:0:*:8192,0:mss,nop,nop,nop,nop,nop,nop,ts::0

label = s:other:BlackBerry:OS 5 to 7
evidence = older collections
date = 2013
quality = 65
sig = 4:128:0:*:65535,0:mss,nop,nop,sok,nop,nop,ts:df,id+:0
sig = 4:128:0:*:65535,0:mss,nop,nop,sok,nop,nop,ts::0
sig = 4:128:0:*:65535,2:mss,nop,nop,sok,ws,nop,nop,nop,ts:df,id+:0
sig = 4:255:0:*:32768,3:mss,sok,ws,eol+2:df,id+:0

label = s:other:Symbian:
evidence = older collections
date = 2010
quality = 65
sig = 4:64:0:*:mss*22|mss*36,0:mss,ts,sok|mss,ts,sok,ws,eol+0:df,id+:0

label = s:other:Palm OS:
evidence = older collections
date = 2006
quality = 60
sig = 4:255:0:*:mss*14|mss*29|2948,0:mss::0

label = s:other:RISC OS:
evidence = older collections
date = 2004
quality = 60
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts,nop,nop,?12:df,id+:0

; Without the options of RFC 1323 and SACK, only the window identifies the system: FreeBSD 4 sends 16 KiB rounded up to a
; multiple of the MSS, later 57344, with DF.

label = s:unix:FreeBSD:4, with only the MSS option
evidence = older collections; kernel source: its default buffers
date = 2006
quality = 89
fuzzy = no
sig = 4:64:0:*:57344|16384|reach16384,0:mss:df,id+?:0

; It pads its options with NOPs to the length of all of them, also in answers.

label = s:other:wolfIP:
clock = 1000 unknown
clock_source = program source: milliseconds of the program that holds it
evidence = laboratory with its version of 2026: MTU 1280 and 1500, three buffers
date = 2026
quality = 89
sig = 4:64:0:*:1-65535,0-14:mss,ws,sok,ts,nop,nop,nop,nop,nop:df,id+:0

; The TCP stack of Mongoose, which runs without an operating system: an IP ID of 0, and a constant window.

label = s:other:Mongoose:built-in TCP/IP
evidence = laboratory with its release of August 2026; program source
date = 2026
quality = 89
sig = 4:64:0:*:6000,0:mss:df:0

; Network gear and embedded stacks

; With timestamps, SACK or scaling configured; only IOS has the window of 4128 bytes with a TTL of 255.

layouts = ios mss,sok,eol+1|mss,nop,nop,sok|mss,sok,ts|mss,nop,nop,ts|mss,ts,eol+1|mss,nop,ws|mss,nop,ws,sok,eol+1|mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,ts|mss,nop,ws,nop,nop,ts,sok,eol+1|mss,nop,ws,nop,nop,sok,nop,nop,ts|mss,nop,nop,sok,nop,nop,ts|mss,sok,nop,nop,ts,eol+1

label = s:other:Cisco IOS:
evidence = captures; vendor behaviour as observed
date = 2025
quality = 96
sig = 4:255:0:*:4128|4096,0:mss:df,id+?:0
sig = 4:255:0:*:4128|4096,0:mss:id-?:0
sig = 4:255:0:*:16384|20000,0:mss:df,id+?:0
sig = 4:255:0:*:16384|20000,0:mss:id-?:0
sig = 4:255:0:*:4128,0-14:@ios:df,id+?,ecn?:0
sig = 4:255:0:*:4128,0-14:@ios:id-?,ecn?:0
; BGP uses a TTL of 1 towards a neighbour
sig = 4:32:0:*:4128|16384,0:mss:df,id+?:0
sig = 4:32:0:*:4128|16384,0:mss::0

label = s:other:Cisco:IP telephone
evidence = older collections
date = 2009
quality = 89
class_quality = 95
fuzzy = no
sig = 4:128:0:*:65535,0:mss,nop,nop,sok|mss::0

label = s:other:Cisco ATA:186
evidence = older collections
date = 2008
quality = 89
sig = 4:255:0:*:16000,0:mss::0
; with any TTL, and an acknowledgement number
sig = 4:255:0:*:16000,0:mss:ack+:0
sig = 4:128:0:*:16000,0:mss:ack+:0
sig = 4:64:0:*:16000,0:mss:ack+:0
sig = 4:32:0:*:16000,0:mss:ack+:0

label = s:other:Nintendo:console
evidence = captures
date = 2025
quality = 74
sig = 4:64:0:*:32768,0:mss,nop,nop,sok:df,id+?:0

label = s:other:F5 BIG-IP:
clock = 1000 unknown
clock_source = labelled captures: 64 connections of one peer on one line
evidence = captures
date = 2025
quality = 74
sig = 4:255:0:*:mss*3,0-1:mss,nop,nop,ts,sok,eol+1:df,id+?:0

; NuttX announces the size of its free buffers, which have 196 bytes each. It increments its IP ID, and sends no flow
; label. More than 64 KiB, or buffers of another size, have no rule.

label = s:other:NuttX:
evidence = laboratory with its version 13.0: 4 settings; program source: its buffers
date = 2026
quality = 89
sig = 4:64:0:*:%196,0:mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok:df,id+:0
sig = 6:64:0:*:%196,0:mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok::0

; lneto announces the size of its buffer (by default one MTU), and increments its IP ID.

label = s:other:lneto:
evidence = laboratory with its version of August 2026
date = 2026
quality = 89
sig = 4:64:0:*:mtu*1,0:mss:df,id+:0

label = g:other:picoTCP:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = program source: order of its options
date = 2019
quality = 75
sig = 4:64:0:*:*,0-14:mss,sok,ws,ts,nop,nop,nop,nop,eol+0:df,id+?:0

label = s:other:GainSpan:Wi-Fi module
clock = 1000 unknown
clock_source = labelled captures: the connections of a device to one peer on one line, which starts again at each boot
evidence = captures of one device
date = 2016
quality = 60
sig = 4:64:0:1460:mss*6,0:mss,nop,ws,nop,nop,ts::0

; Zephyr: the window is a third of the receive buffers of 128 bytes, or a constant of the program. The IP ID is 0, and
; there is no flow label.

label = s:other:Zephyr:or another small stack
evidence = laboratory with its version 3.2: 6 settings; program source: a third of its buffers of 128 bytes
date = 2026
quality = 89
sig = 4:64:0:*:%128|597|682|853|1365|1706,0:mss:id-:0
sig = 4:64:0:*:2133|2730|3413|4266|7001-65535,0:mss:id-:0
sig = 6:64:0:*:597|682|853|1280|1365|1536,0:mss::0
sig = 6:64:0:*:1706|2133|2730|3413|4266|8533,0:mss::0

label = s:other:Embedded system:with room for one segment
evidence = program source of uIP; older collections
date = 2025
quality = 89
sig = 4:64:0:*:mss*1,0:mss:id-?,seq-?:0

label = s:other:Brother:printer
clock = 1000 unknown
clock_source = labelled capture of a printer: one line for two connections
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:*:mss*6,0:mss,nop,ws,nop,nop,sok,nop,nop,ts::0

label = s:unix:Linux:2.0
evidence = older collections
date = 1999
quality = 95
sig = 4:64:0:*:2|64|16384,0:mss::0

label = s:other:VxWorks:or an old BSD stack
evidence = older collections
date = 2012
quality = 89
sig = 4:64:0:*:8192,0:mss,nop,ws,nop,nop,ts::0
sig = 4:64:0:*:8192,0:mss,nop,ws::0
sig = 4:64:0:*:8192,0:mss:id-?:0

; Generic entries follow all others. The layout identifies the system; the window has any value.

label = g:unix:Linux:with an unusual window size
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = kernel source: set by sysctl, socket option or offload
date = 2025
quality = 77
timestamps_nopped = yes
sig = *:64:0:*:*,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|@linux,?30|@linux,?34,nop,nop|@linux,?34|@linux,?254:df,id+?,flow?,ecn?:*
sig = 4:64:0:*:*,0-14:mss,sok,ts,nop,ws:id-?,ecn?:0
sig = *:255:0:*:*,0-14:mss,sok,ts,nop,ws:df,id+?,flow?,ecn?:0
sig = 4:255:0:*:*,0-14:mss,sok,ts,nop,ws:id-?,ecn?:0

label = g:unix:macOS or iOS:with an unusual window size
clock = 10|1000 unknown
clock_source = labelled captures of macOS 10.5 to 15.6
evidence = kernel source; field reports
date = 2025
quality = 74
timestamps_nopped = yes
sig = *:64:0:*:*,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,flow?,ecn?:0
sig = 4:64:0:*:*,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1:id-?,ecn?:0

; FreeBSD's IP ID is 0, that of Windows is not.

label = g:unix:FreeBSD:with another initial TTL
clock = 1000 unknown
clock_source = kernel source of 9.1 and 13.0: since boot, later an offset for each connection
evidence = kernel source: order of its options; laboratory with the stack of 13.0
date = 2026
quality = 73
sig = 4:128:0:*:*,1-14:mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,ts:df,ecn?:0
sig = *:32:0:*:*,1-14:mss,nop,ws,sok,ts:df,id+?,ecn?,flow?:0

label = g:win:Windows:with an unusual window size
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = older collections; labelled captures
date = 2020
quality = 79
sig = *:128:0:*:*,0:mss,nop,nop,sok:df,id+?,flow?,ecn?:0
sig = *:128:0:*:*,0-14:@windows:df,id+?,flow?,ecn?:0
sig = 4:128:0:*:*,0-14:mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?,ts1-?:0
sig = 4:128:0:*:*,0-14:mss,sok,ts|@windows-nopped|mss,nop,nop,sok,ws,nop|mss,nop,nop,sok,nop,ws:df,id+?,flow?,ecn?:0
sig = 4:128:0:*:*,8:mss,nop,ws,nop,nop,sok,nop,eol+6:df,id+?,flow?,ecn?:0

; Windows uses at least 8 KiB; Wi-Fi modules and controllers send smaller windows with a TTL of 128.

label = g:other:Embedded system:with only the MSS option and DF
evidence = captures of devices; older collections
date = 2025
quality = 73
sig = 4:128:0:*:1-4999,0:mss:df,id+?:0
fuzzy = no
sig = 4:64:0:*:1-16383|16385-65534,0:mss:df:0

; No other general-purpose system has an initial TTL of 128, except NetWare, which has rules above.

label = g:win:Windows:with only the MSS option
evidence = older collections
date = 2020
quality = 75
sig = 4:128:0:*:*,0:mss:df,id+?,ecn?:0

label = g:win:Windows:behind a gateway, with an unusual window size
evidence = older collections; labelled captures
date = 2020
quality = 79
sig = 4:64:0:*:*,0-8:mss,nop,ws,nop,nop,sok:df,id+,ecn?:0
sig = 4:64:0:*:1-63999,0:mss,nop,nop,sok:df,id+,ecn?:0

; smoltcp scales only a buffer above 64 KiB, and its SYN announces at most 65535.

label = s:other:smoltcp:
evidence = laboratory with its release 0.14; program source: its scale follows from the buffer
date = 2026
quality = 89
sig = *:64:0:*:1-65535,0:mss,ws,sok,eol+2:df,id+?:0
sig = *:64:0:*:65535,1-14:mss,ws,sok,eol+2:df,id+?:0

label = g:unix:OpenBSD:
clock = 2|1000 connection
clock_source = kernel source: an offset for each connection; milliseconds since 7.4
evidence = kernel source: order of its options
date = 2025
quality = 73
sig = *:64:0:*:*,0-14:mss,nop,nop,sok,nop,ws,nop,nop,ts:df?,id+?,ecn?,flow?:0

label = g:unix:OpenBSD:with another initial TTL
clock = 2|1000 connection
clock_source = kernel source: an offset for each connection; milliseconds since 7.4
evidence = kernel source: order of its options
date = 2025
quality = 75
sig = *:32:0:*:*,0-14:mss,nop,nop,sok,nop,ws,nop,nop,ts:df?,id+?,ecn?,flow?:0
sig = *:128:0:*:*,0-14:mss,nop,nop,sok,nop,ws,nop,nop,ts:df?,id+?,ecn?,flow?:0
sig = *:255:0:*:*,0-14:mss,nop,nop,sok,nop,ws,nop,nop,ts:df?,id+?,ecn?,flow?:0

label = g:unix:Solaris:with another initial TTL
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = kernel source of illumos: order of its options
date = 2025
quality = 73
sig = *:128:0:*:16384-65535,0-14:sok,ts,mss,nop,ws:df?,id+?,flow?:0
sig = *:255:0:*:16384-65535,0-14:sok,ts,mss,nop,ws:df?,id+?,flow?:0

label = g:unix:FreeBSD:
clock = 1000 unknown
clock_source = kernel source of 9.1 and 13.0: since boot, later an offset for each connection
evidence = kernel source: order of its options
date = 2025
quality = 80
sig = *:64:0:*:*,0-14:mss,nop,ws,sok,ts:df,id+?,ecn?,flow?:0

label = g:unix:Solaris:
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = captures; older collections
date = 2025
quality = 70
sig = *:64:0:*:*,0-9:sok,mss,nop,ws,nop,nop,ts:df,id+?,flow?:0
sig = 4:255:0:*:*,0-1:nop,nop,sok,mss:df,id+?:0
sig = 4:64:0:*:*,0-1:nop,nop,sok,mss:df,id+?:0

label = g:unix:DragonFly:
clock = 100 boot
clock_source = kernel source: ticks of the clock
evidence = kernel source: order of its options
date = 2025
quality = 45
sig = *:64:0:*:*,0-14:mss,nop,ws,nop,nop,sok,nop,nop,ts:df,id+?,flow?,ecn?:0

label = g:other:F5 BIG-IP:
evidence = captures
date = 2025
quality = 34
sig = 4:255:0:*:*,0:mss,sok,eol+1:df,id+?:0

label = g:unix:Linux:
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = no other system has this layout
date = 2025
quality = 74
timestamps_nopped = yes
sig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df?,id+?,id-?,ecn?,flow?,ts1-?:*
sig = *:32:0:*:*,*:mss,sok,ts,nop,ws:df,id+?,ecn?,flow?:*
sig = *:128:0:*:*,*:mss,sok,ts,nop,ws:df,id+?,ecn?,flow?:*

label = g:unix:macOS or iOS:
clock = 10|1000 unknown
clock_source = labelled captures of macOS 10.5 to 15.6
evidence = no other system has this layout
date = 2025
quality = 75
timestamps_nopped = yes
sig = *:64:0:*:*,*:mss,nop,ws,nop,nop,ts,sok,eol+1:df?,id+?,id-?,ecn?,flow?,ts1-?:*
; more than 32 routers away: only with the window of Apple's systems, because routers of Juniper have the layout and a TTL of 1
sig = *:32:0:*:65535,*:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:*

label = g:win:Windows:
evidence = no other system has this layout
date = 2025
quality = 76
timestamps_nopped = yes
sig = *:128:0:*:*,*:mss,nop,ws,nop,nop,sok:df?,id+?,id-?,ecn?,flow?,ts1-?:*
sig = *:32:0:*:*,0-14:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0

; Only an MSS, without DF: small stacks. With DF, any system may have sent it.

label = g:other:Embedded system:with only the MSS option
evidence = program sources of small stacks; captures of controllers
date = 2025
quality = 77
sig = 4:32:0:*:*,0:mss:id-?:0
sig = 4:64:0:*:1-7000,0:mss:id-?:0
sig = 4:128:0:*:1-7000,0:mss:id-?:0
sig = 4:255:0:*:*,0:mss:id-?:0
; IPv6 without a flow label, which general-purpose systems set
sig = 6:64:0:*:*,0:mss::0
sig = 6:128:0:*:1-16383,0:mss::0
sig = 6:255:0:*:*,0:mss::0

label = g:!:Mirai:or another tool that sends SYNs without options
sys = @unix,@win
evidence = bot source, as published; scans
date = 2025
quality = 60
sig = 4:64:0:0:*,0::id-?:0

label = g:!:Raw socket tool:(SYN without options)
sys = @unix,@win
evidence = flood captures; laboratory
date = 2025
quality = 57
sig = *:64:0:0:*,0::ack+?,id-?,seq-?,ecn?,flow?,df?,id+?:*
sig = *:128:0:0:*,0::ack+?,id-?,seq-?,ecn?,flow?,df?,id+?:*
sig = *:255:0:0:*,0::ack+?,id-?,seq-?,ecn?,flow?,df?,id+?:*

[tcp:response]

label = s:other:Siemens:S7
evidence = captures of controllers
date = 2025
quality = 97
fuzzy = no
sig = 4:64:0:1460:8192,0:mss:df,id+:0

; passt and pasta terminate TCP. They send MSS and scale regardless of the peer's options, and an IP ID of 0.

label = s:other:Proxy or middlebox:passt, user-mode NAT
evidence = laboratory with its releases of March 2023 and January 2025: MTU 1280 to 65520
date = 2025
quality = 89
sig = 4:255:0:*:65535,8:mss,nop,ws:id-:0
sig = 6:255:0:*:65535,8:mss,nop,ws:flow:0

label = s:other:Proxy or middlebox:user-mode NAT
evidence = program source of slirp; captures: one gateway MAC answers for servers of all systems
date = 2025
quality = 70
sig = 4:255:0:1460:32768,0:mss::0
sig = 4:64:0:1460:8192,0:mss::0
; FreeBSD sends the same answer, but only to a SYN without options
offered = sok
sig = 4:64:0:1460:65535,0:mss:df:0
offered = *
sig = 4:64:0:1460:65535,0:mss:id-?:0
sig = 4:64:0:1460:8760|64240|mss*44|32768,0:mss::0
sig = 4:128:0:1460:64240,0:mss::0
sig = 6:255:0:*:65535,0:mss::0

layouts = balanced mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,ts|mss,nop,ws,nop,nop,sok,nop,nop,ts|mss,nop,ws,sok,ts|mss,nop,ws,sok,eol+1

label = s:other:Cisco:SSL VPN gateway
evidence = older collections
date = 2019
quality = 89
sig = 4:255:0:*:32768,0:mss,nop,nop,ts::0

label = s:other:Ricoh:printer
evidence = older collections
date = 2009
quality = 89
sig = 4:255:0:*:16384,0:mss,nop,ws::0

; PyTCP states the MSS of IPv4 over IPv6 too. Over IPv4, its answer is that of slirp.

label = s:other:CycloneTCP or PyTCP:
evidence = laboratories with both
date = 2026
quality = 96
sig = 6:64:0:1460:65535,0:mss::0

label = s:other:Embedded system:Contiki (uIP) or RIOT
evidence = laboratory with Contiki-NG of 2024 and RIOT of 2026
date = 2026
quality = 97
sig = 6:64:0:*:mss*1,0:mss::0

; CycloneTCP permits SACK even if the SYN does not offer it.

label = s:other:CycloneTCP:
evidence = laboratory with its version 2.6.2: 9 settings; program source: its MSS and its buffer
date = 2026
quality = 89
sig = 4:64:0:1430:mss*2-16|8192,0:mss|mss,nop,nop,sok:id-?:0
sig = 4:64:0:1430:mss*2-44|65535,0-5:mss,nop,ws|mss,nop,ws,nop,nop,sok:id-?:0
sig = 6:64:0:1430:mss*2-16|8192,0:mss|mss,nop,nop,sok::0
sig = 6:64:0:1430|1460:mss*2-44|65535,0-5:mss,nop,ws|mss,nop,ws,nop,nop,sok::0
sig = 6:64:0:1460:mss*2-16|8192|16384,0:mss|mss,nop,nop,sok::0

label = s:other:lwIP or CycloneTCP:with scaling
evidence = laboratories with the sources of both
date = 2026
quality = 89
sig = 4:64:0:1460:65535,1-5:mss,nop,ws:id-?:0

; lwIP: see the requests. It answers every SYN with the MSS alone, unless the build configuration enables more options.

label = s:other:lwIP:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = laboratory with its source of 2026: 18 settings
date = 2026
quality = 89
sig = 4:255:0:*:mss*1-2|mss*4-10|mtu*1|2144|5840,0:mss:id-?:0
sig = 4:255:0:*:1-65535,0-5:@lwip:id-?:0
sig = 4:64:0:1436|1440:mss*4,0:mss|mss,nop,nop,sok:id-?:0
sig = 4:64:0:1436|1440:65535,1-5:mss,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,nop,ts,nop,ws,nop,nop,sok:id-?:0
sig = 6:255:0:*:mss*1-45|2048-32768,0:mss::0
sig = 6:255:0:*:1-65535,0-5:@lwip::0
sig = 6:64:0:1220-1429|1431-1440:mss*1-3|mss*5-9|mss*11-12|8192,0:mss|mss,nop,nop,sok|mss,nop,nop,ts::0
sig = 6:64:0:1220-1429|1431-1440:mss*1-12|5760|8192,0:mss,nop,nop,ts,nop,nop,sok::0
sig = 6:64:0:1220-1429|1431-1440:65535,1-5:mss,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,nop,ts,nop,ws,nop,nop,sok::0

; Linux before 3.17 sends no flow label either, and answers with four or ten segments; its layouts without SACK or
; without timestamps are the same.

label = s:other:lwIP:or Linux before 3.17
clock = 100|250|300|1000 boot
clock_source = program source: milliseconds since boot; kernel source of Linux: jiffies
evidence = laboratory with its source of 2026; kernel source
date = 2026
quality = 89
also = 45 s:unix:Linux:2.6 to 3.16, IPv6
sig = 6:64:0:1220-1429|1431-1440:mss*4|mss*10|5760,0:mss|mss,nop,nop,sok|mss,nop,nop,ts::0

label = s:other:lwIP:with scaling and SACK
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = laboratory with its source of 2026
date = 2026
quality = 89
also = 40 s:win:Windows:behind a gateway that changes DF or TTL
sig = 4:255:0:*:65535,1-5:mss,nop,ws,nop,nop,sok:id-?:0
sig = 6:255:0:*:65535,1-5:mss,nop,ws,nop,nop,sok::0

label = g:other:picoTCP:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = laboratory with its source of 2019
date = 2019
quality = 88
sig = *:64:0:*:*,0-14:mss,sok,ws,ts,nop,nop,nop,nop,eol+0:df,id+?:0

label = s:other:Proxy or middlebox:load balancer
evidence = captures with banners of several systems
date = 2025
quality = 75
sig = 4:64:0:1380-1460:mss*4,1-2:mss,nop,nop,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,ws:df,id+?:0
sig = 4:255:0:*:8190|mss*3|mss*4,0-14:@balanced:df,id+?:0
sig = 4:255:0:*:8190|mss*3|mss*4,0-14:@balanced:id-?:0

; A stack omits timestamps or scaling only if the SYN did not offer them. An answer without an offered option comes from
; a middlebox, or from a stack that does not support the option.

; If the SYN was not seen, the stack is more likely than the middlebox.

; To a SYN without SACK, NetBSD with a buffer of 64 KiB sends the packets of other systems, and so does NetBSD with a
; buffer of 16 KiB over IPv6. These packets have an IP ID of 0 and no flow label.

label = s:unix:FreeBSD or NetBSD or macOS:without SACK and scaling
clock = 2|10|100|1000 unknown
clock_source = kernel sources: the systems differ
evidence = kernel sources; laboratories with FreeBSD 13.0 and NetBSD 7.99
date = 2026
quality = 96
sig = 4:64:0:*:65535,0:mss,nop,nop,ts:df,ecn?:0
sig = 6:64:0:*:65535,0:mss,nop,nop,ts:ecn?:0

label = s:unix:FreeBSD or Linux or NetBSD:without SACK
evidence = kernel sources; laboratory with NetBSD 7.99
date = 2026
quality = 89
sig = 4:64:0:*:65535,3:mss,nop,ws:df,ecn?:0
sig = 6:64:0:*:65535,3:mss,nop,ws:ecn?:0

label = s:unix:FreeBSD or NetBSD:without SACK
clock = 2|1000 connection
clock_source = kernel sources: the systems differ
evidence = kernel sources; laboratory with NetBSD 7.99
date = 2026
quality = 89
sig = 4:64:0:*:65535,3:mss,nop,ws,nop,nop,ts:df,ecn?:0
sig = 6:64:0:*:65535,3:mss,nop,ws,nop,nop,ts:ecn?:0

label = s:unix:NetBSD or OpenBSD:without SACK
clock = 2|1000 connection
clock_source = kernel sources: the systems differ
evidence = kernel sources; laboratory with NetBSD 7.99
date = 2026
quality = 89
sig = 6:64:0:*:16384,1-6:mss,nop,ws,nop,nop,ts|mss,nop,ws::0
sig = 6:64:0:*:16384,0:mss,nop,nop,ts::0

label = s:unix:FreeBSD or macOS:without timestamps and scaling
clock = 10|100|1000 unknown
clock_source = kernel sources: the systems differ
evidence = kernel sources: one layout for both
date = 2025
quality = 97
also = 40 s:unix:macOS or iOS:
offered = !ws
sig = *:64:0:*:65535,0:mss,sok,eol+1:df,id+?,ecn?,flow?:0
sig = *:64:0:*:65535,0:mss,nop,nop,ts:df,id+?,flow?:0

label = s:unix:Linux:2.4 or 2.6
clock = 100|250|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source; older collections
date = 2011
quality = 97
offered = !ws
sig = *:64:0:*:mss*4,0:mss,nop,nop,sok:df,ecn?,flow?:0

label = s:unix:Linux:4.20 or newer, receive buffer set
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = laboratory with 6.1: a default buffer of 128 KiB and more
date = 2025
quality = 89
offered = !ws
sig = *:64:0:*:65535,0:mss,nop,nop,sok:df,ecn?,flow?:0

label = s:other:Proxy or middlebox:that ignores offered options
evidence = captures with banners of several systems
date = 2025
quality = 60
offered = ws
sig = 4:64:0:*:65535|mss*4,0:mss,sok,eol+1|mss,nop,nop,sok:df?,id+?,id-?,ecn?:0

; gVisor's netstack: the window is a multiple of 128, which Linux also sends with an MSS of 1440. Releases before 2025, and
; the user-mode VPNs that are built on them, do not set DF.

label = s:unix:gVisor:netstack
clock = 1000 connection
clock_source = program source
evidence = laboratory with its release of 2026, and with those of wireguard-go and gvproxy: MTU 1280 to 9000
date = 2026
quality = 89
sig = *:64:0:1000-1439|1441-65535:24576|24704|24832|24960|25088|25216,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:25344|25472|25600|25728|25856|25984,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:26112|26240|26368|26496|26624|26752,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:26880|27008|27136|27264|27392|27520,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:27648|27776|27904|28032|28160|28288,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:28416|28544|28672|28800|28928|29056,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = *:64:0:1000-1439|1441-65535:29184,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,ecn?:0
sig = 6:64:0:1440:28672,8-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:ecn?:0
sig = 4:64:0:*:%128,7-10:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,ws:id-?:0
; twenty segments, less the remainder of the scale; with MTU 1280, 1412, 1420 and 1500
sig = 4:64:0:*:24704|27392|27520|29184|65408,0:mss,sok,ts|mss,nop,nop,sok|mss,nop,nop,ts|mss:id-?:0

; FreeBSD and Apple's systems scale their 65535 by 6, Linux its largest windows by 7 or more. Where the SYN did not offer
; timestamps (as Windows does) or SACK, the two write the same options.

label = s:unix:FreeBSD or macOS:without timestamps or SACK
clock = 1000 connection
clock_source = kernel sources: an offset for each connection
evidence = kernel sources: one layout for both; laboratory with FreeBSD 13.0
date = 2026
quality = 97
also = 60 s:unix:FreeBSD:
also = 40 s:unix:macOS or iOS:
sig = *:64:0:*:65535,6:mss,nop,ws,sok,eol+1|mss,nop,ws,nop,nop,ts|mss,nop,ws:df,id+?,ecn?,flow?:0

; Linux: DF and an IP ID of 0. The layout follows the options of the SYN.

label = s:unix:Linux:2.4 to 3.5, loopback interface
clock = 100|250|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source: MTU of the loopback interface; labelled captures of 2.6.32 and 3.5
date = 2012
quality = 89
sig = 4:64:0:16396:mss*1-2|32767,0-14:@linux:df,ecn?:0
sig = 6:64:0:16376:mss*1-2|32767,0-14:@linux:flow?,ecn?:0

; In jumbo frames and on the loopback interface, the window of 29,200 or 43,690 bytes is a small number of segments.

label = s:unix:Linux:3.11 to 4.19
clock = 100|250|300|1000 unknown
clock_source = kernel source: jiffies, milliseconds since 4.13; an offset for each pair of addresses since 4.10
evidence = kernel source: twenty segments; labelled captures
date = 2019
quality = 80
family_quality = 97
generation = 3.11 or newer
generation_quality = 97
timestamps_nopped = yes
sig = *:64:0:16000-65535:43690,0-14:@linux-scaled:df,ecn?,flow?:0
sig = *:64:0:4000-15999:fit29200,0-14:@linux-scaled:df,ecn?,flow?:0

label = s:unix:Linux:4.20 or newer
clock = 1000 host
clock_source = kernel source: milliseconds since 4.13, an offset for each pair of addresses since 4.10; laboratory: for each connection since 6.18.44
evidence = kernel source; laboratory with 6.18; labelled captures
date = 2025
quality = 97
timestamps_nopped = yes
sig = *:64:0:*:fit65535|mss*44-45|62490-65535|58996-59220|61768-61992,0-14:@linux-scaled|@linux-nopped:df,ecn?,flow?:0
sig = *:64:0:*:fit65535|mss*44-45|62490-65534,0:mss,sok,ts|mss,nop,nop,ts:df,ecn?,flow?:0
offered = !ws
sig = *:64:0:*:fit65535|mss*44-45|62490-65534,0:mss,nop,nop,sok:df,ecn?,flow?:0
offered = !ws,!sok,!ts
sig = *:64:0:*:fit65535|mss*44-45|62490-65534,0:mss:df,ecn?,flow?:0
offered = *
sig = *:64:0:*:mss*29-31|mss*22|42000-43690|fit32767,0-14:@linux-scaled:df,ecn?,flow?:0
sig = *:64:0:4000-65535:mss*1-15,0-14:@linux-scaled:df,ecn?,flow?:0
sig = *:64:0:*:fit65535|mss*44-45|62490-65535|mss*29-31,0-14:@linux-scaled,?34,nop,nop|@linux-scaled,?34|@linux-scaled,?30|@linux-scaled,?254|mss,sok,ts,?254,ws:df,ecn?,flow?:0

label = s:unix:Linux:3.11 to 4.19
clock = 100|250|300|1000 unknown
clock_source = kernel source: jiffies, milliseconds since 4.13; an offset for each pair of addresses since 4.10
evidence = kernel source: twenty segments; labelled captures
date = 2019
quality = 80
family_quality = 97
generation = 3.11 or newer
generation_quality = 97
timestamps_nopped = yes
sig = *:64:0:*:mss*20|28000-29400|43690,0-14:@linux-scaled|@linux-nopped|mss,sok,ts,nop,ws,?34,nop,nop|mss,sok,ts,nop,ws,?254|mss,sok,ts,nop,ws,?30:df,ecn?,flow?:0
sig = *:64:0:*:mss*20|28000-29400,0:mss,sok,ts|mss,nop,nop,ts:df,ecn?,flow?:0
offered = !ws
sig = *:64:0:*:mss*20|28000-29400,0:mss,nop,nop,sok:df,ecn?,flow?:0
offered = !ws,!sok,!ts
sig = *:64:0:*:mss*20|28000-29400,0:mss:df,ecn?,flow?:0
offered = *
; whole segments of 8961 bytes, with an MSS that a middlebox lowered: a host in a cloud with jumbo frames
sig = *:64:0:*:26844-26847|26880-26883|17896-17898|17920-17922|26532-26568|25344-25380,0-14:@linux|mss:df,ecn?,flow?:0

label = s:unix:Linux:2.6.39 to 3.10
clock = 100|250|300|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source: ten segments; labelled captures
date = 2015
quality = 77
family_quality = 97
generation = 2.6.39 or newer
generation_quality = 97
timestamps_nopped = yes
sig = *:64:0:*:mss*10|13000-14720|14280,0-14:@linux-scaled|mss,sok,ts,nop,ws,?30:df,ecn?,flow?:0
sig = *:64:0:*:mss*10|13000-14720,0:mss,sok,ts|mss,nop,nop,ts:df,ecn?,flow?:0
offered = !ws
sig = *:64:0:*:mss*10|13000-14720,0:mss,nop,nop,sok:df,ecn?,flow?:0
offered = !ws,!sok,!ts
sig = *:64:0:*:mss*10|13000-14720,0:mss:df,ecn?,flow?:0
offered = *

label = s:unix:Linux:2.4 or 2.6
clock = 100|250|1000 boot
clock_source = kernel source: jiffies
evidence = kernel source; labelled captures
date = 2011
quality = 97
timestamps_nopped = yes
sig = *:64:0:*:mss*4|5592|5600-5840|32767|mss*22,0-14:@linux:df,ecn?,flow?:0
; 2.6.27
sig = *:64:0:*:5592-5840,0-14:sok,ts,mss,nop,ws|nop,nop,ts,mss,nop,ws:df,ecn?,flow?:0
sig = *:64:0:1461-65535:mss*2-3,0-14:@linux:df,ecn?,flow?:0
offered = !ws,!sok,!ts
sig = *:64:0:*:mss*4|5592|5600-5840|32767|mss*22,0:mss:df,ecn?,flow?:0
offered = *

; Before 2.4 the IP ID was a counter, with DF as well.

label = s:unix:Linux:2.2
clock = 100 boot
clock_source = kernel source: jiffies
evidence = older collections
date = 2003
quality = 97
sig = 4:64:0:*:fit32736|fit16384,0:@linux|mss:df,id+:0

; A SYN cookie contains neither scale nor SACK, so the answer omits them although the SYN offered them.

label = s:unix:Linux:SYN cookies
evidence = kernel source: cookie_init_timestamp; capture
date = 2025
quality = 97
sig = *:64:0:*:fit65535|mss*44-45|mss*20|mss*10|28000-29400,0:mss|mss,nop,nop,sok:df,ecn?,flow?:0

label = s:unix:Linux:behind a gateway that changes DF, ID or TTL
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = captures
date = 2025
quality = 82
class_quality = 97
sig = *:64:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws:df,id+,ecn?:0
sig = 4:64:0:*:mss*4|5592|5600-5840,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws:df,id+,ecn?:0
sig = *:128:0:*:mss*4|5592|5600-5840|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,ecn?,flow?:0
sig = *:255:0:*:mss*4|5592|5600-5840|28000-29400|13000-14720,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,ecn?,flow?:0
sig = 4:64:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws:id-?,ecn?:0
sig = 4:64:0:*:28000-29400|13000-14720|5600-5840|mss*4|42000-43690,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws:id-?,ecn?:0
sig = *:128:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,ecn?,flow?:0
sig = *:255:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df,id+?,ecn?,flow?:0
sig = 4:128:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:id-?,ecn?:0
sig = 4:255:0:*:fit65535|mss*44-45|62490-65535|mss*20|mss*10|mss*29-31,0-14:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:id-?,ecn?:0

; Windows

layouts = windows-answer mss,nop,ws,nop,nop,sok|mss,nop,ws,sok,ts|mss,nop,ws|mss,nop,ws,nop,nop,ts

; FreeBSD with an initial TTL of 128: see the requests

label = s:unix:FreeBSD:with another initial TTL
clock = 1000 connection
clock_source = kernel source: an offset for each connection
evidence = kernel source; laboratory with the stack of 13.0
date = 2026
quality = 89
sig = 4:128:0:*:65535,6-9:mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,ts|mss,nop,ws|mss,nop,ws,sok,eol+1:df,ecn?:0
sig = 4:128:0:*:65535,0:mss,sok,ts|mss,nop,nop,ts|mss,sok,eol+1:df,ecn?:0
sig = 6:128:0:*:65535,6-7|9:mss,nop,ws,sok,ts|mss,nop,ws,sok,eol+1:flow?,ecn?:0
fuzzy = no
sig = 4:128:0:*:65535,0:mss:df,ecn?:0

label = s:!:TRex:traffic generator
clock = 1000 unknown
clock_source = program source: counts from a random number, in steps of 50 ms
sys = @unix
evidence = program source: its TTL of 127, DF and IP ID; captures of its own tests
date = 2025
quality = 89
sig = 4:128:0:*:32768|8192|65535,0-5:mss,nop,ws,sok,ts|mss,nop,ws,nop,nop,ts|mss,sok,eol+1:df,ts1-?:0

; A window that is not scaled, in answer to a SYN that offers scaling, is not of Vista or newer.

label = s:win:Windows:XP or Server 2003
clock = 10 unknown
clock_source = labelled captures of 3 hosts: one line for the connections of a peer, except for the SYN+ACK, which has 0
evidence = labelled captures; NTLM builds 2600 and 3790
date = 2025
quality = 85
generation = 2000 or newer
generation_quality = 97
family_quality = 97
offered = ws
sig = 4:128:0:*:mss*44|65535|16384|64512|mss*12|17000-17680,0:mss,nop,nop,sok|mss|mss,nop,ws,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,ts:df,id+?,ts1-?:0

label = s:win:Windows:XP or newer, without window scaling
evidence = labelled captures; NTLM builds 2600 to 26100
date = 2025
quality = 97
offered = !ws
sig = 4:128:0:*:mss*44|65535|16384|64512,0:mss,nop,nop,sok|mss:df,id+?,ts1-?:0

label = s:other:Windows CE:6
evidence = capture of a controller
date = 2015
quality = 97
sig = 4:128:0:*:mss*23,0:mss,nop,nop,sok|mss,nop,ws,nop,nop,sok|mss|mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?,ts1-?:0
sig = 4:128:0:*:32768,0:mss,nop,nop,sok:df,id+?:0

label = s:win:Windows:10 or 11, Server 2016 or newer
clock = 1000 unknown
clock_source = labelled captures of builds 14393 to 26100: one line for the connections of a peer
evidence = labelled captures
date = 2025
quality = 97
sig = *:128:0:*:fit65535|65535,0-14:@windows-answer:df,id+?,ecn?,flow?:0
sig = *:128:0:*:64076-65534,0|2-14:@windows-answer:df,id+?,ecn?,flow?:0
sig = *:128:0:*:reach16384|16384-17920,8:@windows-answer:df,id+?,ecn?,flow?:0
sig = *:128:0:*:fit65535|64076-65535,0:mss,nop,nop,sok|mss|mss,sok,ts|mss,nop,nop,ts:df,id+?,ecn?,flow?:0

label = s:win:Windows:7 to 10 1607, Server 2008 to 2016
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = labelled captures; NTLM builds 7601 to 14393
date = 2025
quality = 97
sig = *:128:0:*:8192,0-14:@windows-answer:df,id+?,ecn?,flow?:0
sig = *:128:0:*:8192,0:mss,nop,nop,sok|mss|mss,sok,ts|mss,nop,nop,ts:df,id+?,ecn?,flow?:0
; the SYN had no MSS
sig = 4:128:0:0:8192,0-14:nop,ws,nop,nop,sok|nop,ws,sok,ts|nop,ws|nop,ws,nop,nop,ts:df,id+?,ecn?:0
sig = 4:128:0:0:8192,0:nop,nop,sok|sok,ts|nop,nop,ts:df,id+?,ecn?:0

label = s:win:Windows:XP or Server 2003
clock = 10 unknown
clock_source = labelled captures of 3 hosts: one line for the connections of a peer, except for the SYN+ACK, which has 0
evidence = labelled captures; older collections
date = 2012
quality = 85
family_quality = 96
sig = 4:128:0:*:16384|mss*12|17000-17680|64076-65535,0:mss,nop,ws,nop,nop,ts,nop,nop,sok|mss,nop,nop,ts,nop,nop,sok:df,id+?,ts1-?:0
sig = 4:128:0:*:16384|mss*12|17000-17680|64076-65535,0:mss,nop,ws,nop,nop,ts,nop,nop,sok|mss,nop,nop,ts,nop,nop,sok:id-?,ts1-?:0
sig = 4:128:0:*:16384|mss*12|17000-17680,0:mss,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,ts|mss,nop,nop,sok|mss|mss,nop,ws|mss,nop,nop,ts:df,id+?,ts1-?:0
sig = 4:128:0:*:64076-65535,0:mss,nop,ws,nop,nop,ts|mss,nop,nop,ts:df,id+?,ts1-:0
sig = 4:128:0:*:16384|mss*12|17000-17680|64076-65535,0:mss,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,ts|mss,nop,nop,ts:id-?,ts1-?:0
sig = 4:128:0:*:16384|mss*12|17000-17680,0:mss,nop,nop,sok:id-?:0

label = s:win:Windows:behind a gateway that changes DF or TTL
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = captures
date = 2025
quality = 70
sig = 4:128:0:*:fit65535|64076-65535|8192,0-14:mss,nop,ws,nop,nop,sok|mss,nop,ws,sok,ts:id-?,ecn?:0
sig = *:64:0:*:fit65535|64076-65535|8192,0-14:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0
sig = *:255:0:*:fit65535|64076-65535|8192,0-14:mss,nop,ws,nop,nop,sok:df,id+?,ecn?,flow?:0

; BSD and other Unix. Apple's and FreeBSD's layouts differ only with timestamps and SACK at once.

label = s:unix:macOS or iOS:
clock = 10|1000 unknown
clock_source = labelled captures of macOS 10.5 to 15.6
evidence = labelled captures; older collections
date = 2025
quality = 97
timestamps_nopped = yes
sig = *:64:0:*:65535|mss*90,0|2-9:mss,nop,ws,nop,nop,ts,sok,eol+1|mss,nop,nop,ts,sok,eol+1:df,id+?,ecn?,flow?:0

label = s:unix:macOS:10.2 to 10.7 (Mac OS X), without SACK
clock = 2|10 unknown
clock_source = kernel source: counted every 500 ms; labelled captures of 10.5 and 10.6: 10 Hz
evidence = older collections; kernel source
date = 2012
quality = 89
also = 40 s:unix:FreeBSD:4 to 6
sig = 4:64:0:*:65535,0:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,id+:0

label = s:unix:FreeBSD:4 to 6
clock = 100|1000 boot
clock_source = kernel source: ticks of the clock, 100 a second, later 1000
evidence = older collections; kernel source
date = 2008
quality = 95
sig = 4:64:0:*:65535,1:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,id+?:0
; FreeBSD 6 sends this answer; Apple's systems have another scale
sig = 4:64:0:*:65535,1:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+:0

label = s:other:VMware ESX:6.5
evidence = older collections
date = 2021
quality = 89
sig = 4:64:0:*:65535,9:mss,nop,ws,sok,ts|mss,nop,ws,sok,eol+1:df,id+:0

label = s:other:Proxy or middlebox:load balancer
evidence = captures with banners of several systems
date = 2025
quality = 60
sig = 4:64:0:*:65535,0-2|4|5:mss,nop,ws,sok,eol+1:df,id+?:0

label = s:unix:FreeBSD:
clock = 1000 connection
clock_source = kernel source of 9.1 and 13.0: an offset for each connection of the SYN cookies
evidence = kernel source; captures
date = 2025
quality = 97
sig = *:64:0:*:65535,3-9:mss,nop,ws,sok,ts|mss,nop,ws|mss,nop,ws,nop,nop,ts:df,id+?,ecn?,flow?:0
sig = *:64:0:*:65535,3|6-9:mss,nop,ws,sok,eol+1:df,id+?,ecn?,flow?:0
sig = *:64:0:*:57344,0:mss,nop,ws,nop,nop,ts|mss,nop,ws|mss:df,id+?,flow?:0

; Linux whose default buffer is large answers the same to a SYN without scaling.

label = s:unix:FreeBSD:receive buffer set
clock = 1000 connection
clock_source = kernel source of 9.1 and 13.0: an offset for each connection of the SYN cookies
evidence = laboratory with the stack of 13.0
date = 2026
quality = 89
sig = *:64:0:*:%4096,3-9:mss,nop,ws,sok,ts:df,id+?,ecn?,flow?:0
sig = *:64:0:*:%4096,3-9:mss,nop,ws,sok,eol+1:df,id+?,ecn?,flow?:0
sig = *:64:0:*:%4096,0:mss,sok,ts:df,id+?,ecn?,flow?:0

label = s:unix:FreeBSD or Linux:without window scaling
clock = 1000 unknown
clock_source = kernel sources: the versions and systems differ
evidence = kernel sources: one layout for both; laboratories with FreeBSD 13.0 and Linux 6.1
date = 2026
quality = 96
sig = *:64:0:*:65535,0:mss,sok,ts:df,flow?:0

; Linux sets no IP ID here.

label = s:unix:FreeBSD:without window scaling
clock = 1000 unknown
clock_source = kernel source of 9.1 and 13.0: since boot, later an offset for each connection
evidence = kernel source; older collections
date = 2025
quality = 95
sig = 4:64:0:*:65535,0:mss,sok,ts:df,id+:0

; The SYN+ACKs of NetBSD end with SACK and two NOPs. Without SACK, they have the layouts of other systems, but an IP ID
; of 0, as all small packets of NetBSD (the IP ID of OpenBSD is random), and no flow label.

label = s:unix:NetBSD:
clock = 2 connection
clock_source = kernel source; laboratory with 7.99: each connection begins at 0 or 1
evidence = laboratory with 7.99: 17 settings; kernel source; captures
date = 2026
quality = 89
sig = *:64:0:*:16384|32768|49152|65535,0-9:mss,nop,ws,nop,nop,ts,sok,nop,nop|mss,nop,ws,sok,nop,nop|mss,nop,nop,ts,sok,nop,nop|mss,sok,nop,nop:df,id+?,ecn?,flow?:0
sig = 4:64:0:*:16384|32768|49152|65535,0-9:mss,nop,ws,nop,nop,ts,sok,nop,nop|mss,nop,ws,sok,nop,nop|mss,nop,nop,ts,sok,nop,nop|mss,sok,nop,nop:id-?,ecn?:0
sig = *:64:0:*:32768,0-6:mss,nop,ws,sok,nop,nop,nop,nop,ts:df,id+?,flow?:0
sig = *:64:0:*:32768,0-6:mss,nop,ws,sok,nop,nop,nop,nop,ts:flow?:0

label = s:unix:NetBSD:without SACK
clock = 2 connection
clock_source = kernel source; laboratory with 7.99: each connection begins at 0 or 1
evidence = laboratory with 7.99: 17 settings; kernel source
date = 2026
quality = 89
sig = 4:64:0:*:16384|32768|49152,1-9:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,ecn?:0
sig = 4:64:0:*:16384|32768|49152,0:mss,nop,nop,ts:df,ecn?:0
sig = 4:64:0:*:32768|49152,1-9:mss,nop,ws,nop,nop,ts|mss,nop,ws:id-,ecn?:0
sig = 4:64:0:*:32768|49152,0:mss,nop,nop,ts|mss:id-,ecn?:0
sig = 4:64:0:*:32768|49152,0:mss:df,ecn?:0
sig = 6:64:0:*:32768|49152,1-9:mss,nop,ws,nop,nop,ts|mss,nop,ws:ecn?:0
sig = 6:64:0:*:32768|49152,0:mss,nop,nop,ts|mss:ecn?:0

label = s:unix:OpenBSD:
clock = 2|1000 connection
clock_source = kernel source: an offset for each connection; milliseconds since 7.4
evidence = kernel source; captures
date = 2025
quality = 97
sig = *:64:0:*:16384,0-6:mss,nop,nop,sok,nop,ws,nop,nop,ts|mss,nop,nop,sok,nop,ws|mss,nop,nop,sok,nop,nop,ts|mss,nop,nop,sok|mss,nop,nop,ts:df,id+?,flow?:0
sig = *:64:0:*:16384,1-6:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,id+?,flow?:0
sig = 4:64:0:*:16384,0-6:mss,nop,nop,sok,nop,ws,nop,nop,ts|mss,nop,nop,sok,nop,ws|mss,nop,ws,nop,nop,ts|mss,nop,nop,sok,nop,nop,ts|mss,nop,ws|mss,nop,nop,sok|mss,nop,nop,ts::0
sig = 4:64:0:*:16385-17920,0:mss,nop,nop,sok,nop,ws,nop,nop,ts:df,id+?:0
sig = 4:64:0:*:16385-17920,0:mss,nop,nop,sok,nop,ws,nop,nop,ts::0

; Without SACK, FreeBSD 4 and OpenBSD before it scaled have the layout of 4.4BSD, and one buffer.

label = s:unix:FreeBSD or OpenBSD:(FreeBSD 4, OpenBSD before 3.9)
clock = 2|100 unknown
clock_source = kernel source: 100 ticks a second in FreeBSD 4, two in OpenBSD
evidence = older collections; kernel sources
date = 2006
quality = 87
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts|mss,nop,ws:df,id+?:0


label = s:unix:NetBSD or QNX:(NetBSD 1.x, QNX 6)
clock = 2 unknown
clock_source = kernel source of NetBSD 7.99: two ticks a second
evidence = captures of controllers; older collections
date = 2025
quality = 89
sig = 4:64:0:*:16384,0:mss,nop,ws,nop,nop,ts:ts1-:0

label = s:unix:Solaris:11 or illumos
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = kernel source of illumos: order of its options; captures
date = 2025
quality = 95
sig = *:64:0:*:32768-65535,0-9:sok,ts,mss,nop,ws|sok,ts,mss|nop,nop,ts,mss,nop,ws:df,id+?,flow?:0

label = g:unix:Solaris:11 or illumos
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = kernel source of illumos: order of its options
date = 2025
quality = 71
sig = *:64:0:*:16384-65535,0-14:sok,ts,mss,nop,ws|sok,ts,mss:df?,id+?,flow?:0

label = s:unix:Solaris:10
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = older collections
date = 2010
quality = 97
sig = *:64:0:*:mss*19|mss*34|mss*37,0:mss,nop,ws,nop,nop,sok|mss,nop,nop,sok|mss|nop,nop,ts,mss,nop,ws,nop,nop,sok:df,id+?:0
sig = *:64:0:*:mss*19|mss*34|mss*37,0:nop,nop,ts,mss,nop,nop,sok|nop,nop,ts,nop,ws,nop,nop,sok,mss|nop,ws,nop,nop,sok,mss|nop,nop,sok,mss:df,id+?:0
sig = *:64:0:*:mss*19|mss*34|mss*37,0:nop,nop,ts,nop,nop,sok,mss:df,id+?:0

label = s:unix:Solaris:2.6 to 9
clock = 100 boot
clock_source = kernel source of illumos: ticks of the clock
evidence = older collections
date = 2006
quality = 97
sig = 4:255:0:*:mss*1|mss*7|9576,0:mss|nop,nop,sok,mss|nop,ws,mss|nop,nop,ts,mss|nop,nop,ts,mss,nop,ws|nop,nop,ts,nop,ws,mss|nop,nop,ts,nop,ws,nop,nop,sok,mss|nop,nop,ts,mss,nop,ws,nop,nop,sok:df,id+:0
sig = 4:64:0:*:mss*18-19|24616|24656|33304|32806,0-5:mss|nop,nop,sok,mss|nop,ws,mss|nop,nop,ts,mss|nop,nop,ts,mss,nop,ws|nop,nop,ts,nop,ws,mss|nop,nop,ts,nop,ws,nop,nop,sok,mss|nop,nop,ts,mss,nop,ws,nop,nop,sok:df,id+:0
sig = *:64:0:*:mss*37,0:mss,nop,ws|nop,nop,ts,mss,nop,ws|nop,nop,ts,mss:df,id+:0

label = s:unix:HP-UX:11
evidence = older collections
date = 2008
quality = 89
sig = 4:64:0:*:32768,0:mss,ws,nop|mss,nop,nop,sok,ws,nop|mss,nop,nop,sok,ws,nop,nop,nop,ts|mss,ws,nop,nop,nop,ts|mss,nop,nop,sok:df,id+?:0

label = s:unix:HP-UX:10 or 11
evidence = older collections
date = 2008
quality = 96
sig = 4:64:0:*:32768,0:mss|mss,nop,nop,ts|mss,nop,nop,sok,nop,nop,ts:df,id+:0

label = s:unix:Tru64:
evidence = older collections
date = 2005
quality = 96
sig = 4:64:0:1460:mss*25,0:mss,nop,ws|mss:df,id+:0
sig = 4:60:0:*:mss*23,0:mss,nop,ws::0

label = s:unix:FreeBSD:4, with only the MSS option
evidence = older collections; kernel source: its default buffers
date = 2006
quality = 89
fuzzy = no
offered = !ws,!sok,!ts
sig = 4:64:0:*:16384|reach16384,0:mss:df,id+:0
offered = *

label = s:other:wolfIP:
clock = 1000 unknown
clock_source = program source: milliseconds of the program that holds it
evidence = laboratory with its version of 2026: MTU 1280 and 1500, three buffers
date = 2026
quality = 89
sig = 4:64:0:*:1-65535,0-14:mss,ws,sok,ts,nop,nop,nop,nop,nop:df,id+:0

label = s:other:Mongoose:built-in TCP/IP
evidence = laboratory with its release of August 2026; program source
date = 2026
quality = 89
sig = 4:64:0:*:6000,0:mss:df:0

label = s:other:NetWare:
evidence = older collections
date = 2006
quality = 96
sig = 4:128:0:*:6143|6144,0:mss|mss,sok,nop,nop|mss,ws,nop|mss,ws,nop,sok,nop,nop:df,id+:0

label = s:other:OpenVMS:7
evidence = older collections
date = 2006
quality = 95
sig = 4:64:0:1460:3993,0:mss,nop,ws::0
sig = 4:64:0:*:6144,0:mss,nop,ws,nop,nop,ts::0

label = s:other:FortiGate:50
evidence = older collections
date = 2008
quality = 60
sig = 4:64:0:*:mss*4,0:ws,nop,nop,nop,ts,mss:df:0

label = s:other:Xbox:360
evidence = older collections
date = 2014
quality = 65
sig = 4:64:0:*:mss*12,0:mss,nop,ws::0

label = s:other:Cisco IOS:
evidence = captures
date = 2025
quality = 97
sig = 4:255:0:*:4128|4096,0:mss:df:0
sig = 4:255:0:*:4128|4096,0:mss:id-?:0
sig = 4:255:0:*:4128,0:mss:ecn:0
sig = 4:255:0:*:16384,0:mss:df,id+?:0
sig = 4:255:0:*:16384,0:mss::0
sig = 4:255:0:*:4128,0-14:@ios:df,id+?,ecn?:0
sig = 4:255:0:*:4128,0-14:@ios:id-?,ecn?:0
sig = 4:32:0:*:4128|16384,0:mss:df,id+?:0
sig = 4:32:0:*:4128|16384,0:mss::0

label = s:other:F5 BIG-IP:
clock = 1000 unknown
clock_source = labelled captures: 64 connections of one peer on one line
evidence = captures
date = 2025
quality = 73
sig = 4:255:0:*:3500-4400|mss*3,0:mss|mss,sok,eol+1|mss,nop,nop,ts|mss,nop,nop,ts,sok,eol+1:df,id+?:0
sig = 4:255:0:*:3500-4400|mss*3,0-14:mss,nop,ws,nop,nop,ts,sok,eol+1|mss,nop,ws,sok,eol+1:df,id+?:0
sig = 4:255:0:*:mss*16,0:mss,sok,ts:df,id+:0

label = s:other:VMware ESX:
evidence = captures
date = 2025
quality = 70
sig = 4:64:0:*:65535,9:mss,nop,ws,sok,ts::0

; uIP has a window of one segment and never sets DF; some printers send the same answer.

label = s:other:uIP:or Contiki
evidence = laboratory with its release 1.0: buffers of 420 and 1514 bytes; program source
date = 2025
quality = 89
class_quality = 97
also = 30 s:other:HP:JetDirect or printer
sig = 4:64:0:*:mss*1,0:mss:id-?:0

label = s:other:HP:JetDirect or printer
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:*:mss*1-4,0:mss,nop,ws:df,id+?:0
sig = 4:64:0:*:mss*1-4,0:mss,nop,ws::0
sig = 4:64:0:*:mss*2,0:mss,nop,ws,nop,nop,ts:df,id+?:0

label = s:other:Embedded system:printer or controller
clock = 1000 unknown
clock_source = labelled captures of a printer and a relay; one line for two connections
evidence = older collections; captures
date = 2025
quality = 97
sig = 4:64:0:*:mss*6|mss*10|mss*16|mss*33,0:mss|mss,nop,ws,nop,nop,sok|mss,nop,ws,nop,nop,sok,nop,nop,ts::0

label = s:other:Cisco:IP telephone
evidence = older collections
date = 2009
quality = 89
fuzzy = no
sig = 4:128:0:*:65535,0:mss,nop,nop,sok|mss::0

label = s:other:Cisco ATA:or a Linksys adapter
evidence = older collections
date = 2009
quality = 89
sig = 4:255:0:*:16000,0:mss::0

label = s:other:HP:LaserJet
evidence = older collections
date = 2019
quality = 96
sig = 4:64:0:*:mss*6,0:mss,nop,ws,nop,nop,sok,nop,nop,ts:df,id+:0
sig = 4:64:0:*:mss*1,0:mss,nop,ws,nop,nop,ts:df,id+:0

label = s:other:VxWorks:or another controller
evidence = captures of controllers; older collections
date = 2025
quality = 97
sig = 4:64:0:*:4096|8192,0:mss,nop,ws:df,id+?:0
sig = 4:64:0:*:4096|8192,0:mss,nop,ws::0
sig = 4:64:0:*:8192,0:mss,nop,ws,nop,nop,ts::0

label = s:other:Rockwell:MicroLogix
evidence = older collections
date = 2018
quality = 89
sig = 4:128:0:16384:2048,0:mss,nop,nop,sok::0

label = s:other:Hirschmann:EAGLE
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:*:10000,0:nop,nop,mss,sok,nop,ws:df,id+:0

label = s:other:Westermo:router
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:*:8000,0:mss,ws,eol+0::0

label = s:other:Phoenix Contact:bus coupler
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:0:1024|4096,0:::0

label = s:other:Barix:Barionet
evidence = older collections
date = 2018
quality = 89
sig = 4:64:0:*:511,0:mss:df,id+:0

label = s:other:Siemens:S7
evidence = older collections
date = 2025
quality = 97
sig = 4:32:0:*:4096,0:mss::0

label = s:other:Rockwell:ControlLogix
evidence = older collections
date = 2025
quality = 96
sig = 4:64:0:*:4096,0:mss:df,id+?:0

label = s:other:smoltcp:
evidence = laboratory with its release 0.14; program source: its scale follows from the buffer
date = 2026
quality = 89
sig = *:64:0:*:1-65535,0:mss,ws,sok,eol+2:df,id+?:0
sig = *:64:0:*:65535,1-14:mss,ws,sok,eol+2:df,id+?:0

label = s:other:NetX:of Azure RTOS or ThreadX
evidence = laboratory with NetX Duo 6.4: 19 settings; program source: order of its options
date = 2026
quality = 89
sig = 4:128:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0:id-?:0
sig = 4:128:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0:df,id+?:0
sig = 4:128:0:*:65535,1-14:mss,ws,eol+0:id-?:0
sig = 4:128:0:*:65535,1-14:mss,ws,eol+0:df,id+?:0
sig = 6:255:0:*:1-65535,0:mss,nop,nop,nop,eol+0|mss,ws,eol+0::0
sig = 6:255:0:*:65535,1-14:mss,ws,eol+0::0

; Systems with a unique order of options, or a unique window. Haiku also scales the window of its SYN.

label = s:other:Plan 9:
evidence = program source of 9front; older collections
date = 2024
quality = 89
sig = 4:255:0:*:65535,0-14:mss,ws,nop::0

label = s:other:SerenityOS:
evidence = program source: a buffer of 256 KiB, an IP ID of 1
date = 2026
quality = 89
sig = 4:64:0:*:65535,3:mss,ws,eol+0::0

label = s:other:Haiku:
clock = 1000 boot
clock_source = program source: milliseconds since boot
evidence = program source: an initial TTL of 254
date = 2026
quality = 89
sig = 4:255:0:*:255,8:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws|mss,nop,ws:df,id+?:0

; NuttX: see the requests.

label = s:other:NuttX:
evidence = laboratory with its version 13.0: 4 settings; program source: its buffers
date = 2026
quality = 89
sig = 4:64:0:*:%196,0:mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok:df,id+:0
; 24, 36 (default), 64 and 128 buffers, less 8 and the one in use; other systems too answer with only the MSS
sig = 4:64:0:*:2940|3136|5292|5488,0:mss:df,id+:0
sig = 4:64:0:*:10780|10976|23324|23520,0:mss:df,id+:0
sig = 6:64:0:*:%196,0:mss|mss,nop,nop,sok|mss,nop,ws|mss,nop,ws,nop,nop,sok::0

label = s:other:lneto:
evidence = laboratory with its version of August 2026
date = 2026
quality = 89
sig = 4:64:0:*:mtu*1,0:mss:df,id+:0

label = s:other:FreeRTOS:with FreeRTOS+TCP
evidence = laboratory with its release 4.4.1: 10 settings; program source
date = 2026
quality = 97
sig = 4:128:0:*:mss*1-43,0:mss,nop,ws,nop,nop,sok:id-?:0
sig = 4:128:0:*:mss*1-11|mss*13-22|mss*24-42,0:mss,nop,ws,nop,nop,sok:df,id+?:0
sig = 4:128:0:*:32768-65534,1:mss,nop,ws,nop,nop,sok:df,id+?:0
sig = 4:128:0:*:32768-65534,1:mss,nop,ws,nop,nop,sok:id-?:0
sig = 4:128:0:*:mss*1,0:mss:df,id+?:0
sig = 4:128:0:*:mss*1,0:mss:id-?:0

label = s:win:Windows:95 or 98
evidence = older collections
date = 2002
quality = 89
sig = 4:32:0:*:8192|mss*6|8820,0:mss|mss,nop,nop,sok:df,id+?:0

; No other general-purpose system has an initial TTL of 128, and options and order are those of Windows.

label = g:win:Windows:with an unusual window size
clock = 100|1000 unknown
clock_source = labelled captures: 100 Hz in 7 and Server 2008 R2, 1000 Hz from build 14393 on, one line for the connections of a peer
evidence = older collections
date = 2020
quality = 88
sig = 4:128:0:*:*,0:mss,nop,nop,sok:df,id+?,ecn?:0
sig = 4:128:0:*:*,0-14:mss,nop,ws,nop,nop,ts,nop,nop,sok:df,id+?,ts1-?:0

label = g:other:Embedded system:with only the MSS option and DF
evidence = captures of devices; older collections
date = 2025
quality = 69
sig = 4:128:0:*:1-4999,0:mss:df,id+?:0

label = g:win:Windows:with only the MSS option
evidence = older collections
date = 2020
quality = 87
sig = 4:128:0:*:*,0:mss:df,id+?,ecn?:0

; Zephyr answers all SYNs with only the MSS.

label = s:other:Zephyr:or another small stack
evidence = laboratory with its version 3.2: 6 settings; program source: a third of its buffers of 128 bytes
date = 2026
quality = 89
sig = 4:64:0:*:%128|597|682|853|1365|1706,0:mss:id-:0
sig = 4:64:0:*:2133|2730|3413|4266|8533,0:mss:id-:0
sig = 6:64:0:*:597|682|853|1280|1365|1536,0:mss::0
sig = 6:64:0:*:1706|2133|2730|3413|4266|8533,0:mss::0

label = g:other:Embedded system:with only the MSS option
evidence = program sources of small stacks; captures of controllers
date = 2025
quality = 89
sig = 4:32:0:*:*,0:mss:id-?:0
; old Unix systems without path MTU discovery have larger buffers
sig = 4:64:0:*:1-8760,0:mss:id-?:0
sig = 4:64:0:*:8761-65535,0:mss:id-:0
sig = 4:128:0:*:1-16383,0:mss:id-?:0
sig = 4:255:0:*:*,0:mss:id-?:0
; IPv6 without a flow label, which general-purpose systems set
sig = 6:64:0:*:*,0:mss::0
sig = 6:128:0:*:1-16383,0:mss::0
sig = 6:255:0:*:*,0:mss::0

label = g:unix:FreeBSD:
clock = 1000 connection
clock_source = kernel source of 9.1 and 13.0: an offset for each connection of the SYN cookies
evidence = layout of the stack; laboratory with that of 13.0
date = 2026
quality = 70
sig = *:64:0:*:*,1-14:mss,nop,ws,sok,ts:df,id+?,ecn?,flow?:0

label = g:unix:FreeBSD:with another initial TTL
clock = 1000 unknown
clock_source = kernel source of 9.1 and 13.0: since boot, later an offset for each connection
evidence = layout of the stack; laboratory with that of 13.0
date = 2026
quality = 73
sig = 4:128:0:*:*,1-14:mss,nop,ws,sok,ts:df,ecn?:0
sig = *:32:0:*:*,1-14:mss,nop,ws,sok,ts:df,id+?,ecn?,flow?:0

label = g:unix:Linux:with an unusual window size
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = kernel source: set by sysctl or program
date = 2025
quality = 88
timestamps_nopped = yes
sig = *:64:0:*:*,0-14:mss,sok,ts,nop,ws|mss,sok,ts,nop,ws,?30|mss,sok,ts,?254,ws|mss,nop,nop,sok,nop,ws|mss,nop,nop,ts,nop,ws:df,ecn?,flow?:0

label = g:unix:Linux:
clock = 100|250|300|1000 unknown
clock_source = kernel source: as the versions of Linux
evidence = layout of the stack
date = 2025
quality = 73
timestamps_nopped = yes
sig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df?,id+?,id-?,ecn?,flow?,ts1-?:*

label = g:unix:macOS or iOS:
clock = 10|1000 unknown
clock_source = labelled captures of macOS 10.5 to 15.6
evidence = layout of the stack
date = 2025
quality = 60
timestamps_nopped = yes
sig = *:64:0:*:*,*:mss,nop,ws,nop,nop,ts,sok,eol+1:df?,id+?,id-?,ecn?,flow?,ts1-?:*

label = g:win:Windows:
evidence = layout of the stack
date = 2025
quality = 87
timestamps_nopped = yes
sig = *:128:0:*:*,*:mss,nop,ws,nop,nop,sok:df?,id+?,id-?,ecn?,flow?,ts1-?:*
