/* SPDX-License-Identifier: Apache-2.0 */
/* Makes an object of what comes through a descriptor, whose size nobody knows. */
#ifndef HW_TRANSFER_PIPE_IN_H
#define HW_TRANSFER_PIPE_IN_H

#include "transfer/run.h"
#include "transfer/target.h"

/*
 * Reads the run's input_fd to its end and publishes it at the target, which is no folder. Tells the
 * run of the object, whose failure is not returned.
 */
void hw_transfer_pipe_in(struct hw_transfer_run *run, const struct hw_target *target);

#endif
