/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_alike.h"

#include "support/alloc_fault.h"
#include "unit/parquet/message_write.h"

enum { FILES_MAX = 6 };

#define INTS "required int32 a; optional int32 b;"
#define OPTIONAL "optional int32 a; optional int32 b;"
#define REQUIRED "required int32 a; required int32 b;"
#define LONGS "required int64 a; optional int32 b;"
#define MORE "required int32 a; optional int32 b; optional double c;"
#define CENTS "optional int32 d (DECIMAL);"
#define BYTES "optional binary d (DECIMAL);"

struct made {
    struct message_file made[FILES_MAX];
    struct hw_read_file files[FILES_MAX];
    size_t count;
};

/* Makes files of the schemas up to the first NULL. */
static void made_open(struct made *made, const char *const *texts) {
    static struct hw_source source = {.name = "first.parquet"};
    *made = (struct made){.count = 0};
    for (; made->count < FILES_MAX && texts[made->count]; made->count++) {
        struct message_file *file = &made->made[made->count];
        *file = (struct message_file){.bytes.limit = SIZE_MAX, .file.source = &source};
        message_parse(&file->message, texts[made->count]);
        for (size_t i = 0; i < file->message.meta.elements_count; i++) {
            struct hw_parquet_element *element = &file->message.elements[i];
            if (element->logical.kind == HW_LOGICAL_DECIMAL) {
                element->logical.precision = 9;
            }
        }
        message_file_make(file);
        made->files[made->count] = file->file;
    }
}

static void made_close(struct made *made) {
    for (size_t i = 0; i < made->count; i++) {
        message_file_close(&made->made[i]);
    }
}

/* `want` has the numbers of the files of each lot, and which of its elements become optional. */
static const struct {
    const char *name;
    const char *files[FILES_MAX + 1];
    bool storage;
    const char *want;
    /* The first file that does not agree with the first one. */
    size_t failed;
} rows[] = {
    {"one file", {INTS}, false, "0 --- | ", 1},
    {"files of the same columns", {INTS, INTS, INTS}, false, "012 --- | ", 3},
    {"columns become optional", {REQUIRED, INTS, OPTIONAL}, false, "012 -oo | ", 3},
    {"columns that are optional stay so", {OPTIONAL, REQUIRED}, false, "01 --- | ", 2},
    {"two kinds by turns", {INTS, LONGS, INTS, LONGS}, false, "02 --- | 13 --- | ", 1},
    {"the last one is another", {INTS, OPTIONAL, MORE}, false, "01 -o- | 2 ---- | ", 2},
    {"each is another", {INTS, LONGS, MORE}, false, "0 --- | 1 --- | 2 ---- | ", 1},
    {"one that differs behind a column that would become optional",
     {"required int32 a; required int32 b;", "optional int32 a; required int64 b;", REQUIRED},
     false,
     "02 --- | 1 --- | ",
     1},
    {"decimals that get one storage", {CENTS, BYTES}, true, "01 -- | ", 2},
    {"decimals that keep theirs", {CENTS, BYTES, CENTS}, false, "02 -- | 1 -- | ", 1},
};

static void lot_tell(const struct hw_optimize_alike *lot, const struct hw_read_file *files, struct hw_buf *out) {
    for (size_t i = 0; i < lot->count; i++) {
        assert_int_equal(hw_buf_printf(out, NULL, "%zu", (size_t)(lot->files[i] - files)), HW_OK);
    }
    assert_int_equal(hw_buf_append_text(out, " ", NULL), HW_OK);
    assert_int_equal(lot->tree.count, lot->files[0]->meta.elements_count);
    for (size_t i = 0; i < lot->tree.count; i++) {
        assert_int_equal(hw_buf_append_text(out, lot->optional[i] ? "o" : "-", NULL), HW_OK);
    }
    assert_int_equal(hw_buf_append_text(out, " | ", NULL), HW_OK);
}

static void files_are_sorted_by_columns(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_optimize_alike *lots;
        size_t count;
        made_open(&made, rows[i].files);
        assert_ok(hw_optimize_alike_sort(made.files, made.count, rows[i].storage, &arena, &lots, &count, &err), err);
        for (size_t k = 0; k < count; k++) {
            lot_tell(&lots[k], made.files, &got);
        }
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        made_close(&made);
    }
}

static void all_files_are_one_lot_or_none(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_optimize_alike lot;
        size_t failed;
        made_open(&made, rows[i].files);
        const bool agree = rows[i].failed == made.count;
        assert_row_int(rows[i].name,
                       hw_optimize_alike_all(made.files, made.count, rows[i].storage, &arena, &lot, &failed, &err),
                       agree ? HW_OK : HW_EDATA);
        assert_row_int(rows[i].name, failed, rows[i].failed);
        assert_row_says(rows[i].name, err.message, agree ? "" : "first.parquet");
        if (agree) {
            lot_tell(&lot, made.files, &got);
            assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
            assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        }
        made_close(&made);
    }
}

/* A lack of memory is told, and makes no lots of its own. */
static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct made made;
    size_t failures = 0;
    made_open(&made, rows[4].files);
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_optimize_alike *lots;
        struct hw_optimize_alike lot;
        size_t count = 0, failed;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status =
            hw_optimize_alike_sort(made.files, made.count, false, &arena, &lots, &count, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_int_equal(count, fired ? 0 : 2);
        alloc_fault_begin(&fault, failures);
        const enum hw_status other = hw_optimize_alike_all(made.files, made.count, false, &arena, &lot, &failed, NULL);
        hw_arena_release(&arena);
        assert_int_equal(other, alloc_fault_end(&fault) ? HW_ENOMEM : HW_EDATA);
    }
    assert_true(failures > 4);
    made_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_sorted_by_columns),
        cmocka_unit_test(all_files_are_one_lot_or_none),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_alike", tests, NULL, NULL);
}
