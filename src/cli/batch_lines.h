/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a file or of standard input, one after the other: memory holds one of them. */
#ifndef HW_CLI_BATCH_LINES_H
#define HW_CLI_BATCH_LINES_H

#include "core/buf.h"
#include "core/io.h"

/* The most bytes of a line. */
#define HW_BATCH_LINE_BYTES_MAX HW_MIB(1)

/* Start it with `fd` and `stop`, which are borrowed, and the rest zeroed. */
struct hw_batch_lines {
    int fd;
    struct hw_io_stop stop;
    /* The number of the line that was read last, from 1. */
    uint64_t number;
    struct hw_buf read;
    size_t at;
    bool ended;
};

/*
 * Reads the next line, without its newline; it lives until the next call. `*out_found` is false
 * after the last one, which need not end with a newline. HW_ELIMIT where a line is longer than
 * HW_BATCH_LINE_BYTES_MAX.
 */
HW_NODISCARD enum hw_status hw_batch_lines_next(struct hw_batch_lines *lines, hw_view *out_line, bool *out_found,
                                                struct hw_error *err);
void hw_batch_lines_release(struct hw_batch_lines *lines);

#endif
