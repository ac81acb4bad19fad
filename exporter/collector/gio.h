/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file gio.h
 * GIO, which only the collecting process needs: the library is loaded when the first listener is made
 * (cmake/SynfixOnDemand.cmake). g_autoptr() and g_clear_object() call functions of the library from GLib's
 * headers; the macros and functions of this file replace them.
 */
#ifndef EXPORTER_COLLECTOR_GIO_H
#define EXPORTER_COLLECTOR_GIO_H

#include "on_demand/gio.h"

/** Sets *@p object to NULL and releases the object it named, if any. Use gio_clear(). */
static inline void gio_release(gpointer *object)
{
    if (*object != NULL) {
        g_object_unref(g_steal_pointer(object));
    }
}

/** Releases the object of a variable, and sets the variable to NULL. */
#define gio_clear(variable) gio_release((gpointer *)(variable))

static inline void gio_release_at_end(void *variable)
{
    gio_clear(variable);
}

/** Before the declaration of a pointer: the object is released at the end of the block. */
#define GIO_AUTO __attribute__((cleanup(gio_release_at_end)))

#endif
