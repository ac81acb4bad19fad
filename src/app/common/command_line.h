/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file command_line.h
 * One table describes the command line of each command. Parsing, --help, manual pages and shell completion
 * are derived from it.
 */
#ifndef APP_COMMON_COMMAND_LINE_H
#define APP_COMMON_COMMAND_LINE_H

#include <glib.h>
#include <stddef.h>

typedef enum cli_kind {
    CLI_FLAG,    /* gboolean, no argument */
    CLI_TEXT,    /* char * */
    CLI_FILE,    /* char *, a path */
    CLI_LIST,    /* char **, may be repeated */
    CLI_FILES,   /* char **, paths, may be repeated */
    CLI_NUMBER,  /* gint64 */
    CLI_SECONDS, /* double */
} cli_kind_t;

/** One option. A table ends with an entry whose name is NULL. */
typedef struct cli_option {
    const char *name; /* without the leading dashes */
    char letter;      /* short form; 0: none */
    cli_kind_t kind;
    size_t offset;        /* of the field in the values of the command */
    const char *argument; /* name of the argument; NULL: a flag */
    const char *help;     /* a sentence without a full stop */
    const char *fallback; /* default as text; NULL: none */
    const char *heading;  /* group in --help; NULL: `Options` */
    const char *choices;  /* possible arguments, separated by spaces; NULL: free text */
} cli_option_t;

typedef struct cli_example {
    const char *line; /* as typed */
    const char *text; /* the effect; NULL: no explanation is needed */
} cli_example_t;

/** A command. */
typedef struct cli_command {
    const char *name;
    const char *summary;                  /* for the list of commands: lower case, no full stop */
    const char *operands;                 /* as in `FILE...`; NULL: none */
    const char *words;                    /* first operand, when it is one of these; separated by spaces */
    const char *description;              /* paragraphs, separated by empty lines */
    const cli_option_t *(*options)(void); /* the table, which is constant */
    const cli_example_t *examples;        /* ends with a line that is NULL */
    const char *notes;                    /* paragraphs after the options; NULL: none */
    const char *exit_status;              /* codes that need more than the general list; NULL */
    int (*run)(int argc, char **argv);    /* argv[0] is the name; returns the exit code */
    const char *see_also; /* further manual pages, `NAME(SECTION)` separated by spaces; NULL */
} cli_command_t;

/** Width of help texts, in columns. */
#define CLI_WIDTH 80u

/** The option of @p command with this letter; NULL: none. */
const cli_option_t *cli_find_letter(const cli_command_t *command, char letter);

/** Whether @p word is `--name` of an option with an argument: the next word is the value, even if it begins
 * with `-`. */
gboolean cli_takes_next_word(const cli_command_t *command, const char *word);

/**
 * The words of a command line with values that are attached to letters as separate words: -j4 becomes
 * -j 4. The array ends with NULL; it owns no text of @p argv, and is freed by g_ptr_array_unref.
 */
GPtrArray *cli_words(const cli_command_t *command, int argc, char **argv);

/**
 * Parses the command line of @p command with the options of @p context; the operands stay in argv. TRUE: the
 * command continues. FALSE: *code is set; --help was printed (exit code OK), or a mistake was reported (exit
 * code USAGE). Frees @p context.
 */
gboolean cli_parse_context(const cli_command_t *command, GOptionContext *context, int *argc, char ***argv,
                           int *code);

/** The same with the command's own table and values. */
gboolean cli_parse(const cli_command_t *command, void *values, int *argc, char ***argv, int *code);

/** Appends @p text broken into lines of CLI_WIDTH, each after @p indent spaces; the first begins at @p
 * column. */
void cli_wrap(GString *out, const char *text, unsigned indent, unsigned column);

/** Appends the text of `synfix COMMAND --help`. */
void cli_help(GString *out, const cli_command_t *command);

/** Help of an option with its default, as in `Observation domain [1]`. The caller frees it. */
char *cli_option_help(const cli_option_t *option);

/** Headings of @p options in the order of their first option; ends with NULL. The caller frees the array, not
 * the texts. */
const char **cli_headings(const cli_option_t *options);

/** Heading of an option, never NULL. */
const char *cli_heading(const cli_option_t *option);

#endif
