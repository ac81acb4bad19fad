/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix dump: prints the records of IPFIX files. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "exporter/collector/record_printer.h"
#include "exporter/information_model/information_model.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/message_input.h"
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* How often a followed file is looked at again. */
#define FOLLOW_WAIT_US (200 * 1000)

typedef struct dump_job {
    dump_t *dump;
    ipfix_model_t *model;
    bool follow;
    bool directory; /* what is followed is a directory: its newer files are read too */
    bool failed;
    bool output_failed;
    bool unread; /* output failed because its reader went away, as `head` does: nothing to complain about */
} dump_job_t;

static void complain(dump_job_t *job, const char *text)
{
    if (job->unread) {
        return;
    }
    app_fail(APP_EXIT_INPUT, "%s", text);
    job->failed = true;
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    dump_job_t *const job = user;
    const synfix_status_t status = dump_record(job->dump, record, error);
    job->output_failed = status < 0;
    job->unread = status == SYNFIX_DISCONNECTED;
    return status;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    dump_layout(((dump_job_t *)user)->dump, layout);
}

static void decode(dump_job_t *job, const char *path, ipfix_decoder_t *reader, message_input_t *input,
                   const uint8_t *message, size_t length)
{
    synfix_error_t error;
    if (ipfix_decoder_message(reader, message, length, &error) < 0) {
        g_autofree char *text = job->output_failed
                                    ? g_strdup(error.text)
                                    : g_strdup_printf("%s: message at byte %" PRIu64 ": %s", path,
                                                      message_input_offset(input), error.text);
        complain(job, text);
    }
}

/* At the end of a followed file: whether there is more to expect from it. */
static bool wait_for_more(const dump_job_t *job, bool last)
{
    if (!job->follow || !last || job->directory) {
        return false;
    }
    fflush(stdout);
    g_usleep(FOLLOW_WAIT_US);
    return true;
}

static void report(dump_job_t *job, const char *path, const ipfix_decoder_t *reader)
{
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(reader, &stats);
    if (stats.messages == 0 && !job->failed) {
        g_autofree char *text =
            g_strdup_printf("%s: no IPFIX message, the file is empty; check the program that wrote it", path);
        complain(job, text);
    }
    if (stats.sets_without_template > 0) {
        g_autofree char *text = g_strdup_printf("%s: %" PRIu64 " sets skipped: no template for them", path,
                                                stats.sets_without_template);
        complain(job, text);
    }
}

static void dump_file(dump_job_t *job, const char *path, bool last)
{
    synfix_error_t error;
    message_input_t *input = NULL;
    if (message_input_open(path, &input, &error) < 0) {
        complain(job, error.text);
        return;
    }
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = job->model};
    const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = job};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    while (!job->output_failed) {
        const uint8_t *message = NULL;
        size_t length = 0;
        const synfix_status_t status = message_input_next(input, &message, &length, &error);
        if (status == SYNFIX_OK) {
            decode(job, path, reader, input, message, length);
        } else if ((status == SYNFIX_END || status == SYNFIX_TRUNCATED) && wait_for_more(job, last)) {
            continue;
        } else {
            if (status < 0) {
                complain(job, error.text);
            }
            break;
        }
    }
    report(job, path, reader);
    ipfix_decoder_free(reader);
    message_input_close(input);
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The archive's files of a directory in order of their names, which begin with the date. NULL: not readable.
 */
static GPtrArray *list_directory(const char *path, GError **problem)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, problem);
    if (!directory) {
        return NULL;
    }
    GPtrArray *const files = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(directory))) {
        if (name[0] != '.' && (g_str_has_suffix(name, ".ipfix") || g_str_has_suffix(name, ".ipfix.zst"))) {
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
        }
    }
    g_ptr_array_sort(files, compare_paths);
    return files;
}

static void dump_directory(dump_job_t *job, const char *path, bool last)
{
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    job->directory = true;
    do {
        g_autoptr(GError) problem = NULL;
        g_autoptr(GPtrArray) files = list_directory(path, &problem);
        if (!files) {
            complain(job, problem->message);
            break;
        }
        for (guint i = 0; i < files->len && !job->output_failed; i++) {
            const char *const file = g_ptr_array_index(files, i);
            if (g_hash_table_add(done, g_strdup(file))) {
                dump_file(job, file, false);
            }
        }
        fflush(stdout);
        if (job->follow && last) {
            g_usleep(FOLLOW_WAIT_US);
        }
    } while (job->follow && last && !job->output_failed);
    job->directory = false;
}

static bool load_model(dump_job_t *job, const char *directory, const char *pen)
{
    synfix_error_t error;
    guint64 number = IPFIX_PEN_DEFAULT;
    if (pen && !g_ascii_string_to_unsigned(pen, 10, 1, UINT32_MAX, &number, NULL)) {
        complain(job, "--pen: not an enterprise number; write 1 to 4294967295");
        return false;
    }
    if (ipfix_model_load(directory, (uint32_t)number, &job->model, &error) < 0) {
        complain(job, error.text);
        return false;
    }
    return true;
}

static void run(dump_job_t *job, char **files)
{
    const guint count = g_strv_length(files);
    for (guint i = 0; i < count && !job->output_failed; i++) {
        const bool last = i + 1 == count;
        if (g_file_test(files[i], G_FILE_TEST_IS_DIR)) {
            dump_directory(job, files[i], last);
        } else {
            dump_file(job, files[i], last);
        }
    }
    if (fflush(stdout) != 0 && !job->output_failed) {
        job->output_failed = true;
        job->unread = errno == EPIPE;
        g_autofree char *text = g_strdup_printf("standard output: %s", g_strerror(errno));
        complain(job, text);
    }
}

typedef struct dump_options {
    char *format;
    char *pen;
    char *templates;
    gboolean options;
    gboolean follow;
} dump_options_t;

static const cli_option_t option_table[] = {
    {"format", 'f', CLI_TEXT, offsetof(dump_options_t, format), "FORMAT",
     "text, json (one object per line) or csv", "text", NULL, "text json csv"},
    {"options", 'o', CLI_FLAG, offsetof(dump_options_t, options), NULL,
     "Print options records too (text and json)", NULL, NULL, NULL},
    {"follow", 'F', CLI_FLAG, offsetof(dump_options_t, follow), NULL,
     "Wait for more data at the end of the last file or directory", NULL, NULL, NULL},
    {"pen", 0, CLI_TEXT, offsetof(dump_options_t, pen), "NUMBER", "Enterprise number of the synfix elements",
     "32473", NULL, NULL},
    {"templates", 0, CLI_FILE, offsetof(dump_options_t, templates), "DIRECTORY",
     "Directory of the information model", NULL, NULL, NULL},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix dump out.ipfix", "print each record as a block of text"},
    {"synfix dump --format json day/ | jq .", "all .ipfix and .ipfix.zst files of a directory"},
    {"synfix dump --format csv a.ipfix > a.csv", "the first line names the columns"},
    {"synfix dump --options out.ipfix", "statistics and type records too"},
    {"synfix dump --follow --format json out.ipfix", NULL},
    {NULL, NULL},
};

static int dump_all(const dump_options_t *options, char **files)
{
    synfix_error_t error;
    dump_format_t format = DUMP_TEXT;
    if (!files[0]) {
        return app_fail(APP_EXIT_USAGE,
                        "dump: no IPFIX file named; write synfix dump FILE, see synfix dump --help");
    }
    if (options->format && dump_format_parse(options->format, &format, &error) < 0) {
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    dump_job_t job = {.follow = options->follow};
    if (load_model(&job, options->templates, options->pen)) {
        job.dump = dump_new(format, options->options, stdout);
        run(&job, files);
        dump_free(job.dump);
    }
    ipfix_model_free(job.model);
    if (job.output_failed && !job.unread) {
        return APP_EXIT_SINK;
    }
    return job.failed ? APP_EXIT_INPUT : APP_EXIT_OK;
}

static int run_dump(int argc, char **argv)
{
    dump_options_t options = {0};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_dump, &options, &argc, &argv, &code)) {
        code = dump_all(&options, argv + 1);
    }
    g_free(options.format);
    g_free(options.pen);
    g_free(options.templates);
    return code;
}

const cli_command_t command_dump = {
    .name = "dump",
    .summary = "print the records of IPFIX files",
    .operands = "FILE...",
    .description =
        "Decode IPFIX files of any exporter, plain or compressed with zstd, and print their records. Known "
        "elements are printed with their names. Of a directory, all *.ipfix and *.ipfix.zst files are read "
        "in the order of their names; '-' is standard input.",
    .options = option_list,
    .examples = examples,
    .exit_status =
        "0 success; 1 an input is unreadable or incomplete; 2 wrong usage; 3 standard output cannot be "
        "written.",
    .run = run_dump,
};
