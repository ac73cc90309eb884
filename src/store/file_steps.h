/* SPDX-License-Identifier: Apache-2.0 */
/* Opens folders name by name, so that no link on the way is followed. */
#ifndef HW_STORE_FILE_STEPS_H
#define HW_STORE_FILE_STEPS_H

#include <stddef.h>

/*
 * Opens the folder that the first `bytes` of `path` name, or the working directory where there are
 * none. Links are followed in the first `kept_bytes` only. Returns the descriptor, or -1 with an
 * errno: ELOOP for a link behind them, ENOTDIR for another thing that is no folder.
 */
int hw_file_steps_open(const char *path, size_t kept_bytes, size_t bytes);

#endif
