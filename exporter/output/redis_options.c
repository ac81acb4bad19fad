/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Target, mode and credentials of a Redis output. */
#include "exporter/output/redis_internal.h"
#include "files/directory_entry.h"
#include "values/endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const redis_mode_t modes[] = {
    {{"list", "lpush"}, "LPUSH"},
    {{"rpush", "rpush"}, "RPUSH"},
    {{"channel", "publish"}, "PUBLISH"},
    {{"stream", "xadd"}, "XADD"},
};

synfix_status_t redis_no_memory(synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_NO_MEMORY, "redis: out of memory");
}

static synfix_status_t read_target(redis_t *redis, synfix_error_t *error)
{
    static const endpoint_rule_t rule = {.form = "HOST:PORT (an IPv6 address in []) or the path of a socket",
                                         .default_port = REDIS_PORT_DEFAULT};
    endpoint_t endpoint;
    if (redis->target[0] == '/' || redis->target[0] == '.') {
        return SYNFIX_OK;
    }
    const synfix_status_t status = endpoint_parse(redis->target, &rule, &endpoint, error);
    if (status < 0) {
        return status;
    }
    redis->port = endpoint.number;
    redis->host = strdup(endpoint.host);
    return redis->host != NULL ? SYNFIX_OK : redis_no_memory(error);
}

static const redis_mode_t *mode_of(const char *name)
{
    for (size_t i = 1; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(name, modes[i].names[0]) == 0 || strcmp(name, modes[i].names[1]) == 0) {
            return &modes[i];
        }
    }
    return &modes[0];
}

static synfix_status_t read_password(redis_t *redis, const char *path, synfix_error_t *error)
{
    char line[512] = "";
    const int descriptor = file_open_regular(path); /* a named pipe would block */
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;
    if (file == NULL) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: password-file %s: %s", redis->target, path,
                           file_reason(errno));
    }
    const bool read = fgets(line, sizeof line, file) != NULL;
    (void)fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (!read || line[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID, "%s: password-file %s: no password in its first line",
                           redis->target, path);
    }
    redis->password = strdup(line);
    explicit_bzero(line, sizeof line);
    return redis->password != NULL ? SYNFIX_OK : redis_no_memory(error);
}

void redis_free_secret(char *secret)
{
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
    }
    free(secret);
}

static synfix_status_t check_username(const redis_t *redis, const synfix_options_t *options,
                                      synfix_error_t *error)
{
    return synfix_options_string(options, "username") == NULL ||
                   synfix_options_string(options, "password-file") != NULL
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "%s: username without a password; add password-file=FILE",
                             redis->target);
}

synfix_status_t redis_read_options(redis_t *redis, const synfix_options_t *options, synfix_error_t *error)
{
    const char *username = synfix_options_string(options, "username");
    const char *password = synfix_options_string(options, "password-file");
    const int64_t length = synfix_options_integer(options, "stream-length");
    redis->timeout_ms = synfix_options_duration_ms(options, "timeout");
    redis->key = strdup(synfix_options_string(options, "key"));
    redis->username = username != NULL ? strdup(username) : NULL;
    if (redis->key == NULL || (username != NULL && redis->username == NULL)) {
        return redis_no_memory(error);
    }
    if (length > 0) {
        (void)snprintf(redis->stream_length, sizeof redis->stream_length, "%lld", (long long)length);
    }
    redis->mode = mode_of(synfix_options_string(options, "mode"));
    synfix_status_t status = check_username(redis, options, error);
    if (status == SYNFIX_OK) {
        status = read_target(redis, error);
    }
    return status == SYNFIX_OK && password != NULL ? read_password(redis, password, error) : status;
}

void redis_check(const char *target, const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    const char *password = synfix_options_string(options, "password-file");
    redis_t redis = {.target = (char *)(uintptr_t)target}; /* only read */
    (void)synfix_mistakes_add(mistakes, NULL, read_target(&redis, &error), &error);
    (void)synfix_mistakes_add(mistakes, "username", check_username(&redis, options, &error), &error);
    if (password != NULL) {
        (void)synfix_mistakes_add(mistakes, "password-file", read_password(&redis, password, &error), &error);
    }
    free(redis.host);
    redis_free_secret(redis.password);
}
