/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/listen_address.h"
#include "exporter/collector/listen_overlap.h"
#include "values/bind_problem.h"
#include "values/endpoint.h"
#include <errno.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

static const endpoint_rule_t endpoint_rule = {.form = "HOST:PORT (an IPv6 address in [])",
                                              .default_port = 4739, /* IANA: ipfix */
                                              .any_port = true};

static GSocketAddress *resolve(const endpoint_t *endpoint, GError **problem)
{
    GIO_AUTO GSocketConnectable *where = g_network_address_new(endpoint->host, endpoint->number);
    GIO_AUTO GSocketAddressEnumerator *addresses = g_socket_connectable_enumerate(where);
    return g_socket_address_enumerator_next(addresses, NULL, problem);
}

void listen_enlarge_buffer(GSocket *socket)
{
    /* The first needs CAP_NET_ADMIN and passes net.core.rmem_max. */
    if (!g_socket_set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, COLLECT_RECEIVE_BYTES, NULL)) {
        g_socket_set_option(socket, SOL_SOCKET, SO_RCVBUF, COLLECT_RECEIVE_BYTES, NULL);
    }
}

uint32_t listen_count_drops(GSocket *socket)
{
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof memory;
    return getsockopt(g_socket_get_fd(socket), SOL_SOCKET, SO_MEMINFO, memory, &size) == 0
               ? memory[SK_MEMINFO_DROPS]
               : 0;
}

/* Connections that the kernel completes before they are accepted. Past it, the kernel discards the SYN of an
 * exporter, which tries again after 1, 2, 4 ... seconds; the default of GLib is 10. */
#define BACKLOG 1024

static GSocket *bind_socket(GSocketAddress *address, bool stream, bool reuse, GError **problem)
{
    GIO_AUTO GSocket *socket = g_socket_new(g_socket_address_get_family(address),
                                            stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                                            G_SOCKET_PROTOCOL_DEFAULT, problem);
    if (socket == NULL) {
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    if (!stream) {
        listen_enlarge_buffer(socket);
    }
    g_socket_set_listen_backlog(socket, BACKLOG);
    if (!g_socket_bind(socket, address, reuse, problem) || (stream && !g_socket_listen(socket, problem))) {
        return NULL;
    }
    return g_steal_pointer(&socket);
}

/* `ca=FILE&cert=FILE&key=FILE&anonymous=yes`, as a tls sink has them. */
static synfix_status_t read_tls(const char *query, bool datagrams, tls_context_t **tls, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GHashTable) keys = g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, &problem);
    if (keys == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%s", problem->message);
    }
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, keys);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        static const char *const known[] = {"ca", "cert", "key", "ciphers", "anonymous", NULL};
        if (!g_strv_contains(known, name)) {
            return synfix_fail(error, SYNFIX_INVALID, "unknown key '%s' (ca, cert, key, ciphers, anonymous)",
                               (const char *)name);
        }
    }
    const tls_files_t files = {.ca = g_hash_table_lookup(keys, "ca"),
                               .cert = g_hash_table_lookup(keys, "cert"),
                               .key = g_hash_table_lookup(keys, "key"),
                               .ciphers = g_hash_table_lookup(keys, "ciphers"),
                               .anonymous = g_strcmp0(g_hash_table_lookup(keys, "anonymous"), "yes") == 0};
    if (files.cert == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "no certificate; write ?cert=FILE&key=FILE");
    }
    return tls_context_new_server(&files, datagrams, tls, error);
}

static bool is_own(const GPtrArray *own, GSocketAddress *address, bool stream)
{
    bool found = false;
    for (guint i = 0; i < own->len && !found; i++) {
        found = listen_overlaps(own->pdata[i], address, stream);
    }
    return found;
}

static synfix_status_t open_socket(const char *scheme, const endpoint_t *endpoint, const GPtrArray *own,
                                   GSocket **made, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_gio(error);
    if (loaded < 0) {
        return loaded;
    }
    g_autoptr(GError) problem = NULL;
    GIO_AUTO GSocketAddress *address = resolve(endpoint, &problem);
    if (address != NULL && is_own(own, address, scheme[0] == 't')) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "another --listen has this address and port; name each once");
    }
    /* DTLS binds a second socket there for each exporter. */
    const bool reuse = strcmp(scheme, "udp") != 0;
    *made = address != NULL ? bind_socket(address, scheme[0] == 't', reuse, &problem) : NULL;
    if (*made != NULL) {
        return SYNFIX_OK;
    }
    if (g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
        return synfix_fail(error, SYNFIX_PERMISSION, "%s", bind_problem(EACCES));
    }
    return synfix_fail(error, SYNFIX_IO, "%s", problem != NULL ? problem->message : "no address");
}

synfix_status_t listen_address_open(const char *where, const GPtrArray *own, char **scheme, GSocket **made,
                                    tls_context_t **tls, synfix_error_t *error)
{
    static const char *const schemes[] = {"udp", "tcp", "tls", "dtls", NULL};
    *scheme = g_strndup(where, strcspn(where, ":"));
    const bool has_scheme = **scheme != '\0' && g_str_has_prefix(where + strlen(*scheme), "://");
    if (has_scheme && !g_strv_contains(schemes, (const char *)*scheme)) {
        return synfix_fail(error, SYNFIX_INVALID, "'%s' is not a scheme; write udp, tcp, tls or dtls",
                           *scheme);
    }
    if (!has_scheme) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "a scheme is missing; write udp://HOST:PORT, tcp://, tls:// or dtls://");
    }
    const char *const target = where + strlen(*scheme) + strlen("://");
    const size_t length = strcspn(target, "?");
    g_autofree char *endpoint_text = g_strndup(target, length);
    const char *const query = target[length] == '?' ? target + length + 1 : "";
    endpoint_t endpoint;
    synfix_status_t status = endpoint_parse(endpoint_text, &endpoint_rule, &endpoint, error);
    status = status < 0 ? status : open_socket(*scheme, &endpoint, own, made, error);
    if (status >= 0 && g_str_has_suffix(*scheme, "tls")) {
        return read_tls(query, (*scheme)[0] == 'd', tls, error);
    }
    return status < 0 || query[0] == '\0'
               ? status
               : synfix_fail(error, SYNFIX_INVALID,
                             "only tls:// and dtls:// have options; remove what follows '?'");
}
