/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time and the permissions of a file as metadata of an object, as rclone writes them: `mtime`
 * is a number of seconds since 1970 with up to nine decimals, `mode` has the kind of the file and
 * its permissions as octal digits. Pure functions.
 */
#ifndef HW_TRANSFER_FILE_FACTS_H
#define HW_TRANSFER_FILE_FACTS_H

#include <hawser/store.h>

#include "core/error.h"

#define HW_MTIME_NAME "mtime"
#define HW_MODE_NAME "mode"

/* The room for each text, the NUL at the end included. */
enum { HW_FILE_FACT_BYTES = 32 };

/* Write the time, and the mode of a regular file with these permissions. Return `out`. */
const char *hw_file_mtime_text(int64_t mtime_ns, char out[HW_FILE_FACT_BYTES]);
const char *hw_file_mode_text(uint32_t mode, char out[HW_FILE_FACT_BYTES]);

/*
 * Reads what metadata tells of a file. An entry that is none of these, or whose value is no such
 * time or mode, tells nothing: other programs write under the same names. Of a mode only the
 * permissions of owner, group and others count.
 */
struct hw_file_facts hw_file_facts_of(const struct hw_metadata *metadata, size_t count);

#endif
