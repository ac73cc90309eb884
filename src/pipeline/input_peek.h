/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the first bytes of standard input, which all stay there to be read. */
#ifndef HW_PIPELINE_INPUT_PEEK_H
#define HW_PIPELINE_INPUT_PEEK_H

#include "core/io.h"

struct hw_input_start {
    /* The bytes that are there, fewer at the end of a file, and what else has come by a pipe. */
    uint8_t bytes[16];
    size_t size;
    /* It is a file, which can be read at any place. */
    bool seekable;
};

/*
 * Looks at the bytes that `fd` will give next, and waits for the first of them where it is a pipe.
 * Where it is neither a file nor a pipe there are none to be seen. `stop` is asked meanwhile; it
 * ends this with HW_ECANCELLED.
 */
HW_NODISCARD enum hw_status hw_input_peek(int fd, const struct hw_io_stop *stop, struct hw_input_start *out_start,
                                          struct hw_error *err);

#endif
