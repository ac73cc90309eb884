/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipes as sources and sinks, by way of a file without a name in TMPDIR (else /var/tmp). Standard
 * input can then be read twice where a type widens, and nothing is written to standard output
 * before the whole file is made.
 */
#ifndef HW_PIPELINE_PIPE_H
#define HW_PIPELINE_PIPE_H

#include <unistd.h>

#include "core/io.h"
#include "store/store.h"

/* Returns the descriptor that a destination of `-` is, where 0 stands for standard output. */
static inline int hw_pipe_output_fd(int asked) {
    return asked == 0 ? STDOUT_FILENO : asked;
}

/*
 * Reads `fd` to its end into such a file and opens that. `stop` is asked all the while; it ends
 * this with HW_ECANCELLED.
 */
HW_NODISCARD enum hw_status hw_pipe_source_open(int fd, const struct hw_io_stop *stop, struct hw_source **out_source,
                                                struct hw_error *err);

/*
 * Makes a store whose only object, whatever its key, is `fd`: a sink's bytes are written there when
 * it is finished. `stop` (copied) is asked meanwhile; it ends that with HW_ECANCELLED, and some of
 * the bytes have been written.
 */
HW_NODISCARD enum hw_status hw_pipe_store_open(int fd, const struct hw_io_stop *stop, struct hw_store **out_store,
                                               struct hw_error *err);

#endif
