/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The system calls have the same numbers on all processors. The headers of the build may be older than the
 * kernel, so names and layouts stand here (linux/landlock.h of Linux 6.12). */
#define CALL_CREATE   444
#define CALL_ADD_RULE 445
#define CALL_RESTRICT 446

enum {
    ASK_VERSION = 1,
    RULE_PATH = 1,
    RULE_PORT = 2,
    VERSION_REFER = 2,
    VERSION_TRUNCATE = 3,
    VERSION_NET = 4,
};

#define FS_WRITE_FILE  (UINT64_C(1) << 1)
#define FS_READ_FILE   (UINT64_C(1) << 2)
#define FS_READ_DIR    (UINT64_C(1) << 3)
#define FS_REMOVE_DIR  (UINT64_C(1) << 4)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_CHAR   (UINT64_C(1) << 6)
#define FS_MAKE_DIR    (UINT64_C(1) << 7)
#define FS_MAKE_FILE   (UINT64_C(1) << 8)
#define FS_MAKE_SOCKET (UINT64_C(1) << 9)
#define FS_MAKE_FIFO   (UINT64_C(1) << 10)
#define FS_MAKE_BLOCK  (UINT64_C(1) << 11)
#define FS_MAKE_LINK   (UINT64_C(1) << 12)
#define FS_REFER       (UINT64_C(1) << 13)
#define FS_TRUNCATE    (UINT64_C(1) << 14)
#define NET_BIND       (UINT64_C(1) << 0)
#define NET_CONNECT    (UINT64_C(1) << 1)

#define READS (FS_READ_FILE | FS_READ_DIR)
#define WRITES                                                                                               \
    (FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_FILE | FS_MAKE_SOCKET |          \
     FS_MAKE_FIFO | FS_REFER | FS_TRUNCATE)
/* No rule allows these. */
#define NEVER (FS_MAKE_CHAR | FS_MAKE_BLOCK | FS_MAKE_LINK)

typedef struct ruleset_attributes {
    uint64_t fs;
    uint64_t net;
} ruleset_attributes_t;

typedef struct __attribute__((packed)) path_attributes {
    uint64_t allowed;
    int32_t directory;
} path_attributes_t;

typedef struct port_attributes {
    uint64_t allowed;
    uint64_t port;
} port_attributes_t;

typedef struct directory_rule {
    char *path; /* absolute, without links */
    landlock_use_t use;
} directory_rule_t;

struct landlock_rules {
    GArray *directories; /* directory_rule_t */
    GArray *ports;       /* uint16_t */
    bool all_ports;
};

static void clear_rule(void *rule)
{
    g_free(((directory_rule_t *)rule)->path);
}

landlock_rules_t *landlock_rules_new(void)
{
    landlock_rules_t *rules = g_new0(landlock_rules_t, 1);
    rules->directories = g_array_new(FALSE, FALSE, sizeof(directory_rule_t));
    rules->ports = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    g_array_set_clear_func(rules->directories, clear_rule);
    return rules;
}

void landlock_rules_free(landlock_rules_t *rules)
{
    if (rules != NULL) {
        g_array_free(rules->directories, TRUE);
        g_array_free(rules->ports, TRUE);
        g_free(rules);
    }
}

/* The directory without links; the nearest one above it that exists. */
static char *existing_directory(const char *path)
{
    g_autofree char *at = g_canonicalize_filename(path, NULL);
    char *resolved = realpath(at, NULL);
    while (resolved == NULL && at[1] != '\0') {
        char *above = g_path_get_dirname(at);
        g_free(at);
        at = above;
        resolved = realpath(at, NULL);
    }
    char *copy = g_strdup(resolved != NULL ? resolved : "/");
    free(resolved);
    return copy;
}

/* Whether @p path is @p directory or below it. */
static bool is_below(const char *directory, const char *path)
{
    const size_t length = strlen(directory);
    return strcmp(directory, "/") == 0 ||
           (strncmp(directory, path, length) == 0 && (path[length] == '\0' || path[length] == '/'));
}

static bool covers_directory(const landlock_rules_t *rules, const directory_rule_t *wanted)
{
    for (guint i = 0; i < rules->directories->len; i++) {
        const directory_rule_t *rule = &g_array_index(rules->directories, directory_rule_t, i);
        if (rule->use >= wanted->use && is_below(rule->path, wanted->path)) {
            return true;
        }
    }
    return false;
}

void landlock_allow_directory(landlock_rules_t *rules, const char *path, landlock_use_t use)
{
    directory_rule_t rule = {.path = existing_directory(path), .use = use};
    if (covers_directory(rules, &rule)) {
        g_free(rule.path);
    } else {
        g_array_append_val(rules->directories, rule);
    }
}

void landlock_allow_file(landlock_rules_t *rules, const char *path, landlock_use_t use)
{
    g_autofree char *directory = g_path_get_dirname(path);
    landlock_allow_directory(rules, directory, use);
    char *target = realpath(path, NULL);
    if (target != NULL) {
        g_autofree char *of_target = g_path_get_dirname(target);
        landlock_allow_directory(rules, of_target, use);
        free(target);
    }
}

static bool covers_port(const landlock_rules_t *rules, uint16_t port)
{
    bool found = rules->all_ports;
    for (guint i = 0; !found && i < rules->ports->len; i++) {
        found = g_array_index(rules->ports, uint16_t, i) == port;
    }
    return found;
}

void landlock_allow_port(landlock_rules_t *rules, uint16_t port)
{
    if (!covers_port(rules, port)) {
        g_array_append_val(rules->ports, port);
    }
}

void landlock_allow_ports(landlock_rules_t *rules)
{
    rules->all_ports = true;
}

bool landlock_missing(const landlock_rules_t *allowed, const landlock_rules_t *wanted, char *text,
                      size_t size)
{
    for (guint i = 0; i < wanted->directories->len; i++) {
        const directory_rule_t *rule = &g_array_index(wanted->directories, directory_rule_t, i);
        if (!covers_directory(allowed, rule)) {
            (void)g_snprintf(text, size, "%s (to %s)", rule->path,
                             rule->use == LANDLOCK_WRITE ? "write" : "read");
            return true;
        }
    }
    for (guint i = 0; i < wanted->ports->len; i++) {
        const uint16_t port = g_array_index(wanted->ports, uint16_t, i);
        if (!covers_port(allowed, port)) {
            (void)g_snprintf(text, size, "TCP port %u", port);
            return true;
        }
    }
    if (wanted->all_ports && !allowed->all_ports) {
        (void)g_snprintf(text, size, "any TCP port");
        return true;
    }
    return false;
}

/* The restrictions that the rules need and this kernel supports. */
static ruleset_attributes_t attributes_of(const landlock_rules_t *rules, long version)
{
    return (ruleset_attributes_t){
        .fs = (READS | WRITES | NEVER) & ~(version < VERSION_REFER ? FS_REFER : 0) &
              ~(version < VERSION_TRUNCATE ? FS_TRUNCATE : 0),
        .net = version < VERSION_NET || rules->all_ports ? 0 : NET_BIND | NET_CONNECT,
    };
}

/* Older kernels know a shorter structure. */
static size_t attributes_size(long version)
{
    return version < VERSION_NET ? offsetof(ruleset_attributes_t, net) : sizeof(ruleset_attributes_t);
}

static bool add_directory(int set, const directory_rule_t *rule, uint64_t handled)
{
    path_attributes_t attributes = {
        .allowed = handled & (rule->use == LANDLOCK_WRITE ? READS | WRITES : READS),
        .directory = open(rule->path, O_PATH | O_CLOEXEC | O_DIRECTORY),
    };
    if (attributes.directory < 0) {
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES; /* no file to permit */
    }
    const bool added = syscall(CALL_ADD_RULE, set, RULE_PATH, &attributes, 0) == 0;
    const int reason = errno;
    (void)close(attributes.directory);
    errno = reason;
    return added;
}

static bool add_rules(int set, const landlock_rules_t *rules, const ruleset_attributes_t *handled)
{
    bool added = true;
    for (guint i = 0; added && i < rules->directories->len; i++) {
        added = add_directory(set, &g_array_index(rules->directories, directory_rule_t, i), handled->fs);
    }
    for (guint i = 0; added && handled->net != 0 && i < rules->ports->len; i++) {
        const port_attributes_t attributes = {.allowed = handled->net,
                                              .port = g_array_index(rules->ports, uint16_t, i)};
        added = syscall(CALL_ADD_RULE, set, RULE_PORT, &attributes, 0) == 0;
    }
    return added;
}

synfix_status_t landlock_apply(const landlock_rules_t *rules, synfix_error_t *error)
{
    const long version = syscall(CALL_CREATE, NULL, 0, ASK_VERSION);
    if (version < 1) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "landlock: %s", strerror(errno));
    }
    const ruleset_attributes_t handled = attributes_of(rules, version);
    const int set = (int)syscall(CALL_CREATE, &handled, attributes_size(version), 0);
    if (set < 0) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "landlock: %s", strerror(errno));
    }
    const bool applied = add_rules(set, rules, &handled) && syscall(CALL_RESTRICT, set, 0) == 0;
    const int reason = errno;
    (void)close(set);
    return applied ? SYNFIX_OK : synfix_fail(error, SYNFIX_UNSUPPORTED, "landlock: %s", strerror(reason));
}
