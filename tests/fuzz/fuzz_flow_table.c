/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Steps of three bytes: what happens, and to which of a few hundred connections of one shard, at packet times
 * that go forwards and backwards. Each connection that the table forgets is counted, and no lookup finds a
 * connection that was never added, that is over, or that belongs to somebody else.
 */
#include "base/byte_order.h"
#include "engine/flow_insert.h"
#include "fuzz.h"
#include "support/flow_heads.h"

#define STEP        3u
#define CAPACITY    4096u /* 10 sets in a shard */
#define LIFETIME    120u
#define CONNECTIONS 512u

typedef struct model {
    flow_table_t table;
    counter_t evicted;
    counter_t expired;
    uint64_t added;
    uint32_t now;
    uint32_t seen[CONNECTIONS]; /* packet time of its last packet, 0: never added */
} model_t;

static flow_tuple_t tuple_of(uint32_t number)
{
    return (flow_tuple_t){number | UINT64_C(0x0A000000) << 32, 443u << 16};
}

/* In the first shard. */
static uint32_t hash_of(uint32_t number)
{
    return number * 2654435761u >> FLOW_SHARD_BITS;
}

static flow_position_t find(model_t *model, uint32_t number, bool server)
{
    const flow_tuple_t tuple = server ? flow_tuple_back(tuple_of(number)) : tuple_of(number);
    const uint32_t hash = hash_of(number);
    flow_forecast_t forecast;
    flow_table_begin_group(&model->table);
    flow_table_forecast_set(&model->table, hash, &forecast);
    flow_table_forecast(&model->table, hash, model->now, &forecast);
    const flow_position_t position =
        flow_table_find(&model->table, &forecast, hash, &tuple, NULL, model->now, !server);
    if (position.found) {
        FUZZ_CHECK(position.from_server == server);
        FUZZ_CHECK(flow_table_at(&model->table, position)->opened_ms == number);
        FUZZ_CHECK(model->seen[number] != 0 &&
                   !flow_set_is_over(model->seen[number], model->now, LIFETIME << 2));
    }
    return position;
}

static void add(model_t *model, uint32_t number)
{
    const flow_tuple_t tuple = tuple_of(number);
    flow_position_t position = find(model, number, false);
    model->added += !position.found;
    flow_t *flow = flow_table_insert(&model->table, hash_of(number), &tuple, NULL, false, FLOW_SYN_SEEN,
                                     model->now, &position);
    flow->opened_ms = number;
    model->seen[number] = model->now | BUCKET_USED;
    FUZZ_CHECK(find(model, number, true).index == position.index);
}

static void touch(model_t *model, uint32_t number, bool keep)
{
    const flow_position_t position = find(model, number, true);
    if (position.found) {
        flow_table_touch(&model->table, position, model->now, keep);
        model->seen[number] = model->now | BUCKET_USED;
    }
}

static void step(model_t *model, const uint8_t *bytes)
{
    const uint32_t number = read_be16(bytes + 1) % CONNECTIONS;
    switch (bytes[0] & 7) {
    case 0:
        model->now += (uint32_t)bytes[0] >> 3 << 2;
        break;
    case 1:
        model->now += (uint32_t)((int32_t)(int16_t)read_be16(bytes + 1) * 4);
        break;
    case 2:
        touch(model, number, true);
        break;
    case 3:
        touch(model, number, false);
        break;
    default:
        add(model, number);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static model_t model; /* large */
    memset(&model, 0, sizeof model);
    model.now = 1700000000u << 2;
    FUZZ_CHECK(flow_table_init(&model.table, CAPACITY, LIFETIME, &model.evicted, &model.expired));
    for (size_t i = 0; i + STEP <= size; i += STEP) {
        step(&model, data + i);
    }
    FUZZ_CHECK(flow_heads_check(&model.table) >= 0);
    FUZZ_CHECK(model.table.shards[0].used + counter_get(&model.evicted) + counter_get(&model.expired) ==
               model.added);
    flow_table_clear(&model.table);
    return 0;
}
