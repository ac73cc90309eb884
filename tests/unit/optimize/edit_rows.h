/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of values of key-value metadata, the changes that are made, and what comes of them. */
#ifndef HW_TESTS_EDIT_ROWS_H
#define HW_TESTS_EDIT_ROWS_H

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/optimize/change_make.h"

/* The changes of a row. */
#define CHANGES(...)                                           \
    .changes = (const struct hw_column_change[]){__VA_ARGS__}, \
    .count = sizeof((const struct hw_column_change[]){__VA_ARGS__}) / sizeof(struct hw_column_change)

struct edit_row {
    const char *name;
    const char *value;
    /* NULL: the same bytes, at the same place. */
    const char *want;
    const struct hw_column_change *changes;
    size_t count;
    enum hw_status status;
    const char *says;
};

typedef enum hw_status edit_fn(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                               hw_view *out_value, struct hw_error *err);

static inline void edit_row_run(edit_fn *edit, const struct edit_row *row) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_changed_node root;
    hw_view value = {0};
    assert_ok(hw_changed_root(row->changes, row->count, &arena, &root, &err), err);
    const enum hw_status status = edit(hw_view_of(row->value), &root, &arena, &value, &err);
    if (row->says) {
        assert_row_int(row->name, status, row->status);
        assert_row_says(row->name, err.message, row->says);
        assert_row_int(row->name, value.data == NULL, true);
        return;
    }
    if (status != HW_OK) {
        fail_msg("%s: %s", row->name, err.message);
    }
    const char *want = row->want ? row->want : row->value;
    if (value.size != strlen(want) || memcmp(value.data, want, value.size) != 0) {
        fail_msg("%s: is\n%.*s\nwant\n%s", row->name, (int)value.size, value.data, want);
    }
    assert_row_int(row->name, value.data == row->value, row->want == NULL);
}

static inline void edit_rows_run(edit_fn *edit, const struct edit_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        edit_row_run(edit, &rows[i]);
    }
}

/* Whichever allocation fails: it is told. */
static inline void edit_row_sweep(edit_fn *edit, const struct edit_row *row) {
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct hw_arena changes = {0};
        struct hw_arena arena = {0};
        struct hw_changed_node root;
        hw_view value;
        struct alloc_fault fault;
        assert_int_equal(hw_changed_root(row->changes, row->count, &changes, &root, NULL), HW_OK);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = edit(hw_view_of(row->value), &root, &arena, &value, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_row_int(row->name, status, fired ? HW_ENOMEM : HW_OK);
        hw_arena_release(&changes);
    }
}

#endif
