/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_table.h"

#include <stdio.h>

#include "core/utf8.h"
#include "table/value_json.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6";
static const char GAP[] = "  ";

struct cell {
    size_t begin;
    size_t bytes;
    size_t columns;
};

static enum hw_status cell_add(struct hw_row_table *table, size_t column, hw_view text, struct hw_error *err);

static size_t *widths_of(struct hw_row_table *table) {
    return (size_t *)(void *)table->widths.data;
}

enum hw_status hw_row_table_init(struct hw_row_table *table, const struct hw_schema *schema, enum hw_binary_text binary,
                                 struct hw_error *err) {
    *table = (struct hw_row_table){.schema = schema, .binary = binary};
    HW_TRY(hw_buf_resize(&table->widths, schema->count * sizeof(size_t), err));
    if (schema->count > 0) {
        memset(table->widths.data, 0, table->widths.size);
    }
    for (size_t i = 0; i < schema->count; i++) {
        const enum hw_status status = cell_add(table, i, hw_view_of(schema->fields[i].name), err);
        if (status != HW_OK) {
            hw_row_table_release(table);
            return status;
        }
    }
    return HW_OK;
}

void hw_row_table_release(struct hw_row_table *table) {
    hw_buf_release(&table->cells);
    hw_buf_release(&table->texts);
    hw_buf_release(&table->scratch);
    hw_buf_release(&table->widths);
}

/* ------ cells */

static enum hw_status value_append(struct hw_row_table *table, const struct hw_field *field,
                                   const struct hw_column *column, size_t row, struct hw_error *err) {
    struct hw_buf *out = &table->scratch;
    if (hw_value_is_null(field, column, row)) {
        return hw_buf_append_text(out, "null", err);
    }
    hw_value_resolve(&field, &column, &row);
    return hw_kind_is_flat(field->type.kind) ? hw_value_text_append(table->binary, field, column, row, out, err)
                                             : hw_value_json_append(table->binary, field, column, row, out, err);
}

enum hw_status hw_row_table_add(struct hw_row_table *table, const struct hw_batch *batch, size_t row,
                                struct hw_error *err) {
    for (size_t i = 0; i < table->schema->count; i++) {
        const struct hw_field *field = &table->schema->fields[i];
        hw_buf_clear(&table->scratch);
        const enum hw_status status = value_append(table, field, &batch->columns[i], row, err);
        if (status != HW_OK) {
            hw_error_column(err, field->name, strlen(field->name));
            return status;
        }
        HW_TRY(cell_add(table, i, hw_buf_view(&table->scratch), err));
    }
    return HW_OK;
}

/* Returns the bytes of the next character that a terminal shows as one; 0 where it is none. */
static size_t shown_bytes(hw_view text) {
    const size_t bytes = hw_utf8_bytes(text.data, text.size);
    const uint32_t code = bytes > 0 ? hw_utf8_code(text.data, bytes) : 0;
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    return control ? 0 : bytes;
}

/* Appends a cell, cut where it is too long: what is cut makes room for the ellipsis. */
static enum hw_status cell_add(struct hw_row_table *table, size_t column, hw_view text, struct hw_error *err) {
    struct cell cell = {.begin = table->texts.size};
    size_t kept = 0; /* bytes of the cell when it is as wide as it may be with an ellipsis */
    while (text.size > 0 && cell.columns <= HW_ROW_TABLE_CELL_COLUMNS) {
        const size_t bytes = shown_bytes(text);
        char escape[8];
        const int escaped = bytes == 0 ? snprintf(escape, sizeof(escape), "\\x%02x", (uint8_t)text.data[0]) : 0;
        HW_TRY(hw_buf_append(&table->texts, bytes > 0 ? text.data : escape, bytes > 0 ? bytes : (size_t)escaped, err));
        cell.columns += bytes > 0 ? 1 : (size_t)escaped;
        kept = cell.columns < HW_ROW_TABLE_CELL_COLUMNS ? table->texts.size - cell.begin : kept;
        const size_t step = hw_max_size(bytes, 1);
        text = (hw_view){text.data + step, text.size - step};
    }
    if (cell.columns > HW_ROW_TABLE_CELL_COLUMNS) {
        table->texts.size = cell.begin + kept;
        HW_TRY(hw_buf_append_text(&table->texts, ELLIPSIS, err));
        cell.columns = HW_ROW_TABLE_CELL_COLUMNS;
    }
    cell.bytes = table->texts.size - cell.begin;
    size_t *width = &widths_of(table)[column];
    *width = table->begun ? *width : hw_max_size(*width, cell.columns);
    return hw_buf_append(&table->cells, &cell, sizeof(cell), err);
}

/* ------ lines */

static bool is_number(const struct hw_field *field) {
    const enum hw_kind kind = field->type.kind;
    return hw_kind_is_integer(kind) || hw_kind_precision_max(kind) > 0 || kind == HW_KIND_HALF ||
           kind == HW_KIND_FLOAT || kind == HW_KIND_DOUBLE;
}

static enum hw_status fill_append(struct hw_buf *out, char byte, size_t count, struct hw_error *err) {
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_append_byte(out, (uint8_t)byte, err));
    }
    return HW_OK;
}

/* Writes the cells of a line; the last is not filled up at its right. */
static enum hw_status line_write(struct hw_row_table *table, const struct cell *cells, struct hw_buf *out,
                                 struct hw_error *err) {
    const size_t count = table->schema->count;
    for (size_t i = 0; i < count; i++) {
        const size_t width = widths_of(table)[i];
        const size_t fill = width > cells[i].columns ? width - cells[i].columns : 0;
        const bool right = is_number(&table->schema->fields[i]);
        HW_TRY(hw_buf_append_text(out, i > 0 ? GAP : "", err));
        HW_TRY(fill_append(out, ' ', right ? fill : 0, err));
        HW_TRY(hw_buf_append(out, table->texts.data + cells[i].begin, cells[i].bytes, err));
        HW_TRY(fill_append(out, ' ', right || i + 1 == count ? 0 : fill, err));
    }
    return hw_buf_append_byte(out, '\n', err);
}

static enum hw_status dashes_write(struct hw_row_table *table, struct hw_buf *out, struct hw_error *err) {
    for (size_t i = 0; i < table->schema->count; i++) {
        HW_TRY(hw_buf_append_text(out, i > 0 ? GAP : "", err));
        HW_TRY(fill_append(out, '-', widths_of(table)[i], err));
    }
    return hw_buf_append_byte(out, '\n', err);
}

enum hw_status hw_row_table_write(struct hw_row_table *table, struct hw_buf *out, struct hw_error *err) {
    const struct cell *cells = (const struct cell *)(const void *)table->cells.data;
    const size_t columns = table->schema->count;
    const size_t count = table->cells.size / sizeof(*cells);
    for (size_t at = 0; at < count; at += columns) {
        const bool header = at == 0 && !table->begun;
        HW_TRY(line_write(table, cells + at, out, err));
        HW_TRY(header ? dashes_write(table, out, err) : HW_OK);
    }
    table->begun = true;
    hw_buf_clear(&table->cells);
    hw_buf_clear(&table->texts);
    return HW_OK;
}
