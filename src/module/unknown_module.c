/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/unknown_module.h"
#include "base/ascii.h"
#include "values/suggestion.h"
#include <stdbool.h>
#include <string.h>

#define NAMES_MAX 64u

/* Endings of file names, and the sinks that write such files. */
static const struct {
    const char *ending;
    const char *sink;
} file_kinds[] = {
    {".json", "json"}, {".jsonl", "json"}, {".ndjson", "json"},  {".csv", "csv"},          {".ipfix", "file"},
    {".txt", "text"},  {".log", "zeek"},   {".db", "inventory"}, {".sqlite", "inventory"},
};

static bool has_ending(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length > size && ascii_begin_equal(text + length - size, ending, size);
}

/* The sink that fits the name of a file; NULL: the ending is unknown. */
static const char *sink_of_file(const char *path)
{
    const size_t length = strcspn(path, "?");
    for (size_t i = 0; i < sizeof file_kinds / sizeof file_kinds[0]; i++) {
        if (has_ending(path, length, file_kinds[i].ending)) {
            return file_kinds[i].sink;
        }
    }
    return NULL;
}

static const char *closest_module(const registry_t *registry, synfix_module_kind_t kind, const char *name)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    const synfix_module_t *module = NULL;
    for (size_t i = 0; count < NAMES_MAX && (module = registry_at(registry, i, NULL)) != NULL; i++) {
        if (module->kind == kind) {
            names[count++] = module->name;
        }
    }
    return suggestion_closest(name, names, count);
}

static synfix_status_t unknown_file(const char *text, const char *sink, synfix_error_t *error)
{
    if (sink != NULL && strcmp(sink, "file") != 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%.200s: no such sink; write %s:%.200s, or file:NAME.ipfix for IPFIX", text, sink,
                           text);
    }
    if (sink != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such sink; write file:%.200s", text, text);
    }
    return synfix_fail(
        error, SYNFIX_INVALID,
        "%.200s: no such sink; a file needs its format: write json:%.200s or file:%.200s (IPFIX)", text, text,
        text);
}

/* `tcp` instead of `tcp://HOST:PORT`. */
static synfix_status_t without_target(const char *name, synfix_error_t *error)
{
    static const struct {
        const char *name;
        const char *rest;
    } forms[] = {
        {"tcp", "://HOST:PORT"},   {"udp", "://HOST:PORT"},
        {"tls", "://HOST:PORT"},   {"dtls", "://HOST:PORT"},
        {"kafka", "://HOST:PORT"}, {"syslog", ": (the daemon of this host) or syslog://HOST:PORT"},
        {"inventory", ":FILE"},    {"file", ":NAME.ipfix, or file:- for standard output"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(name, forms[i].name) == 0) {
            return synfix_fail(error, SYNFIX_INVALID, "%s: a target is missing; write %s%s", name, name,
                               forms[i].rest);
        }
    }
    return synfix_fail(error, SYNFIX_INVALID,
                       "%s: a target is missing; write %s:- (standard output) or %s:FILE", name, name, name);
}

/* Names of formats and systems that are targets in other programs. */
static const struct {
    const char *name;
    const char *instead;
} other_names[] = {
    {"redis", "eve:HOST:PORT?type=redis"},
    {"rediss", "eve:HOST:PORT?type=redis"},
    {"ipfix", "file:NAME.ipfix, or tcp://HOST:PORT"},
    {"netflow", "udp://HOST:PORT"},
    {"collector", "tcp://HOST:PORT"},
    {"sqlite", "inventory:FILE"},
    {"sqlite3", "inventory:FILE"},
    {"elastic", "ecs:FILE"},
    {"elasticsearch", "ecs:FILE"},
    {"suricata", "eve:FILE"},
    {"jsonl", "json:FILE"},
    {"ndjson", "json:FILE"},
    {"log", "zeek:FILE or p0f:FILE"},
    {"stdout", "text:-"},
    {"txt", "text:FILE"},
    {"unix", "eve:PATH?type=unix_stream"},
};

static const char *instead_of(const char *name)
{
    for (size_t i = 0; i < sizeof other_names / sizeof other_names[0]; i++) {
        if (ascii_equal(other_names[i].name, name)) {
            return other_names[i].instead;
        }
    }
    return NULL;
}

static synfix_status_t unknown_sink(const registry_t *registry, const char *text, const char *name,
                                    synfix_error_t *error)
{
    if (text[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "the value of --to is empty; write SCHEME:TARGET, for example json:-");
    }
    const char *const colon = strchr(text, ':');
    const char *const rest = colon != NULL ? colon : "";
    if (colon == NULL && registry_find(registry, SYNFIX_MODULE_SINK, name) != NULL) {
        return without_target(name, error);
    }
    const char *const file_sink = colon == NULL ? sink_of_file(text) : NULL;
    if (colon == NULL && (file_sink != NULL || strpbrk(text, "/.") != NULL)) {
        return unknown_file(text, file_sink, error);
    }
    const char *const instead = instead_of(name);
    if (instead != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such sink; write %s", text, instead);
    }
    const char *const closest = closest_module(registry, SYNFIX_MODULE_SINK, name);
    if (closest != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such sink; did you mean '%s%.200s'?", text,
                           closest, rest);
    }
    return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such sink; 'synfix modules' lists them", text);
}

/* Whether @p text begins with the name of a sink and a colon. */
static bool begins_sink(const registry_t *registry, const char *text)
{
    char name[32];
    const size_t length = strcspn(text, ":?,; /");
    if (length == 0 || length >= sizeof name || text[length] != ':') {
        return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    return registry_find(registry, SYNFIX_MODULE_SINK, name) != NULL;
}

synfix_status_t module_one_sink(const registry_t *registry, const char *text, synfix_error_t *error)
{
    const char *const end = text + strcspn(text, "?");
    for (const char *at = text + strcspn(text, ",;"); at < end; at += strcspn(at, ",;")) {
        at += strspn(at, ",; ");
        if (begins_sink(registry, at)) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "%.200s: several sinks in one value; repeat --to, or separate the sinks by "
                               "semicolons in a configuration file",
                               text);
        }
    }
    return SYNFIX_OK;
}

synfix_status_t module_unknown(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                               synfix_error_t *error)
{
    char name[64];
    const size_t length = strcspn(text, kind == SYNFIX_MODULE_ENRICHER ? "?" : ":?");
    const size_t kept = length < sizeof name ? length : sizeof name - 1;
    memcpy(name, text, kept);
    name[kept] = '\0';
    if (kind == SYNFIX_MODULE_SINK) {
        return unknown_sink(registry, text, name, error);
    }
    const char *const what = kind == SYNFIX_MODULE_SOURCE ? "source" : "enricher";
    const char *const closest = closest_module(registry, kind, name);
    if (closest != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such %s; did you mean '%s'?", text, what,
                           closest);
    }
    return synfix_fail(error, SYNFIX_INVALID, "%.200s: no such %s; 'synfix modules' lists them", text, what);
}
