/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the local store: what its listing, its sink and its sources share. */
#ifndef HW_STORE_STORE_FILE_H
#define HW_STORE_STORE_FILE_H

#include <pthread.h>
#include <sys/stat.h>

#include "core/hash_set.h"
#include "store/file_temp.h"
#include "store/store.h"

struct hw_file_store {
    struct hw_store base;
    char *root;
    struct hw_file_owner owner;
    pthread_mutex_t lock;
    /* folders that were looked through for temporaries without an owner */
    struct hw_hash_set swept;
};

/* `list` and `sink_open` of the local store; store.h has the contracts. */
enum hw_status hw_file_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                            struct hw_error *err);
enum hw_status hw_file_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                 struct hw_sink **out_sink, struct hw_error *err);

/* Looks through a folder that is written to, the first time. Any thread. */
void hw_file_folder_sweep(struct hw_file_store *store, const char *folder, size_t bytes, int folder_fd);

/* openat of core/io.h over EINTR, always with O_CLOEXEC. */
int hw_file_openat(int dir_fd, const char *path, int flags, mode_t mode);
int64_t hw_file_mtime_us(const struct stat *info);
/* root + key, owned; NULL when out of memory. */
HW_NODISCARD char *hw_file_path(const struct hw_store *store, const char *key);

#endif
