/* SPDX-License-Identifier: Apache-2.0 */
/* Third-party test files: in HAWSER_CORPORA, else in ../shared/corpora from the project's root, where present. */
#ifndef HW_TESTS_CORPUS_H
#define HW_TESTS_CORPUS_H

#include "core/buf.h"

/* The path of a corpus ("csv/spectrum-csvs"), or NULL where it is absent: then call corpus_skip. Owned by the callee, until the next call. */
const char *corpus_path(const char *name);
/* Skips the running test and says so in a line that `make check` counts: "SKIPPED <cases> <name>". */
void corpus_skip(const char *name);
/* The whole file; false where it cannot be read. */
bool corpus_read(const char *path, struct hw_buf *out);

#endif
