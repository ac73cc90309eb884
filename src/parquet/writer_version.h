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

#endif
