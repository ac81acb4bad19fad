/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/metrics_pages.h"
#include "app/service/host_query.h"

#include "values/address_prefix.h"
#include <string.h>

#define HOSTS_PATH "/hosts/"

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_NOT_FOUND = 404,
    HTTP_METHOD_NOT_ALLOWED = 405,
};

static unsigned fail(GString *text, unsigned status, const char *reason)
{
    g_string_append(text, reason);
    return status;
}

/* A client may request any address, so an unknown address costs only one lookup. */
static unsigned hosts_page(host_model_t *hosts, const char *address, GString *text, const char **type)
{
    address_prefix_t net;
    synfix_error_t error;
    if (strchr(address, '/') != NULL || address_prefix_parse(address, &net, &error) != SYNFIX_OK) {
        return fail(text, HTTP_BAD_REQUEST, "not an address; write the path as in /hosts/192.0.2.1\n");
    }
    g_autoptr(GString) json = g_string_new(NULL);
    if (host_query_json(hosts, &net.address, net.ip_version, json) == 0) {
        return fail(text, HTTP_NOT_FOUND, "unknown host\n");
    }
    g_string_append_len(text, json->str, (gssize)json->len);
    *type = "application/json";
    return HTTP_OK;
}

unsigned metrics_page(const metrics_pages_t *pages, const char *method, const char *url, GString *text,
                      const char **type)
{
    *type = "text/plain";
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        return fail(text, HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    if (strcmp(url, "/metrics") == 0) {
        pages->append(pages->user, text);
        *type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        return HTTP_OK;
    }
    if (pages->hosts != NULL && strncmp(url, HOSTS_PATH, strlen(HOSTS_PATH)) == 0) {
        return hosts_page(pages->hosts, url + strlen(HOSTS_PATH), text, type);
    }
    return fail(text, HTTP_NOT_FOUND,
                pages->hosts != NULL ? "only /metrics and /hosts/ADDRESS\n" : "only /metrics\n");
}
