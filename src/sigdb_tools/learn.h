/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file learn.h
 * Proposes entries for signatures that a database lacks.
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
signature_learner_t *signature_learner_new(void);

/** @p learner may be NULL. */
void signature_learner_free(signature_learner_t *learner);

/** Adds the signature of packet @p number. False: out of memory. */
bool signature_learner_add(signature_learner_t *learner, synfix_direction_t direction,
                           const synfix_signature_t *signature, uint64_t number);

/** Number of proposed entries. */
uint32_t signature_learner_count(const signature_learner_t *learner);

/** Prints sections of synfix's grammar with label, evidence and sig of each entry. */
void signature_learner_print(const signature_learner_t *learner, const char *label, const char *source,
                             FILE *out);

#endif
