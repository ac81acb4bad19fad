#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""words.py SOURCE: identifiers, comments and messages use the terms of CONTRIBUTING.md. Prints each line of a C source
(src, exporter, include) or of a script with a word that has a better term, each message with "it" in place of a noun,
each type name that two files define, each type NAME_t whose tag is not NAME, and each plural that is not
plural() of base/message_text.h. C files of tests, plug-ins and examples are read for words only. Scripts are executable text files,
build files, configuration files, and files in Python, shell, CMake, Zeek, SQL, Lua, JavaScript, Go, Ruby, Rust and
YAML."""
import os
import re
import sys

FILES_MIN, TYPES_MIN, SCRIPTS_MIN = 800, 400, 300  # fewer: the sources were not found
TYPE = re.compile(r"\} (\w+_t);")
TAGGED = re.compile(
    r"^typedef (?:struct|union|enum)(?: __attribute__\S+)? (\w+) \{\n(?:(?!typedef).*\n)*?\} (\w+)_t;", re.M)
TERMS = {
    r"(?:/\*+|//) ?(?:How much|Nobody|What|Whatever|Who|Whoever)": "the noun",
    "anew": "again",
    "asked for": "requested",
    "at hand": "present, current",
    r"(?:a|at|its|the) begin": "start",
    "crew": "worker pool",
    "folder": "directory",
    "for ever": "permanently, without limit",
    "forbidden": "refused, not permitted",
    "given up": "evicted, lost",
    "go(?:es|ing)? on|went on": "continue",
    "home": "pool, free list",
    "keeper": "signal thread",
    "means? harm": "is hostile",
    "noped": "replaced by NOPs",
    "passed over": "skipped",
    "push(?:es|ed)? out": "evict, displace",
    "put together": "assembled, combined",
    "so much of": "at most, N bytes of",
    "switch(?:es|ed)? off": "disable",
    "the way of": "how",
    "told": "reported, logged",
    "works": "contexts",
}
# Further expressions in scripts. A comment and a docstring begin with the noun, not with a question word.
SCRIPT_TERMS = TERMS | {
    r'(?:"""|##? |//+ |-- )(?:How much|What|Who|Whoever)': "the noun",
    "beside": "with, in addition to, in the same directory",
    "books?": "counters",
    "comes? and goes?|came and went": "starts and stops",
    "ever other": "new, changing",
    "for want of": "because ... is missing",
    "go(?:es)? away|went away": "ends, closes, is removed",
    "made up": "synthetic",
    "mean harm": "hostile",
    "neighbours? of the machine": "other processes",
    "nobody (?:reads|writes|uses|listens|answers|knows)": "no process, no client",
    "not tried": "not tested",
    "nothing but": "only",
    "now and then": "at intervals",
    "of (?:its|our|their) own accord|on our own|of our own": "separate, independent",
    "said|saying|says?": "state, report, log",
    "so and so|so many": "N, this number of",
    "spoilt": "changed, damaged",
    "tells?": "report, show",
    "that is no|who|whoever|whom": "the noun",
    "(?:is|are|was|were|be) given": "receive, deliver, set",
    "what (?:it|they|he|we|comes|came)": "the noun",
}
# Expressions in string literals of C sources. A message states what to do with a noun.
MESSAGE_TERMS = {
    "(?:came|comes?) back": "was received, is reachable again",
    r"(?:can|don|isn|won)'t": "cannot, do not, is not, will not",
    r"(?:build|convert|copy|decompress|name|omit|permit|quote|remove|set|stop|write) (?:it|them)": "the noun",
    r"write one (?:such|that)": "the noun",
    "has it|held back|is gone|went away|the reader does not read": "the noun, suppressed, is missing, pauses",
}
SOURCE_TOPS = ("src", "exporter", "include")
WORD_TOPS = ("examples", "plugins", "tests")
SCRIPT_TOPS = (".ci", "cmake", "conf", "examples", "exporter", "include", "ipfix-templates", "packages", "plugins",
               "python", "sigdb", "src", "tests")
SCRIPT = re.compile(r"\.(?:bash|cmake|conf|go|in|js|lua|py|rb|rs|service|sh|sql|toml|ya?ml|zeek)$"
                    r"|^(?:CMakeLists\.txt|Containerfile|Dockerfile|quickstart)$")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LITERALS = re.compile(rf"{LITERAL.pattern}(?:\s*{LITERAL.pattern})*")
PLURAL = re.compile(r'"" : "s"|"s" : ""')
COMMENT = re.compile(r"/\*.*?\*/", re.S)
STANDARD = re.compile(r"\$HOME\b|\bHOME=|--path\.home\b|home[ _]address", re.I)  # names of other programs and standards


def pattern(terms):
    """One expression. The number of the group that matches is the number of the term."""
    words = "|".join(f"({term})" for term in terms)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", re.I), list(terms.values())


def sources(root, tops):
    for directory in tops:
        for path, _, names in os.walk(os.path.join(root, directory)):
            yield from (os.path.join(path, name) for name in sorted(names) if name.endswith((".c", ".cc", ".h")))


def is_script(path):
    if SCRIPT.search(os.path.basename(path)):
        return True
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def scripts(root):
    yield from (os.path.join(root, name) for name in sorted(os.listdir(root)) if SCRIPT.search(name))
    for top in SCRIPT_TOPS:
        for directory, _, names in os.walk(os.path.join(root, top)):
            paths = (os.path.join(directory, name) for name in sorted(names) if not name.endswith((".c", ".h")))
            yield from (path for path in paths if is_script(path) and not os.path.samefile(path, __file__))


def read(root, path):
    with open(path, encoding="utf-8") as file:
        return os.path.relpath(path, root), file.read()


def words_of(name, text, terms):
    """A finding for each word in the text that has a better term."""
    expression, better = terms
    for number, line in enumerate(text.splitlines(), 1):
        for match in expression.finditer(STANDARD.sub("", line)):
            yield f"{name}:{number}: '{match[0]}'; write {better[match.lastindex - 1]}"


def plurals_of(name, text):
    """A finding for each plural that does not use plural()."""
    for match in PLURAL.finditer(text if not name.endswith("message_text.h") else ""):
        yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: '{match[0]}'; write plural()"


def messages_of(name, text, terms):
    """A finding for each message with a better wording. Adjacent literals are one message."""
    expression, better = terms
    plain = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    for literals in LITERALS.finditer(plain):
        message = "".join(part[1] for part in LITERAL.finditer(literals[0]))
        for match in expression.finditer(message):
            number = plain.count("\n", 0, literals.start()) + 1
            yield f"{name}:{number}: '{match[0]}'; write {better[match.lastindex - 1]}"


def types_of(name, text, types):
    """A finding for each type with another tag, or with a second definition. Adds the types to TYPES (name: file)."""
    for tag, type_name in TAGGED.findall(text):
        if tag != type_name:
            yield f"{name}: the tag of {type_name}_t is {tag}; write {type_name}"
    for number, line in enumerate(text.splitlines(), 1):
        match = TYPE.match(line)
        if match and types.setdefault(match[1], name) != name:
            yield f"{name}:{number}: {match[1]} is a type of {types[match[1]]} too"


def main():
    root, types = sys.argv[1], {}
    in_sources, in_scripts, in_messages = pattern(TERMS), pattern(SCRIPT_TERMS), pattern(MESSAGE_TERMS)
    texts = [read(root, path) for path in sources(root, SOURCE_TOPS)]
    word_texts = texts + [read(root, path) for path in sources(root, WORD_TOPS)]
    script_texts = [read(root, path) for path in scripts(root)]
    found = [finding for text in texts for finding in types_of(*text, types)]
    found += [finding for text in word_texts for finding in words_of(*text, in_sources)]
    found += [finding for text in texts for finding in plurals_of(*text)]
    found += [finding for text in texts for finding in messages_of(*text, in_messages)]
    found += [finding for text in script_texts for finding in words_of(*text, in_scripts)]
    for finding in found:
        print(finding)
    print(f"{len(texts)} C files, {len(types)} types, {len(script_texts)} scripts, {len(found)} findings")
    missing = len(texts) < FILES_MIN or len(types) < TYPES_MIN or len(script_texts) < SCRIPTS_MIN
    return 1 if found or missing else 0


sys.exit(main())
