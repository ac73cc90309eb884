/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"

#include "cli/unknown.h"

static const struct hw_cmd *const commands[] = {
#define HW_COMMAND(name) &hw_cmd_##name,
#include "cli/commands.def"
#undef HW_COMMAND
};

static const char *const command_names[] = {
#define HW_COMMAND(name) #name,
#include "cli/commands.def"
#undef HW_COMMAND
};

static const struct hw_option common_rows[] = {
    {.name = "help",
     .letter = 'h',
     .type = HW_OPTION_HELP,
     HW_OPTION_FIELD(struct hw_common_args, help),
     .help = "Prints the help of the command."},
};

const struct hw_option_group hw_common_options = {"Help", common_rows, COUNT_OF(common_rows)};

size_t hw_cmd_count(void) {
    return COUNT_OF(commands);
}

const struct hw_cmd *hw_cmd_at(size_t index) {
    return commands[index];
}

const struct hw_cmd *hw_cmd_find(const char *name) {
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

enum hw_status hw_cmd_unknown(const char *word, struct hw_error *err) {
    return hw_fail_unknown(err, "command", hw_view_of(word), command_names, COUNT_OF(command_names));
}
