/* SPDX-License-Identifier: Apache-2.0 */
/* The options for reaching stores, for every command that does. */
#ifndef HW_CLI_STORE_ARGS_H
#define HW_CLI_STORE_ARGS_H

#include <hawser/store.h>

#include "cli/option.h"

struct hw_store_side {
    const char *profile;
    const char *region;
    const char *endpoint_url;
    bool no_sign_request;
    unsigned addressing; /* enum hw_addressing + 1; 0: not given */
};

struct hw_store_args {
    struct hw_store_side both;   /* --profile and its like */
    struct hw_store_side source; /* --source-profile and its like, for the side that is read */
    uint32_t connections;
    uint32_t attempts;
    int64_t retry_for_ms;
    int64_t timeout_ms;
    uint64_t limit_rate;
};

/* Both groups are for a struct hw_store_args. */
extern const struct hw_option_group hw_store_option_group;
extern const struct hw_option_group hw_source_option_group;

/* Returns the settings of the store that is written to. Texts are borrowed. */
struct hw_store_options hw_store_args_target(const struct hw_store_args *args);
/* Returns the settings of the store that is read from. Texts are borrowed. */
struct hw_store_options hw_store_args_source(const struct hw_store_args *args);

#endif
