/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/unknown.h"

static const struct hw_cmd *const rows[] = {
#define HW_COMMAND(words) &hw_cmd_##words,
#include "cli/commands.def"
#undef HW_COMMAND
};

const struct hw_commands hw_commands_all = {rows, COUNT_OF(rows)};

static bool begins(hw_view name, hw_view words);
static size_t word_end(hw_view name, size_t start);
static bool name_join(struct hw_arena *arena, hw_view group, const char *word, hw_view *out_name);
static bool name_seen(const struct hw_commands *commands, size_t row, hw_view name);

const struct hw_cmd *hw_commands_get(const struct hw_commands *commands, hw_view name) {
    for (size_t i = 0; i < commands->count; i++) {
        if (hw_view_equal(hw_view_of(commands->rows[i]->name), name)) {
            return commands->rows[i];
        }
    }
    return NULL;
}

bool hw_commands_belongs(const struct hw_cmd *cmd, hw_view group) {
    const hw_view name = hw_view_of(cmd->name);
    return begins(name, group) && name.size > group.size;
}

bool hw_commands_group(const struct hw_commands *commands, hw_view name) {
    size_t at = 0;
    struct hw_commands_word word;
    return hw_commands_next(commands, name, &at, &word);
}

struct hw_commands_match hw_commands_match(const struct hw_commands *commands, const char *const *words, size_t count) {
    struct hw_commands_match match = {.group = HW_VIEW("")};
    hw_view name = HW_VIEW("");
    for (size_t used = 0; used < count; used++) {
        struct hw_commands_word next;
        size_t at = 0;
        bool found = false;
        while (!found && hw_commands_next(commands, name, &at, &next)) {
            found = hw_view_equal(next.word, hw_view_of(words[used]));
        }
        if (!found) {
            break;
        }
        name = next.name;
        if (next.cmd || !match.cmd) {
            match.cmd = next.cmd;
            match.words_count = used + 1;
        }
        if (hw_commands_group(commands, name)) {
            match.group = name;
        }
    }
    return match;
}

enum hw_status hw_commands_unknown(const struct hw_commands *commands, const struct hw_commands_match *match,
                                   const char *const *words, size_t count, struct hw_arena *arena,
                                   struct hw_error *err) {
    const hw_view group = match->group;
    hw_view unknown;
    if (match->words_count == count) {
        return hw_fail(err, HW_EUSAGE, "the command %.*s needs another word", (int)group.size, group.data);
    }
    const size_t room = 2 * commands->count;
    const char **known = hw_arena_alloc(arena, room * sizeof(*known));
    if (!known || !name_join(arena, group, words[match->words_count], &unknown)) {
        return hw_fail_nomem(err, room * sizeof(*known));
    }
    size_t known_count = 0;
    struct hw_commands_word next;
    for (size_t at = 0; hw_commands_next(commands, group, &at, &next); known_count++) {
        known[known_count] = hw_arena_strndup(arena, next.name.data, next.name.size);
        if (!known[known_count]) {
            return hw_fail_nomem(err, next.name.size + 1);
        }
    }
    /*
     * Somebody may have typed a name with something else than spaces in it, as manual pages are
     * called.
     */
    for (size_t i = 0; i < commands->count; i++) {
        const char *name = commands->rows[i]->name;
        if (hw_commands_belongs(commands->rows[i], group) && strchr(name + group.size + (group.size > 0), ' ')) {
            known[known_count++] = name;
        }
    }
    return hw_fail_unknown(err, "command", unknown, known, known_count);
}

bool hw_commands_next(const struct hw_commands *commands, hw_view group, size_t *at,
                      struct hw_commands_word *out_word) {
    for (; *at < commands->count; ++*at) {
        const hw_view whole = hw_view_of(commands->rows[*at]->name);
        const size_t start = group.size + (group.size > 0);
        if (!hw_commands_belongs(commands->rows[*at], group)) {
            continue;
        }
        const size_t end = word_end(whole, start);
        const hw_view name = {whole.data, end};
        if (!name_seen(commands, *at, name)) {
            *out_word =
                (struct hw_commands_word){{whole.data + start, end - start}, name, hw_commands_get(commands, name)};
            ++*at;
            return true;
        }
    }
    return false;
}

bool hw_commands_walk(const struct hw_commands *commands, struct hw_commands_walk *walk, hw_view *out_name) {
    while (walk->row < commands->count) {
        const hw_view whole = hw_view_of(commands->rows[walk->row]->name);
        if (walk->bytes >= whole.size) {
            *walk = (struct hw_commands_walk){.row = walk->row + 1};
            continue;
        }
        walk->bytes = word_end(whole, walk->bytes + (walk->bytes > 0));
        const hw_view name = {whole.data, walk->bytes};
        if (!name_seen(commands, walk->row, name)) {
            *out_name = name;
            return true;
        }
    }
    return false;
}

/* True where `name` is `words`, or those and more. No words begin every name. */
static bool begins(hw_view name, hw_view words) {
    return hw_view_starts(name, words) && (words.size == 0 || name.size == words.size || name.data[words.size] == ' ');
}

static size_t word_end(hw_view name, size_t start) {
    size_t end = start;
    while (end < name.size && name.data[end] != ' ') {
        end++;
    }
    return end;
}

/* True where a row before `row` has begun with `name` already. */
static bool name_seen(const struct hw_commands *commands, size_t row, hw_view name) {
    for (size_t i = 0; i < row; i++) {
        if (begins(hw_view_of(commands->rows[i]->name), name)) {
            return true;
        }
    }
    return false;
}

/* The words of the group and one more. */
static bool name_join(struct hw_arena *arena, hw_view group, const char *word, hw_view *out_name) {
    const char *before = hw_arena_strndup(arena, group.data, group.size);
    const char *joined = before ? hw_arena_join(arena, before, group.size > 0 ? " " : "", word) : NULL;
    *out_name = joined ? hw_view_of(joined) : HW_VIEW("");
    return joined != NULL;
}

const struct hw_option *hw_commands_option(const struct hw_commands *commands, hw_view name) {
    for (size_t i = 0; i < commands->count; i++) {
        struct hw_option_ref ref = hw_option_find(commands->rows[i]->options, name);
        if (ref.option) {
            return ref.option;
        }
    }
    return NULL;
}

enum hw_status hw_commands_option_names(const struct hw_commands *commands, struct hw_arena *arena,
                                        const char *const **out_names, size_t *out_count, struct hw_error *err) {
    size_t room = 0;
    for (size_t i = 0; i < commands->count; i++) {
        room += hw_option_count(commands->rows[i]->options);
    }
    const char **names = hw_arena_alloc(arena, room * sizeof(*names));
    size_t count = 0;
    if (!names) {
        return hw_fail_nomem(err, room * sizeof(*names));
    }
    for (size_t i = 0; i < commands->count; i++) {
        const struct hw_option_set *set = commands->rows[i]->options;
        const struct hw_commands before = {commands->rows, i};
        for (size_t j = 0; j < hw_option_count(set); j++) {
            const char *name = hw_option_at(set, j).option->name;
            if (!hw_commands_option(&before, hw_view_of(name))) {
                names[count++] = name;
            }
        }
    }
    *out_names = names;
    *out_count = count;
    return HW_OK;
}
