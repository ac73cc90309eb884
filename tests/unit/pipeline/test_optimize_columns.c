/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_columns.h"

#include "support/alloc_fault.h"
#include "unit/parquet/message_write.h"
#include "unit/table/messages.h"

enum { LEAVES = 3, GROUPS = 2 };

#define TABLE                                                                                                  \
    "required int32 n; optional group l (LIST) { repeated group list { optional binary element (STRING); } } " \
    "required boolean b;"

static const int32_t levels_and_plain[] = {HW_ENCODING_RLE, HW_ENCODING_BIT_PACKED, HW_ENCODING_PLAIN};
static const int32_t dictionary[] = {HW_ENCODING_PLAIN, HW_ENCODING_RLE, HW_ENCODING_RLE_DICTIONARY};
static const int32_t rle[] = {HW_ENCODING_RLE};
static const int32_t strange[] = {-1, 99, HW_ENCODING_DELTA_BYTE_ARRAY};

/* The second row group lacks the last column, and tells of numbers that no format has. */
static const struct hw_parquet_chunk chunks[GROUPS][LEAVES] = {
    {
        {.physical = HW_PHYSICAL_INT32, .encodings = levels_and_plain, .encodings_count = 3, .compressed = 10},
        {.physical = HW_PHYSICAL_BYTE_ARRAY,
         .encodings = dictionary,
         .encodings_count = 3,
         .compressed = 20,
         .codec = HW_PAGE_CODEC_SNAPPY},
        {.physical = HW_PHYSICAL_BOOLEAN,
         .encodings = rle,
         .encodings_count = 1,
         .compressed = 5,
         .codec = HW_PAGE_CODEC_GZIP},
    },
    {
        {.physical = HW_PHYSICAL_INT32,
         .encodings = levels_and_plain,
         .encodings_count = 3,
         .compressed = -7,
         .codec = 99},
        {.physical = HW_PHYSICAL_BYTE_ARRAY,
         .encodings = strange,
         .encodings_count = 3,
         .compressed = 300,
         .codec = HW_PAGE_CODEC_LZ4_RAW},
    },
};
static const struct hw_parquet_group groups[GROUPS] = {{.chunks = chunks[0], .chunks_count = LEAVES, .rows = 30},
                                                       {.chunks = chunks[1], .chunks_count = LEAVES - 1, .rows = 12}};

/* Two row groups were made; those of "l" are compressed in part. */
static const struct hw_rewritten_column made_columns[LEAVES] = {
    {.stored_bytes = 8, .packed_chunks = 2, .pages_encoded = {[HW_ENCODING_DELTA_BINARY_PACKED] = 4}},
    {.stored_bytes = 200,
     .packed_chunks = 1,
     .pages_encoded = {[HW_ENCODING_PLAIN] = 1, [HW_ENCODING_RLE_DICTIONARY] = 7}},
    {.stored_bytes = 4, .packed_chunks = 0, .pages_encoded = {[HW_ENCODING_RLE] = 2}},
};

static const struct hw_optimized_column as_it_is[LEAVES] = {
    {"n", "int32", "int32", "PLAIN", "PLAIN", "UNCOMPRESSED", "UNCOMPRESSED", 10, 10, ""},
    {"l.list.element", "text", "text", "PLAIN,DELTA_BYTE_ARRAY,RLE_DICTIONARY", "PLAIN,DELTA_BYTE_ARRAY,RLE_DICTIONARY",
     "SNAPPY,LZ4_RAW", "SNAPPY,LZ4_RAW", 320, 320, ""},
    {"b", "boolean", "boolean", "RLE", "RLE", "GZIP", "GZIP", 5, 5, ""},
};
static const struct hw_optimized_column as_made[LEAVES] = {
    {"n", "int32", "int32", "PLAIN", "DELTA_BINARY_PACKED", "UNCOMPRESSED", "ZSTD", 10, 8, ""},
    {"l.list.element", "text", "text", "PLAIN,DELTA_BYTE_ARRAY,RLE_DICTIONARY", "PLAIN,RLE_DICTIONARY",
     "SNAPPY,LZ4_RAW", "UNCOMPRESSED,ZSTD", 320, 200, ""},
    {"b", "boolean", "boolean", "RLE", "RLE", "GZIP", "UNCOMPRESSED", 5, 4, ""},
};

struct made {
    struct message_file file;
    struct hw_file_plan plan;
};

static void made_open(struct made *made, const struct hw_columns_options *columns) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_read_file *file = &made->file.file;
    const struct hw_file_plan_options options = {.columns = columns, .group_rows = 21, .group_bytes = HW_MIB(1)};
    message_file_open(&made->file, TABLE);
    made->file.file.meta.groups = groups;
    made->file.file.meta.groups_count = GROUPS;
    made->plan = (struct hw_file_plan){0};
    assert_ok(hw_file_plan_make(&made->plan, &file, 1, &options, &err), err);
    assert_int_equal(hw_row_cuts_count(&made->plan.cuts), 2);
}

static void made_close(struct made *made) {
    hw_file_plan_release(&made->plan);
    message_file_close(&made->file);
}

static void column_check(const struct hw_optimized_column *got, const struct hw_optimized_column *want) {
    assert_string_equal(got->name, want->name);
    assert_row_text(want->name, got->type_before, want->type_before);
    assert_row_text(want->name, got->type_after, want->type_after);
    assert_row_text(want->name, got->encodings_before, want->encodings_before);
    assert_row_text(want->name, got->encodings_after, want->encodings_after);
    assert_row_text(want->name, got->codec_before, want->codec_before);
    assert_row_text(want->name, got->codec_after, want->codec_after);
    assert_row_int(want->name, got->bytes_before, want->bytes_before);
    assert_row_int(want->name, got->bytes_after, want->bytes_after);
    assert_row_text(want->name, got->reason, want->reason);
}

static void columns_are_told_before_and_after(void **state) {
    (void)state;
    for (int rewritten = 0; rewritten < 2; rewritten++) {
        struct made made;
        struct hw_arena arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_optimized_column *columns;
        made_open(&made, NULL);
        const struct hw_optimize_columns_of of = {&made.file.file, &made.plan, rewritten ? made_columns : NULL, NULL,
                                                  HW_CODEC_ZSTD};
        assert_ok(hw_optimize_columns_tell(&of, &arena, &columns, &err), err);
        for (size_t i = 0; i < LEAVES; i++) {
            column_check(&columns[i], rewritten ? &as_made[i] : &as_it_is[i]);
        }
        hw_arena_release(&arena);
        made_close(&made);
    }
}

/* Facts go with the column, whatever its name is, and whichever others are there. */
static void chosen_columns_are_told(void **state) {
    (void)state;
    static const char *const select[] = {"b", "n"};
    static const struct hw_column_rename renames[] = {{"b", "flag"}};
    const struct hw_columns_options chosen = {
        .select = select, .select_count = 2, .renames = renames, .renames_count = 1};
    const struct hw_rewritten_column columns_made[] = {made_columns[0], made_columns[2]};
    struct made made;
    struct hw_arena arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_optimized_column *columns;
    struct hw_optimized_column flag = as_made[2];
    flag.name = "flag";
    made_open(&made, &chosen);
    const struct hw_optimize_columns_of of = {&made.file.file, &made.plan, columns_made, NULL, HW_CODEC_ZSTD};
    assert_ok(hw_optimize_columns_tell(&of, &arena, &columns, &err), err);
    column_check(&columns[0], &as_made[0]);
    column_check(&columns[1], &flag);
    hw_arena_release(&arena);
    made_close(&made);
}

/* Where types were asked for, what was decided is told, by the numbers of the file's leaves. */
static void decisions_are_told(void **state) {
    (void)state;
    static const struct hw_optimize_decision decisions[LEAVES] = {
        {.reason = "about n"}, {.reason = "about l"}, {.reason = "about b"}};
    struct made made;
    struct hw_arena arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_optimized_column *columns;
    static const char *const drop[] = {"n"};
    const struct hw_columns_options chosen = {.drop = drop, .drop_count = 1};
    made_open(&made, &chosen);
    const struct hw_optimize_columns_of of = {&made.file.file, &made.plan, NULL, decisions, HW_CODEC_ZSTD};
    assert_ok(hw_optimize_columns_tell(&of, &arena, &columns, &err), err);
    assert_string_equal(columns[0].reason, "about l");
    assert_string_equal(columns[1].reason, "about b");
    hw_arena_release(&arena);
    made_close(&made);
}

/* INT96 and what could become of it, unless ARROW:schema gives it a zone. */
static const struct {
    const char *name;
    bool surveyed;
    unsigned facts;
    const char *decided; /* NULL: nothing was asked for */
    bool zoned;
    enum hw_narrow to;
    const char *type, *reason;
} int96_rows[] = {
    {"not surveyed", false, 0, NULL, false, HW_NARROW_NONE, "int96", ""},
    {"microseconds", true, 0, NULL, false, HW_NARROW_NONE, "int96",
     "every value is exact as timestamp(us): --int96 timestamp would make it so"},
    {"nanoseconds", true, 1u << HW_INT96_HAS_NANOS, NULL, false, HW_NARROW_NONE, "int96",
     "every value is exact as timestamp(ns): --int96 timestamp would make it so"},
    {"no time", true, 1u << HW_INT96_NO_TIME, NULL, false, HW_NARROW_NONE, "int96", ""},
    {"a zone", true, 0, NULL, true, HW_NARROW_NONE, "int96", ""},
    {"other types were asked for", true, 0, "", false, HW_NARROW_NONE, "int96",
     "every value is exact as timestamp(us): --int96 timestamp would make it so"},
    {"decided", true, 0, "stays", false, HW_NARROW_NONE, "int96", "stays"},
    {"of microseconds", true, 0, "exact", false, HW_NARROW_MICROS, "timestamp(us)", "exact"},
    {"of nanoseconds", true, 0, "exact", false, HW_NARROW_NANOS, "timestamp(ns)", "exact"},
};

static void int96_check(size_t row, struct made *made, const struct hw_narrowing *narrowing) {
    static const struct hw_parquet_pair zones = {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT(message_all), true};
    const struct hw_read_file *file = &made->file.file;
    const struct hw_file_plan_options options = {.group_rows = 1, .group_bytes = 1, .narrowings = narrowing};
    const struct hw_optimize_decision decision = {*narrowing, int96_rows[row].decided};
    const struct hw_optimized_column *columns;
    struct hw_arena arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    made->file.file.meta.pairs = &zones;
    made->file.file.meta.pairs_count = int96_rows[row].zoned;
    assert_ok(hw_file_plan_make(&made->plan, &file, 1, &options, &err), err);
    const struct hw_rewritten_column rewritten = {
        .survey = {.leaf = file->schema.leaves, .values = int96_rows[row].surveyed, .facts = int96_rows[row].facts}};
    const struct hw_optimize_columns_of of = {file, &made->plan, &rewritten, int96_rows[row].decided ? &decision : NULL,
                                              HW_CODEC_ZSTD};
    assert_ok(hw_optimize_columns_tell(&of, &arena, &columns, &err), err);
    assert_row_text(int96_rows[row].name, columns[0].type_before, "int96");
    assert_row_text(int96_rows[row].name, columns[0].type_after, int96_rows[row].type);
    assert_row_text(int96_rows[row].name, columns[0].reason, int96_rows[row].reason);
    hw_arena_release(&arena);
}

static void int96_is_told(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(int96_rows); row++) {
        const enum hw_narrow to = int96_rows[row].to;
        const struct hw_narrowing narrowing = {
            .to = to, .width_before = to ? HW_INT96_BYTES : 0, .width_after = to ? 8 : 0};
        struct made made = {.plan = {.columns = NULL}};
        message_file_open(&made.file, "optional int96 t;");
        int96_check(row, &made, &narrowing);
        made_close(&made);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct made made;
    struct hw_arena arena = {0};
    struct alloc_fault fault;
    const struct hw_optimized_column *columns = NULL;
    made_open(&made, NULL);
    const struct hw_optimize_columns_of of = {&made.file.file, &made.plan, made_columns, NULL, HW_CODEC_ZSTD};
    alloc_fault_begin_forever(&fault, 0);
    const enum hw_status status = hw_optimize_columns_tell(&of, &arena, &columns, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_null(columns);
    hw_arena_release(&arena);
    made_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_told_before_and_after),
        cmocka_unit_test(chosen_columns_are_told),
        cmocka_unit_test(decisions_are_told),
        cmocka_unit_test(int96_is_told),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_columns", tests, NULL, NULL);
}
