/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_lines.h"

enum { READ_BYTES = 64 * 1024 };

/* Returns what was read and not handed out yet. */
static hw_view rest(const struct hw_batch_lines *lines) {
    const hw_view all = hw_buf_view(&lines->read);
    return (hw_view){all.data + lines->at, all.size - lines->at};
}

/* Reads some more behind the rest, which comes to the beginning. */
static enum hw_status more_read(struct hw_batch_lines *lines, struct hw_error *err) {
    const hw_view left = rest(lines);
    size_t got;
    if (lines->at > 0) {
        memmove(lines->read.data, left.data, left.size);
        lines->read.size = left.size;
        lines->at = 0;
    }
    HW_TRY(hw_buf_reserve(&lines->read, READ_BYTES, err));
    HW_TRY(hw_io_readable_wait(lines->fd, &lines->stop, err));
    HW_TRY(hw_io_read_once(lines->fd, lines->read.data + lines->read.size, READ_BYTES, &got, err));
    lines->read.size += got;
    lines->ended = got == 0;
    return HW_OK;
}

enum hw_status hw_batch_lines_next(struct hw_batch_lines *lines, hw_view *out_line, bool *out_found,
                                   struct hw_error *err) {
    size_t looked = 0;
    for (;;) {
        const hw_view left = rest(lines);
        const char *end = memchr(left.data + looked, '\n', left.size - looked);
        const size_t bytes = end ? (size_t)(end - left.data) : left.size;
        if (bytes > HW_BATCH_LINE_BYTES_MAX) {
            return hw_fail(err, HW_ELIMIT, "line %" PRIu64 " is longer than %" PRIu64 " bytes", lines->number + 1,
                           (uint64_t)HW_BATCH_LINE_BYTES_MAX);
        }
        if (end || (lines->ended && bytes > 0)) {
            *out_line = (hw_view){left.data, bytes};
            *out_found = true;
            lines->at += bytes + (end != NULL);
            lines->number++;
            return HW_OK;
        }
        if (lines->ended) {
            *out_found = false;
            return HW_OK;
        }
        looked = left.size;
        HW_TRY(more_read(lines, err));
    }
}

void hw_batch_lines_release(struct hw_batch_lines *lines) {
    hw_buf_release(&lines->read);
}
