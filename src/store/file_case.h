/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out whether a file system tells names apart that differ only in case. */
#ifndef HW_STORE_FILE_CASE_H
#define HW_STORE_FILE_CASE_H

#include "core/error.h"

/*
 * Returns true where names in a folder that differ only in case are those of one file. `path` names
 * a file or a folder, whether it is there or not: what counts is the innermost folder on the way
 * that is. A temporary file is made there for a moment. Where that cannot be, it returns false.
 */
bool hw_file_case_folded(const char *path);

#endif
