/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/network_interfaces.h"
#include "app/common/printable.h"

#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *state_of(int descriptor, const char *name)
{
    struct ifreq request = {.ifr_flags = 0};
    g_strlcpy(request.ifr_name, name, sizeof request.ifr_name);
    if (ioctl(descriptor, SIOCGIFFLAGS, &request) != 0) {
        return "unknown";
    }
    return request.ifr_flags & IFF_UP ? "up" : "down";
}

gboolean network_interfaces_list(GString *out)
{
    struct if_nameindex *list = if_nameindex();
    if (list == NULL) {
        return FALSE;
    }
    const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (const struct if_nameindex *item = list; item->if_index != 0; item++) {
        g_autofree char *name = printable_copy(item->if_name);
        g_string_append_printf(out, "%-16s %s\n", name, state_of(descriptor, item->if_name));
    }
    g_string_append_printf(out, "%-16s all interfaces\n", "any");
    if (descriptor >= 0) {
        close(descriptor);
    }
    if_freenameindex(list);
    return TRUE;
}

char *network_interfaces_names(void)
{
    struct if_nameindex *list = if_nameindex();
    GString *names = g_string_new(NULL);
    for (const struct if_nameindex *item = list; item != NULL && item->if_index != 0; item++) {
        g_string_append_printf(names, "%s, ", item->if_name);
    }
    g_string_append(names, "any");
    if (list != NULL) {
        if_freenameindex(list);
    }
    return g_string_free(names, FALSE);
}
