/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/input_paths.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* Length without the first of @p suffixes that @p name ends with; @p length: none of them. */
static size_t without_suffix(const char *name, size_t length, const char *const *suffixes)
{
    for (; *suffixes != NULL; suffixes++) {
        const size_t size = strlen(*suffixes);
        if (length > size && g_ascii_strncasecmp(name + length - size, *suffixes, size) == 0) {
            return length - size;
        }
    }
    return length;
}

static size_t without_digits(const char *name, size_t length)
{
    while (length > 0 && g_ascii_isdigit(name[length - 1])) {
        length--;
    }
    return length;
}

/* Length without the numbers of c.pcap1, c.pcap.1 and c.pcap1.1. */
static size_t without_numbers(const char *name, size_t length)
{
    const size_t plain = without_digits(name, length);
    return plain < length && plain > 0 && name[plain - 1] == '.' ? without_digits(name, plain - 1) : plain;
}

static bool is_capture_name(const char *name)
{
    static const char *const packed[] = {".gz", ".zst", ".xz", ".lz4", NULL};
    static const char *const captures[] = {".pcap", ".pcapng", ".cap", NULL};
    const size_t plain = without_numbers(name, without_suffix(name, strlen(name), packed));
    return name[0] != '.' && without_suffix(name, plain, captures) < plain;
}

static bool is_archive_name(const char *name)
{
    return name[0] != '.' && (g_str_has_suffix(name, ".ipfix") || g_str_has_suffix(name, ".ipfix.zst"));
}

/* Compares the numbers at @p a and @p b, and moves both after them. */
static int by_number(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    const size_t left = strspn(*a, "0123456789");
    const size_t right = strspn(*b, "0123456789");
    const int order = left != right ? (left < right ? -1 : 1) : strncmp(*a, *b, left);
    *a += left;
    *b += right;
    return order;
}

/* c.pcap10 follows c.pcap9. */
static int by_name(gconstpointer one, gconstpointer other)
{
    const char *const *first = one;
    const char *const *second = other;
    const char *a = *first;
    const char *b = *second;
    while (*a != '\0' && *b != '\0') {
        const bool numbers = g_ascii_isdigit(*a) && g_ascii_isdigit(*b);
        const int order = numbers ? by_number(&a, &b) : (unsigned char)*a++ - (unsigned char)*b++;
        if (order != 0) {
            return order;
        }
    }
    return *a != *b ? (unsigned char)*a - (unsigned char)*b : strcmp(*first, *second);
}

static bool is_other_file(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return name[0] != '.' && !g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* The files of a directory. */
typedef struct listing {
    GPtrArray *captures; /* paths */
    unsigned archives;
    unsigned others;
} listing_t;

/* A named pipe, for example, would keep the program waiting. */
static bool may_wait(const char *directory, const char *name)
{
    struct stat status;
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static void add_file(listing_t *listing, const char *directory, const char *name)
{
    if (is_capture_name(name) && !may_wait(directory, name)) {
        g_ptr_array_add(listing->captures, g_build_filename(directory, name, NULL));
    } else if (is_archive_name(name)) {
        listing->archives++;
    } else if (is_other_file(directory, name)) {
        listing->others++;
    }
}

/* Appends the captures of directory @p path; returns whether the path itself is an input too. */
static bool add_captures(GPtrArray *found, const char *path, input_paths_others_t others)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) captures = g_ptr_array_new();
    listing_t listing = {.captures = captures};
    for (const char *name; directory != NULL && (name = g_dir_read_name(directory)) != NULL;) {
        add_file(&listing, path, name);
    }
    g_ptr_array_sort(captures, by_name);
    for (guint i = 0; i < captures->len; i++) {
        g_ptr_array_add(found, captures->pdata[i]);
    }
    if (listing.others > 0 && others != NULL) {
        others(path, listing.others);
    }
    return listing.archives > 0 || captures->len == 0;
}

char **input_paths_expand(char *const *paths, input_paths_others_t others)
{
    GPtrArray *found = g_ptr_array_new();
    for (; *paths != NULL; paths++) {
        if (!g_file_test(*paths, G_FILE_TEST_IS_DIR) || add_captures(found, *paths, others)) {
            g_ptr_array_add(found, g_strdup(*paths));
        }
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}
