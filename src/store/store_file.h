/* SPDX-License-Identifier: Apache-2.0 */
/* The store of local files, the one of paths without a scheme and of `file://`. */
#ifndef HW_STORE_STORE_FILE_H
#define HW_STORE_STORE_FILE_H

#include "store/store.h"

/*
 * Opens the folder `root` ("/" or "" for the working directory) as a store. Of the options, which
 * may be NULL, only `links_left_out` counts. A listing walks the
 * folders and follows links; it leaves out temporaries of ours (".hawser-...") and what is not a
 * regular file. A sink makes the folders that are missing; it replaces a link at its key, not what
 * the link points to, and refuses with HW_EUSAGE to replace a directory, a device, a pipe or a link
 * into /dev or /proc.
 */
HW_NODISCARD enum hw_status hw_store_file_open(const char *root, const struct hw_store_options *options,
                                               struct hw_store **out_store, struct hw_error *err);

/*
 * Returns how many symbolic links the listings of a store have left out; 0 if it is no store of
 * files.
 */
uint64_t hw_store_file_links_left_out(struct hw_store *store);

/*
 * Tells the facts of the file that a source reads. Returns false, and tells nothing, if the source
 * is that of another store.
 */
bool hw_store_file_facts(const struct hw_source *source, struct hw_file_facts *out_facts);

#endif
