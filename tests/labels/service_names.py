# SPDX-License-Identifier: MIT OR Apache-2.0
"""The system of a host, from names of services that only programs of that system request.

A host uses a service if it resolves the name or sends the name as TLS server name (RFC 6066, 3). The lists contain
the endpoints that the vendors publish for firewall administrators, without those that applications on other systems
use as well (accounts, shops, mail, browsers). A resolver repeats the names of its clients, so a host that answers
queries is no evidence.
"""
import re

import evidence

NAMES = [
    (r"(?:settings-win|watson|v1[0-9](?:c|-win)?\.(?:events|vortex-win)|vortex-win)\.data\.microsoft\.com|"
     r"(?:ctldl|download|emdl\.ws|fe\d+cr?|sls)\.(?:windowsupdate|update\.microsoft|delivery\.mp\.microsoft)\.com|"
     r"(?:client|[a-z0-9-]+\.notify)\.(?:wns\.)?windows\.com|(?:www|ipv6)\.msftconnecttest\.com|"
     r"(?:www|dns|ipv6)\.msftncsi\.com|"
     r"(?:geo|kv\d+|cp\d+|array\d+|disc\d+|geover|big)[a-z0-9.-]*\.prod\.do\.dsp\.mp\.microsoft\.com|"
     r"displaycatalog\.mp\.microsoft\.com|licensing\.mp\.microsoft\.com|"
     r"tile-service\.weather\.microsoft\.com", "Windows"),
    (r"(?:gateway|configuration|gsp\d+-ssl|gs-loc|gsp-ssl)\.(?:ls\.)?(?:icloud|apple)\.com|"
     r"(?:captive|mesu|xp|init-p\d+md|albert|gdmf|iphone-ld|time-(?:ios|macos))\.apple\.com|"
     r"\d+-courier\.push\.apple\.com|courier\.push\.apple\.com|init(?:-kt)?\.(?:push|ess)\.apple\.com|"
     r"(?:bag|identity|kt-prod)\.ess\.apple\.com|(?:api\.)?smoot\.apple\.com|mask(?:-h2|-api)?\.icloud\.com", "Apple"),
    (r"connectivitycheck\.(?:gstatic|android)\.com|(?:\d\.)?android\.pool\.ntp\.org|time\.android\.com|"
     r"connect\.rom\.miui\.com|connectivitycheck\.platform\.hicloud\.com", "Android"),
    (r"(?:\d\.)?(?:ubuntu|debian|fedora|centos|rhel|arch|opensuse|alpine|gentoo|openwrt)\.pool\.ntp\.org|"
     r"(?:connectivity-check|ntp|daisy|motd|changelogs|esm|[a-z]{2}\.archive|security|archive)\.ubuntu\.com|"
     r"api\.snapcraft\.io|network-test\.debian\.org|(?:deb|security|ftp\.[a-z]{2})\.debian\.org|"
     r"(?:mirrors|fedoraproject|hotspot)\.fedoraproject\.org|ping\.archlinux\.org|(?:http|archive-\d+)\.kali\.org|"
     r"kali\.download|mirrorlist\.centos\.org|(?:download|conncheck)\.opensuse\.org|archive\.raspberrypi\.(?:org|com)|"
     r"cdn\.fwupd\.org|connectivity-check\.gnome\.org|nmcheck\.gnome\.org", "Linux"),
    (r"pkg(?:mir)?\.freebsd\.org|update\d?\.freebsd\.org|vuxml\.freebsd\.org|\d\.freebsd\.pool\.ntp\.org", "FreeBSD"),
    (r"cdn\.openbsd\.org|\d\.openbsd\.pool\.ntp\.org", "OpenBSD"),
    (r"conntest\.nintendowifi\.net|ctest\.cdn\.nintendo\.net|(?:nasc|npns-dev|aauth-lp1)\.[a-z0-9.]*nintendo\.net",
     "Nintendo"),
    (r"[a-z0-9-]*\.np\.community\.playstation\.net|ps[345]\.update\.playstation\.net", "PlayStation"),
]
PATTERNS = [(re.compile(pattern, re.I), system) for pattern, system in NAMES]


def claim_of(name):
    """The claim that follows from a name that the host looks up, or None."""
    for pattern, system in PATTERNS:
        if pattern.fullmatch(name.rstrip(".")):
            return evidence.Claim(system, "", f"service {name.rstrip('.').lower()}", "medium")
    return None


def is_source(claim):
    return claim.source.startswith("service ")
