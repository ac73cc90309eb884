/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for a test that touches files. */
#ifndef HW_TESTS_SCRATCH_H
#define HW_TESTS_SCRATCH_H

#include "core/buf.h"

struct scratch {
    char folder[512]; /* absolute, ends in '/' */
};

/* Makes it below TMPDIR, else /tmp. */
struct scratch scratch_make(void);
/* Removes it with all that is in it. */
void scratch_remove(struct scratch *scratch);
/* Absolute path of `name` in it; one of four buffers that are used in turn. */
const char *scratch_path(const struct scratch *scratch, const char *name);
/* Writes a file and the folders above it. */
void scratch_write(const struct scratch *scratch, const char *name, const void *data, size_t bytes);
/* True where the file holds exactly these bytes. */
bool scratch_holds(const struct scratch *scratch, const char *name, const void *data, size_t bytes);
/*
 * Names of all that is in it, folders with a '/' at the end, sorted, each followed by a space. Owned by the callee,
 * until the next call.
 */
const char *scratch_names(const struct scratch *scratch);

#endif
