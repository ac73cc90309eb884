/* SPDX-License-Identifier: Apache-2.0 */
/* A source over the descriptor of a file to which nobody writes any more. */
#ifndef HW_STORE_FD_SOURCE_H
#define HW_STORE_FD_SOURCE_H

#include <hawser/io.h>

#include "core/error.h"

/*
 * Opens the first `size` bytes that the descriptor has as a source, which takes the descriptor; on
 * failure it is closed as well. `name` is that of the source, and must live as long.
 */
HW_NODISCARD enum hw_status hw_fd_source_open(int fd, uint64_t size, const char *name, struct hw_source **out_source,
                                              struct hw_error *err);
/* Does the same with a copy of the descriptor, which stays the caller's. */
HW_NODISCARD enum hw_status hw_fd_source_dup(int fd, uint64_t size, const char *name, struct hw_source **out_source,
                                             struct hw_error *err);

#endif
