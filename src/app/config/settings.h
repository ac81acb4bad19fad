/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file settings.h
 * The settings of `read` and `capture`. One table describes each setting; the command line
 * (--name) and the configuration file (name = value in its group) both use this table, so they cannot
 * differ. The command line has precedence over the file. A file may also have a section for each sink and
 * enricher; each section adds an entry to the list `to` or `enrich`.
 */
#ifndef APP_CONFIG_SETTINGS_H
#define APP_CONFIG_SETTINGS_H

#include "app/common/command_line.h"
#include "app/common/mistakes.h"

#include <glib.h>
#include <stdint.h>
#include <synfix/status.h>

/** Commands that have a setting. */
#define SETTING_READ    1u
#define SETTING_CAPTURE 2u

/** Lists of ports and of addresses, in this order: source, destination, either; allowed, then denied. */
#define SETTINGS_FILTER_LISTS 6

/** Entries of the table at most. */
#define SETTINGS_MAX 64

/** Where an item of a list comes from. */
typedef struct item_position {
    unsigned line;            /* 0: command line */
    GHashTable *option_lines; /* of a module section: option (char *) to line; NULL: the item has one line */
} item_position_t;

typedef struct settings {
    /* lists: NULL-terminated arrays, NULL when never set */
    char **to;
    char **sigdb;
    char **enrich;
    char **load;
    char **interface;
    char **ports[SETTINGS_FILTER_LISTS];
    char **addresses[SETTINGS_FILTER_LISTS];
    char **encapsulations;
    char *filter;
    char *uptime;
    char *signatures;
    char *workers;
    char *cpus;
    char *config;
    char *user;
    char *group;
    char *log_level;
    char *landlock;
    char *metrics_listen;
    char *follow;       /* directory; NULL: the operands are files */
    char *follow_state; /* NULL: in the directory */
    char *metrics_file;
    int64_t flush;            /* milliseconds */
    int64_t sink_timeout;     /* milliseconds */
    int64_t metrics_interval; /* milliseconds */
    int64_t read_timeout;     /* milliseconds */
    int64_t domain;
    int64_t queue;       /* bytes */
    int64_t overflow;    /* bytes */
    int64_t buffer;      /* bytes */
    int64_t snaplen;     /* bytes */
    int64_t min_quality; /* 0 to 100 */
    int64_t fingerprint_slots;
    int64_t handshakes;
    int64_t hosts;
    int64_t host_table;
    char *query_socket;
    char *query_socket_mode;
    gboolean promiscuous;
    gboolean kernel_filter;
    char *fanout;
    gboolean seccomp;
    gboolean ordered;
    gboolean dry_run;
    gboolean drop;
    gboolean quiet;
    gboolean check_config;
    gboolean print_filter;
    gboolean list_interfaces;
    gboolean host_changes;
    gboolean metrics_hosts;
    uint64_t from_command_line;      /* bit n: entry n of the table, which has at most SETTINGS_MAX */
    char *file;                      /* the configuration file that was read; NULL: none */
    unsigned lines[SETTINGS_MAX];    /* line of each entry of the table in the file; 0: not in the file */
    GArray *positions[SETTINGS_MAX]; /* of item_position_t, one for each item of a list */
    unsigned line;                   /* of the file, while it is read */
    GHashTable *option_lines;        /* of the next item, while the file is read; NULL: none */
    mistakes_t *option_mistakes; /* gets wrong values of the command line; NULL: the first one ends parsing */
} settings_t;

typedef enum setting_kind {
    SETTING_TEXT,
    SETTING_LIST,
    SETTING_NUMBER,   /* with k, M, G for 1024, 1024^2, 1024^3 */
    SETTING_DURATION, /* seconds, or with ms, s, m, h; kept in milliseconds */
    SETTING_FLAG,     /* yes or no; on the command line alone: yes, as --no-NAME: no */
} setting_kind_t;

typedef struct setting {
    const char *name;
    const char *group; /* of the configuration file; NULL: command line only */
    setting_kind_t kind;
    size_t offset;
    unsigned commands;
    const char *argument;
    char letter;          /* short form on the command line; 0: none */
    const char *help;     /* a sentence without a full stop */
    const char *off;      /* of a flag that is on by default: help of --no-NAME */
    const char *choices;  /* all possible values, separated by spaces; NULL: not a closed list */
    const char *fallback; /* default; NULL: none */
    int64_t minimum;
    int64_t maximum;
    gboolean reloadable; /* a reload changes it in the running program; others need a restart */
} setting_t;

/** The table, ended by a name that is NULL. */
extern const setting_t settings_table[];

/** With all defaults; settings_free ends it. */
settings_t *settings_new(void);
void settings_free(settings_t *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(settings_t, settings_free)

/** The options of @p command (one SETTING_ bit) for --help and the like. Constant, lives as long as the
 * program. */
const cli_option_t *settings_options(unsigned command);

/** Explanation of a setting for synfix.conf(5), in whole sentences; NULL: its help is complete. */
const char *settings_detail(const char *name);

/** Introduction of a group of the configuration file for synfix.conf(5); NULL: no such group. */
const char *settings_group_text(const char *group);

/** Adds the options of @p command (one SETTING_ bit) to @p context. @p settings outlives the context. */
void settings_add_options(settings_t *settings, unsigned command, GOptionContext *context);

/** Reads a configuration file and adds each mistake to @p mistakes, with `path:line: ` before it. Settings
 * without a mistake are set. */
void settings_read_file(settings_t *settings, const char *path, mistakes_t *mistakes);

/** The same from @p text, @p name standing for the path. */
void settings_read_text(settings_t *settings, const char *name, const char *text, size_t length,
                        mistakes_t *mistakes);

/**
 * Appends the names of the settings that differ to @p names, as `[group] name, ...`: reloadable settings, or
 * all others. Returns their number.
 */
unsigned settings_changes(const settings_t *before, const settings_t *after, gboolean reloadable,
                          GString *names);

/** After a reload from @p before to @p after: a reloadable setting whose change needs a restart gets its
 * value from @p before, so that the next reload compares with the values in effect. */
void settings_keep_effective(settings_t *after, const settings_t *before);

/**
 * Line of the setting @p name in the configuration file; 0: no file sets it.
 * @param item   of a list; any for other settings
 * @param option of the module that the item names; empty or NULL: the item itself
 */
unsigned settings_option_line(const settings_t *settings, const char *name, unsigned item,
                              const char *option);

/** As settings_mistake(), at the line of option @p option. */
void settings_option_mistake(const settings_t *settings, const char *name, unsigned item, const char *option,
                             const synfix_error_t *error, mistakes_t *mistakes);

/** Adds @p error about the setting @p name to @p mistakes, with file and line if a file sets it. */
void settings_mistake(const settings_t *settings, const char *name, unsigned item,
                      const synfix_error_t *error, mistakes_t *mistakes);

#endif
