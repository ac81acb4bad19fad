/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Steps of three bytes: an event of one of a few hundred connections of one shard, or a change of the packet
 * time, forwards or backwards. All forecasts of a group of steps precede its first step, as in the engine.
 * Each connection that leaves the table is counted. No lookup finds a connection that was never added, that
 * is over, or that is another connection. Each entry is found. Groups of one step give the same table.
 */
#include "base/byte_order.h"
#include "engine/flow_insert.h"
#include "fuzz.h"
#include "support/flow_heads.h"

#define STEP        3u
#define CAPACITY    4096u /* 10 sets in a shard */
#define LIFETIME    120u
#define CONNECTIONS 512u
#define GROUP       8u

typedef struct model {
    flow_table_t table;
    counter_t evicted;
    counter_t expired;
    uint64_t added;
    uint32_t now;
    uint32_t seen[CONNECTIONS]; /* packet time of its last packet, 0: never added */
} model_t;

typedef struct step {
    uint8_t action;
    bool quiet; /* a segment whose sample is not due */
    uint32_t number;
    uint32_t now;
    flow_forecast_t forecast;
} step_t;

static flow_tuple_t tuple_of(uint32_t number)
{
    return (flow_tuple_t){number | UINT64_C(0x0A000000) << 32, 443u << 16};
}

/* In the first shard. */
static uint32_t hash_of(uint32_t number)
{
    return number * 2654435761u >> FLOW_SHARD_BITS;
}

static void forecast(const model_t *model, step_t *step)
{
    const uint32_t hash = hash_of(step->number);
    flow_table_forecast_set(&model->table, hash, &step->forecast);
    flow_table_forecast(&model->table, hash, step->now, &step->forecast);
}

static flow_position_t search(model_t *model, uint32_t number, bool server)
{
    const flow_tuple_t tuple = server ? flow_tuple_back(tuple_of(number)) : tuple_of(number);
    return flow_table_search(&model->table, hash_of(number), &tuple, NULL, model->now, false);
}

static flow_position_t find(model_t *model, const step_t *step, bool server)
{
    const uint32_t number = step->number;
    const flow_tuple_t tuple = server ? flow_tuple_back(tuple_of(number)) : tuple_of(number);
    const flow_position_t same = search(model, number, server);
    const flow_position_t position =
        flow_table_find(&model->table, &step->forecast, hash_of(number), &tuple, NULL, model->now, !server);
    FUZZ_CHECK(position.found == same.found);
    if (position.found) {
        FUZZ_CHECK(position.index == same.index && position.from_server == server);
        FUZZ_CHECK(flow_table_at(&model->table, position)->opened_ms == number);
        FUZZ_CHECK(model->seen[number] != 0 &&
                   !flow_set_is_over(model->seen[number], model->now, LIFETIME << 2));
    }
    return position;
}

static void add(model_t *model, const step_t *step)
{
    const uint32_t number = step->number;
    const flow_tuple_t tuple = tuple_of(number);
    flow_position_t position = find(model, step, false);
    model->added += !position.found;
    flow_t *flow = flow_table_insert(&model->table, hash_of(number), &tuple, NULL, false, FLOW_SYN_SEEN,
                                     model->now, &position);
    flow->opened_ms = number;
    model->seen[number] = model->now | STAMP_USED;
    FUZZ_CHECK(search(model, number, true).index == position.index);
}

static void touch(model_t *model, const step_t *step, bool keep)
{
    const flow_position_t position = find(model, step, true);
    if (position.found) {
        flow_table_touch(&model->table, position, model->now, keep);
        model->seen[step->number] = model->now | STAMP_USED;
    }
}

/* A step without its forecast. */
static step_t read_step(model_t *model, const uint8_t *bytes)
{
    const uint8_t action = bytes[0] & 7;
    if (action == 0) {
        model->now += (uint32_t)bytes[0] >> 3 << 2;
    } else if (action == 1) {
        model->now += (uint32_t)((int32_t)(int16_t)read_be16(bytes + 1) * 4);
    }
    return (step_t){.action = action,
                    .quiet = action == 3 && (bytes[0] & 8) != 0,
                    .number = read_be16(bytes + 1) % CONNECTIONS,
                    .now = model->now};
}

static void process(model_t *model, const step_t *step)
{
    model->now = step->now;
    if (step->action >= 4) {
        add(model, step);
    } else if (step->quiet) {
        if (flow_table_has_changed(&model->table, step->forecast.set)) {
            (void)find(model, step, true);
        }
    } else if (step->action >= 2) {
        touch(model, step, step->action == 2);
    }
}

/* Returns the number of steps that were read. */
static size_t process_group(model_t *model, const uint8_t *data, size_t count, size_t group)
{
    step_t steps[GROUP];
    const size_t end = count < group ? count : group;
    flow_table_begin_group(&model->table);
    for (size_t i = 0; i < end; i++) {
        steps[i] = read_step(model, data + i * STEP);
        forecast(model, &steps[i]);
    }
    for (size_t i = 0; i < end; i++) {
        process(model, &steps[i]);
    }
    return end;
}

/* Each entry that is not over is found, so no connection has two entries. */
static void check_entries(model_t *model)
{
    for (uint32_t index = 0; index < model->table.shard_sets * FLOW_WAYS; index++) {
        const uint32_t stamp = flow_table_head(&model->table, index)->stamps[index % FLOW_WAYS];
        if (stamp != 0 && !flow_set_is_over(stamp, model->now, LIFETIME << 2)) {
            const flow_position_t position = search(model, model->table.flows[index].opened_ms, true);
            FUZZ_CHECK(position.found && position.index == index);
        }
    }
}

static void run(model_t *model, const uint8_t *data, size_t size, size_t group)
{
    memset(model, 0, sizeof *model);
    model->now = 1700000000u << 2;
    FUZZ_CHECK(flow_table_init(&model->table, CAPACITY, LIFETIME, &model->evicted, &model->expired));
    for (size_t i = 0; i < size / STEP;) {
        i += process_group(model, data + i * STEP, size / STEP - i, group);
    }
    FUZZ_CHECK(flow_heads_check(&model->table) >= 0);
    check_entries(model);
    FUZZ_CHECK(model->table.shards[0].used + counter_get(&model->evicted) + counter_get(&model->expired) ==
               model->added);
}

static void compare(const model_t *one, const model_t *other)
{
    FUZZ_CHECK(counter_get(&one->evicted) == counter_get(&other->evicted));
    FUZZ_CHECK(counter_get(&one->expired) == counter_get(&other->expired));
    for (uint32_t set = 0; set < one->table.shard_sets; set++) {
        const flow_set_t *head = &one->table.sets[set];
        const flow_set_t *same = &other->table.sets[set];
        FUZZ_CHECK(memcmp(head->tags, same->tags, sizeof head->tags) == 0);
        FUZZ_CHECK(memcmp(head->stamps, same->stamps, sizeof head->stamps) == 0);
        FUZZ_CHECK(head->kept == same->kept && head->hand == same->hand);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static model_t models[2]; /* large */
    run(&models[0], data, size, GROUP);
    run(&models[1], data, size, 1);
    compare(&models[0], &models[1]);
    flow_table_clear(&models[0].table);
    flow_table_clear(&models[1].table);
    return 0;
}
