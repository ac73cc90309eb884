/* SPDX-License-Identifier: Apache-2.0 */
/* Objects in memory that make a CSV table, and what cursors read of its parts, as text. */
#ifndef HW_TESTS_CSV_STOCK_H
#define HW_TESTS_CSV_STOCK_H

#include "csv/blocks.h"
#include "csv/cursor.h"
#include "csv/reader.h"
#include "unit/csv/batch_text.h"
#include "unit/csv/memory_object.h"

enum { STOCK_OBJECTS_MAX = 8 };

struct stock {
    struct hw_csv_options csv;
    struct hw_csv_inputs_options inputs;
    struct hw_csv_table_options options;
    struct hw_schema_file given;
    struct hw_arena arena;
    struct hw_budget budget;
    struct memory_object from[STOCK_OBJECTS_MAX];
    struct hw_csv_object objects[STOCK_OBJECTS_MAX];
    size_t count;
    struct hw_csv_table table;
};

/*
 * Large parts and portions, records up to 64 MiB. The test changes what it wants before
 * stock_table.
 */
static inline void stock_init(struct stock *stock) {
    memset(stock, 0, sizeof(*stock));
    stock->csv.header = HW_CSV_HEADER_YES;
    stock->options = (struct hw_csv_table_options){
        .part_bytes = HW_MIB(64),
        .portion_bytes = HW_MIB(1),
        .portion_held = true,
        .remote_read_bytes = HW_MIB(8),
        .record_bytes_max = HW_MIB(64),
        .record_bytes_shared = HW_MIB(64),
    };
    hw_budget_init(&stock->budget, HW_MIB(16));
}

/* Adds an object. Borrows both. */
static inline struct memory_object *stock_add(struct stock *stock, const char *name, hw_view bytes) {
    const size_t number = stock->count++;
    assert_true(number < STOCK_OBJECTS_MAX);
    memory_object_init(&stock->from[number], name, bytes);
    hw_csv_object_init(&stock->objects[number], &stock->from[number].base, 0);
    return &stock->from[number];
}

static inline void stock_schema(struct stock *stock, const char *json) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_schema_file_read(hw_view_of(json), NULL, &stock->arena, &stock->given, &err), err);
    stock->inputs.choice.given = &stock->given;
}

static inline void stock_settle(struct stock *stock) {
    stock->inputs.csv = stock->options.csv = &stock->csv;
    stock->options.budget = &stock->budget;
}

/* Looks at all objects, and begins a pass. The table is released with the stock. */
static inline enum hw_status stock_table(struct stock *stock, struct hw_error *err) {
    stock_settle(stock);
    stock->table.options = stock->options;
    hw_csv_inputs_init(&stock->table.inputs, stock->objects, stock->count, &stock->inputs);
    for (size_t i = 0; i < stock->count; i++) {
        HW_TRY(hw_csv_inputs_look(&stock->table.inputs, i, err));
    }
    HW_TRY(hw_csv_table_decide(&stock->table, err));
    return hw_csv_table_begin(&stock->table, err);
}

static inline enum hw_status stock_reader(struct stock *stock, struct hw_table_reader **out_reader,
                                          struct hw_error *err) {
    stock_settle(stock);
    return hw_csv_reader_new(stock->objects, stock->count, &stock->inputs, &stock->options, out_reader, err);
}

static inline const struct hw_csv_part *stock_part(const struct stock *stock, size_t number) {
    return &((const struct hw_csv_part *)(const void *)stock->table.cuts.data)[number];
}

static inline size_t stock_parts(const struct stock *stock) {
    return stock->table.cuts.size / sizeof(struct hw_csv_part);
}

/* Releases everything; every source that was opened must be closed then. */
static inline void stock_release(struct stock *stock) {
    if (stock->table.inputs.objects) {
        hw_csv_table_release(&stock->table);
    }
    for (size_t i = 0; i < stock->count; i++) {
        hw_csv_object_release(&stock->objects[i]);
        assert_row_int(stock->from[i].name, memory_object_open_count(&stock->from[i]), 0);
    }
    hw_arena_release(&stock->arena);
    hw_budget_release(&stock->budget);
}

/* What became of a part. */
struct part_read {
    bool large;         /* Set before: the part may have large records. */
    bool types_only;    /* Set before: of every batch. */
    bool blind;         /* Set before: batches are not written, for where memory fails. */
    struct hw_buf rows; /* the batches as text */
    /* S started, R rows, L large, H handed on, E end; rows after rows are one R */
    struct hw_buf steps;
    struct hw_buf rejects;
    struct hw_part_result *result;
    bool last;
};

static inline void part_read_release(struct part_read *read) {
    hw_buf_release(&read->rows);
    hw_buf_release(&read->steps);
    hw_buf_release(&read->rejects);
    hw_csv_result_free(read->result);
    *read = (struct part_read){0};
}

/* "line offset input column reason text\n" of each. */
static inline enum hw_status part_rejects_take(struct hw_cursor *cursor, struct hw_buf *out, struct hw_error *err) {
    size_t at = 0;
    uint64_t count = 0;
    while (at < cursor->rejects.data.size) {
        struct hw_reject reject;
        memcpy(&reject, cursor->rejects.data.data + at, sizeof(reject));
        at += sizeof(reject);
        HW_TRY(hw_buf_printf(out, err, "%" PRIu64 " %" PRIu64 " %u %d %s ", reject.line, reject.offset, reject.input,
                             reject.column, hw_csv_reason_name((enum hw_csv_reason)reject.reason)));
        HW_TRY(hw_buf_append(out, cursor->rejects.data.data + at, reject.bytes, err));
        HW_TRY(hw_buf_append_byte(out, '\n', err));
        at += reject.bytes;
        count++;
    }
    assert_int_equal(cursor->rejects.count, count);
    hw_buf_clear(&cursor->rejects.data);
    cursor->rejects.count = 0;
    return HW_OK;
}

static inline enum hw_status part_step_take(struct hw_cursor *cursor, enum hw_cursor_step step, struct part_read *read,
                                            struct hw_error *err) {
    static const char letters[] = "SRLHE";
    const char letter = letters[step];
    const char before = read->steps.size > 0 ? (char)read->steps.data[read->steps.size - 1] : '\0';
    if (letter != 'R' || before != 'R') {
        HW_TRY(hw_buf_append_byte(&read->steps, (uint8_t)letter, err));
    }
    if (step == HW_CURSOR_ROWS) {
        if (cursor->batch.rows > 0 && !read->blind) {
            batch_text(&cursor->batch, &read->rows);
        }
        HW_TRY(part_rejects_take(cursor, &read->rejects, err));
    } else if (step == HW_CURSOR_LARGE) {
        cursor->large_allowed = true;
    } else if (step == HW_CURSOR_HANDED_ON) {
        read->last = cursor->last;
    }
    return HW_OK;
}

/*
 * Reads a part to its end, or its failure. `read` is released by the caller, and says what came of
 * it, too.
 */
static inline enum hw_status part_read(struct hw_cursor *cursor, size_t part, const uint64_t *start,
                                       struct part_read *read, struct hw_error *err) {
    enum hw_cursor_step step = HW_CURSOR_STARTED;
    enum hw_status status = cursor->ops->open(cursor, part, start, err);
    cursor->large_allowed |= read->large;
    while (status == HW_OK && step != HW_CURSOR_END) {
        cursor->types_only = read->types_only;
        status = cursor->ops->next(cursor, &step, err);
        if (status == HW_OK) {
            status = part_step_take(cursor, step, read, err);
        }
    }
    read->result = cursor->ops->close(cursor);
    assert_null(cursor->result);
    return status;
}

static inline const char *part_text(struct hw_buf *buf) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(buf, &err), err);
    return (const char *)buf->data;
}

static inline const struct hw_csv_result *part_result(const struct part_read *read) {
    return (const struct hw_csv_result *)read->result;
}

/* ------ texts of many rows, and what a reader must make of them */

/* "id,note" and rows "7,n7" each: `want` gets what batch_text makes of the rows. */
static inline void stock_rows(struct hw_buf *text, struct hw_buf *want, size_t first, size_t count, const char *note) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = first; i < first + count; i++) {
        assert_ok(hw_buf_printf(text, &err, "%zu,%s%zu\n", i, note, i), err);
        assert_ok(hw_buf_printf(want, &err, "%zu|\"%s%zu\"\n", i, note, i), err);
    }
}

static inline void stock_text(struct hw_buf *text, const char *more) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(text, more, &err), err);
}

static inline void stock_fill(struct hw_buf *text, char byte, size_t count) {
    struct hw_error err = HW_ERROR_INIT;
    const size_t before = text->size;
    assert_ok(hw_buf_resize(text, before + count, &err), err);
    memset(text->data + before, byte, count);
}

#endif
