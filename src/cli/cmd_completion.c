/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"
#include "cli/output.h"

static const struct hw_option_part parts[] = {{&hw_common_options, 0, 0}};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"source <(hawser completion bash)", "Completions for this bash."},
    {"hawser completion fish >~/.config/fish/completions/hawser.fish", "Completions for every fish to come."},
};

static const char *const operand_names[] = {"the name of a shell (bash, zsh or fish)"};

static enum hw_status completion_run(const struct hw_cmd_call *call, struct hw_error *err) {
    HW_AUTO(hw_buf) script = {0};
    HW_TRY(hw_completion_script(&script, call->commands, call->operands[0], err));
    return hw_output_data(call->cli, hw_buf_view(&script), err);
}

const struct hw_cmd hw_cmd_completion = {
    .name = "completion",
    .summary = "Prints the completions of a shell",
    .operands = "bash|zsh|fish",
    .description = "Prints a script for a shell, which then completes commands, options and their values.",
    .operand = HW_OPERAND_SHELL,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .run = completion_run,
};
