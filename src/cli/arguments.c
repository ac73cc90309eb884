/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/arguments.h"

#include <ctype.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/option_filler.h"
#include "cli/unknown.h"
#include "core/nearest.h"

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

static enum hw_status filler_start(struct hw_cmd_call *call, struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status words_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status long_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status letter_read(struct words *words, const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status assign(struct words *words, struct hw_option_ref ref, const char *value, struct hw_error *err);
static bool help_asked(const struct words *words);
static const struct hw_option *config_option(const struct hw_cmd *cmd);
static const char *config_path(const struct words *words, const struct hw_cmd_call *call);
static enum hw_status environment_check(const struct hw_cmd_call *call, struct hw_error *err);
static hw_view variable_option(const char *entry, char *out_name);
static enum hw_status environment_fill(struct hw_option_filler *filler, const struct hw_cli *cli, struct hw_error *err);
static void destination_add(struct hw_cmd_call *call, struct words *words);
static enum hw_status host_fill(struct hw_option_filler *filler, const struct hw_cli_host *host, struct hw_error *err);
static enum hw_status given_keep(struct hw_cmd_call *call, const struct words *words, struct hw_error *err);
static const char *environment_value(const struct hw_cli *cli, const struct hw_option *option, char *out_name);
static void variable_name(hw_view option, char *out_name);
static enum hw_status words_fill(struct hw_option_filler *filler, const struct words *words, struct hw_error *err);
static enum hw_status operands_check(const struct hw_cmd *cmd, const struct words *words,
                                     const struct hw_option_filler *filler, struct hw_error *err);
static enum hw_status operands_missing(const struct hw_cmd *cmd, size_t given, struct hw_error *err);

static const char variable_prefix[] = "HAWSER_";

enum {
    /* HAWSER_ and the longest option name have room; a test looks at all of them. */
    VARIABLE_BYTES = 64,
    /* One wrong letter among so many is a slip of the hand, among fewer it makes another word. */
    LETTERS_PER_EDIT = 5,
    /* The names of the operands that an error names have room. */
    MISSING_NAMES_BYTES = 256
};

enum hw_status hw_arguments_parse(struct hw_cmd_call *call, const char *const *words, size_t words_count,
                                  struct hw_error *err) {
    struct hw_option_filler filler;
    struct words read = {.words = words, .count = words_count};

    HW_TRY(filler_start(call, &filler, err));
    HW_TRY(words_read(&read, &filler, err));
    call->operands = read.operands;
    call->operands_count = read.operands_count;
    call->help = help_asked(&read);
    if (call->help) {
        return HW_OK;
    }
    const char *path = config_path(&read, call);
    if (path) {
        HW_TRY(hw_config_fill(&filler, call, path, err));
    }
    /* No wrong variable stands in the way of help and version. A host has looked at all. */
    if (config_option(call->cmd) && !call->cli->host) {
        HW_TRY(environment_check(call, err));
    }
    HW_TRY(environment_fill(&filler, call->cli, err));
    destination_add(call, &read);
    HW_TRY(host_fill(&filler, call->cli->host, err));
    HW_TRY(given_keep(call, &read, err));
    HW_TRY(words_fill(&filler, &read, err));
    return operands_check(call->cmd, &read, &filler, err);
}

static enum hw_status filler_start(struct hw_cmd_call *call, struct hw_option_filler *filler, struct hw_error *err) {
    const struct hw_cmd *cmd = call->cmd;
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
    /* There is room for one more, which the config file may name. */
    words->operands = hw_arena_alloc(filler->arena, (words->count + 1) * sizeof(*words->operands));
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
    return hw_fail_unknown(err, "option", hw_view_of(word), NULL, 0);
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

/* NULL: the command reads no config file. */
static const struct hw_option *config_option(const struct hw_cmd *cmd) {
    for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
        const struct hw_option *option = hw_option_at(cmd->options, i).option;
        if (option->type == HW_OPTION_CONFIG) {
            return option;
        }
    }
    return NULL;
}

/*
 * The command line's config file, else the host's, else the environment's; NULL where there is
 * none, or the command reads none.
 */
static const char *config_path(const struct words *words, const struct hw_cmd_call *call) {
    char name[VARIABLE_BYTES];
    const struct hw_option *option = config_option(call->cmd);
    const char *path = option ? environment_value(call->cli, option, name) : NULL;
    const struct hw_cli_host *host = call->cli->host;
    for (size_t i = 0; option && host && i < host->given_count; i++) {
        path = strcmp(host->given[i].name, option->name) == 0 ? host->given[i].value : path;
    }
    for (size_t i = 0; i < words->assignments_count; i++) {
        if (words->assignments[i].ref.option->type == HW_OPTION_CONFIG) {
            path = words->assignments[i].value;
        }
    }
    return path;
}

/*
 * A variable that is nearly that of an option of any command would be passed over in silence.
 * Others are left alone: what begins with HAWSER_ may be meant for somebody else.
 */
static enum hw_status environment_check(const struct hw_cmd_call *call, struct hw_error *err) {
    const char *const *names;
    size_t count;
    HW_TRY(hw_commands_option_names(call->commands, call->arena, &names, &count, err));
    for (const char *const *entry = call->cli->environment; *entry; entry++) {
        char option[VARIABLE_BYTES];
        struct hw_nearest_search search = {.word = variable_option(*entry, option)};
        for (size_t i = 0; search.word.size > 0 && i < count; i++) {
            hw_nearest_offer(&search, hw_view_of(names[i]));
        }
        if (!search.best.data || search.best_edits * LETTERS_PER_EDIT > search.word.size) {
            continue;
        }
        char known[VARIABLE_BYTES];
        char quote[HW_QUOTE_BYTES];
        const size_t bytes = strcspn(*entry, "=");
        variable_name(search.best, known);
        if (!hw_view_equal((hw_view){*entry, bytes}, hw_view_of(known))) {
            hw_quote(*entry, bytes, quote, sizeof(quote));
            return hw_fail(err, HW_EUSAGE, "unknown variable %s; did you mean %s?", quote, known);
        }
    }
    return HW_OK;
}

/*
 * The option that an entry of the environment would be for, with the case as it is; empty where it
 * is for none.
 */
static hw_view variable_option(const char *entry, char *out_name) {
    const size_t before = sizeof(variable_prefix) - 1;
    const size_t bytes = strcspn(entry, "=");
    if (strncmp(entry, variable_prefix, before) != 0 || bytes - before >= VARIABLE_BYTES || entry[bytes] == '\0' ||
        entry[bytes + 1] == '\0') {
        return HW_VIEW("");
    }
    for (size_t i = before; i < bytes; i++) {
        out_name[i - before] = entry[i] == '_' ? '-' : entry[i];
    }
    return (hw_view){out_name, bytes - before};
}

static enum hw_status environment_fill(struct hw_option_filler *filler, const struct hw_cli *cli,
                                       struct hw_error *err) {
    for (size_t i = 0; i < hw_option_count(filler->set); i++) {
        struct hw_option_ref ref = hw_option_at(filler->set, i);
        char name[VARIABLE_BYTES];
        const char *value = environment_value(cli, ref.option, name);
        if (!value || !hw_option_has_field(ref.option)) {
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

/* The value of the option's variable. NULL where it is unset or empty. */
static const char *environment_value(const struct hw_cli *cli, const struct hw_option *option, char *out_name) {
    variable_name(hw_view_of(option->name), out_name);
    const size_t bytes = strlen(out_name);
    for (const char *const *entry = cli->environment; *entry; entry++) {
        if (strncmp(*entry, out_name, bytes) == 0 && (*entry)[bytes] == '=' && (*entry)[bytes + 1] != '\0') {
            return *entry + bytes + 1;
        }
    }
    return NULL;
}

/* The variable of an option, `--row-group-rows`: HAWSER_ROW_GROUP_ROWS. */
static void variable_name(hw_view option, char *out_name) {
    size_t used = sizeof(variable_prefix) - 1;
    memcpy(out_name, variable_prefix, used);
    for (size_t i = 0; i < option.size && used + 1 < VARIABLE_BYTES; i++) {
        out_name[used++] = option.data[i] == '-' ? '_' : (char)toupper((unsigned char)option.data[i]);
    }
    out_name[used] = '\0';
}

/* A single operand is the source where the config file names the destination. */
static void destination_add(struct hw_cmd_call *call, struct words *words) {
    if (call->destination && call->cmd->destination_optional && words->operands_count + 1 == call->cmd->operands_min) {
        words->operands[words->operands_count++] = call->destination;
        call->operands_count = words->operands_count;
    }
}

/* Options of the host that the command does not have are for other commands. */
static enum hw_status host_fill(struct hw_option_filler *filler, const struct hw_cli_host *host, struct hw_error *err) {
    for (size_t i = 0; host && i < host->given_count; i++) {
        const struct hw_cmd_given *given = &host->given[i];
        const struct hw_option_ref ref = hw_option_find(filler->set, hw_view_of(given->name));
        if (!ref.option || !hw_option_has_field(ref.option)) {
            continue;
        }
        enum hw_status status = hw_option_fill(filler, ref, HW_LAYER_HOST, given->value, err);
        if (status) {
            hw_error_prefix(err, "--%s", given->name);
            return status;
        }
    }
    return HW_OK;
}

/* Keeps the options as they were written, for a command that hands them on. */
static enum hw_status given_keep(struct hw_cmd_call *call, const struct words *words, struct hw_error *err) {
    const size_t bytes = words->assignments_count * sizeof(*call->given);
    struct hw_cmd_given *given = hw_arena_alloc(call->arena, bytes);
    if (!given) {
        return hw_fail_nomem(err, bytes);
    }
    for (size_t i = 0; i < words->assignments_count; i++) {
        given[i] = (struct hw_cmd_given){words->assignments[i].ref.option->name, words->assignments[i].value};
    }
    call->given = given;
    call->given_count = words->assignments_count;
    return HW_OK;
}

static enum hw_status words_fill(struct hw_option_filler *filler, const struct words *words, struct hw_error *err) {
    for (size_t i = 0; i < words->assignments_count; i++) {
        const struct assignment *given = &words->assignments[i];
        if (!hw_option_has_field(given->ref.option)) {
            continue;
        }
        enum hw_status status = hw_option_fill(filler, given->ref, HW_LAYER_COMMAND_LINE, given->value, err);
        if (status) {
            hw_error_prefix(err, "--%s", given->ref.option->name);
            return status;
        }
    }
    return HW_OK;
}

/* Whether an option has been given that takes the place of the first operand. */
static bool operand_given(const struct hw_cmd *cmd, const struct hw_option_filler *filler) {
    if (!cmd->operand_option) {
        return false;
    }
    const struct hw_option_ref ref = hw_option_find(cmd->options, hw_view_of(cmd->operand_option));
    return ref.option && filler->layers[ref.index] != HW_LAYER_NONE;
}

static enum hw_status operands_check(const struct hw_cmd *cmd, const struct words *words,
                                     const struct hw_option_filler *filler, struct hw_error *err) {
    if (words->operands_count > cmd->operands_max) {
        const char *extra = words->operands[cmd->operands_max];
        char quote[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "unexpected operand %s", hw_quote(extra, strlen(extra), quote, sizeof(quote)));
    }
    const size_t given = words->operands_count + operand_given(cmd, filler);
    return given >= cmd->operands_min ? HW_OK : operands_missing(cmd, given, err);
}

/* Fails with "SRC is missing", "SRC and DST are missing", "A, B and C are missing". */
static enum hw_status operands_missing(const struct hw_cmd *cmd, size_t given, struct hw_error *err) {
    char names[MISSING_NAMES_BYTES];
    size_t used = 0;
    for (size_t i = given; i < cmd->operands_min && used < sizeof(names); i++) {
        const char *between = i == given ? "" : i + 1 < cmd->operands_min ? ", " : " and ";
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", between, cmd->operand_names[i]);
    }
    return hw_fail(err, HW_EUSAGE, "%s %s missing", names, given + 1 < cmd->operands_min ? "are" : "is");
}
