/* SPDX-License-Identifier: Apache-2.0 */
/* A list of paths in a file, an object or standard input: one path a line. */
#ifndef HW_STORE_PATH_LIST_H
#define HW_STORE_PATH_LIST_H

#include "core/arena.h"
#include "core/io.h"
#include "store/store.h"

struct hw_path_list {
    const char **paths; /* NULL where there is none; to be freed with hw_free */
    size_t count;
};

struct hw_path_list_params {
    /* The list; "-" is what comes through `input_fd`. */
    const char *path;
    /* Paths end with NUL, not with a line end. */
    bool nul;
    int input_fd;
    /* Asked while `input_fd` is not ready. */
    struct hw_io_stop stop;
    /* The options of the list's store. */
    const struct hw_store_options *store;
};

/*
 * Reads a list. A line is a path as it stands, without the CR at its end, and empty lines are left
 * out. With `nul` nothing is taken off. Texts live in `arena`. HW_ELIMIT beyond
 * HW_SOURCE_LIST_BYTES_MAX, HW_EDATA where a line holds a NUL. On failure there is no list.
 */
HW_NODISCARD enum hw_status hw_path_list_read(const struct hw_path_list_params *params, struct hw_arena *arena,
                                              struct hw_path_list *out_list, struct hw_error *err);

#endif
