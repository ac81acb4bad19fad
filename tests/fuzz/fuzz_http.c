/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A request to the metrics listener, `METHOD URL`: every answer has a status, a type and a text that a
 * browser shows as text; only known hosts get JSON. */
#include "app/service/metrics_pages.h"
#include "fuzz_hosts.h"
#include <string.h>

static void add_host(host_model_t *model)
{
    const host_sighting_t sighting = sighting_of(model, 7, LINUX_TEXT, &linux_label, 0);
    (void)host_model_add(model, &sighting, NULL);
}

static void append_one(void *user, GString *text)
{
    (void)user;
    g_string_append(text, "# EOF\n");
}

static void check_page(unsigned status, const char *type, const GString *text)
{
    FUZZ_CHECK(status == 200 || status == 400 || status == 404 || status == 405);
    FUZZ_CHECK(type != NULL && text->len > 0 && text->str[text->len - 1] == '\n');
    FUZZ_CHECK((strcmp(type, "text/plain") == 0) == (status != 200));
    FUZZ_CHECK(strcmp(type, "application/json") != 0 || strstr(text->str, "192.0.2.7") != NULL);
    for (size_t i = 0; i < text->len; i++) {
        FUZZ_CHECK(text->str[i] >= 0x20 || text->str[i] == '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *type = NULL;
    char *request = g_strndup((const char *)data, size);
    char *url = strchr(request, ' ');
    if (url != NULL) {
        *url++ = '\0';
    }
    GString *text = g_string_new(NULL);
    const metrics_pages_t pages = {.append = append_one,
                                   .hosts = size % 5 == 0 ? NULL : hosts_once(add_host)};
    const unsigned status = metrics_page(&pages, request, url != NULL ? url : "", text, &type);
    check_page(status, type, text);
    g_string_free(text, TRUE);
    g_free(request);
    return 0;
}
