/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/hawser.h>

#include <jansson.h>

#include "cli/output.h"

struct version_args {
    bool json;
};

static const struct hw_option version_rows[] = {
    {.name = "json",
     .type = HW_OPTION_FLAG,
     HW_OPTION_FIELD(struct version_args, json),
     .help = "Prints one JSON object with the versions of the tool, the compiler and the JSON library."},
};
static const struct hw_option_group version_group = {"Output", version_rows, COUNT_OF(version_rows)};

static const struct hw_option_part parts[] = {{&version_group, 0, 0}, {&hw_common_options, 0, 0}};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {{"hawser version --json", "The versions as JSON."}};

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static enum hw_status version_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct version_args *args = call->args;
    HW_AUTO(hw_buf) text = {0};
    if (args->json) {
        HW_TRY(hw_buf_printf(&text, err, "{\"hawser\":\"%s\",\"compiler\":\"%s\",\"jansson\":\"%s\"}\n", hw_version(),
                             COMPILER, jansson_version_str()));
    } else {
        HW_TRY(hw_buf_printf(&text, err, "hawser %s\n", hw_version()));
    }
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

const struct hw_cmd hw_cmd_version = {
    .name = "version",
    .summary = "Prints the version",
    .operands = "",
    .description = "Prints the version of the tool, which is that of the library too.",
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct version_args),
    .run = version_run,
};
