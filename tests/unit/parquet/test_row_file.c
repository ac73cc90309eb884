/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/row_file.h"

#include "parquet/leaf_int96.h"
#include "support/alloc_fault.h"
#include "unit/parquet/read_make.h"
#include "unit/parquet/single_column_make.h"

static const size_t sizes[] = {40, 25, SIZE_MAX};
static const struct hw_row_format *const format = &hw_parquet_row_format;

static void parts_are_row_groups(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_file *file;
    const struct hw_row_file_options options = {0};
    read_made_open(&made, 0, sizes, 2, NULL);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    assert_string_equal(format->name, "parquet");
    assert_int_equal(file->schema->count, MADE_COLUMNS);
    assert_string_equal(file->schema->fields[10].name, "m");
    assert_int_equal(file->parts_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct hw_parquet_group *group = &made.file.meta.groups[i];
        assert_int_equal(file->parts[i].rows, sizes[i]);
        /* The group's own sums stand apart from its chunks. They differ, as pages are packed. */
        assert_int_equal(file->parts[i].bytes, group->total_bytes);
        assert_int_equal(file->parts[i].stored_bytes, group->compressed);
        assert_int_not_equal(group->total_bytes, group->compressed);
    }
    assert_int_equal(file->notes->of[HW_NOTE_SCHEMA_LOGICAL].texts, 0);
    file->ops->free(file);
    read_made_close(&made);
}

static void rows_of_a_part_are_read(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t part;
        uint64_t limit;
        size_t first, count;
    } rows[] = {
        {"the first part", 0, UINT64_MAX, 0, 40},
        {"the second part", 1, UINT64_MAX, 40, 25},
        {"a limit", 0, 7, 0, 7},
        {"a limit in the second", 1, 7, 40, 7},
        {"a limit beyond the part", 0, 41, 0, 40},
        {"a limit that is the part", 1, 25, 40, 25},
    };
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_file *file;
    const struct hw_row_file_options options = {0};
    read_made_write(&made, 0, sizes, 2, NULL);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_row_wanted wanted = {.part = rows[i].part, .limit = rows[i].limit, .memory_bytes = HW_MIB(64)};
        struct hw_batch_stream *stream;
        struct read_drained got = {0};
        assert_ok(file->ops->batches(file, &wanted, &stream, &err), err);
        assert_ok(read_drain(stream, &got, &err), err);
        const hw_view want = read_made_text(&made, rows[i].first, rows[i].count);
        assert_row_bytes(rows[i].name, got.text.data, got.text.size, want.data, want.size);
        stream->free(stream);
        hw_buf_release(&got.text);
    }
    file->ops->free(file);
    read_made_close(&made);
}

/* The rows 40 and 41: n is their number times 7; s is null in every ninth row from row 4 on. */
static void columns_of_a_part_are_selected(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_selection selection = {0};
    struct hw_batch_stream *stream;
    struct hw_row_file *file;
    struct read_drained got = {0};
    const struct hw_row_file_options options = {0};
    read_made_write(&made, 0, sizes, 2, NULL);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    assert_ok(hw_selection_make(&selection, file->schema, "s.x,n", &err), err);
    const struct hw_row_wanted wanted = {.part = 1, .limit = 2, .selection = &selection, .memory_bytes = HW_MIB(64)};
    assert_ok(file->ops->batches(file, &wanted, &stream, &err), err);
    assert_ok(read_drain(stream, &got, &err), err);
    assert_int_equal(hw_buf_end_text(&got.text, NULL), HW_OK);
    /* The text of the row 41 is its number behind 41 % 19 = 3 letters. */
    assert_string_equal((const char *)got.text.data, "null 280 \n{'abc41'} 287 \n");
    stream->free(stream);
    hw_selection_release(&selection);
    hw_buf_release(&got.text);
    file->ops->free(file);
    read_made_close(&made);
}

static void streams_of_one_file_do_not_meet(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *streams[2];
    struct hw_row_file *file;
    const struct hw_row_file_options options = {0};
    read_made_write(&made, 0, sizes, 2, NULL);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    for (size_t i = 0; i < 2; i++) {
        const struct hw_row_wanted wanted = {.part = i, .limit = UINT64_MAX, .memory_bytes = HW_MIB(64)};
        assert_ok(file->ops->batches(file, &wanted, &streams[i], &err), err);
    }
    for (size_t i = 2; i-- > 0;) {
        struct read_drained got = {0};
        assert_ok(read_drain(streams[i], &got, &err), err);
        const hw_view want = read_made_text(&made, i * 40, sizes[i]);
        assert_row_bytes("part", got.text.data, got.text.size, want.data, want.size);
        hw_buf_release(&got.text);
        streams[i]->free(streams[i]);
    }
    file->ops->free(file);
    read_made_close(&made);
}

static void pages_have_the_limit_of_the_options(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    struct hw_row_file *file;
    struct read_drained got = {0};
    const struct hw_row_file_options options = {.page_bytes_max = 1};
    const struct hw_row_wanted wanted = {.part = 1, .limit = UINT64_MAX, .memory_bytes = HW_MIB(64)};
    read_made_write(&made, 0, sizes, 2, NULL);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    assert_ok(file->ops->batches(file, &wanted, &stream, &err), err);
    assert_int_equal(read_drain(stream, &got, &err), HW_ELIMIT);
    assert_row_says("page", err.message, "row group 1, column n, page 0");
    assert_false(format->wants_int96(&err));
    stream->free(stream);
    file->ops->free(file);
    read_made_close(&made);
}

static void timestamps_that_need_another_form_are_known(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_false(format->wants_int96(&err));
    err.hint = "Something else would help.";
    assert_false(format->wants_int96(&err));
    err.hint = HW_INT96_HINT;
    assert_true(format->wants_int96(&err));
}

/* Reads the first part of a file of INT96 in a form. */
static enum hw_status int96_read(enum hw_int96 form, struct read_drained *got, struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {0};
    const struct hw_row_file_options options = {.int96 = form};
    const struct hw_row_wanted wanted = {.limit = UINT64_MAX, .memory_bytes = HW_MIB(64)};
    struct hw_batch_stream *stream;
    struct hw_row_file *file;
    single_column_make(&bytes, &(struct single_column){HW_PHYSICAL_INT96, 0, 2, HW_VIEW(SINGLE_INT96_PAGE)});
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    HW_TRY(format->open(&source.base, &options, &file, err));
    enum hw_status status = file->ops->batches(file, &wanted, &stream, err);
    if (status == HW_OK) {
        status = read_drain(stream, got, err);
        stream->free(stream);
    }
    file->ops->free(file);
    return status;
}

static void timestamps_have_the_form_of_the_options(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct read_drained got = {0};
    assert_int_equal(int96_read(HW_INT96_AUTO, &got, &err), HW_EDATA);
    assert_true(format->wants_int96(&err));
    assert_row_says("auto", err.message, "row group 0, column c, page 0");
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(int96_read(HW_INT96_TEXT, &got, &err), err);
    assert_row_bytes("text", got.text.data, got.text.size,
                     "'1970-01-02T00:00:00.000001000' \n'3000-01-01T00:00:00.000000000' \n", 66);
    hw_buf_clear(&got.text);
    assert_ok(int96_read(HW_INT96_MICROS, &got, &err), err);
    /* 86,400,000,001 and 376,200 days, in microseconds, as little-endian bytes. */
    assert_row_bytes("us", got.text.data, got.text.size, "x0160d71d14000000 \nx00004bbcec797300 \n", 38);
    hw_buf_release(&got.text);
}

/* Types of a column, and whether a file that Hawser writes has it with the same one. */
static void types_stay_or_not(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct single_column column;
        bool same;
    } rows[] = {
        {"int64", {HW_PHYSICAL_INT64, 0, 0, {0}}, true},
        {"text", {HW_PHYSICAL_BYTE_ARRAY, HW_LOGICAL_STRING, 0, {0}}, true},
        {"INT96", {HW_PHYSICAL_INT96, 0, 0, {0}}, false},
        {"GEOMETRY", {HW_PHYSICAL_BYTE_ARRAY, HW_LOGICAL_GEOMETRY, 0, {0}}, false},
        {"GEOGRAPHY", {HW_PHYSICAL_BYTE_ARRAY, HW_LOGICAL_GEOGRAPHY, 0, {0}}, false},
        {"a type that does not fit", {HW_PHYSICAL_INT64, HW_LOGICAL_STRING, 0, {0}}, false},
        {"a type that nobody knows", {HW_PHYSICAL_INT64, 99, 0, {0}}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_row_file_options options = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_row_file *file;
        single_column_make(&bytes, &rows[i].column);
        struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
        assert_ok(format->open(&source.base, &options, &file, &err), err);
        assert_row_int(rows[i].name, file->pairs.same_schema, rows[i].same);
        assert_row_int(rows[i].name, file->pairs.count, 0);
        file->ops->free(file);
    }
}

/* All of the metadata but the sum of the file itself, as it stands. */
static void metadata_is_that_of_the_file(void **state) {
    (void)state;
    static const struct hw_file_pair pairs[] = {{HW_VIEW_INIT("k"), HW_VIEW_INIT("\xff\0"), true},
                                                {HW_VIEW_INIT("pandas"), HW_VIEW_INIT("{}"), true},
                                                {HW_VIEW_INIT("k"), HW_VIEW_INIT(""), false}};
    const struct hw_parquet_options written = {.level = HW_LEVEL_DEFAULT, .pairs = {pairs, COUNT_OF(pairs), true}};
    const struct hw_row_file_options options = {0};
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_file *file;
    read_made_write(&made, 0, sizes, 1, &written);
    assert_ok(format->open(&made.source.base, &options, &file, &err), err);
    assert_int_equal(file->pairs.count, COUNT_OF(pairs));
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct hw_file_pair *pair = &file->pairs.items[i];
        assert_true(hw_view_equal(pair->key, pairs[i].key));
        assert_true(hw_view_equal(pair->value, pairs[i].value));
        assert_int_equal(pair->has_value, pairs[i].has_value);
    }
    file->ops->free(file);
    read_made_close(&made);
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_file *file = NULL;
    const struct hw_row_file_options options = {0};
    struct memory_source source = memory_source(HW_VIEW("PAR1, but no Parquet file"), 0);
    assert_int_equal(format->open(&source.base, &options, &file, &err), HW_EDATA);
    assert_row_says("file", err.message, "does not end with PAR1");
    assert_null(file);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    static struct read_made made;
    bool fired = true;
    size_t failures = 0;
    read_made_write(&made, 0, sizes, 2, NULL);
    for (; fired; failures++) {
        const struct hw_row_file_options options = {0};
        const struct hw_row_wanted wanted = {.limit = 1, .memory_bytes = HW_MIB(64)};
        struct hw_row_file *file = NULL;
        struct hw_batch_stream *stream = NULL;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        enum hw_status status = format->open(&made.source.base, &options, &file, NULL);
        status = status ? status : file->ops->batches(file, &wanted, &stream, NULL);
        if (stream) {
            stream->free(stream);
        }
        if (file) {
            file->ops->free(file);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 5);
    read_made_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_row_groups),
        cmocka_unit_test(rows_of_a_part_are_read),
        cmocka_unit_test(columns_of_a_part_are_selected),
        cmocka_unit_test(streams_of_one_file_do_not_meet),
        cmocka_unit_test(pages_have_the_limit_of_the_options),
        cmocka_unit_test(timestamps_that_need_another_form_are_known),
        cmocka_unit_test(timestamps_have_the_form_of_the_options),
        cmocka_unit_test(types_stay_or_not),
        cmocka_unit_test(metadata_is_that_of_the_file),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/row_file", tests, NULL, NULL);
}
