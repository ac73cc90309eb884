/* SPDX-License-Identifier: Apache-2.0 */
/* A list of sources in a file, an object or standard input: one path a line. */
#ifndef HW_PIPELINE_SOURCE_LIST_H
#define HW_PIPELINE_SOURCE_LIST_H

#include <hawser/convert.h>

#include "core/arena.h"
#include "core/error.h"

struct hw_source_list {
    const char **paths; /* NULL where there is none; to be freed with hw_free */
    size_t count;
};

/*
 * Reads the list that `options->files_from` names; "-" is the input of the options. A line is a
 * path as it stands, without the CR at its end, and empty lines are left out. With
 * `files_from_nul` paths end with NUL instead, and nothing is taken off. Texts live in `arena`.
 * HW_ELIMIT beyond HW_SOURCE_LIST_BYTES_MAX, HW_EDATA where a line holds a NUL. On failure there is
 * no list.
 */
HW_NODISCARD enum hw_status hw_source_list_read(const struct hw_convert_options *options, struct hw_arena *arena,
                                                struct hw_source_list *out_list, struct hw_error *err);

#endif
