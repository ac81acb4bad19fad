/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/fanout_choice.h"
#include "capture/fanout/fanout_probe.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/pipeline_state.h"
#include <stdio.h>
#include <string.h>

#define NAMES_SIZE 256u

static void append(char text[NAMES_SIZE], const char *more)
{
    const size_t used = strlen(text);
    (void)snprintf(text + used, NAMES_SIZE - used, "%s%s", used > 0 ? ", " : "", more);
}

/* How many connections of an encapsulation reached one socket in both directions. */
static void append_count(char text[NAMES_SIZE], const char *name, unsigned same_socket)
{
    char part[48];
    (void)snprintf(part, sizeof part, "%s (%u of %u)", name, same_socket, FANOUT_PROBE_FLOWS);
    append(text, part);
}

static void log_probe(const pipeline_t *pipeline, const fanout_probe_t *probe)
{
    char whole[NAMES_SIZE] = "";
    char split[NAMES_SIZE] = "";
    for (fanout_encapsulation_t encapsulation = 0; encapsulation < FANOUT_ENCAPSULATIONS; encapsulation++) {
        const char *name = fanout_encapsulation_name(encapsulation);
        if (probe->same_socket[encapsulation] == FANOUT_PROBE_FLOWS) {
            append(whole, name);
        } else {
            append_count(split, name, probe->same_socket[encapsulation]);
        }
    }
    pipeline_log(pipeline, 2, "%u workers share packets by %s; tried: both directions meet in %s",
                 pipeline->worker_count,
                 probe->mode == FANOUT_HASH ? "the kernel's hash" : "a program that looks into tunnels",
                 whole[0] != '\0' ? whole : "nothing");
    if (split[0] != '\0') {
        pipeline_log(pipeline, 1, "the directions of connections part in %s", split);
    }
}

static unsigned sum(const fanout_probe_t *probe)
{
    unsigned all = 0;
    for (fanout_encapsulation_t encapsulation = 0; encapsulation < FANOUT_ENCAPSULATIONS; encapsulation++) {
        all += probe->same_socket[encapsulation];
    }
    return all;
}

/* Uses the kernel's hash where it keeps more connections together than the program. */
static synfix_status_t try_all(fanout_mode_t *mode, fanout_probe_t *probe, synfix_error_t *error)
{
    fanout_probe_t hash;
    const synfix_status_t status = fanout_probe_run(*mode, probe, error);
    if (status == SYNFIX_OK && *mode == FANOUT_AUTO && probe->mode == FANOUT_INNER &&
        !fanout_probe_all(probe) && fanout_probe_run(FANOUT_HASH, &hash, error) == SYNFIX_OK &&
        sum(&hash) > sum(probe)) {
        *probe = hash;
    }
    if (status == SYNFIX_OK) {
        *mode = probe->mode;
    }
    return status;
}

synfix_status_t live_choose_fanout(const pipeline_t *pipeline, fanout_mode_t *mode, synfix_error_t *error)
{
    const char *name = synfix_options_string(pipeline->sources[0].options, "fanout");
    fanout_probe_t probe;
    synfix_error_t reason = {.text = ""};
    if (!fanout_mode_of(name, mode)) {
        return synfix_fail(error, SYNFIX_INVALID, "fanout: %.40s is not auto, hash or inner", name);
    }
    if (pipeline->worker_count < 2) {
        return SYNFIX_OK;
    }
    if (try_all(mode, &probe, &reason) == SYNFIX_OK) {
        log_probe(pipeline, &probe);
    } else {
        pipeline_log(pipeline, 2, "%u workers share packets (%s); not tried here: %s", pipeline->worker_count,
                     name, reason.text);
    }
    return SYNFIX_OK;
}
