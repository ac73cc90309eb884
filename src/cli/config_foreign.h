/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of config files that were written for a program around s5cmd. They set the options of cp,
 * sync and run that mean the same:
 *
 *     operation_mode          --mode: auto, direct, direct_sync, traditional, hybrid
 *     enable_s3_direct_sync   false: --mode traditional
 *     destination_bucket      DST, where none is given
 *     destination_prefix      the prefix of that
 *     sync_mode               copy, or sync: cp --if-size-differ
 *     enable_incremental      true: cp --if-size-differ
 *     max_parallel_downloads  --connections
 *     batch_size              --jobs of run
 *     part_size_mb            --part-size, in MiB
 *     s5cmd_extra_args        an array of options as s5cmd has them (cli/batch_alias.h)
 */
#ifndef HW_CLI_CONFIG_FOREIGN_H
#define HW_CLI_CONFIG_FOREIGN_H

#include <jansson.h>

#include "cli/cmd.h"
#include "cli/option_filler.h"

/* The number of the keys. */
enum { HW_CONFIG_FOREIGN_KEYS = 10 };
/* Returns one of them; `index` is below their number. */
const char *hw_config_foreign_key(size_t index);
/* Returns whether a key is one of them. */
bool hw_config_foreign(const char *key);

/*
 * Sets what the keys of the object say to the command of the call, in the layer HW_LAYER_CONFIG,
 * and `call->destination`. Commands other than cp, sync and run take nothing of it. HW_ECONFIG and
 * HW_EUSAGE name the key.
 */
HW_NODISCARD enum hw_status hw_config_foreign_fill(struct hw_option_filler *filler, struct hw_cmd_call *call,
                                                   const json_t *object, struct hw_error *err);

#endif
