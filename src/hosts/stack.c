/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/stack.h"

#define ORDER_OPTIONS 8u /* options that fit */
#define OTHER_OPTION  15u

static uint32_t option_code(uint8_t kind)
{
    switch (kind) {
    case SYNFIX_OPTION_MSS:
        return 1;
    case SYNFIX_OPTION_WS:
        return 2;
    case SYNFIX_OPTION_SOK:
        return 3;
    case SYNFIX_OPTION_TS:
        return 4;
    default:
        return OTHER_OPTION;
    }
}

option_order_t option_order(const synfix_signature_t *signature)
{
    option_order_t order = 0;
    unsigned count = 0;
    for (unsigned i = 0; i < signature->layout_count && count < ORDER_OPTIONS; i++) {
        const uint8_t kind = signature->layout[i];
        if (kind == SYNFIX_OPTION_EOL) {
            break;
        }
        /* Experiments and Fast Open depend on the application: they do not identify the stack. */
        if (kind == SYNFIX_OPTION_NOP || option_code(kind) == OTHER_OPTION) {
            continue;
        }
        order |= option_code(kind) << (4 * count++);
    }
    return order;
}

/* Each option of @p few stands in @p many in the same order. */
static bool is_part(option_order_t few, option_order_t many)
{
    while (few != 0) {
        while (many != 0 && (many & 15u) != (few & 15u)) {
            many >>= 4;
        }
        if (many == 0) {
            return false;
        }
        many >>= 4;
        few >>= 4;
    }
    return true;
}

bool option_orders_agree(option_order_t a, option_order_t b)
{
    return is_part(a, b) || is_part(b, a);
}

option_order_t option_order_longer(option_order_t a, option_order_t b)
{
    return a > b && is_part(b, a) ? a : (is_part(a, b) ? b : a);
}

static bool has_scale(const synfix_signature_t *signature)
{
    for (unsigned i = 0; i < signature->layout_count; i++) {
        if (signature->layout[i] == SYNFIX_OPTION_WS) {
            return true;
        }
    }
    return false;
}

bool windows_differ(const synfix_signature_t *a, const synfix_signature_t *b)
{
    if (a->window_scale != b->window_scale && has_scale(a) && has_scale(b)) {
        return true;
    }
    if (a->window == b->window) {
        return false;
    }
    return a->window_kind != b->window_kind || a->window_kind == SYNFIX_WINDOW_PLAIN ||
           a->window_multiple != b->window_multiple;
}

uint32_t window_value(const synfix_signature_t *signature)
{
    const uint32_t scale = has_scale(signature) ? signature->window_scale + 1u : 0;
    const uint32_t window =
        signature->window_kind == SYNFIX_WINDOW_PLAIN ? signature->window : signature->window_multiple;
    return scale << 24 | (uint32_t)signature->window_kind << 20 | window;
}
