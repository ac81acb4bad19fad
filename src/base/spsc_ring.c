/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/spsc_ring.h"
#include <stdlib.h>

bool ring_init(ring_t *ring, size_t capacity)
{
    size_t rounded = 2;
    while (rounded < capacity) {
        rounded *= 2;
    }
    *ring = (ring_t){.capacity = rounded, .slots = calloc(rounded, sizeof(void *))};
    return ring->slots != NULL;
}

void ring_destroy(ring_t *ring)
{
    free(ring->slots);
    ring->slots = NULL;
}
