/* SPDX-License-Identifier: Apache-2.0 */
/* The program that wrote a file, as its footer names it in `created_by`. */
#ifndef HW_PARQUET_WRITER_VERSION_H
#define HW_PARQUET_WRITER_VERSION_H

#include "core/base.h"
#include "core/view.h"

/* "parquet-mr version 1.8.1 (build 4aba4dae7)" */
struct hw_writer_version {
    /* A view of the text: "parquet-mr". */
    hw_view program;
    /* Zeros where it has none that can be read. */
    uint32_t numbers[3];
};

/* Reads any text: what cannot be read is left out. */
struct hw_writer_version hw_writer_version_read(hw_view created_by);
/* Returns whether the writer is that program, with a version before the given one. */
bool hw_writer_version_before(const struct hw_writer_version *version, const char *program, uint32_t major,
                              uint32_t minor, uint32_t patch);
/*
 * Returns whether the pages of version 2 that the writer marks as not compressed are compressed all
 * the same (ARROW-10353): those of parquet-cpp before 2.0, by which Arrow went until its own 3.0.
 */
bool hw_writer_packs_against_flag(hw_view created_by);

#endif
