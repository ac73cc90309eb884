/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_nested.h"

#include <stdio.h>
#include <stdlib.h>

#include "parquet/writer.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "unit/parquet/thrift_read.h"

enum { ROWS = 1000, LONG_ROW = 500, LONG_ELEMENTS = 700, ELEMENTS_MAX = 4000, PAGE_ROWS = 128 };

/*
 * Lists of numbers: row i has i % 4 elements, one has very many; every seventh row and every third
 * element is null.
 */
struct lists {
    struct hw_field element;
    struct hw_field field;
    struct hw_schema schema;
    int32_t offsets[ROWS + 1];
    uint8_t validity[(ROWS + 7) / 8];
    uint8_t element_validity[(ELEMENTS_MAX + 7) / 8];
    int64_t values[ELEMENTS_MAX];
    struct hw_column child;
    struct hw_column column;
    struct hw_batch batch;
};

static void lists_fill(struct lists *lists) {
    *lists = (struct lists){0};
    size_t at = 0, nulls = 0, element_nulls = 0;
    for (size_t row = 0; row < ROWS; row++) {
        bool null = row % 7 == 6;
        nulls += null;
        lists->validity[row / 8] |= (uint8_t)(!null << row % 8);
        at += null ? 0 : row == LONG_ROW ? LONG_ELEMENTS : row % 4;
        lists->offsets[row + 1] = (int32_t)at;
    }
    assert_true(at <= ELEMENTS_MAX);
    for (size_t i = 0; i < at; i++) {
        lists->values[i] = (int64_t)i * 1000003 % 977;
        lists->element_validity[i / 8] |= (uint8_t)((i % 3 != 1) << i % 8);
        element_nulls += i % 3 == 1;
    }
    lists->element = (struct hw_field){.name = "item", .type = {.kind = HW_KIND_INT64}};
    lists->field = (struct hw_field){
        .name = "l", .type = {.kind = HW_KIND_LIST}, .children = &lists->element, .children_count = 1};
    lists->schema = (struct hw_schema){&lists->field, 1};
    lists->child = (struct hw_column){
        .null_count = element_nulls, .validity = lists->element_validity, .values = lists->values, .length = at};
    lists->column = (struct hw_column){.null_count = nulls,
                                       .validity = lists->validity,
                                       .offsets = lists->offsets,
                                       .length = ROWS,
                                       .children = &lists->child};
    lists->batch = (struct hw_batch){.schema = &lists->schema, .rows = ROWS, .columns = &lists->column};
}

static enum hw_status file_write(const struct lists *lists, const struct hw_parquet_options *options,
                                 struct memory_sink *sink, struct hw_error *err) {
    struct hw_table_writer *writer;
    struct hw_encoder *encoder = NULL;
    struct hw_encoded *encoded;
    *sink = memory_sink(0);
    HW_TRY(hw_parquet_writer_new(&lists->schema, options, &sink->base, &writer, err));
    enum hw_status status = writer->ops->encoder_new(writer, &encoder, err);
    for (int twice = 0; twice < 2 && status == HW_OK; twice++) {
        status = encoder->ops->add(encoder, &lists->batch, err);
    }
    status = status == HW_OK ? encoder->ops->take(encoder, &encoded, err) : status;
    status = status == HW_OK ? writer->ops->append(writer, encoded, err) : status;
    status = status == HW_OK ? writer->ops->finish(writer, err) : status;
    if (encoder) {
        encoder->ops->free(encoder);
    }
    writer->ops->free(writer);
    return status;
}

static int64_t number_at(hw_view data, const char *path) {
    struct thrift_value value = thrift_find(data, path);
    assert_row_int(path, value.type != 0, true);
    return value.number;
}

/* What a page is expected to have, and what the column chunk has so far. */
struct counts {
    uint64_t rep[2], def[4], entries;
    size_t row, pages;
};

/* Levels of one page, decoded by hand: it begins with a row, whose lists are as they were made. */
static void page_decodes(const struct lists *lists, hw_view head, size_t first_row, struct counts *counts) {
    const uint8_t *body = (const uint8_t *)thrift_find(head, "").bytes.data + thrift_find(head, "").bytes.size;
    size_t entries = (size_t)number_at(head, "5.1");
    uint32_t *rep = malloc(entries * sizeof(*rep)), *def = malloc(entries * sizeof(*def));
    uint32_t rep_size = hw_load_le32(body);
    const uint8_t *def_at = body + 4 + rep_size;
    decode_rle(&(struct decoder){body + 4, def_at}, 1, entries, rep);
    decode_rle(&(struct decoder){def_at + 4, def_at + 4 + hw_load_le32(def_at)}, 2, entries, def);
    assert_int_equal(counts->row, first_row);
    assert_int_equal(rep[0], 0);
    for (size_t i = 0; i < entries; i++) {
        counts->rep[rep[i]]++;
        counts->def[def[i]]++;
        if (rep[i] == 0) {
            size_t row = counts->row++ % ROWS;
            size_t elements = (size_t)(lists->offsets[row + 1] - lists->offsets[row]);
            assert_int_equal(def[i] == 0, row % 7 == 6);
            assert_int_equal(def[i] == 1, row % 7 != 6 && elements == 0);
            for (size_t k = 0; k < elements; k++) {
                size_t element = (size_t)lists->offsets[row] + k;
                assert_int_equal(def[i + k], element % 3 == 1 ? 2 : 3);
                assert_int_equal(rep[i + k], k > 0);
            }
        }
    }
    counts->entries += entries;
    counts->pages++;
    free(rep);
    free(def);
}

static void pages_begin_with_rows_and_count_their_levels(void **state) {
    (void)state;
    static struct lists lists;
    const struct hw_parquet_options options = {
        .codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .page_rows = PAGE_ROWS, .page_bytes = 2000};
    struct memory_sink sink;
    struct hw_error err = HW_ERROR_INIT;
    struct counts counts = {0};
    lists_fill(&lists);
    assert_ok(file_write(&lists, &options, &sink, &err), err);
    const char *file = (const char *)sink.bytes.data;
    size_t footer_size = hw_load_le32(file + sink.bytes.size - 8);
    hw_view footer = {file + sink.bytes.size - 8 - footer_size, footer_size};
    assert_true(hw_view_equal(thrift_find(footer, "4.0.1.0.3.3.0").bytes, HW_VIEW("l")));
    assert_true(hw_view_equal(thrift_find(footer, "4.0.1.0.3.3.1").bytes, HW_VIEW("list")));
    assert_true(hw_view_equal(thrift_find(footer, "4.0.1.0.3.3.2").bytes, HW_VIEW("element")));

    hw_view index = {file + number_at(footer, "4.0.1.0.4"), (size_t)number_at(footer, "4.0.1.0.5")};
    size_t pages = (size_t)number_at(index, "1");
    assert_true(pages > 2 * ROWS / PAGE_ROWS);
    for (size_t page = 0; page < pages; page++) {
        char path[32], row[32];
        snprintf(path, sizeof(path), "1.%zu.1", page);
        snprintf(row, sizeof(row), "1.%zu.3", page);
        page_decodes(&lists, (hw_view){file + number_at(index, path), 64}, (size_t)number_at(index, row), &counts);
    }
    assert_int_equal(counts.row, 2 * ROWS);
    assert_int_equal(number_at(footer, "3"), 2 * ROWS);
    assert_int_equal(number_at(footer, "4.0.1.0.3.5"), counts.entries);
    assert_int_equal(number_at(footer, "4.0.1.0.3.12.3"), counts.entries - counts.def[3]);
    /* histograms of repetition, of definition */
    assert_int_equal(number_at(footer, "4.0.1.0.3.16.2"), 2);
    assert_int_equal(number_at(footer, "4.0.1.0.3.16.3"), 4);
    for (size_t level = 0; level < 4; level++) {
        char path[48];
        snprintf(path, sizeof(path), "4.0.1.0.3.16.3.%zu", level);
        assert_int_equal(number_at(footer, path), counts.def[level]);
        snprintf(path, sizeof(path), "4.0.1.0.3.16.2.%zu", level % 2);
        assert_int_equal(number_at(footer, path), counts.rep[level % 2]);
    }
    hw_buf_release(&sink.bytes);
}

static void an_error_names_the_path(void **state) {
    (void)state;
    static struct lists lists;
    struct memory_sink sink;
    struct hw_error err = HW_ERROR_INIT;
    lists_fill(&lists);
    lists.element.required = true;
    assert_int_equal(file_write(&lists, NULL, &sink, &err), HW_EDATA);
    assert_string_equal(err.column, "l.list.element");
    assert_row_says("error", err.message, "a null in a column that is required");
    hw_buf_release(&sink.bytes);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static struct lists lists;
    bool fired = true;
    lists_fill(&lists);
    const struct hw_parquet_options options = {
        .codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .page_rows = PAGE_ROWS};
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct memory_sink sink;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = file_write(&lists, &options, &sink, &err);
        hw_buf_release(&sink.bytes);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_begin_with_rows_and_count_their_levels),
        cmocka_unit_test(an_error_names_the_path),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/chunk_nested", tests, NULL, NULL);
}
