/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_alias.h"

/* Commands that s5cmd has under another name, or that are not here. */
static const struct {
    const char *name;
    const char *here;    /* NULL: the command is not here */
    const char *instead; /* what to do then */
} command_rows[] = {
    {"head", "stat", NULL},
    {"select", NULL, "copy the objects and query them where they are"},
    {"bucket-version", NULL, "set versioning with the tools of the service"},
};

/* The commands that a row is for, as bits in the order of `command_names`. */
enum {
    CP = 1 << 0,
    MV = 1 << 1,
    SYNC = 1 << 2,
    RM = 1 << 3,
    LS = 1 << 4,
    DU = 1 << 5,
    CAT = 1 << 6,
    STAT = 1 << 7,
    PRESIGN = 1 << 8,
    COPIES = CP | MV | SYNC,
    ALL = 0x1ff
};
static const char *const command_names[] = {"cp", "mv", "sync", "rm", "ls", "du", "cat", "stat", "presign"};

enum action {
    RENAME,  /* The option has another name here. */
    NOTHING, /* What it asks for is so anyway. */
    MIB,     /* A bare number is one of MiB. */
    COPY,    /* Only the value COPY is what is done here. */
    REFUSE   /* The option is not here. */
};

static const struct option_row {
    unsigned commands;
    const char *name;
    char letter;
    bool takes_value;
    enum action action;
    const char *text; /* the name here, or what to do instead */
} option_rows[] = {
    {ALL, "retry-count", 'r', true, RENAME, "retries"},
    {ALL, "numworkers", 0, true, RENAME, "connections"},
    {ALL, "stat", 0, false, NOTHING, NULL},
    {ALL, "no-verify-ssl", 0, false, REFUSE, "certificates are always verified; AWS_CA_BUNDLE names those to trust"},
    {ALL, "credentials-file", 0, true, REFUSE, "AWS_SHARED_CREDENTIALS_FILE names the file"},
    {ALL, "use-list-objects-v1", 0, false, REFUSE, "listings are those of ListObjectsV2"},
    {COPIES, "part-size", 'p', true, MIB, "part-size"},
    {CAT, "part-size", 'p', true, NOTHING, NULL},
    {COPIES | CAT, "concurrency", 'c', true, NOTHING, NULL},
    {COPIES, "destination-region", 0, true, RENAME, "region"},
    {COPIES, "metadata-directive", 0, true, COPY, "copies keep what no option replaces"},
    {COPIES, "no-follow-symlinks", 0, false, REFUSE, "links to files and folders are followed; --exclude leaves out"},
    {COPIES, "force-glacier-transfer", 0, false, NOTHING, NULL},
    {COPIES, "ignore-glacier-warnings", 0, false, NOTHING, NULL},
    {COPIES, "no-such-upload-retry-count", 0, true, NOTHING, NULL},
    {CP | MV, "show-progress", 0, false, NOTHING, NULL},
    {CP | MV, "sp", 0, false, NOTHING, NULL},
    {SYNC, "exit-on-error", 0, false, RENAME, "fail-fast"},
    {CP | MV | RM | DU | CAT | STAT | PRESIGN, "version-id", 0, true, REFUSE, "only the latest version is worked on"},
    {RM | DU, "all-versions", 0, false, REFUSE, "only the latest version is worked on"},
    {LS, "etag", 'e', false, REFUSE, "--json tells it"},
    {LS, "storage-class", 's', false, REFUSE, "stat tells it"},
    {LS, "show-fullpath", 0, false, REFUSE, "--json tells the whole path"},
    {LS | DU, "exclude", 0, true, REFUSE, "a wildcard in the path chooses objects"},
    {DU, "group", 'g', false, REFUSE, "stat tells the storage class of each object"},
    {PRESIGN, "expire", 0, true, RENAME, "expires"},
};

/* An option as it was written. */
struct written {
    const char *word;
    hw_view name;       /* empty: there is a letter */
    char letter;        /* 0: there is a name */
    const char *inside; /* the value in the same word; NULL: none */
};

/* Words on their way. What was taken over stands at the beginning of the same array. */
struct translation {
    const struct hw_cmd *cmd;
    unsigned command;
    struct hw_arena *arena;
    struct hw_batch_words *words;
    size_t at;
    size_t kept;
};

static enum hw_status option_translate(struct translation *translation, const char *word, struct hw_error *err);
static enum hw_status own_take(struct translation *translation, const struct written *written, struct hw_error *err);
static enum hw_status row_take(struct translation *translation, const struct option_row *row,
                               const struct written *written, struct hw_error *err);

enum hw_status hw_batch_alias_command(const char *name, const char **out_name, struct hw_error *err) {
    for (size_t i = 0; i < COUNT_OF(command_rows); i++) {
        if (strcmp(command_rows[i].name, name) != 0) {
            continue;
        }
        if (!command_rows[i].here) {
            return hw_fail(err, HW_EUSAGE, "s5cmd's %s is not here: %s", name, command_rows[i].instead);
        }
        *out_name = command_rows[i].here;
        return HW_OK;
    }
    *out_name = name;
    return HW_OK;
}

static unsigned command_bit(const struct hw_cmd *cmd) {
    for (size_t i = 0; i < COUNT_OF(command_names); i++) {
        if (strcmp(command_names[i], cmd->name) == 0) {
            return 1U << i;
        }
    }
    return 0;
}

enum hw_status hw_batch_alias_options(const struct hw_cmd *cmd, struct hw_batch_words *words, struct hw_arena *arena,
                                      struct hw_error *err) {
    struct translation translation = {.cmd = cmd, .command = command_bit(cmd), .arena = arena, .words = words};
    bool options_ended = false;
    while (translation.at < words->count) {
        const char *word = words->words[translation.at++];
        const bool operand = word[0] != '-' || word[1] == '\0';
        options_ended = options_ended || strcmp(word, "--") == 0;
        if (options_ended || operand) {
            words->words[translation.kept++] = word;
        } else {
            HW_TRY(option_translate(&translation, word, err));
        }
    }
    words->count = translation.kept;
    return HW_OK;
}

/* Returns the row for the option; NULL: both tools have it, or neither. */
static const struct option_row *row_find(const struct translation *translation, const struct written *written) {
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const struct option_row *row = &option_rows[i];
        const bool named = hw_view_equal(hw_view_of(row->name), written->name);
        const bool lettered = written->letter && row->letter == written->letter;
        if ((row->commands & translation->command) && (named || lettered)) {
            return row;
        }
    }
    return NULL;
}

static const struct hw_option *own_find(const struct translation *translation, const struct written *written) {
    const struct hw_option_set *set = translation->cmd->options;
    for (size_t i = 0; written->letter && i < hw_option_count(set); i++) {
        const struct hw_option *option = hw_option_at(set, i).option;
        if (option->letter == written->letter) {
            return option;
        }
    }
    return written->letter ? NULL : hw_option_find(set, written->name).option;
}

/* One dash stands before a letter, or before a name that is known. */
static struct written written_read(const struct translation *translation, const char *word) {
    const size_t dashes = word[1] == '-' ? 2 : 1;
    const char *name = word + dashes;
    const char *equals = strchr(name, '=');
    struct written written = {.word = word, .inside = equals ? equals + 1 : NULL};
    written.name = (hw_view){name, equals ? (size_t)(equals - name) : strlen(name)};
    const bool named = written.name.size > 1 && (row_find(translation, &written) || own_find(translation, &written));
    if (dashes == 1 && !named) {
        written = (struct written){.word = word, .name = HW_VIEW(""), .letter = name[0]};
        written.inside = name[1] == '=' ? name + 2 : name[1] ? name + 1 : NULL;
    }
    return written;
}

static enum hw_status option_translate(struct translation *translation, const char *word, struct hw_error *err) {
    const struct written written = written_read(translation, word);
    const struct option_row *row = row_find(translation, &written);
    return row ? row_take(translation, row, &written, err) : own_take(translation, &written, err);
}

/* Keeps an option that is no matter of s5cmd, and the value that belongs to it. */
static enum hw_status own_take(struct translation *translation, const struct written *written, struct hw_error *err) {
    struct hw_batch_words *words = translation->words;
    const struct hw_option *option = own_find(translation, written);
    const bool one_dash = written->name.size > 0 && written->word[1] != '-';
    const char *word = one_dash ? hw_arena_join(translation->arena, "-", written->word) : written->word;
    if (!word) {
        return hw_fail_nomem(err, written->name.size);
    }
    words->words[translation->kept++] = word;
    if (option && hw_option_takes_value(option) && !written->inside && translation->at < words->count) {
        words->words[translation->kept++] = words->words[translation->at++];
    }
    return HW_OK;
}

static enum hw_status word_keep(struct translation *translation, const char *name, const char *value, const char *unit,
                                struct hw_error *err) {
    const char *equals = value ? "=" : "";
    const char *word = hw_arena_join(translation->arena, "--", name, equals, value ? value : "", unit);
    if (!word) {
        return hw_fail_nomem(err, strlen(name));
    }
    translation->words->words[translation->kept++] = word;
    return HW_OK;
}

static enum hw_status row_take(struct translation *translation, const struct option_row *row,
                               const struct written *written, struct hw_error *err) {
    const char *value = written->inside;
    if (row->takes_value && !value) {
        if (translation->at == translation->words->count) {
            return hw_fail(err, HW_EUSAGE, "--%s needs a value", row->name);
        }
        value = translation->words->words[translation->at++];
    }
    switch (row->action) {
    case RENAME:
        return word_keep(translation, row->text, value, "", err);
    case MIB: {
        const bool bare = value && value[0] && value[strspn(value, "0123456789")] == '\0';
        return word_keep(translation, row->text, value, bare ? "MiB" : "", err);
    }
    case COPY:
        return value && strcmp(value, "COPY") == 0
                   ? HW_OK
                   : hw_fail(err, HW_EUSAGE, "--%s takes COPY only: %s", row->name, row->text);
    case REFUSE:
        return hw_fail(err, HW_EUSAGE, "s5cmd's --%s is not here: %s", row->name, row->text);
    case NOTHING:
        break;
    }
    return HW_OK;
}
