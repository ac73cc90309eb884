/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/arguments.h"

#include <ctype.h>

#include "cli/config.h"

/* `--name value` as it was written, before anything is made of it. */
struct assignment {
    struct hw_option_ref ref;
    const char *value; /* NULL: a switch without one */
};

struct words {
    const char *const *words;
    size_t count;
    size_t at;
    const char **operands;
    size_t operands_count;
    struct assignment *assignments;
    size_t assignments_count;
};

static enum hw_status filler_start(const struct hw_cmd *cmd, struct hw_cmd_call *call, struct hw_option_filler *filler,
                                   struct hw_error *err);
static enum hw_status words_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status long_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status letter_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status assign(struct words *words, struct hw_option_ref ref, const char *value, struct hw_error *err);
static bool help_asked(const struct words *words);
static enum hw_status config_fill(struct hw_option_filler *filler, const struct words *words, const struct hw_cli *cli,
                                  struct hw_error *err);
static enum hw_status environment_fill(struct hw_option_filler *filler, const struct hw_cli *cli, struct hw_error *err);
static const char *environment_value(const struct hw_cli *cli, const struct hw_option *option, char *out_name,
                                     size_t name_bytes);
static enum hw_status words_fill(struct hw_option_filler *filler, const struct words *words, struct hw_error *err);
static enum hw_status operands_check(const struct hw_cmd *cmd, const struct words *words, struct hw_error *err);

/* Room for HAWSER_ and the longest option name; a test looks at all of them. */
enum { VARIABLE_BYTES = 64 };

enum hw_status hw_arguments_parse(const struct hw_cmd *cmd, const char *const *words, size_t words_count,
                                  struct hw_cmd_call *call, struct hw_error *err) {
    struct hw_option_filler filler;
    struct words read = {.words = words, .count = words_count};

    HW_TRY(filler_start(cmd, call, &filler, err));
    HW_TRY(words_read(&read, &filler, err));
    call->operands = read.operands;
    call->operands_count = read.operands_count;
    if (help_asked(&read)) {
        ((struct hw_common_args *)call->args)->help = true;
        return HW_OK;
    }
    HW_TRY(config_fill(&filler, &read, call->cli, err));
    HW_TRY(environment_fill(&filler, call->cli, err));
    HW_TRY(words_fill(&filler, &read, err));
    return operands_check(cmd, &read, err);
}

static enum hw_status filler_start(const struct hw_cmd *cmd, struct hw_cmd_call *call, struct hw_option_filler *filler,
                                   struct hw_error *err) {
    size_t options = hw_option_count(cmd->options);
    void *args = hw_arena_alloc(call->arena, cmd->args_bytes);
    uint8_t *layers = hw_arena_alloc(call->arena, options);
    if (!args || !layers) {
        return hw_fail_nomem(err, cmd->args_bytes + options);
    }
    memset(args, 0, cmd->args_bytes);
    memset(layers, HW_LAYER_NONE, options);
    call->args = args;
    *filler = (struct hw_option_filler){cmd->options, call->arena, args, layers};
    return HW_OK;
}

/* Sorts the words into operands and options. A lone `-` is an operand, `--` ends the options. */
static enum hw_status words_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err) {
    bool options_ended = false;
    words->operands = hw_arena_alloc(filler->arena, words->count * sizeof(*words->operands));
    words->assignments = hw_arena_alloc(filler->arena, words->count * sizeof(*words->assignments));
    if (!words->operands || !words->assignments) {
        return hw_fail_nomem(err, words->count * sizeof(*words->assignments));
    }
    while (words->at < words->count) {
        const char *word = words->words[words->at++];
        if (options_ended || word[0] != '-' || word[1] == '\0') {
            words->operands[words->operands_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_ended = true;
        } else if (word[1] == '-') {
            HW_TRY(long_read(words, filler, err));
        } else {
            HW_TRY(letter_read(words, filler, err));
        }
    }
    return HW_OK;
}

/* `--name`, `--name=value` or `--name value`; `at` is behind the word. */
static enum hw_status long_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err) {
    const char *name = words->words[words->at - 1] + 2;
    const char *equals = strchr(name, '=');
    hw_view view = {name, equals ? (size_t)(equals - name) : strlen(name)};
    struct hw_option_ref ref = hw_option_find(filler->set, view);
    if (ref.option) {
        return assign(words, ref, equals ? equals + 1 : NULL, err);
    }
    return hw_option_unknown(filler->set, "option", "--", view, filler->arena, err);
}

/* `-q`, `-o value` or `-ovalue`; `at` is behind the word. */
static enum hw_status letter_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err) {
    const char *word = words->words[words->at - 1];
    for (size_t i = 0; i < hw_option_count(filler->set); i++) {
        struct hw_option_ref ref = hw_option_at(filler->set, i);
        bool joined = word[2] != '\0';
        if (ref.option->letter == word[1] && (!joined || hw_option_takes_value(ref.option))) {
            return assign(words, ref, joined ? word + 2 : NULL, err);
        }
    }
    char quote[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUSAGE, "unknown option %s", hw_quote(word, strlen(word), quote, sizeof(quote)));
}

/* Takes the next word as the value where one is needed and none was joined to the name. */
static enum hw_status assign(struct words *words, struct hw_option_ref ref, const char *value, struct hw_error *err) {
    if (!value && hw_option_takes_value(ref.option)) {
        if (words->at == words->count) {
            return hw_fail(err, HW_EUSAGE, "--%s needs a value", ref.option->name);
        }
        value = words->words[words->at++];
    }
    words->assignments[words->assignments_count++] = (struct assignment){ref, value};
    return HW_OK;
}

static bool help_asked(const struct words *words) {
    for (size_t i = 0; i < words->assignments_count; i++) {
        if (words->assignments[i].ref.option->type == HW_OPTION_HELP) {
            return true;
        }
    }
    return false;
}

/* The command line's config file, else the environment's. */
static enum hw_status config_fill(struct hw_option_filler *filler, const struct words *words, const struct hw_cli *cli,
                                  struct hw_error *err) {
    const char *path = NULL;
    for (size_t i = 0; i < hw_option_count(filler->set); i++) {
        const struct hw_option *option = hw_option_at(filler->set, i).option;
        if (option->type == HW_OPTION_CONFIG) {
            char name[VARIABLE_BYTES];
            path = environment_value(cli, option, name, sizeof(name));
        }
    }
    for (size_t i = 0; i < words->assignments_count; i++) {
        if (words->assignments[i].ref.option->type == HW_OPTION_CONFIG) {
            path = words->assignments[i].value;
        }
    }
    return path ? hw_config_fill(filler, path, err) : HW_OK;
}

static enum hw_status environment_fill(struct hw_option_filler *filler, const struct hw_cli *cli,
                                       struct hw_error *err) {
    for (size_t i = 0; i < hw_option_count(filler->set); i++) {
        struct hw_option_ref ref = hw_option_at(filler->set, i);
        char name[VARIABLE_BYTES];
        const char *value = environment_value(cli, ref.option, name, sizeof(name));
        if (!value || ref.option->type == HW_OPTION_HELP) {
            continue;
        }
        enum hw_status status = hw_option_fill(filler, ref, HW_LAYER_ENVIRONMENT, value, err);
        if (status) {
            hw_error_prefix(err, "%s", name);
            return status;
        }
    }
    return HW_OK;
}

/* The variable of an option, `--row-group-rows`: HAWSER_ROW_GROUP_ROWS. NULL where it is unset or empty. */
static const char *environment_value(const struct hw_cli *cli, const struct hw_option *option, char *out_name,
                                     size_t name_bytes) {
    static const char prefix[] = "HAWSER_";
    size_t used = sizeof(prefix) - 1;
    memcpy(out_name, prefix, used);
    for (const char *at = option->name; *at && used + 1 < name_bytes; at++) {
        out_name[used++] = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    }
    out_name[used] = '\0';
    for (const char *const *entry = cli->environment; *entry; entry++) {
        if (strncmp(*entry, out_name, used) == 0 && (*entry)[used] == '=' && (*entry)[used + 1] != '\0') {
            return *entry + used + 1;
        }
    }
    return NULL;
}

static enum hw_status words_fill(struct hw_option_filler *filler, const struct words *words, struct hw_error *err) {
    for (size_t i = 0; i < words->assignments_count; i++) {
        const struct assignment *given = &words->assignments[i];
        enum hw_status status = hw_option_fill(filler, given->ref, HW_LAYER_COMMAND_LINE, given->value, err);
        if (status) {
            hw_error_prefix(err, "--%s", given->ref.option->name);
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status operands_check(const struct hw_cmd *cmd, const struct words *words, struct hw_error *err) {
    if (words->operands_count > cmd->operands_max) {
        const char *extra = words->operands[cmd->operands_max];
        char quote[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "unexpected operand %s", hw_quote(extra, strlen(extra), quote, sizeof(quote)));
    }
    if (words->operands_count >= cmd->operands_min) {
        return HW_OK;
    }
    if (words->operands_count == 0 && cmd->operands_min > 1) {
        return hw_fail(err, HW_EUSAGE, "%s and %s are missing", cmd->operand_names[0], cmd->operand_names[1]);
    }
    return hw_fail(err, HW_EUSAGE, "%s is missing", cmd->operand_names[words->operands_count]);
}
