/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/row_file.h"

#include "avro/writer.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/avro_file.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum { BLOCKS = 40, BLOCK_ROWS = 300000 };

/* 40 blocks of 300,000 booleans; all of block 7 are true. A part takes 14 of them, 4.2 MB. */
static void file_make(struct hw_buf *out) {
    static uint8_t items[BLOCK_ROWS];
    avro_file_begin(out, "\"boolean\"", NULL);
    for (int block = 0; block < BLOCKS; block++) {
        memset(items, block == 7, sizeof(items));
        avro_file_block(out, BLOCK_ROWS, (hw_view){(const char *)items, sizeof(items)});
    }
}

/* Adds up rows, and those that are true, of a part. */
static enum hw_status part_read(const struct hw_row_file *file, struct hw_row_wanted wanted, uint64_t *rows,
                                uint64_t *trues, struct hw_error *err) {
    struct hw_batch_stream *stream;
    bool more = true;
    HW_TRY(file->ops->batches(file, &wanted, &stream, err));
    enum hw_status status = HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, err);
        if (status == HW_OK && more) {
            for (size_t i = 0; i < batch.rows; i++) {
                *trues += ((const uint8_t *)batch.columns[0].values)[i / 8] >> (i % 8) & 1;
            }
            *rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

static enum hw_status file_open(struct memory_source *source, struct hw_row_file **out_file, struct hw_error *err) {
    return hw_avro_row_format.open(&source->base, &(struct hw_row_file_options){0}, out_file, err);
}

static void parts_make_the_whole(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    file_make(&bytes);
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    for (int remote = 0; remote < 2; remote++) {
        struct hw_row_file *file;
        uint64_t trues = 0;
        uint64_t sum = 0;
        source.base.remote = remote != 0;
        assert_ok(file_open(&source, &file, &err), err);
        assert_int_equal(file->parts_count, remote ? 1 : 3);
        for (size_t part = file->parts_count; part-- > 0;) {
            const struct hw_row_wanted wanted = {.part = part, .limit = UINT64_MAX, .memory_bytes = HW_MIB(8)};
            uint64_t rows = 0;
            assert_ok(part_read(file, wanted, &rows, &trues, &err), err);
            assert_int_equal(file->parts[part].rows, remote ? HW_ROWS_UNKNOWN : rows);
            sum += rows;
        }
        assert_int_equal(sum, BLOCKS * BLOCK_ROWS);
        assert_int_equal(trues, BLOCK_ROWS);
        file->ops->free(file);
    }
}

static void rows_of_a_part_are_limited(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_selection) selection = {0};
    struct hw_row_file *file;
    uint64_t rows = 0;
    uint64_t trues = 0;
    file_make(&bytes);
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    assert_ok(file_open(&source, &file, &err), err);
    assert_ok(hw_selection_make(&selection, file->schema, "value", &err), err);
    const struct hw_row_wanted wanted = {.part = 1, .selection = &selection, .limit = 5, .memory_bytes = HW_MIB(8)};
    assert_ok(part_read(file, wanted, &rows, &trues, &err), err);
    assert_int_equal(rows, 5);
    file->ops->free(file);
}

/* What follows the last block that is found belongs to the last part, which tells of it. */
static void a_damaged_block_is_told_by_its_part(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_row_file *file;
    uint64_t rows = 0;
    uint64_t trues = 0;
    file_make(&bytes);
    struct memory_source source = memory_source((hw_view){(const char *)bytes.data, bytes.size - 1}, 0);
    assert_ok(file_open(&source, &file, &err), err);
    assert_int_equal(file->parts_count, 3);
    assert_int_equal(file->parts[2].rows, HW_ROWS_UNKNOWN);
    const struct hw_row_wanted wanted = {.part = 2, .limit = UINT64_MAX, .memory_bytes = HW_MIB(8)};
    assert_int_equal(part_read(file, wanted, &rows, &trues, &err), HW_EDATA);
    assert_int_equal(rows, 11 * BLOCK_ROWS);
    assert_non_null(strstr(err.message, "block 39: the file ends within its sync marker"));
    file->ops->free(file);
}

static void a_file_without_blocks_has_no_part(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_row_file *file;
    avro_file_begin(&bytes, "\"boolean\"", NULL);
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    assert_ok(file_open(&source, &file, &err), err);
    assert_int_equal(file->parts_count, 0);
    file->ops->free(file);
}

/* What Avro keeps there for itself is none of it, and keys that describe a schema do not hold. */
static void metadata_is_that_of_the_file(void **state) {
    (void)state;
    static const struct hw_file_pair pairs[] = {{HW_VIEW_INIT("k"), HW_VIEW_INIT("\xff\0"), true},
                                                {HW_VIEW_INIT("l"), HW_VIEW_INIT(""), true}};
    struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_BOOL}};
    const struct hw_schema schema = {&field, 1};
    const struct hw_avro_options options = {.level = HW_LEVEL_DEFAULT, .pairs = {pairs, COUNT_OF(pairs), false}};
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_row_file *file;
    assert_ok(hw_avro_writer_new(&schema, &options, &sink.base, &writer, &err), err);
    assert_ok(writer->ops->finish(writer, &err), err);
    struct memory_source source = memory_source(hw_buf_view(&sink.bytes), 0);
    assert_ok(file_open(&source, &file, &err), err);
    assert_false(file->pairs.same_schema);
    assert_int_equal(file->pairs.count, COUNT_OF(pairs));
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct hw_file_pair *pair = &file->pairs.items[i];
        assert_true(hw_view_equal(pair->key, pairs[i].key));
        assert_true(hw_view_equal(pair->value, pairs[i].value));
        assert_true(pair->has_value);
    }
    file->ops->free(file);
    writer->ops->free(writer);
    hw_buf_release(&sink.bytes);
}

static void no_memory_is_no_file(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    bool fired = true;
    avro_file_begin(&bytes, "\"boolean\"", NULL);
    avro_file_block(&bytes, 1, HW_VIEW("\x01"));
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
        struct hw_row_file *file = NULL;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = file_open(&source, &file, NULL);
        if (status == HW_OK) {
            file->ops->free(file);
        }
        fired = alloc_fault_end(&fault);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(rows_of_a_part_are_limited),
        cmocka_unit_test(a_damaged_block_is_told_by_its_part),
        cmocka_unit_test(a_file_without_blocks_has_no_part),
        cmocka_unit_test(metadata_is_that_of_the_file),
        cmocka_unit_test(no_memory_is_no_file),
    };
    return cmocka_run_group_tests_name("avro/row_file", tests, NULL, NULL);
}
