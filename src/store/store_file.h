/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the local store: what its listing, its sink and its sources share. */
#ifndef HW_STORE_STORE_FILE_H
#define HW_STORE_STORE_FILE_H

#include <sys/stat.h>

#include "store/store.h"

/* What our temporaries begin with; never listed. */
#define HW_FILE_TEMP_PREFIX ".hawser-"

/* `list` and `sink_open` of the local store; store.h has the contracts. */
enum hw_status hw_file_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                            struct hw_error *err);
enum hw_status hw_file_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                 struct hw_sink **out_sink, struct hw_error *err);

/* openat of core/io.h over EINTR, always with O_CLOEXEC. */
int hw_file_openat(int dir_fd, const char *path, int flags, mode_t mode);
int64_t hw_file_mtime_us(const struct stat *info);
/* root + key, owned; NULL when out of memory. */
HW_NODISCARD char *hw_file_path(const struct hw_store *store, const char *key);

#endif
