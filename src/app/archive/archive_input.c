/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_input.h"
#include "app/archive/archive_file.h"
#include "app/archive/archive_progress.h"
#include "app/common/exit_codes.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLLOW_WAIT_US (200 * 1000) /* interval between two reads of a followed directory */

void archive_input_complain(archive_input_t *input, archive_problem_t problem, const char *text)
{
    app_fail(APP_EXIT_INPUT, "%s", text);
    input->problems.counts[problem]++;
    input->failed = true;
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
    if (directory == NULL) {
        return NULL;
    }
    GPtrArray *const files = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (name[0] != '.' && (g_str_has_suffix(name, ".ipfix") || g_str_has_suffix(name, ".ipfix.zst"))) {
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
        }
    }
    g_ptr_array_sort(files, compare_paths);
    return files;
}

/* The latest possible end of file number @p index, according to the names of later files; 0: unknown. */
static int64_t end_of(const GPtrArray *files, guint index)
{
    int64_t own_ns = 0;
    int64_t span_ns = 0;
    if (!archive_name_time(g_ptr_array_index(files, index), &own_ns, &span_ns)) {
        return 0;
    }
    for (guint i = index + 1; i < files->len; i++) {
        int64_t first_ns = 0;
        if (archive_name_time(g_ptr_array_index(files, i), &first_ns, &span_ns) && first_ns > own_ns) {
            return first_ns + span_ns;
        }
    }
    return 0;
}

/* Refuses a named pipe or device in a directory: the program would wait for a writer. A pipe that the user
 * names is read. */
static bool is_readable(archive_input_t *input, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) {
        return true; /* or its own message */
    }
    g_autofree char *text =
        g_strdup_printf("%s: not a regular file; name the file itself on the command line", path);
    archive_input_complain(input, ARCHIVE_PROBLEM_UNREADABLE, text);
    return false;
}

static void read_directory(archive_input_t *input, const char *path, bool last)
{
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    input->directory = true;
    do {
        g_autoptr(GError) problem = NULL;
        g_autoptr(GPtrArray) files = list_directory(path, &problem);
        if (files == NULL) {
            const bool denied = g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_ACCES);
            input->denied = input->denied || (!input->failed && denied);
            archive_input_complain(input, ARCHIVE_PROBLEM_UNREADABLE, problem->message);
            break;
        }
        if (files->len == 0 && !input->follow) {
            g_autofree char *text = g_strdup_printf("%s: %s in this directory; name files one by one", path,
                                                    input->captures ? "no capture and no IPFIX file"
                                                                    : "no .ipfix or .ipfix.zst file");
            archive_input_complain(input, ARCHIVE_PROBLEM_NO_FILE, text);
        }
        for (guint i = 0; i < files->len && !input->stopped; i++) {
            const char *const file = g_ptr_array_index(files, i);
            if (g_hash_table_add(done, g_strdup(file)) && is_readable(input, file)) {
                archive_file_read(input, file, end_of(files, i), false);
            }
        }
        fflush(stdout);
        if (input->follow && last && !input->stopped) {
            g_usleep(FOLLOW_WAIT_US);
            input->stopped = input->turn != NULL && !input->turn(input->events.user);
        }
    } while (input->follow && last && !input->stopped);
    input->directory = false;
}

void archive_input_run(archive_input_t *input, char *const *paths)
{
    for (; *paths != NULL && !input->stopped; paths++) {
        const bool last = paths[1] == NULL;
        if (g_file_test(*paths, G_FILE_TEST_IS_DIR)) {
            read_directory(input, *paths, last);
        } else {
            archive_file_read(input, *paths, 0, last);
        }
    }
    archive_progress_clear(input->shown_us);
}

int archive_input_exit(const archive_input_t *input)
{
    return input->denied ? APP_EXIT_PERMISSION : input->failed ? APP_EXIT_INPUT : APP_EXIT_OK;
}

void archive_input_note_empty(const archive_input_t *input, uint64_t passed)
{
    if (passed > 0 || input->failed || input->messages == 0) {
        return;
    }
    if (input->records == 0) {
        app_note("no data record in the input, or none of the time range");
    } else {
        app_note("none of %" PRIu64 " data records passes the filters", input->records);
    }
}
