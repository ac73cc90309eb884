/* SPDX-License-Identifier: Apache-2.0 */
#include "store/path_list.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"
#include "store/location.h"

enum { READ_BYTES = 64 * 1024 };

static enum hw_status input_read(const struct hw_path_list_params *params, struct hw_buf *out, struct hw_error *err);
static enum hw_status lines_take(hw_view text, char end, struct hw_arena *arena, struct hw_path_list *out_list,
                                 struct hw_error *err);

enum hw_status hw_path_list_read(const struct hw_path_list_params *params, struct hw_arena *arena,
                                 struct hw_path_list *out_list, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    const bool piped = strcmp(params->path, "-") == 0;
    enum hw_status status = piped ? input_read(params, &text, err)
                                  : hw_store_read_at(params->path, params->store, HW_SOURCE_LIST_BYTES_MAX, &text, err);
    if (status == HW_OK) {
        status = lines_take(hw_buf_view(&text), params->nul ? '\0' : '\n', arena, out_list, err);
    }
    if (status != HW_OK) {
        hw_error_object(err, params->path);
    }
    return status;
}

/* Reads the descriptor to its end. */
static enum hw_status input_read(const struct hw_path_list_params *params, struct hw_buf *out, struct hw_error *err) {
    size_t bytes = 0;
    do {
        const size_t size = out->size;
        HW_TRY(hw_io_readable_wait(params->input_fd, &params->stop, err));
        HW_TRY(hw_buf_resize(out, size + READ_BYTES, err));
        HW_TRY(hw_io_read_once(params->input_fd, out->data + size, READ_BYTES, &bytes, err));
        HW_TRY(hw_buf_resize(out, size + bytes, err));
        if (out->size > HW_SOURCE_LIST_BYTES_MAX) {
            return hw_fail(err, HW_ELIMIT, "a list of paths has more than %" PRIu64 " MiB",
                           HW_SOURCE_LIST_BYTES_MAX >> 20);
        }
    } while (bytes > 0);
    return HW_OK;
}

/* Takes the next line off the text; false at its end. */
static bool line_next(hw_view *text, char end, hw_view *out_line) {
    if (text->size == 0) {
        return false;
    }
    const char *found = memchr(text->data, end, text->size);
    const size_t bytes = found ? (size_t)(found - text->data) : text->size;
    *out_line = (hw_view){text->data, bytes};
    *text = (hw_view){text->data + bytes + (found != NULL), text->size - bytes - (found != NULL)};
    out_line->size -= end == '\n' && bytes > 0 && out_line->data[bytes - 1] == '\r';
    return true;
}

static enum hw_status lines_take(hw_view text, char end, struct hw_arena *arena, struct hw_path_list *out_list,
                                 struct hw_error *err) {
    struct hw_path_list list = {0};
    hw_view line;
    size_t lines = 0;
    /* Programs on Windows write a mark before UTF-8. */
    if (hw_view_starts(text, HW_VIEW("\xef\xbb\xbf"))) {
        text = (hw_view){text.data + 3, text.size - 3};
    }
    for (hw_view rest = text; line_next(&rest, end, &line); lines++) {
        if (memchr(line.data, '\0', line.size)) {
            return hw_fail(err, HW_EDATA, "line %zu holds a NUL: --from0 reads lists whose paths end with NUL",
                           lines + 1);
        }
    }
    list.paths = lines > 0 ? hw_alloc(lines * sizeof(*list.paths)) : NULL;
    if (lines > 0 && !list.paths) {
        return hw_fail_nomem(err, lines * sizeof(*list.paths));
    }
    while (line_next(&text, end, &line)) {
        if (line.size == 0) {
            continue;
        }
        list.paths[list.count] = hw_arena_strndup(arena, line.data, line.size);
        if (!list.paths[list.count++]) {
            hw_free(list.paths);
            return hw_fail_nomem(err, line.size);
        }
    }
    *out_list = list;
    return HW_OK;
}
