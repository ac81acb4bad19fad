/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file learn.h
 * Proposes entries for signatures that a database does not know.
 */
#ifndef SIGDB_TOOLS_LEARN_H
#define SIGDB_TOOLS_LEARN_H

#include <stdbool.h>
#include <stdio.h>
#include <synfix/sigdb.h>

/** Room for the text of one proposed `sig`. */
#define SIGDB_LESSON_SIG_SIZE 600

typedef struct signature_learner signature_learner_t;

/** NULL: out of memory. */
signature_learner_t *sigdb_lesson_new(void);

/** @p lesson may be NULL. */
void sigdb_lesson_free(signature_learner_t *lesson);

/** Adds the signature of packet @p number. False: out of memory. */
bool sigdb_lesson_add(signature_learner_t *lesson, synfix_direction_t direction,
                      const synfix_signature_t *signature, uint64_t number);

/** Number of proposed entries. */
uint32_t sigdb_lesson_count(const signature_learner_t *lesson);

/** Prints sections of the own grammar with label, evidence and sig of each entry. */
void sigdb_lesson_print(const signature_learner_t *lesson, const char *label, const char *source, FILE *out);

#endif
