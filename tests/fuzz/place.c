/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place.h"
#include "fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 512

static char directory[64];

static void remove_directory(void)
{
    place_empty();
    (void)rmdir(directory);
}

const char *place_directory(void)
{
    if (directory[0] == '\0') {
        snprintf(directory, sizeof directory, "%s/synfix-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        FUZZ_CHECK(mkdtemp(directory) != NULL);
        FUZZ_CHECK(atexit(remove_directory) == 0);
    }
    return directory;
}

const char *place_path(const char *name)
{
    static char paths[2][PATH_SIZE];
    static unsigned turn;
    char *path = paths[++turn % 2];
    FUZZ_CHECK(snprintf(path, PATH_SIZE, "%s/%s", place_directory(), name) < PATH_SIZE);
    return path;
}

const char *place_write(const char *name, const uint8_t *data, size_t size)
{
    const char *path = place_path(name);
    FILE *file = fopen(path, "we");
    FUZZ_CHECK(file != NULL);
    FUZZ_CHECK(size == 0 || fwrite(data, 1, size, file) == size);
    FUZZ_CHECK(fclose(file) == 0);
    return path;
}

unsigned place_empty(void)
{
    unsigned count = 0;
    DIR *open_directory = opendir(place_directory());
    FUZZ_CHECK(open_directory != NULL);
    for (const struct dirent *entry; (entry = readdir(open_directory)) != NULL;) {
        if (entry->d_type == DT_REG && unlink(place_path(entry->d_name)) == 0) {
            count++;
        }
    }
    closedir(open_directory);
    return count;
}
