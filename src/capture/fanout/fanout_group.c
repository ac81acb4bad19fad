/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/fanout/fanout_group.h"
#include "capture/fanout/fanout_program.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* PACKET_FANOUT_FLAG_DEFRAG is not used: a single worker, which joins no group, sees fragments, so several
 * workers must see them too. */

bool fanout_mode_of(const char *name, fanout_mode_t *mode)
{
    static const char *const names[] = {
        [FANOUT_AUTO] = "auto", [FANOUT_INNER] = "inner", [FANOUT_HASH] = "hash"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            *mode = (fanout_mode_t)i;
            return true;
        }
    }
    return false;
}

static int join_as(const fanout_group_t *group, int descriptor, unsigned type)
{
    const unsigned argument = group->id | type << 16;
    return setsockopt(descriptor, SOL_PACKET, PACKET_FANOUT, &argument, sizeof argument);
}

/* A group number in use would share packets with another process, so the kernel chooses a free number
 * (since 4.12). Older kernels: the process id. */
static int make_as(fanout_group_t *group, int descriptor, unsigned type)
{
    unsigned joined = 0;
    socklen_t size = sizeof joined;
    group->id = 0;
    if (join_as(group, descriptor, type | PACKET_FANOUT_FLAG_UNIQUEID) == 0) {
        if (getsockopt(descriptor, SOL_PACKET, PACKET_FANOUT, &joined, &size) != 0) {
            return -1;
        }
        group->id = (uint16_t)joined;
        return 0;
    }
    if (errno != EINVAL) {
        return -1;
    }
    group->id = (uint16_t)(getpid() * 31 + descriptor);
    return join_as(group, descriptor, type);
}

/* Each member sets the same program; the group has only one. */
static int set_program(int descriptor)
{
    fanout_program_t program;
    if (!fanout_build(&program, SKF_NET_OFF)) {
        errno = ENOMEM;
        return -1;
    }
    const struct sock_fprog code = {.len = program.count, .filter = program.steps};
    return setsockopt(descriptor, SOL_PACKET, PACKET_FANOUT_DATA, &code, sizeof code);
}

/* A kernel without support for programs refuses the first member. */
static int make(fanout_group_t *group, int descriptor)
{
    if (group->mode != FANOUT_HASH) {
        if (make_as(group, descriptor, PACKET_FANOUT_CBPF) == 0) {
            group->mode = FANOUT_INNER;
            return set_program(descriptor);
        }
        if (group->mode == FANOUT_INNER) {
            return -1;
        }
    }
    group->mode = FANOUT_HASH;
    return make_as(group, descriptor, PACKET_FANOUT_HASH);
}

int fanout_group_join(fanout_group_t *group, int descriptor)
{
    if (!group->made) {
        if (make(group, descriptor) != 0) {
            return -1;
        }
        group->made = true;
        return 0;
    }
    if (group->mode == FANOUT_HASH) {
        return join_as(group, descriptor, PACKET_FANOUT_HASH);
    }
    return join_as(group, descriptor, PACKET_FANOUT_CBPF) == 0 ? set_program(descriptor) : -1;
}
