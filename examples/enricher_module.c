/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * An enricher in one file, outside of the tree: names the site of the source address, from a list in the
 * option `sites`.
 *
 *     cc -shared -fPIC $(pkg-config --cflags synfix) enricher_module.c -o site.so
 *     synfix read --load ./site.so --enrich 'site?sites=10.:office;192.168.:lab' capture.pcap --to json:-
 *     synfix read --load ./site.so --enrich site capture.pcap --to 'csv:-?annotations=site'
 *     synfix read --load ./site.so --enrich site capture.pcap --to 'file:x.ipfix?annotations=site.elements'
 */
#include <stdlib.h>
#include <string.h>
#include <synfix/address.h>
#include <synfix/module.h>

#define SITES_MAX 32

typedef struct site {
    const char *prefix; /* beginning of an address as text */
    const char *name;
} site_t;

/* Constant after open: workers read it without a lock. */
typedef struct sites {
    char *text; /* prefixes and names point into it */
    size_t count;
    site_t list[SITES_MAX];
} sites_t;

/* `PREFIX:NAME;PREFIX:NAME` */
static synfix_status_t parse(sites_t *sites, synfix_error_t *error)
{
    char *rest = NULL;
    for (char *item = strtok_r(sites->text, ";", &rest); item != NULL; item = strtok_r(NULL, ";", &rest)) {
        char *colon = strrchr(item, ':');
        if (colon == NULL || colon == item || colon[1] == '\0' || sites->count == SITES_MAX) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "site: '%s' is not a site; write PREFIX:NAME, at most %d", item, SITES_MAX);
        }
        *colon = '\0';
        sites->list[sites->count++] = (site_t){.prefix = item, .name = colon + 1};
    }
    return SYNFIX_OK;
}

static void site_close(void *instance)
{
    sites_t *sites = instance;
    free(sites->text);
    free(sites);
}

static synfix_status_t site_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    sites_t *sites = calloc(1, sizeof *sites);
    if (sites == NULL || (sites->text = strdup(synfix_options_string(options, "sites"))) == NULL) {
        free(sites);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "site: out of memory");
    }
    const synfix_status_t status = parse(sites, error);
    if (status != SYNFIX_OK) {
        site_close(sites);
        return status;
    }
    *instance = sites;
    return SYNFIX_OK;
}

/* In a worker, between decoding and encoding: no lock, no allocation, no blocking. The name lives as long as
 * the instance, so it need not be copied. */
static synfix_status_t site_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    const sites_t *sites = instance;
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    (void)state;
    synfix_address_format(&observation->headers->source, observation->headers->ip_version, address);
    for (size_t i = 0; i < sites->count; i++) {
        if (strncmp(address, sites->list[i].prefix, strlen(sites->list[i].prefix)) == 0) {
            return synfix_observation_annotate(observation, "site", sites->list[i].name);
        }
    }
    return SYNFIX_OK;
}

/* The reasons why site_open would refuse the options: for --check-config, which does not open anything. */
static void site_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    sites_t sites = {.text = strdup(synfix_options_string(options, "sites"))};
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    if (sites.text != NULL) {
        synfix_mistakes_add(mistakes, "sites", parse(&sites, &error), &error);
    }
    free(sites.text);
}

static const synfix_option_t options[] = {
    {.name = "sites",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "10.:private;192.168.:private",
     .help = "beginnings of addresses and their sites: PREFIX:NAME;PREFIX:NAME"},
    {0},
};

static const synfix_enricher_t site = {.open = site_open, .enrich = site_enrich, .close = site_close};

SYNFIX_API extern const synfix_module_t synfix_module;
const synfix_module_t synfix_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "site",
    .summary = "name of the site of the source address",
    .options = options,
    .enricher = &site,
    .check = site_check,
};
