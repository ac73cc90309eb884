/* SPDX-License-Identifier: Apache-2.0 */
/* Makes an object of what comes through a descriptor, whose size nobody knows. */
#ifndef HW_TRANSFER_PIPE_IN_H
#define HW_TRANSFER_PIPE_IN_H

#include "transfer/run.h"

/*
 * Reads the run's input_fd to its end and publishes it at `key`. Tells the run of the object, whose
 * failure is not returned.
 */
void hw_transfer_pipe_in(struct hw_transfer_run *run, struct hw_store *store, const char *key);

#endif
