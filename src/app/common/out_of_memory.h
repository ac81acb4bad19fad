/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file out_of_memory.h
 * GLib ends a program whose allocation fails, with a trap and a message about a line of GLib.
 */
#ifndef APP_COMMON_OUT_OF_MEMORY_H
#define APP_COMMON_OUT_OF_MEMORY_H

/** From now on, a failed allocation ends the program with a message and the exit code of other memory
 * errors. Call it before threads start. */
void out_of_memory_ends(void);

#endif
