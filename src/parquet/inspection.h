/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is looked at, which all parts of an inspection share. */
#ifndef HW_PARQUET_INSPECTION_H
#define HW_PARQUET_INSPECTION_H

#include <hawser/inspect.h>

#include "parquet/read_file.h"

/* Start it zeroed. Facts are in the arena, or in the file. */
struct hw_inspection {
    struct hw_read_file file;
    struct hw_arena arena;
    /* Holds a text that is being made. */
    struct hw_buf text;
    struct hw_error *err;
    /* The path of each leaf, "a.list.element". */
    const char *const *paths;
    /* The leaves that are asked for, in the order asked for. */
    const size_t *chosen;
    size_t chosen_count;
    /* The bytes of the file that chunks and indexes were read of, and those of all paths. */
    uint64_t claimed_bytes;
    size_t path_bytes;
    /* The error names a page already. */
    bool in_page;
};

/* Returns memory of the arena, zeroed. HW_ENOMEM where there is none. */
HW_NODISCARD enum hw_status hw_inspection_array(struct hw_inspection *inspection, size_t count, size_t bytes,
                                                void *out_array);
/*
 * Counts bytes of the file that a chunk or an index has for itself. HW_EDATA where all of them
 * together have more than there are, so that the same bytes are read again and again.
 */
HW_NODISCARD enum hw_status hw_inspection_claim(struct hw_inspection *inspection, uint64_t bytes);
/* Copies a text to the arena. HW_ENOMEM where there is no memory. */
HW_NODISCARD enum hw_status hw_inspection_text(struct hw_inspection *inspection, hw_view text, const char **out_text);
/*
 * Sets `*out_text` to the name of a number, or where that is NULL, to "<what> <number>", as
 * "codec 12".
 */
HW_NODISCARD enum hw_status hw_inspection_name(struct hw_inspection *inspection, const char *name, const char *what,
                                               int64_t number, const char **out_text);
/*
 * Makes the text of a bound of a leaf; `leaf` NULL makes it that of bytes. A bound whose `data` is
 * NULL has none.
 */
HW_NODISCARD enum hw_status hw_inspection_value(struct hw_inspection *inspection, const struct hw_read_leaf *leaf,
                                                hw_view bound, struct hw_inspect_value *out_value);

#endif
