/* SPDX-License-Identifier: Apache-2.0 */
/* The sink of the local store. */
#ifndef HW_STORE_FILE_SINK_H
#define HW_STORE_FILE_SINK_H

#include "store/file_temp.h"
#include "store/folder_sync.h"
#include "store/store.h"

/* All sinks of a store share it. */
struct hw_file_sinks {
    /* names their temporaries, and looks after those that others have left in their folders */
    struct hw_file_temps temps;
    struct hw_folder_syncs folders;
};

/* Opens a sink as sink_open of hw_store_ops promises. Borrows the store and `sinks`. */
HW_NODISCARD enum hw_status hw_file_sink_open(const struct hw_store *store, struct hw_file_sinks *sinks,
                                              const char *key, const struct hw_sink_options *options,
                                              struct hw_sink **out_sink, struct hw_error *err);

#endif
