/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what became of objects that were moved or removed, and of the run as a whole. */
#ifndef HW_CLI_TRANSFER_TELLING_H
#define HW_CLI_TRANSFER_TELLING_H

#include <hawser/transfer.h>

#include "cli/teller.h"

/* One run as the callbacks see it. */
struct hw_transfer_telling {
    struct hw_teller teller;
    struct hw_log log;
    /* NULL: the run has a summary of its own. */
    const struct hw_cli_host *host;
    bool dry_run;
    /* The word for a run that would do something: "copied". */
    const char *planned;
    /* The objects that were removed, beside those that were moved, and their bytes. */
    uint64_t removed;
    uint64_t removed_bytes;
    /* The bytes that a service has copied, in the place of those that were not sent. */
    uint64_t copied_bytes;
};

/*
 * Begins to tell, and puts the callbacks and the log into `options`, which then hold pointers to
 * `telling`.
 */
void hw_transfer_telling_start(struct hw_transfer_telling *telling, const struct hw_cmd_call *call,
                               const struct hw_run_args *args, struct hw_transfer_options *options);
/* Tells the summary, and returns how the command ends. */
HW_NODISCARD enum hw_status hw_transfer_telling_finish(struct hw_transfer_telling *telling,
                                                       const struct hw_transfer_result *result, enum hw_status status,
                                                       struct hw_error *err);

#endif
