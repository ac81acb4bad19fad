# SPDX-License-Identifier: MIT OR Apache-2.0
"""Evidence of a protocol field about the system of its sender.

Each function returns a Claim or None. A claim contains a family ("Windows", "Linux", ...), a version if the field has
one, and the trust in the field. "high": the system itself writes the field (a kernel build, a package of a
distribution). "medium": a program writes the field and can write any value (an agent string).
"""
import re
from typing import NamedTuple

import distributions


class Claim(NamedTuple):
    os: str
    version: str
    source: str
    trust: str


def first_claim(rows, text, source, flags=0):
    """The claim of the first row (pattern, family, version, trust) with a pattern that matches the text, or None."""
    for pattern, family, version, trust in rows:
        match = re.search(pattern, text, flags)
        if match:
            return Claim(match.expand(family), match.expand(version), source, trust)
    return None


# Systems with a name that identifies them in any kind of text.
NAMED_SYSTEMS = [
    (r"Sun_SSH|SunOS|Solaris", "Solaris", "", "high"),
    (r"\bAIX\b", "AIX", "", "high"),
    (r"\bHP-UX\b", "HP-UX", "", "high"),
    (r"\bIRIX\b", "IRIX", "", "high"),
    (r"VxWorks", "VxWorks", "", "high"),
    (r"\bQNX\b", "QNX", "", "high"),
]


# Build numbers of Windows. Client and server versions of one kernel are one row. [MS-NLMP] 2.2.2.10, winver(1).
WINDOWS_BUILDS = {
    (5, 0): {2195: "2000"},
    (5, 1): {2600: "XP"},
    (5, 2): {3790: "Server 2003"},
    (6, 0): {6000: "Vista", 6001: "Vista, Server 2008", 6002: "Vista, Server 2008", 6003: "Server 2008"},
    (6, 1): {7600: "7, Server 2008 R2", 7601: "7, Server 2008 R2"},
    (6, 2): {9200: "8, Server 2012"},
    (6, 3): {9600: "8.1, Server 2012 R2"},
    (10, 0): {
        10240: "10 1507", 10586: "10 1511", 14393: "10 1607, Server 2016", 15063: "10 1703",
        16299: "10 1709", 17134: "10 1803", 17763: "10 1809, Server 2019", 18362: "10 1903",
        18363: "10 1909", 19041: "10 2004", 19042: "10 20H2", 19043: "10 21H1", 19044: "10 21H2",
        19045: "10 22H2", 20348: "Server 2022", 22000: "11 21H2", 22621: "11 22H2", 22631: "11 23H2",
        25398: "Server 23H2", 26100: "11 24H2, Server 2025", 26200: "11 25H2"},
}


def windows_build(major, minor, build, source):
    """NTLM version fields. Samba and macOS send 6.1 with build 0 or 7600, which is no evidence."""
    version = WINDOWS_BUILDS.get((major, minor), {}).get(build)
    if version is None or build == 7600:
        return None
    return Claim("Windows", version, f"NTLM {major}.{minor}.{build}", "high")


NATIVE_OS = [
    (r"^Windows (?:Server )?2019|^Windows Server 2016|^Windows 10", "Windows", "10, Server 2016"),
    (r"^Windows Server 2012 R2|^Windows 8\.1", "Windows", "8.1, Server 2012 R2"),
    (r"^Windows Server 2012|^Windows 8", "Windows", "8, Server 2012"),
    (r"^Windows 7|^Windows Server 2008 R2", "Windows", "7, Server 2008 R2"),
    (r"^Windows Vista|^Windows Server \(R\) 2008|^Windows Server 2008", "Windows", "Vista, Server 2008"),
    (r"^Windows Server 2003|^Windows \.NET", "Windows", "Server 2003"),
    (r"^Windows 5\.1|^Windows 2002|^Windows XP", "Windows", "XP"),
    (r"^Windows 5\.0|^Windows 2000", "Windows", "2000"),
    (r"^Windows NT", "Windows", "NT"),
    (r"^Windows 4\.0", "Windows", "9x"),
    (r"^Mac OS X|^Darwin", "macOS", ""),
]


# Default values of SMB exploits, on any system.
EXPLOIT_OS = "Windows 2000 2195"


def native_os(text, source="SMB native OS"):
    for pattern, os, version in NATIVE_OS:
        if re.search(pattern, text):
            return Claim(os, version, source, "medium" if text == EXPLOIT_OS else "high")
    return None


def dhcp_vendor_class(text):
    if text.startswith("MSFT 5.0"):
        return Claim("Windows", "", "DHCP vendor class", "high")
    if text.startswith("MSFT 98"):
        return Claim("Windows", "9x", "DHCP vendor class", "high")
    match = re.match(r"android-dhcp-(\S+)", text)
    if match:
        return Claim("Android", match[1], "DHCP vendor class", "high")
    match = re.match(r"dhcpcd-[\d.]+:(Linux|FreeBSD|NetBSD|OpenBSD)-([\w.]*)", text)
    if match:
        return Claim(match[1], match[2], "DHCP vendor class", "high")
    if re.match(r"udhcp|dhcpcd \d", text):
        return Claim("Linux", "", "DHCP vendor class", "high")
    if text.startswith("Cisco"):
        return Claim("Cisco", text, "DHCP vendor class", "high")
    return None


AGENTS = [
    (r"Windows Phone", "Windows", "Phone"),
    (r"\bCrOS\b", "Linux", "ChromeOS"),
    (r"Android[ /-]?([\d.]*)", "Android", r"\1"),
    (r"\b(?:iPhone|iPad|iPod)[^)]*OS (\d+[_\d]*)", "iOS", r"\1"),
    (r"\biOS[ /](\d+[.\d]*)", "iOS", r"\1"),
    (r"CFNetwork/[\d.]+ Darwin/([\d.]+).*x86_64", "macOS", r"Darwin \1"),
    (r"Mac OS X (\d+[._\d]*)", "macOS", r"\1"),
    (r"macOS/(\d+[.\d]*)", "macOS", r"\1"),
    (r"CFNetwork/[\d.]+ Darwin/([\d.]+)", "Apple", r"Darwin \1"),
    (r"Windows NT 10\.0", "Windows", "10, 11"),
    (r"Windows NT 6\.3", "Windows", "8.1"),
    (r"Windows NT 6\.2", "Windows", "8"),
    (r"Windows NT 6\.1", "Windows", "7"),
    (r"Windows NT 6\.0", "Windows", "Vista"),
    (r"Windows NT 5\.2", "Windows", "Server 2003"),
    (r"Windows NT 5\.1|Windows XP", "Windows", "XP"),
    (r"Windows NT 5\.0|Windows 2000", "Windows", "2000"),
    (r"Windows 98|Win98|Windows 95|Win95|Win 9x", "Windows", "9x"),
    (r"Microsoft-CryptoAPI/5\.131\.2600", "Windows", "XP"),
    (r"Microsoft-CryptoAPI/5\.131\.3790", "Windows", "Server 2003"),
    (r"Microsoft-CryptoAPI/6\.0", "Windows", "Vista, Server 2008"),
    (r"Microsoft-CryptoAPI/6\.1", "Windows", "7, Server 2008 R2"),
    (r"Microsoft-CryptoAPI/6\.2", "Windows", "8, Server 2012"),
    (r"Microsoft-CryptoAPI/6\.3", "Windows", "8.1, Server 2012 R2"),
    (r"Microsoft-CryptoAPI/10\.0", "Windows", "10, 11"),
    (r"Microsoft NCSI|Windows-Update-Agent|Microsoft BITS|Microsoft-WNS|Microsoft-Delivery", "Windows", ""),
    (r"FreeBSD", "FreeBSD", ""),
    (r"OpenBSD", "OpenBSD", ""),
    (r"NetBSD", "NetBSD", ""),
    (r"SunOS", "Solaris", ""),
    (r"Nintendo (\w+)", "Nintendo", r"\1"),
    (r"(?:PLAYSTATION |PlayStation |\bPS ?)(Vita|[2-5])", "PlayStation", r"\1"),
    (r"(?:Chrome|Chromium|Edge)/\S+ (?:Windows|Windows NT)\b", "Windows", ""),
    (r"Microsoft-Windows/(\d+\.\d+)", "Windows", r"NT \1"),
    (r"AppleTV|AirPlay/", "Apple", ""),
    (r"Tizen|Web0S|Roku|CrKey", "Linux", ""),
    (r"Ubuntu|Debian APT|Fedora|\bX11; Linux|Linux (?:x86_64|i\d86|armv)|linux-gnu|libdnf", "Linux", ""),
]


def user_agent(text):
    for pattern, os, version in AGENTS:
        match = re.search(pattern, text)
        if match:
            version = match.expand(version).replace("_", ".") or distributions.kernels(text)
            return Claim(os, version, "user agent", "medium")
    return None


def cdp_platform(text):
    """Hypervisors and appliances also announce themselves by CDP; their TCP is not that of a Cisco device."""
    return Claim("Cisco", text, "CDP", "high") if re.match(r"cisco\b", text, re.I) else None


BANNERS = [
    (r"OpenSSH_for_Windows", "Windows", "10, Server 2016", "high"),
    (r"Microsoft-IIS/(\d+\.\d+)", "Windows", r"IIS \1", "high"),
    (r"Microsoft-HTTPAPI", "Windows", "", "high"),
    (r"Microsoft FTP Service|Microsoft ESMTP|Microsoft Exchange|Windows_NT", "Windows", "", "high"),
    (r"\(Win(?:32|64)\)", "Windows", "", "medium"),
    (r"^SSH-[\d.]+-OpenSSH_\S+ FreeBSD", "FreeBSD", "", "high"),
    (r"^SSH-[\d.]+-OpenSSH_\S+ NetBSD", "NetBSD", "", "high"),
    (r"Ubuntu|Debian|Raspbian|CentOS|Fedora|Red Hat|SUSE|Gentoo|Mandr|Amazon Linux|el[5-9]\.", "Linux", "", "high"),
    (r"dropbear", "Linux", "dropbear", "medium"),
    (r"\(Unix\).*FreeBSD|FreeBSD", "FreeBSD", "", "medium"),
    *NAMED_SYSTEMS,
    (r"^SSH-[\d.]+-Cisco|cisco-IOS|cisco", "Cisco", "", "high"),
    (r"\bLinux[/ ]([\d.]+)?", "Linux", r"\1", "medium"),
    (r"Darwin/|Mac OS X", "macOS", "", "medium"),
    (r"AirTunes/|AppleTV", "Apple", "", "high"),
    (r"ROSSSH|MikroTik", "Linux", "RouterOS", "high"),
    (r"^BigIP\b|BIG-IP", "F5", "", "high"),
    (r"\bOpenBSD\b(?!/Linux)", "OpenBSD", "", "medium"),
    (r"\bNetBSD\b(?!-ftpd)", "NetBSD", "", "medium"),
    (r"^Microsoft-Windows(?:-NT)?/(\d+\.\d+)", "Windows", r"NT \1", "high"),
    (r"Comware|HUAWEI|RomSShell|Mocana|NetScreen|Hikvision|App-webs|DNVRS|DVRDVS|Dahua|AXIS|JD FTP", "embedded", r"\g<0>",
     "medium"),
    (r"lwIP", "lwIP", "", "high"),
    (r"Allegro-Software-RomPager|GoAhead|eCos|ThreadX|Nucleus|ServerTech|Schneider|Siemens|"
     r"SIMATIC|A-B WWW|Rockwell|Niagara|HP-ChaiSOE|Virata-EmWeb|JetDirect|HP HTTP|KM-MFP|Canon|EPSON|"
     r"Xerox|Lantronix|Moxa|WAGO|Brother|RICOH", "embedded", r"\g<0>", "medium"),
]


def banner(text, source="server banner"):
    claim = first_claim(BANNERS, text, source, re.I)
    return claim and claim._replace(version=claim.version or distributions.kernels(text))


def browser_version(major, minor):
    """Host announcements of the Browser protocol. Samba announces 4.9 or 6.1."""
    versions = {(5, 0): "2000", (5, 1): "XP", (5, 2): "Server 2003", (6, 0): "Vista, Server 2008",
                (6, 2): "8, Server 2012", (6, 3): "8.1, Server 2012 R2", (10, 0): "10, Server 2016"}
    version = versions.get((major, minor))
    return Claim("Windows", version, "Browser announcement", "high") if version else None


# Vendors of devices without a desktop system, by the start of the registered name. Vendors of routers, switches and
# firewalls are not in the list: the MAC address is that of the last hop, which the TTL does not always show.
DEVICE_MAKERS = re.compile(
    r"Siemens|Rockwell|Allen-?Brad|Schneider|Telemecan|Modicon|Wago|Beckhoff|Phoenix ?Con|Hirschma|Moxa|"
    r"ABB|Yokogawa|Emerson|GE ?Fanuc|Omron|Mitsubis|Koyo|AutomationD|Bosch|Festo|Sick ?A|ProSoft|Lantronix|"
    r"Digi|Espressif|Philips|Signify|Wiznet|Microchip|Nintendo|Netatmo|Withings|HiFlying|Gainspan|"
    r"Schweitz|Honeywell|Tridium|Automated|Delta|Advantech|Hewlett.?P.*Print|Brother|Xerox|"
    r"Ricoh|Kyocera|Lexmark|Barix|Sony ?Int|Sony ?Comp|eQ-?3|Westermo|Red ?Lion|Vipa|Bachmann|Saia|Fisher|Triconex|Invensys|Pilz|Hilscher", re.I)


# Addresses of the gateways of user-mode NAT: VirtualBox's NAT and NAT network, slirp, VMware's NAT service.
NAT_GATEWAYS = [(r"52:54:00:12:35:", "VirtualBox NAT"), (r"52:55:0a:00:02:", "slirp"),
                (r"00:50:56:e", "VMware NAT"), (r"00:50:56:f", "VMware NAT")]


def gateway(mac):
    """Whether a gateway terminates TCP: the gateway sent the packet, even if a banner of the server follows."""
    for prefix, name in NAT_GATEWAYS:
        if mac.startswith(prefix):
            return Claim("Proxy", name, "MAC address", "high")
    return None


def maker(name):
    if DEVICE_MAKERS.match(name):
        return Claim("embedded", name, "MAC address", "medium")
    return None
