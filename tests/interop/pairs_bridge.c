/* SPDX-License-Identifier: Apache-2.0 */
#include "interop/pairs_bridge.h"

#include <stdio.h>

#include "core/alloc.h"
#include "optimize/pairs_edit.h"

enum { STEPS_MAX = 32 };

static const struct {
    char letter;
    enum hw_column_step_kind kind;
} kinds[] = {{'f', HW_COLUMN_FIELD}, {'e', HW_COLUMN_ELEMENT}, {'k', HW_COLUMN_KEY}, {'v', HW_COLUMN_VALUE}};

static enum hw_status path_read(char *path, struct hw_column_step *steps, size_t *out_count, struct hw_error *err) {
    size_t count = 0;
    for (char *step; (step = strsep(&path, "\x1f"));) {
        size_t kind = 0;
        while (kind < COUNT_OF(kinds) && kinds[kind].letter != step[0]) {
            kind++;
        }
        if (kind == COUNT_OF(kinds) || count == STEPS_MAX) {
            return hw_fail(err, HW_EUSAGE, "wrong step \"%s\"", step);
        }
        steps[count++] =
            (struct hw_column_step){kinds[kind].kind, kinds[kind].kind == HW_COLUMN_FIELD ? step + 1 : NULL};
    }
    *out_count = count;
    return HW_OK;
}

static enum hw_status change_read(char *line, struct hw_arena *arena, struct hw_column_change *change,
                                  struct hw_error *err) {
    struct hw_column_step *steps = hw_arena_alloc(arena, STEPS_MAX * sizeof(*steps));
    char *path = strsep(&line, "\x1e");
    const char *name = strsep(&line, "\x1e");
    if (!steps || !name || !line) {
        return hw_fail(err, HW_EUSAGE, "wrong change \"%s\"", path);
    }
    *change = (struct hw_column_change){.path = steps, .new_name = name[0] ? name : NULL};
    change->dropped = strcmp(line, "dropped") == 0;
    change->retyped = !change->dropped && line[0];
    HW_TRY(path_read(path, steps, &change->path_count, err));
    return change->retyped ? hw_type_parse(line, &change->new_type, err) : HW_OK;
}

static size_t lines_count(const char *lines) {
    size_t count = 1;
    for (; *lines; lines++) {
        count += *lines == '\n';
    }
    return count;
}

static enum hw_status edit(const struct hw_file_pair *pair, char *lines, struct hw_arena *arena, hw_view *out,
                           struct hw_error *err) {
    struct hw_column_change *changes = hw_arena_alloc(arena, lines_count(lines) * sizeof(*changes));
    const struct hw_file_pairs pairs = {pair, 1, true};
    struct hw_edited_pairs edited;
    size_t count = 0;
    if (!changes) {
        return hw_fail_nomem(err, sizeof(*changes));
    }
    for (char *line; (line = strsep(&lines, "\n"));) {
        HW_TRY(change_read(line, arena, &changes[count++], err));
    }
    HW_TRY(hw_pairs_edit(&pairs, changes, count, arena, &edited, err));
    if (edited.left_out_count > 0) {
        return hw_fail(err, HW_EDATA, "%.*s: %s", (int)edited.left_out[0].key.size, edited.left_out[0].key.data,
                       edited.left_out[0].reason);
    }
    *out = edited.pairs.items[0].value;
    return HW_OK;
}

int pairs_bridge_edit(struct bridge_bytes key, struct bridge_bytes value, const char *changes, struct bridge_bytes *out,
                      char *message) {
    const struct hw_file_pair pair = {{key.data, key.size}, {value.data, value.size}, true};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    char *lines = hw_arena_strdup(&arena, changes);
    hw_view edited = {0};
    enum hw_status status = lines ? edit(&pair, lines, &arena, &edited, &err) : HW_ENOMEM;
    if (status == HW_OK) {
        *out = (struct bridge_bytes){hw_strndup(edited.data, edited.size), edited.size};
        status = out->data ? HW_OK : HW_ENOMEM;
    }
    if (status != HW_OK) {
        snprintf(message, PAIRS_BRIDGE_MESSAGE_BYTES, "%s", err.message);
    }
    return (int)status;
}

void pairs_bridge_free(struct bridge_bytes bytes) {
    hw_free(bytes.data);
}
