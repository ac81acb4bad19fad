#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""sbom.py PROGRAM VERSION EPOCH OUTPUT ON_DEMAND: writes an SPDX 2.3 bill of materials. It describes the program and
each shared library that the program loads directly, at the start or on demand (the file ON_DEMAND lists the latter):
Debian package, version, supplier, source."""
import datetime
import hashlib
import json
import re
import subprocess
import sys
import urllib.parse


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(program, on_demand):
    """(name, path) of each library in the dynamic section or the list."""
    with open(on_demand, encoding="utf-8") as lines:
        later = set(lines.read().split())
    for line in run("/sbin/ldconfig", "-p").splitlines():
        match = re.match(r"\s*(\S+) .*=> (/\S+)", line)
        if match and match.group(1) in later:
            later.remove(match.group(1))
            yield match.groups()
    if later:
        sys.exit(f"sbom.py: {', '.join(sorted(later))}: not found by ldconfig; install the package of each")
    needed = set(re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", program)))
    for line in run("ldd", program).splitlines():
        match = re.match(r"\s*(\S+) => (/\S+)", line) or re.match(r"\s*(?=(/\S+))\S*/(\S+) \(", line)
        name, path = match.groups() if match else ("", "")
        if name.startswith("/"):
            name, path = path, name  # the line of the dynamic loader has no arrow
        if name in needed:
            yield name, path


def owner(path):
    """The Debian package of a library. dpkg may list the path without /usr."""
    for candidate in (path, path.replace("/usr/", "/", 1), "/usr" + path):
        found = subprocess.run(["dpkg-query", "-S", candidate], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    return None


def describe(package):
    fields = run("dpkg-query", "-W", "-f", "${Version}\t${Maintainer}\t${source:Package}\t${Homepage}\t${Architecture}",
                 package).splitlines()[0]
    return dict(zip(("version", "maintainer", "source", "homepage", "architecture"), fields.split("\t")))


def package_entry(package, names, epoch_text):
    about = describe(package)
    identifier = re.sub(r"[^A-Za-z0-9.-]", "-", package)
    return {
        "SPDXID": f"SPDXRef-{identifier}", "name": package, "versionInfo": about["version"],
        "supplier": f"Organization: {re.sub(r' <.*', '', about['maintainer'])}", "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "homepage": about["homepage"] or "NOASSERTION",
        "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
        "sourceInfo": f"built from the Debian source package {about['source']}",
        "annotations": [{"annotationType": "OTHER", "annotator": "Tool: sbom.py", "annotationDate": epoch_text,
                         "comment": "provides " + " ".join(sorted(names))}],
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:deb/debian/{package}@{urllib.parse.quote(about['version'], safe=':~')}?arch={about['architecture']}"}],
    }


def main(program, version, epoch, output, on_demand):
    when = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    owners = {}
    for name, path in libraries(program, on_demand):
        package = owner(path)
        if package is None:
            sys.exit(f"sbom.py: {path}: no Debian package has this library; install it from a package")
        owners.setdefault(package, set()).add(name)
    packages = [package_entry(package, names, when) for package, names in sorted(owners.items())]
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    own = {"SPDXID": "SPDXRef-synfix", "name": "synfix", "versionInfo": version, "downloadLocation": "NOASSERTION",
           "filesAnalyzed": False, "licenseConcluded": "MIT OR Apache-2.0", "licenseDeclared": "MIT OR Apache-2.0",
           "copyrightText": "Copyright 2026 The synfix authors", "primaryPackagePurpose": "APPLICATION",
           "checksums": [{"algorithm": "SHA256", "checksumValue": digest}]}
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                  "relatedSpdxElement": "SPDXRef-synfix"}]
    relations += [{"spdxElementId": "SPDXRef-synfix", "relationshipType": "DEPENDS_ON",
                   "relatedSpdxElement": package["SPDXID"]} for package in packages]
    document = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
                "name": f"synfix-{version}", "documentNamespace": f"https://spdx.org/spdxdocs/synfix-{version}-{digest}",
                "creationInfo": {"created": when, "creators": ["Tool: sbom.py"]},
                "packages": [own] + packages, "relationships": relations}
    with open(output, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


main(*sys.argv[1:])
