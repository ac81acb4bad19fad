/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/udp_pace.h"
#include "base/clock.h"
#include <stdbool.h>
#include <time.h>

/* Short bursts compensate for a sleep that took too long. */
#define CREDIT_NS INT64_C(2000000)

static int64_t bytes_per_second(const udp_pace_t *pace, int64_t now_ns)
{
    int64_t rate = UDP_PACE_FIRST;
    for (int64_t at = pace->began_ns + UDP_PACE_STEP_NS; at <= now_ns && rate < UDP_PACE_LAST;
         at += UDP_PACE_STEP_NS) {
        rate *= 2;
    }
    return rate < UDP_PACE_LAST ? rate : UDP_PACE_LAST;
}

static int64_t interval(const udp_pace_t *pace, size_t bytes, int64_t now_ns)
{
    if (pace->messages > 0) {
        return NS_PER_S / pace->messages;
    }
    return (int64_t)bytes * NS_PER_S / bytes_per_second(pace, now_ns);
}

void udp_pace_begin(udp_pace_t *pace, int64_t messages, int64_t now_ns)
{
    *pace = (udp_pace_t){.messages = messages, .began_ns = now_ns, .next_ns = now_ns};
}

void udp_pace_settle(udp_pace_t *pace, int64_t now_ns)
{
    if (pace->messages == UDP_PACE_AUTOMATIC) {
        udp_pace_begin(pace, UDP_PACE_AUTOMATIC, now_ns + UDP_PACE_SETTLE_NS);
    }
}

int64_t udp_pace_take(udp_pace_t *pace, size_t bytes, int64_t now_ns)
{
    if (pace->messages == 0) {
        return 0;
    }
    if (pace->next_ns < now_ns - CREDIT_NS) {
        pace->next_ns = now_ns - CREDIT_NS;
    }
    const int64_t wait = pace->next_ns > now_ns ? pace->next_ns - now_ns : 0;
    pace->next_ns += interval(pace, bytes, now_ns + wait);
    return wait;
}

void udp_pace_sleep(int64_t wait_ns, const atomic_bool *stopping)
{
    while (wait_ns > 0 && !atomic_load(stopping)) {
        const int64_t piece_ns = wait_ns < UDP_PACE_PIECE_NS ? wait_ns : UDP_PACE_PIECE_NS;
        const struct timespec piece = {.tv_nsec = (long)piece_ns};
        nanosleep(&piece, NULL);
        wait_ns -= piece_ns;
    }
}
