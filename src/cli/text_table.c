/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text_table.h"

#include <stdio.h>

#include "cli/text.h"
#include "core/utf8.h"

/* Columns of a table at most; the blanks before a line, and between cells. */
enum { COLUMNS_MAX = 16, INDENT = 2, GAP = 2 };
/* The characters that a cut leaves of a text, and where that is not enough. */
enum { CUT_MIN = 8, CUT_LEAST = 4 };

static const char ellipsis[] = "\xe2\x80\xa6";

void hw_text_table_release(struct hw_text_table *table) {
    hw_buf_release(&table->cells);
    table->cells_count = 0;
}

enum hw_status hw_text_table_cell(struct hw_text_table *table, hw_view text, struct hw_error *err) {
    struct hw_buf *cells = &table->cells;
    const size_t room = 4 * text.size + 1;
    const size_t before = cells->size;
    HW_TRY(hw_buf_reserve(cells, room, err));
    hw_text_escape_view(text, (char *)cells->data + before, room);
    HW_TRY(hw_buf_resize(cells, before + strlen((const char *)cells->data + before) + 1, err));
    table->cells_count++;
    return HW_OK;
}

enum hw_status hw_text_table_number(struct hw_text_table *table, int64_t number, struct hw_error *err) {
    char text[HW_TEXT_NUMBER_BYTES];
    return hw_text_table_cell(table, hw_view_of(number < 0 ? "" : hw_text_number(number, text)), err);
}

const char *hw_text_number(int64_t number, char out[HW_TEXT_NUMBER_BYTES]) {
    char digits[HW_TEXT_NUMBER_BYTES];
    const int count = snprintf(digits, sizeof(digits), "%" PRId64, number);
    const int first = number < 0 ? 1 : 0;
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        if (i > first && (count - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

/* Returns the characters of a text. */
static size_t text_width(const char *text) {
    size_t width = 0;
    for (size_t left = strlen(text); left > 0; width++) {
        const size_t bytes = hw_max_size(hw_utf8_bytes(text, left), 1);
        text += bytes;
        left -= bytes;
    }
    return width;
}

static void widths_find(const struct hw_text_table *table, size_t widths[COLUMNS_MAX]) {
    const char *cell = hw_buf_view(&table->cells).data;
    for (size_t i = 0; i < table->columns_count; i++) {
        widths[i] = text_width(table->columns[i].title);
    }
    for (size_t i = 0; i < table->cells_count; i++) {
        size_t *width = &widths[i % table->columns_count];
        *width = hw_max_size(*width, text_width(cell));
        cell += strlen(cell) + 1;
    }
}

static size_t line_width(const struct hw_text_table *table, const size_t widths[COLUMNS_MAX]) {
    size_t all = INDENT;
    for (size_t i = 0; i < table->columns_count; i++) {
        all += widths[i] + (i > 0 ? GAP : 0);
    }
    return all;
}

/* Takes from the widest text, character by character, until all fit or each has only `least`. */
static void widths_cut(const struct hw_text_table *table, size_t limit, size_t least, size_t widths[COLUMNS_MAX]) {
    for (size_t all = line_width(table, widths); all > limit; all--) {
        size_t widest = COLUMNS_MAX;
        for (size_t i = 0; i < table->columns_count; i++) {
            const bool cut = !table->columns[i].right && widths[i] > least;
            widest = cut && (widest == COLUMNS_MAX || widths[i] > widths[widest]) ? i : widest;
        }
        if (widest == COLUMNS_MAX) {
            return;
        }
        widths[widest]--;
    }
}

static enum hw_status spaces_put(struct hw_buf *out, size_t count, struct hw_error *err) {
    return hw_buf_printf(out, err, "%*s", (int)count, "");
}

/* Appends the first characters of a text, so many as fit. */
static enum hw_status cut_put(struct hw_buf *out, const char *text, size_t width, struct hw_error *err) {
    size_t bytes = 0;
    if (text_width(text) <= width) {
        return hw_buf_append_text(out, text, err);
    }
    for (size_t i = 0; i + 1 < width; i++) {
        bytes += hw_max_size(hw_utf8_bytes(text + bytes, strlen(text + bytes)), 1);
    }
    HW_TRY(hw_buf_append(out, text, bytes, err));
    return hw_buf_append_text(out, ellipsis, err);
}

/* Appends a cell and what fills its column; nothing follows the last text of a line. */
static enum hw_status cell_put(const struct hw_text_table *table, size_t column, const char *text, size_t width,
                               struct hw_buf *out, struct hw_error *err) {
    const size_t used = hw_min_size(text_width(text), width);
    const bool right = table->columns[column].right;
    const bool last = column + 1 == table->columns_count;
    HW_TRY(spaces_put(out, (column > 0 ? GAP : INDENT) + (right ? width - used : 0), err));
    HW_TRY(cut_put(out, text, width, err));
    if (!last) {
        return right ? HW_OK : spaces_put(out, width - used, err);
    }
    while (out->size > 0 && out->data[out->size - 1] == ' ') {
        out->size--;
    }
    return hw_buf_append_byte(out, '\n', err);
}

enum hw_status hw_text_table_write(const struct hw_text_table *table, size_t width, struct hw_buf *out,
                                   struct hw_error *err) {
    const char *cell = hw_buf_view(&table->cells).data;
    size_t widths[COLUMNS_MAX];
    assert(table->columns_count > 0 && table->columns_count <= COLUMNS_MAX);
    widths_find(table, widths);
    if (width > 0) {
        widths_cut(table, width, CUT_MIN, widths);
        widths_cut(table, width, CUT_LEAST, widths);
    }
    for (size_t i = 0; i < table->columns_count; i++) {
        HW_TRY(cell_put(table, i, table->columns[i].title, widths[i], out, err));
    }
    for (size_t i = 0; i < table->cells_count; i++) {
        const size_t column = i % table->columns_count;
        HW_TRY(cell_put(table, column, cell, widths[column], out, err));
        cell += strlen(cell) + 1;
    }
    return HW_OK;
}
