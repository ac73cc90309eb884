/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads and the memory of a run: first what its options leave open is filled in, and once its
 * sources are known, the memory is divided.
 */
#ifndef HW_PIPELINE_RUN_SETUP_H
#define HW_PIPELINE_RUN_SETUP_H

#include "pipeline/run_context.h"

struct hw_run_setup {
    struct hw_settings_network asked; /* what the options ask for; 0: nothing */
    struct hw_settings_network network;
};

/*
 * Fills in the memory, the threads, and what networks buffer, which is part of the memory. The
 * formats are known.
 */
void hw_run_setup_fill(struct hw_run_setup *setup, struct hw_convert_options *options);

/*
 * Divides the memory: sets `run->settings`, and what these say of `run->output`, and opens the
 * budgets. Options, plan, lister and output are known, and the first sources are listed.
 */
HW_NODISCARD enum hw_status hw_run_setup_divide(const struct hw_run_setup *setup, struct hw_run_context *run,
                                                struct hw_error *err);
/* Closes the budgets. Accepts a run whose memory was never divided. */
void hw_run_setup_release(struct hw_run_context *run);

#endif
