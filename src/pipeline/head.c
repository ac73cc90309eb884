/* SPDX-License-Identifier: Apache-2.0 */
/* hw_head: rows are opened (pipeline/open_rows), and become text in one of the forms below. */
#include <hawser/head.h>

#include "core/budget.h"
#include "csv/records.h"
#include "pipeline/call_options.h"
#include "pipeline/open_rows.h"
#include "table/flatten.h"
#include "table/row_json.h"
#include "table/row_table.h"

enum {
    ROWS_DEFAULT = 10,
    WRITTEN_BYTES = 64 << 10, /* handed out at once */
    TABLE_ROWS = 1000,        /* the widths of columns are those of so many rows */
};

struct head {
    struct hw_head_options options;
    struct hw_open_rows_options rows_options;
    struct hw_opened_rows rows;
    /* Structs as columns, where they are asked for. */
    bool flattened;
    struct hw_flat flat;
    struct hw_arena arena;
    /* The schema of what is shown. */
    const struct hw_schema *schema;
    struct hw_csv_format csv;
    struct hw_row_table table;
    size_t table_rows;
    struct hw_buf out;
};

struct form {
    enum hw_status (*begin)(struct head *head, struct hw_error *err);
    /* Appends the rows from `begin` to `end` of a batch. */
    enum hw_status (*rows)(struct head *head, const struct hw_batch *batch, size_t begin, size_t end,
                           struct hw_error *err);
    enum hw_status (*end)(struct head *head, struct hw_error *err);
};

static enum hw_status out_write(struct head *head, size_t bytes_min, struct hw_error *err) {
    if (head->out.size == 0 || head->out.size < bytes_min) {
        return HW_OK;
    }
    const enum hw_status status = head->options.write(head->options.ctx, head->out.data, head->out.size, err);
    hw_buf_clear(&head->out);
    return status;
}

/* ------ JSON */

static enum hw_status json_begin(struct head *head, struct hw_error *err) {
    return head->options.nested == HW_NESTED_JSON
               ? HW_OK
               : hw_fail(err, HW_EUSAGE, "a form of nested values is for CSV: JSON has them as they are");
}

static enum hw_status json_rows(struct head *head, const struct hw_batch *batch, size_t begin, size_t end,
                                struct hw_error *err) {
    for (size_t row = begin; row < end; row++) {
        HW_TRY(hw_row_json_append(head->options.binary, batch, row, &head->out, err));
        HW_TRY(out_write(head, WRITTEN_BYTES, err));
    }
    return HW_OK;
}

static enum hw_status form_end(struct head *head, struct hw_error *err) {
    (void)head;
    (void)err;
    return HW_OK;
}

/* ------ CSV */

static enum hw_status csv_begin(struct head *head, struct hw_error *err) {
    HW_TRY(hw_csv_format_init(&head->csv, head->schema, ',', err));
    head->csv.binary = head->options.binary;
    return hw_csv_header_append(&head->csv, &head->out, err);
}

static enum hw_status csv_rows(struct head *head, const struct hw_batch *batch, size_t begin, size_t end,
                               struct hw_error *err) {
    struct hw_batch part = *batch;
    part.rows = end;
    for (size_t row = begin, rows; row < end; row += rows) {
        HW_TRY(hw_csv_records_append(&head->csv, &part, row, &head->out, &rows, err));
        HW_TRY(out_write(head, WRITTEN_BYTES, err));
    }
    return HW_OK;
}

/* ------ a table */

static enum hw_status table_begin(struct head *head, struct hw_error *err) {
    if (head->options.nested != HW_NESTED_JSON) {
        return hw_fail(err, HW_EUSAGE, "a form of nested values is for CSV: a table has them as JSON");
    }
    return hw_row_table_init(&head->table, head->schema, head->options.binary, err);
}

static enum hw_status table_end(struct head *head, struct hw_error *err) {
    head->table_rows = 0;
    HW_TRY(hw_row_table_write(&head->table, &head->out, err));
    return out_write(head, WRITTEN_BYTES, err);
}

static enum hw_status table_rows(struct head *head, const struct hw_batch *batch, size_t begin, size_t end,
                                 struct hw_error *err) {
    for (size_t row = begin; row < end; row++) {
        HW_TRY(hw_row_table_add(&head->table, batch, row, err));
        HW_TRY(++head->table_rows == TABLE_ROWS ? table_end(head, err) : HW_OK);
    }
    return HW_OK;
}

static const struct form forms[] = {
    [HW_HEAD_JSON] = {json_begin, json_rows, form_end},
    [HW_HEAD_CSV] = {csv_begin, csv_rows, form_end},
    [HW_HEAD_TABLE] = {table_begin, table_rows, table_end},
};

/* ------ the call */

static enum hw_status head_open(struct head *head, const char *source, struct hw_error *err);
static enum hw_status head_rows(struct head *head, const struct form *form, struct hw_error *err);

static void head_release(struct head *head) {
    hw_opened_rows_release(&head->rows);
    hw_flat_release(&head->flat);
    hw_arena_release(&head->arena);
    hw_row_table_release(&head->table);
    hw_buf_release(&head->out);
}

enum hw_status hw_head(const char *source, const struct hw_head_options *options, struct hw_error *err) {
    struct head head = {0};
    HW_TRY(hw_call_head_options(options, &head.options, err));
    const struct form *form = &forms[head.options.format];
    enum hw_status status = head_open(&head, source, err);
    status = status ? status : form->begin(&head, err);
    status = status ? status : head_rows(&head, form, err);
    status = status ? status : form->end(&head, err);
    /* What was made before a failure are whole rows, but it may not hide the failure. */
    const enum hw_status written = out_write(&head, 0, status ? NULL : err);
    head_release(&head);
    return status ? status : written;
}

static enum hw_status head_open(struct head *head, const char *source, struct hw_error *err) {
    const struct hw_head_options *options = &head->options;
    head->rows_options = (struct hw_open_rows_options){
        .columns = options->columns,
        .skip = options->skip,
        .rows_max = options->no_rows    ? 0
                    : options->rows > 0 ? options->rows
                                        : ROWS_DEFAULT,
        .csv = &options->csv,
        .store = &options->source_store,
        .input_fd = options->input_fd,
        .memory_bytes = options->memory_bytes > 0 ? options->memory_bytes : hw_budget_default(),
        .threads = options->threads,
        .page_bytes_max = options->page_bytes_max,
        .on_note = options->on_note,
        .ctx = options->ctx,
    };
    HW_TRY(hw_open_rows(&head->rows, source, &head->rows_options, err));
    head->schema = head->rows.schema;
    if (options->format == HW_HEAD_CSV && options->nested == HW_NESTED_FLATTEN) {
        HW_TRY(hw_flat_make(&head->flat, head->schema, err));
        head->schema = &head->flat.schema;
        head->flattened = true;
    }
    return options->format == HW_HEAD_CSV && options->nested == HW_NESTED_FAIL ? hw_schema_prove_flat(head->schema, err)
                                                                               : HW_OK;
}

static enum hw_status head_rows(struct head *head, const struct form *form, struct hw_error *err) {
    bool more = true;
    HW_TRY(hw_opened_rows_next(&head->rows, &more, err));
    while (more) {
        struct hw_batch batch = head->rows.batch;
        if (head->flattened) {
            hw_arena_release(&head->arena);
            HW_TRY(hw_flat_apply(&head->flat, &head->rows.batch, &head->arena, &batch, err));
        }
        const enum hw_status status = form->rows(head, &batch, head->rows.begin, head->rows.end, err);
        if (status != HW_OK) {
            hw_error_object(err, head->rows.name);
            return status;
        }
        HW_TRY(hw_opened_rows_next(&head->rows, &more, err));
    }
    return HW_OK;
}
