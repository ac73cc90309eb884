/* SPDX-License-Identifier: Apache-2.0 */
/* The options of commands that copy and move objects. */
#ifndef HW_CLI_TRANSFER_ARGS_H
#define HW_CLI_TRANSFER_ARGS_H

#include <hawser/transfer.h>

#include "cli/run_args.h"
#include "cli/store_args.h"

struct hw_transfer_args {
    struct hw_store_args store;
    struct hw_run_args run;
    struct hw_option_list include;
    struct hw_option_list exclude;
    bool raw;
    bool dry_run;
    bool no_clobber;
    bool if_size_differs;
    bool if_source_newer;
    uint64_t part_bytes;
    enum hw_transfer_mode mode;
};

/* Both groups are for a struct hw_transfer_args. */
extern const struct hw_option_group hw_transfer_choose_group;
extern const struct hw_option_group hw_transfer_part_group;

/* The rows of the run's options that these commands heed. */
enum {
    HW_TRANSFER_RUN_ROWS = HW_RUN_MEMORY | HW_RUN_FAIL_FAST | HW_RUN_REPORT | HW_RUN_JSON | HW_RUN_QUIET |
                           HW_RUN_VERBOSE | HW_RUN_PROGRESS_EVERY | HW_RUN_LOG | HW_RUN_CONFIG
};

/* Returns the options of the library's call, but for its callbacks. Texts are borrowed. */
struct hw_transfer_options hw_transfer_args_options(const struct hw_transfer_args *args);

#endif
