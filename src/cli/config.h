/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The config file is one JSON object for all commands. Its keys are long option names, which count
 * for every command that has the option, and names of commands, whose values are objects of options
 * for that command alone:
 *
 *     {"memory": "1GiB", "convert": {"to": "avro"}, "mongo export": {"threads": 2}}
 */
#ifndef HW_CLI_CONFIG_H
#define HW_CLI_CONFIG_H

#include "cli/cmd.h"
#include "cli/option_filler.h"

/*
 * Sets the options that the file at `path` names and that the command of the call has. Those at the
 * top of the file are of the layer HW_LAYER_CONFIG, those of the command's own section of
 * HW_LAYER_SECTION. Values are texts as on the command line, whole numbers, true or false, and
 * arrays of them for options that take several values; each item then counts as it is, commas and
 * all. HW_ECONFIG names the file, the key and, for one that no command knows, the nearest that is
 * known. Some keys of another program are known too (cli/config_foreign.h).
 */
HW_NODISCARD enum hw_status hw_config_fill(struct hw_option_filler *filler, struct hw_cmd_call *call, const char *path,
                                           struct hw_error *err);

#endif
