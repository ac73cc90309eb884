/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the small XML documents that clients send. */
#ifndef FAULT_SERVER_DOCUMENT_H
#define FAULT_SERVER_DOCUMENT_H

#include "support/fault_server/blob.h"

/* Copies a body to `out` as a text. NULL is an empty one. Returns its beginning. */
const char *document_text(const struct blob *blob, struct text *out);

/*
 * Finds the next element of a name and copies what is between its tags, entities and all. `at` moves
 * behind it. False where there is none, or where it has no end.
 */
bool element_next(const char **at, const char *name, struct text *out);
/* Does the same within an element's inside, and decodes entities. False where there is none. */
bool element_text(const char *inside, const char *name, struct text *out);

#endif
