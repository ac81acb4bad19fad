/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/builtin_modules_check.h"
#include "exporter/builtin_modules.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/output/output.h"
#include "exporter/tls/tls.h"
#include "exporter/transport/ipfix_sink.h"
#include <string.h>

static synfix_status_t check_file(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    g_autofree char *name = ipfix_file_dated_name(target, transport_now_ns());
    return name != NULL ? ipfix_settings_check(options, error)
                        : synfix_fail(error, SYNFIX_INVALID, "%s: not a date pattern", target);
}

static synfix_status_t check_transport(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const scheme = synfix_options_scheme(options);
    const bool datagrams = strcmp(scheme, "dtls") == 0;
    tls_context_t *tls = NULL;
    synfix_status_t status = transport_check(options, error);
    if (status >= 0) {
        status = ipfix_settings_check(options, error);
    }
    if (status >= 0 && (datagrams || strcmp(scheme, "tls") == 0)) {
        status = tls_context_new(options, datagrams, &tls, error);
        tls_context_free(tls);
    }
    return status;
}

static synfix_status_t check_kafka(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const format = synfix_options_string(options, "format");
    if (strcmp(format, "ipfix") == 0) {
        return ipfix_settings_check(options, error);
    }
    return strcmp(format, "json") == 0
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "kafka: format must be json or ipfix, not %s", format);
}

static bool is_transport(const synfix_options_t *options)
{
    static const char *const schemes[] = {"tcp", "tls", "udp", "dtls", NULL};
    return g_strv_contains(schemes, synfix_options_scheme(options));
}

static synfix_status_t check_sink(const synfix_options_t *options, synfix_error_t *error)
{
    if (is_transport(options)) {
        return check_transport(options, error);
    }
    if (strcmp(synfix_options_scheme(options), "file") == 0) {
        return check_file(options, error);
    }
    return strcmp(synfix_options_scheme(options), "kafka") == 0 ? check_kafka(options, error)
                                                                : output_check(options, error);
}

/* They open nothing but the files that they read. */
static synfix_status_t check_enricher(const synfix_enricher_t *enricher, const synfix_options_t *options,
                                      synfix_error_t *error)
{
    const synfix_module_context_t host = {.struct_size = sizeof host};
    void *instance = NULL;
    const synfix_status_t status = enricher->open(&host, options, &instance, error);
    if (status >= 0 && enricher->close != NULL) {
        enricher->close(instance);
    }
    return status;
}

static bool is_among(const synfix_module_t *const *modules, const synfix_module_t *module)
{
    while (*modules != NULL && *modules != module) {
        modules++;
    }
    return *modules != NULL;
}

/* The reason with the target before it, unless it speaks of that already. */
static synfix_status_t name_target(const synfix_options_t *options, synfix_status_t status,
                                   const synfix_error_t *reason, synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    if (strstr(reason->text, target) != NULL) {
        return synfix_fail(error, status, "%s", reason->text);
    }
    return synfix_fail(error, status, "%s:%s%s: %s", synfix_options_scheme(options),
                       is_transport(options) ? "//" : "", target, reason->text);
}

synfix_status_t exporter_check(const synfix_module_t *module, const synfix_options_t *options,
                               synfix_error_t *error)
{
    synfix_error_t reason = {.text = ""};
    synfix_status_t status = SYNFIX_OK;
    if (is_among(exporter_sinks, module)) {
        status = check_sink(options, &reason);
    } else if (is_among(exporter_enrichers, module)) {
        status = check_enricher(module->enricher, options, &reason);
    }
    return status < 0 ? name_target(options, status, &reason, error) : SYNFIX_OK;
}
