/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/time_merge.h"

bool merge_empty(const merge_input_t *input)
{
    return input->next == input->count;
}

void merge_filled(merge_input_t *input, size_t count, int64_t now_ns)
{
    input->count = count;
    input->next = 0;
    /* packets of one interface arrive in order, so the last packet is a better bound than the clock; a bound
     * in the future dates from before the clock was set back */
    const bool stepped = now_ns < input->quiet_ns && input->quiet_ns != INT64_MAX;
    if (count == 0 && (now_ns - input->hold_ns > input->quiet_ns || stepped)) {
        input->quiet_ns = now_ns - input->hold_ns;
    }
}

void merge_ended(merge_input_t *input)
{
    input->quiet_ns = INT64_MAX;
}

/* Input with the oldest packet, and the oldest time that the other inputs may still deliver. */
static merge_input_t *oldest(merge_input_t *inputs, size_t count, int64_t *limit_ns)
{
    merge_input_t *found = NULL;
    *limit_ns = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        merge_input_t *input = &inputs[i];
        if (!merge_empty(input)) {
            if (found == NULL || input->packets[input->next].time_ns < found->packets[found->next].time_ns) {
                found = input;
            }
        } else if (input->quiet_ns < *limit_ns) {
            *limit_ns = input->quiet_ns;
        }
    }
    return found;
}

size_t merge_take(merge_input_t *inputs, size_t count, bool all, synfix_packet_t *packets, size_t room)
{
    size_t merged = 0;
    while (merged < room) {
        int64_t limit_ns = 0;
        merge_input_t *input = oldest(inputs, count, &limit_ns);
        if (input == NULL) {
            break;
        }
        const synfix_packet_t *packet = &input->packets[input->next];
        if (!all && packet->time_ns > limit_ns) {
            break;
        }
        packets[merged++] = *packet;
        input->next++;
        if (merge_empty(input) && input->quiet_ns < packet->time_ns) {
            input->quiet_ns = packet->time_ns;
        }
    }
    return merged;
}

int64_t merge_wait_ns(const merge_input_t *inputs, size_t count)
{
    int64_t oldest_ns = INT64_MAX;
    int64_t limit_ns = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        const merge_input_t *input = &inputs[i];
        const int64_t time_ns = merge_empty(input) ? INT64_MAX : input->packets[input->next].time_ns;
        oldest_ns = time_ns < oldest_ns ? time_ns : oldest_ns;
        if (merge_empty(input) && input->quiet_ns < limit_ns) {
            limit_ns = input->quiet_ns;
        }
    }
    if (oldest_ns == INT64_MAX) {
        return -1;
    }
    return oldest_ns > limit_ns ? oldest_ns - limit_ns : 0;
}
