/* SPDX-License-Identifier: Apache-2.0 */
/* Files without a name, which disappear with their descriptor, however the process ends. */
#ifndef HW_CORE_TEMP_FILE_H
#define HW_CORE_TEMP_FILE_H

#include "core/error.h"

/*
 * Opens one in TMPDIR, or in /var/tmp where that is not set, for writing and reading. HW_EIO where
 * that folder is not there.
 */
HW_NODISCARD enum hw_status hw_temp_file_open(int *out_fd, struct hw_error *err);

/*
 * Does the same in a folder; NULL is that of hw_temp_file_open. That takes the place of a folder
 * whose file system knows no such files: `*folder` is NULL then.
 */
HW_NODISCARD enum hw_status hw_temp_file_open_in(const char **folder, int *out_fd, struct hw_error *err);

/*
 * Says in an error of input or output that the file at fault was such a one, and where it lies.
 * Returns `status`.
 */
enum hw_status hw_temp_file_told(enum hw_status status, struct hw_error *err);
/* Does the same for one in a folder, which may be NULL. */
enum hw_status hw_temp_file_told_in(enum hw_status status, const char *folder, struct hw_error *err);

#endif
