/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/man.h"

#include <hawser/hawser.h>

#include <stdio.h>

#include "cli/help.h"

static const char tool_description[] =
    "Hawser converts the CSV objects of a data lake to Parquet, Avro and CSV, on a local file system or in S3 and what "
    "speaks its protocol, in bounded memory and with nothing lost: an object is at its final name only when it is "
    "complete.";

static const char values_text[] =
    "Sizes are whole numbers with a unit: kB, MB, GB and TB (or k, M, G, T) count by 1000, KiB, MiB, GiB and TiB by "
    "1024; without a unit they are bytes. Times have the unit ms, s, m or h; without one they are seconds. A switch "
    "takes =false to undo what the environment or the config file says.";

static const char config_text[] =
    "Every option can also be set by an environment variable, HAWSER_ and its name in upper case with _ for -, such as "
    "HAWSER_NULL_VALUES. A command that has --config also reads a JSON file whose keys are the names of options. One "
    "file and one environment serve all commands: each takes the options that it has. A key whose value is an object "
    "is the name of a command, and what stands in the object is for that command and overrides what stands outside: "
    "{\"memory\": \"1GiB\", \"convert\": {\"to\": \"avro\"}}. A key that no command knows is an error, and so is a "
    "variable that is nearly the one of an option. The environment overrides the file, the command line both.\n\n"
    "Credentials and regions are found as the AWS CLI finds them: AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_REGION, "
    "AWS_ENDPOINT_URL, AWS_CA_BUNDLE, ~/.aws/config and so on.";

static enum hw_status title_man(struct hw_buf *out, const char *command, const char *summary, struct hw_error *err);
static enum hw_status section_man(struct hw_buf *out, const char *title, const char *text, struct hw_error *err);
static enum hw_status options_man(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status option_man(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);
static enum hw_status examples_man(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status exit_codes_man(struct hw_buf *out, struct hw_error *err);
static enum hw_status see_also_man(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *without,
                                   struct hw_error *err);
static enum hw_status page_name(struct hw_buf *out, const char *command, struct hw_error *err);
static enum hw_status roff(struct hw_buf *out, const char *text, struct hw_error *err);

enum hw_status hw_man_tool(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    HW_TRY(title_man(out, NULL, "converts the objects of a data lake", err));
    HW_TRY(hw_buf_append_text(out, ".SH SYNOPSIS\n.B hawser\n.I command\n[\\fIoptions\\fR] ...\n", err));
    HW_TRY(section_man(out, "DESCRIPTION", tool_description, err));
    HW_TRY(hw_buf_append_text(out, ".SH COMMANDS\n", err));
    for (size_t i = 0; i < commands->count; i++) {
        const struct hw_cmd *cmd = commands->rows[i];
        HW_TRY(hw_buf_append_text(out, ".TP\n.BR ", err));
        HW_TRY(page_name(out, cmd->name, err));
        HW_TRY(hw_buf_append_text(out, " (1)\n", err));
        HW_TRY(roff(out, cmd->summary, err));
        HW_TRY(hw_buf_append_text(out, ".\n", err));
    }
    HW_TRY(section_man(out, "VALUES", values_text, err));
    HW_TRY(section_man(out, "ENVIRONMENT AND CONFIGURATION", config_text, err));
    HW_TRY(exit_codes_man(out, err));
    return see_also_man(out, commands, NULL, err);
}

enum hw_status hw_man_command(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                              struct hw_error *err) {
    HW_TRY(title_man(out, cmd->name, cmd->summary, err));
    HW_TRY(hw_buf_printf(out, err, ".SH SYNOPSIS\n.B hawser %s\n[\\fIoptions\\fR]", cmd->name));
    HW_TRY(hw_buf_printf(out, err, "%s%s\n", cmd->operands[0] ? " " : "", cmd->operands));
    HW_TRY(section_man(out, "DESCRIPTION", cmd->description, err));
    HW_TRY(options_man(out, cmd, err));
    HW_TRY(section_man(out, "VALUES", values_text, err));
    HW_TRY(section_man(out, "ENVIRONMENT AND CONFIGURATION", config_text, err));
    HW_TRY(examples_man(out, cmd, err));
    HW_TRY(exit_codes_man(out, err));
    return see_also_man(out, commands, cmd, err);
}

static enum hw_status title_man(struct hw_buf *out, const char *command, const char *summary, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, ".TH ", err));
    HW_TRY(page_name(out, command, err));
    HW_TRY(hw_buf_printf(out, err, " 1 \"\" \"hawser %s\" \"Hawser\"\n.SH NAME\n", hw_version()));
    HW_TRY(page_name(out, command, err));
    HW_TRY(hw_buf_append_text(out, " \\- ", err));
    HW_TRY(roff(out, summary, err));
    return hw_buf_append_byte(out, '\n', err);
}

/* hawser, or hawser-mongo-export for the command of that name. */
static enum hw_status page_name(struct hw_buf *out, const char *command, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, command ? "hawser\\-" : "hawser", err));
    for (const char *at = command ? command : ""; *at; at++) {
        HW_TRY(*at == ' ' || *at == '-' ? hw_buf_append_text(out, "\\-", err)
                                        : hw_buf_append_byte(out, (uint8_t)*at, err));
    }
    return HW_OK;
}

/* Paragraphs of `text` are divided by empty lines. */
static enum hw_status section_man(struct hw_buf *out, const char *title, const char *text, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, ".SH %s\n", title));
    HW_TRY(roff(out, text, err));
    return hw_buf_append_byte(out, '\n', err);
}

static enum hw_status options_man(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, ".SH OPTIONS\n", err));
    for (size_t i = 0; i < cmd->options->count; i++) {
        const struct hw_option_part *part = &cmd->options->parts[i];
        HW_TRY(hw_buf_printf(out, err, ".SS %s\n", part->group->title));
        for (size_t j = 0; j < hw_option_part_count(part); j++) {
            HW_TRY(option_man(out, hw_option_part_at(part, j), err));
        }
    }
    return HW_OK;
}

static enum hw_status option_man(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    char arg[HW_HELP_ARG_BYTES];
    hw_help_arg(option, arg);
    HW_TRY(hw_buf_append_text(out, ".TP\n\\fB", err));
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, "\\-%c\\fR, \\fB", option->letter));
    }
    HW_TRY(hw_buf_append_text(out, "\\-\\-", err));
    HW_TRY(roff(out, option->name, err));
    if (arg[0]) {
        HW_TRY(hw_buf_append_text(out, "\\fR \\fI", err));
        HW_TRY(roff(out, arg, err));
    }
    HW_TRY(hw_buf_append_text(out, "\\fR\n", err));
    HW_TRY(roff(out, option->help, err));
    if (option->fallback) {
        HW_TRY(hw_buf_append_text(out, "\nDefault: ", err));
        HW_TRY(roff(out, option->fallback, err));
        HW_TRY(hw_buf_append_byte(out, '.', err));
    }
    return hw_buf_append_byte(out, '\n', err);
}

static enum hw_status examples_man(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    if (cmd->examples_count > 0) {
        HW_TRY(hw_buf_append_text(out, ".SH EXAMPLES\n", err));
    }
    for (size_t i = 0; i < cmd->examples_count; i++) {
        HW_TRY(hw_buf_append_text(out, ".TP\n\\fB", err));
        HW_TRY(roff(out, cmd->examples[i].line, err));
        HW_TRY(hw_buf_append_text(out, "\\fR\n", err));
        HW_TRY(roff(out, cmd->examples[i].help, err));
        HW_TRY(hw_buf_append_byte(out, '\n', err));
    }
    return HW_OK;
}

/* One entry an exit code, with the texts of all statuses that end so. */
static enum hw_status exit_codes_man(struct hw_buf *out, struct hw_error *err) {
    enum { EXIT_CODES = 256 };
    HW_TRY(hw_buf_append_text(out, ".SH EXIT STATUS\n", err));
    for (int code = 0; code < EXIT_CODES; code++) {
        bool first = true;
        for (int i = 0; i < HW_STATUS_COUNT; i++) {
            enum hw_status status = (enum hw_status)i;
            if (hw_status_exit_code(status) != code || status == HW_ECANCELLED) {
                continue;
            }
            if (first) {
                HW_TRY(hw_buf_printf(out, err, ".TP\n.B %d\n", code));
            }
            HW_TRY(hw_buf_printf(out, err, "%s%s", first ? "" : ", ", hw_status_text(status)));
            first = false;
        }
        HW_TRY(hw_buf_append_text(out, first ? "" : "\n", err));
    }
    return hw_buf_append_text(out,
                              ".TP\n.B 129, 130, 143\nstopped by SIGHUP, SIGINT, SIGTERM; nothing is left "
                              "behind. A second signal ends the program at once.\n",
                              err);
}

static enum hw_status see_also_man(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *without,
                                   struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, ".SH SEE ALSO\n", err));
    HW_TRY(hw_buf_append_text(out, without ? ".BR hawser (1)" : "", err));
    bool first = without == NULL;
    for (size_t i = 0; i < commands->count; i++) {
        if (commands->rows[i] != without) {
            HW_TRY(hw_buf_append_text(out, first ? ".BR " : ",\n.BR ", err));
            HW_TRY(page_name(out, commands->rows[i]->name, err));
            HW_TRY(hw_buf_append_text(out, " (1)", err));
            first = false;
        }
    }
    return hw_buf_append_byte(out, '\n', err);
}

/*
 * Text as roff: nothing in it is taken for a request or an escape, an empty line starts a
 * paragraph.
 */
static enum hw_status roff(struct hw_buf *out, const char *text, struct hw_error *err) {
    bool line_start = true;
    for (const char *at = text; *at; at++) {
        if (at[0] == '\n' && at[1] == '\n') {
            HW_TRY(hw_buf_append_text(out, "\n.PP\n", err));
            at++;
            line_start = true;
            continue;
        }
        if (line_start && (*at == '.' || *at == '\'')) {
            HW_TRY(hw_buf_append_text(out, "\\&", err));
        }
        const char *escaped = *at == '\\'   ? "\\e"
                              : *at == '-'  ? "\\-"
                              : *at == '\'' ? "\\(aq"
                              : *at == '~'  ? "\\(ti"
                                            : NULL;
        HW_TRY(escaped ? hw_buf_append_text(out, escaped, err) : hw_buf_append_byte(out, (uint8_t)*at, err));
        line_start = *at == '\n';
    }
    return HW_OK;
}
