/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard output of many commands that run at once. What a command writes stands together: it is
 * kept until the command ends, or, where that is too much, until no other command is writing. Lines
 * of JSON come as soon as they can, with the number of the command's line in each.
 */
#ifndef HW_CLI_BATCH_OUTPUT_H
#define HW_CLI_BATCH_OUTPUT_H

#include "cli/teller.h"

/* The most bytes of a command that are kept. */
enum { HW_BATCH_KEPT_BYTES = 256 * 1024 };

struct hw_batch_writer;

struct hw_batch_output {
    /* Prints, and knows how that has gone. Borrowed. */
    struct hw_teller *teller;
    struct {
        pthread_mutex_t lock;
        /* Nobody has the output to itself any more. */
        pthread_cond_t left;
        /* The command that has the output to itself; NULL: none has. */
        const struct hw_batch_writer *owner;
    } synced;
};
void hw_batch_output_init(struct hw_batch_output *output, struct hw_teller *teller);
void hw_batch_output_release(struct hw_batch_output *output);

/* The output of one command. Start it with the first two filled in and the rest zeroed. */
struct hw_batch_writer {
    struct hw_batch_output *output;
    /* The number of the command's line. */
    uint64_t line;
    struct {
        /* This is under the lock of the output, for a command may have threads. */
        struct hw_buf kept;
    } synced;
};
/*
 * Takes bytes; `json` says that they are whole lines with a JSON object each. It waits while
 * another command has the output and there is too much to keep. Fails once standard output has
 * taken no more, of whatever command.
 */
HW_NODISCARD enum hw_status hw_batch_writer_put(struct hw_batch_writer *writer, bool json, hw_view data,
                                                struct hw_error *err);
/* Writes what is kept, and gives the output back. */
void hw_batch_writer_end(struct hw_batch_writer *writer);

#endif
