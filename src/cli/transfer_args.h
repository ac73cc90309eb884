/* SPDX-License-Identifier: Apache-2.0 */
/* The options of commands that copy and move objects. */
#ifndef HW_CLI_TRANSFER_ARGS_H
#define HW_CLI_TRANSFER_ARGS_H

#include <hawser/transfer.h>

#include "cli/run_args.h"
#include "cli/store_args.h"
#include "cli/write_args.h"

struct hw_transfer_args {
    struct hw_store_args store;
    struct hw_run_args run;
    struct hw_write_args write;
    struct hw_option_list include;
    struct hw_option_list exclude;
    bool raw;
    bool flatten;
    bool dry_run;
    bool no_clobber;
    bool if_size_differs;
    bool if_source_newer;
    const char *version_id;
    bool all_versions;
    bool preserve;
    const char *files_from;
    bool files_from_nul;
    bool links_left_out;
    uint64_t part_bytes;
    bool keep_partial;
    enum hw_transfer_mode mode;
    enum hw_checksum_kind sidecar;
    bool delta;
};

/* Bits for the rows of the groups, for `rows` of struct hw_option_part. */
enum {
    HW_TRANSFER_CHOOSE_NAMES = 1 << 0 | 1 << 1 | 1 << 2, /* --include, --exclude, --raw */
    HW_TRANSFER_CHOOSE_RAW = 1 << 2,
    HW_TRANSFER_CHOOSE_NO_CLOBBER = 1 << 3,
    HW_TRANSFER_CHOOSE_UNLESS = 1 << 3 | 1 << 4 | 1 << 5, /* --no-clobber and its like */
    HW_TRANSFER_CHOOSE_FLATTEN = 1 << 6,
    HW_TRANSFER_CHOOSE_VERSION = 1 << 7,
    HW_TRANSFER_CHOOSE_ALL_VERSIONS = 1 << 8,
    HW_TRANSFER_CHOOSE_LIST = 1 << 9 | 1 << 10, /* --files-from, --from0 */
    HW_TRANSFER_CHOOSE_LINKS = 1 << 11,
    HW_TRANSFER_PART_DRY_RUN = 1 << 0,
    HW_TRANSFER_PART_SIZE = 1 << 1,
    HW_TRANSFER_PART_MODE = 1 << 2,
};

/* Both groups are for a struct hw_transfer_args. */
extern const struct hw_option_group hw_transfer_choose_group;
extern const struct hw_option_group hw_transfer_part_group;

/* The rows of the run's options that these commands heed. */
enum {
    HW_TRANSFER_RUN_ROWS = HW_RUN_MEMORY | HW_RUN_FAIL_FAST | HW_RUN_REPORT | HW_RUN_PRICES | HW_RUN_JSON |
                           HW_RUN_QUIET | HW_RUN_VERBOSE | HW_RUN_PROGRESS_EVERY | HW_RUN_LOG | HW_RUN_CONFIG
};

/* The options of a call, and what they point to. It must not move while they are used. */
struct hw_transfer_call {
    struct hw_transfer_options options;
    struct hw_write_options write;
    struct hw_write_access access;
};
/*
 * Makes the options of the library's call, but for its callbacks. Texts are borrowed, or live in
 * `arena`. A call is released on failure too.
 */
HW_NODISCARD enum hw_status hw_transfer_args_call(const struct hw_transfer_args *args, struct hw_arena *arena,
                                                  struct hw_transfer_call *out_call, struct hw_error *err);
void hw_transfer_call_release(struct hw_transfer_call *call);

#endif
