/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/flow_set.h"

/* The table is computed by the compiler: LEAVING is one element, and each ROW repeats the row before it four
 * times. */
#define TWICE(ways)   ((uint16_t)((ways) | (ways) << FLOW_WAYS))
#define LEAVING(kept) TWICE(__builtin_popcount(kept) > (int)FLOW_WAYS / 2 ? 0xFFu : ~(kept)&0xFFu)
#define ROW4(kept)    LEAVING(kept), LEAVING((kept) + 1), LEAVING((kept) + 2), LEAVING((kept) + 3)
#define ROW16(kept)   ROW4(kept), ROW4((kept) + 4), ROW4((kept) + 8), ROW4((kept) + 12)
#define ROW64(kept)   ROW16(kept), ROW16((kept) + 16), ROW16((kept) + 32), ROW16((kept) + 48)

const uint16_t flow_set_leaving[1u << FLOW_WAYS] = {ROW64(0u), ROW64(64u), ROW64(128u), ROW64(192u)};
