/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"

static const struct hw_option common_rows[] = {
    {.name = "help", .letter = 'h', .type = HW_OPTION_HELP, .help = "Prints the help of the command."},
};

const struct hw_option_group hw_common_options = {"Help", common_rows, COUNT_OF(common_rows)};
