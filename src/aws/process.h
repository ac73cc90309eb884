/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a program for what it prints, without a shell. */
#ifndef HW_AWS_PROCESS_H
#define HW_AWS_PROCESS_H

#include "aws/secret.h"
#include "core/io.h"

enum { HW_PROCESS_TOLD_BYTES = 512 };

struct hw_process_options {
    char *const *words; /* the program and its arguments, ended with NULL; PATH is searched */
    int64_t timeout_ms;
    size_t output_bytes_max;
    struct hw_io_stop stop; /* is asked meanwhile; true kills it: HW_ECANCELLED */
};

struct hw_process_outcome {
    /* The exit status, or 128 and the number of the signal that has ended it. */
    int exit_status;
    struct hw_secret output;
    /* The last line that it wrote to standard error, quoted; "" where there is none. */
    char told[HW_PROCESS_TOLD_BYTES];
};
void hw_process_outcome_release(struct hw_process_outcome *outcome);

/*
 * Runs a program to its end. It has the environment of this one and reads nothing: its standard
 * input is empty. It is killed where it takes longer, or prints more, than is allowed. HW_EAUTH
 * where it cannot be started, was killed, or its end is not known; any exit status is HW_OK.
 */
HW_NODISCARD enum hw_status hw_process_run(const struct hw_process_options *options,
                                           struct hw_process_outcome *out_outcome, struct hw_error *err);

/*
 * Writes the last line of a text that a program has printed, quoted, and without what looks like a
 * secret: "***" stands for every run of 20 or more letters, digits and signs of base64 that has a
 * small letter, a capital and a digit.
 */
void hw_process_last_line(hw_view text, char *out, size_t out_bytes);

#endif
