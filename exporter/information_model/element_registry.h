/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file element_registry.h
 * Names and numbers of the IANA registries of RFC 5610.
 */
#ifndef EXPORTER_INFORMATION_MODEL_ELEMENT_REGISTRY_H
#define EXPORTER_INFORMATION_MODEL_ELEMENT_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

/** Each function returns whether the registry contains @p text. */
bool element_registry_type(const char *text, uint8_t *type, uint16_t *length);
bool element_registry_semantics(const char *text, uint8_t *semantics);
bool element_registry_units(const char *text, uint16_t *units);

#endif
