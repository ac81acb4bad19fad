/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/allowed_targets.h"
#include "base/data_path.h"
#include "values/endpoint.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

#define PORT_DNS 53u
#define PORT_ANY 0u /* a connection from an own address (source=) binds to a port that the kernel chooses */

/* Libraries, name services, certificates, time zones, interfaces; no directories of users, no spool of other
 * programs. */
static const char *const system_directories[] = {
    "/usr",  "/lib", "/lib32", "/lib64", "/libx32",      "/bin", "/sbin", "/etc",
    "/proc", "/sys", "/dev",   "/run",   "/var/lib/sss", "/opt", "/nix",  "/gnu",
};

/* Variables of libraries that name files and directories. */
static const char *const variables[] = {"LD_LIBRARY_PATH", "OPENSSL_CONF", "OPENSSL_MODULES",
                                        "SSL_CERT_FILE",   "SSL_CERT_DIR", "TZDIR"};

static const endpoint_rule_t port_required = {.form = "ADDRESS:PORT", .any_host = true};

static void allow_environment(landlock_rules_t *rules)
{
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        g_auto(GStrv) paths =
            g_strsplit(g_getenv(variables[i]) != NULL ? g_getenv(variables[i]) : "", ":", -1);
        for (char **path = paths; *path != NULL; path++) {
            if (g_path_is_absolute(*path)) {
                landlock_allow_file(rules, *path, LANDLOCK_READ);
                landlock_allow_directory(rules, *path, LANDLOCK_READ);
            }
        }
    }
}

static void allow_program(landlock_rules_t *rules)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    char templates[PATH_MAX];
    char database[PATH_MAX];
    (void)data_path_find("ipfix-templates", templates, sizeof templates);
    (void)data_path_find("sigdb/synfix.fp", database, sizeof database);
    if (program != NULL) {
        landlock_allow_file(rules, program, LANDLOCK_READ);
    }
    landlock_allow_directory(rules, templates, LANDLOCK_READ);
    landlock_allow_file(rules, database, LANDLOCK_READ);
}

void allow_system(landlock_rules_t *rules)
{
    for (size_t i = 0; i < G_N_ELEMENTS(system_directories); i++) {
        if (g_file_test(system_directories[i], G_FILE_TEST_IS_DIR)) {
            landlock_allow_directory(rules, system_directories[i], LANDLOCK_READ);
        }
    }
    landlock_allow_port(rules, PORT_DNS);
    landlock_allow_port(rules, PORT_ANY);
    allow_environment(rules);
    allow_program(rules);
}

/* Each directory of a date pattern is below the part before the first conversion. */
void allow_target(landlock_rules_t *rules, const char *target)
{
    g_autofree char *fixed = g_strdup(target);
    char *const conversion = strchr(fixed, '%');
    if (conversion != NULL) {
        *conversion = '\0';
        g_autofree char *whole = g_strconcat(fixed, "x", NULL); /* `a/%Y`: the directory is `a` */
        landlock_allow_file(rules, whole, LANDLOCK_WRITE);
    } else if (strcmp(target, "-") != 0) {
        landlock_allow_file(rules, target, LANDLOCK_WRITE);
    }
}

/* Only the module knows the port of a target without one: every port is allowed. */
void allow_ports_of(landlock_rules_t *rules, const char *target)
{
    g_auto(GStrv) endpoints = g_strsplit(target, ",", -1);
    for (char **text = endpoints; target[0] != '/' && target[0] != '.' && *text != NULL; text++) {
        endpoint_t endpoint;
        if (endpoint_parse(*text, &port_required, &endpoint, NULL) == SYNFIX_OK) {
            landlock_allow_port(rules, endpoint.number);
        } else {
            landlock_allow_ports(rules);
        }
    }
}

/* An option that names a file that exists, as certificates, profiles and databases do. */
void allow_named_file(landlock_rules_t *rules, const char *value)
{
    if (value != NULL && g_file_test(value, G_FILE_TEST_EXISTS)) {
        landlock_allow_file(rules, value, LANDLOCK_READ);
        landlock_allow_directory(rules, value, LANDLOCK_READ);
    }
}
