/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A sink as a shared object; each MODULE_ definition but GOOD makes another mistake. */
#include <synfix/module.h>

static synfix_status_t open_sink(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    return SYNFIX_OK;
}

static const synfix_encoding_t *encoding(void *instance, const void **settings, const char **key)
{
    (void)instance, (void)settings, (void)key;
    return NULL;
}

static synfix_status_t write_block(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    (void)instance, (void)block, (void)error;
    return SYNFIX_OK;
}

static void close_sink(void *instance)
{
    (void)instance;
}

static const synfix_sink_t sink = {
    .open = open_sink,
    .encoding = encoding,
#ifndef MODULE_FUNCTION
    .write = write_block,
#endif
    .close = close_sink,
};

static const synfix_option_t options[] = {
    {.name = "size",
     .type = SYNFIX_OPTION_INTEGER,
#ifdef MODULE_DEFAULT
     .fallback = "many",
#else
     .fallback = "3",
#endif
     .help = "how many"},
    {.name = NULL},
};

#ifdef MODULE_NOTHING
#define SYMBOL another_symbol
#else
#define SYMBOL synfix_module
#endif

__attribute__((visibility("default"))) extern const synfix_module_t SYMBOL;
const synfix_module_t SYMBOL = {
#ifdef MODULE_ABI
    .abi = SYNFIX_MODULE_ABI + 1,
#else
    .abi = SYNFIX_MODULE_ABI,
#endif
#ifdef MODULE_SIZE
    .size = 16,
#else
    .size = sizeof(synfix_module_t),
#endif
    .kind = SYNFIX_MODULE_SINK,
#ifdef MODULE_NAME
    .name = "Not A Name",
#else
    .name = "loaded",
#endif
    .summary = "a sink for tests",
    .options = options,
    .sink = &sink,
};

#ifdef MODULE_FUNCTION
/* so that the compiler does not call it unused */
__attribute__((visibility("default"))) const void *module_unused(void);
const void *module_unused(void)
{
    return (const void *)(uintptr_t)write_block;
}
#endif
