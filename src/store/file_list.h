/* SPDX-License-Identifier: Apache-2.0 */
/* The listing of the local store. */
#ifndef HW_STORE_FILE_LIST_H
#define HW_STORE_FILE_LIST_H

#include "store/store.h"

/*
 * Lists as list of hw_store_ops promises, below the folder `root`: in byte order of the keys. Links
 * are followed where `out_links` is NULL; else they are left out, and their number is added to it.
 * The memory that it takes is that of the folders on the way down, each of which is read and sorted
 * as a whole.
 */
HW_NODISCARD enum hw_status hw_file_list(const char *root, const char *prefix, hw_list_fn *each, void *ctx,
                                         uint64_t *out_links, struct hw_error *err);

#endif
