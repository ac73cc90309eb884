/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_meta.h"

#include <stdio.h>

#include "parquet/thrift.h"
#include "support/alloc_fault.h"
#include "support/corpus.h"
#include "support/rows.h"

/* Footers are written by the writer of Thrift, which test_thrift.c holds to the specification. */
typedef void write_fn(struct hw_thrift *out);

static void element_write(struct hw_thrift *out, const char *name, int physical, int children) {
    hw_thrift_put_begin(out);
    if (physical >= 0) {
        hw_thrift_i32(out, 1, physical);
        hw_thrift_i32(out, 2, 12);
        hw_thrift_i32(out, 3, 1);
    }
    hw_thrift_text(out, 4, name);
    if (children > 0) {
        hw_thrift_i32(out, 5, children);
    }
}

/* The root, and after it a column. */
static void schema_write(struct hw_thrift *out) {
    hw_thrift_list(out, 2, HW_THRIFT_STRUCT, 2);
    element_write(out, "root", -1, 1);
    hw_thrift_end(out);
    element_write(out, "a", HW_PHYSICAL_FIXED, 0);
    hw_thrift_i32(out, 6, HW_CONVERTED_DECIMAL);
    hw_thrift_i32(out, 7, 2);
    hw_thrift_i32(out, 8, 9);
    hw_thrift_i32(out, 9, -4);
    hw_thrift_begin(out, 10);
    hw_thrift_begin(out, HW_LOGICAL_DECIMAL);
    hw_thrift_i32(out, 1, 2);
    hw_thrift_i32(out, 2, 9);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static void statistics_write(struct hw_thrift *out, int id) {
    hw_thrift_begin(out, id);
    hw_thrift_text(out, 1, "oldmax");
    hw_thrift_text(out, 2, "oldmin");
    hw_thrift_i64(out, 3, 5);
    hw_thrift_i64(out, 4, 6);
    hw_thrift_text(out, 5, "max");
    hw_thrift_text(out, 6, "");
    hw_thrift_bool(out, 8, true);
    hw_thrift_i64(out, 9, 7);
    hw_thrift_i64(out, 10, 8);
    hw_thrift_end(out);
}

static void chunk_meta_write(struct hw_thrift *out) {
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, HW_PHYSICAL_FIXED);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 2);
    hw_thrift_put_i32(out, HW_ENCODING_RLE);
    hw_thrift_put_i32(out, 77);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 2);
    hw_thrift_put_binary(out, "a", 1);
    hw_thrift_put_binary(out, "bc", 2);
    hw_thrift_i32(out, 4, HW_PAGE_CODEC_ZSTD);
    hw_thrift_i64(out, 5, 1000);
    hw_thrift_i64(out, 6, 2000);
    hw_thrift_i64(out, 7, 1500);
    hw_thrift_list(out, 8, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_text(out, 1, "chunk key");
    hw_thrift_end(out);
    hw_thrift_i64(out, 9, 90);
    hw_thrift_i64(out, 10, 100);
    hw_thrift_i64(out, 11, 4);
    statistics_write(out, 12);
    hw_thrift_list(out, 13, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, 0);
    hw_thrift_i32(out, 2, 8);
    hw_thrift_i32(out, 3, 17);
    hw_thrift_end(out);
    hw_thrift_i64(out, 14, 140);
    hw_thrift_i32(out, 15, 150);
    hw_thrift_begin(out, 16); /* SizeStatistics, which nobody here looks at */
    hw_thrift_i64(out, 1, 3);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static void group_write(struct hw_thrift *out) {
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 2);
    hw_thrift_put_begin(out);
    hw_thrift_text(out, 1, "other.parquet");
    hw_thrift_i64(out, 2, 4);
    chunk_meta_write(out);
    hw_thrift_i64(out, 4, 40);
    hw_thrift_i32(out, 5, 50);
    hw_thrift_i64(out, 6, 60);
    hw_thrift_i32(out, 7, 70);
    hw_thrift_end(out);
    hw_thrift_put_begin(out);
    hw_thrift_i64(out, 2, 4);
    hw_thrift_begin(out, 8);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_i64(out, 2, 2000);
    hw_thrift_i64(out, 3, 999);
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, 1);
    hw_thrift_bool(out, 2, true);
    hw_thrift_bool(out, 3, false);
    hw_thrift_end(out);
    hw_thrift_i64(out, 5, 4);
    hw_thrift_i64(out, 6, 1500);
    hw_thrift_i16(out, 7, 3);
    hw_thrift_end(out);
}

static void whole(struct hw_thrift *out) {
    hw_thrift_i32(out, 1, 2);
    schema_write(out);
    hw_thrift_i64(out, 3, 999);
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    group_write(out);
    hw_thrift_list(out, 5, HW_THRIFT_STRUCT, 2);
    hw_thrift_put_begin(out);
    hw_thrift_text(out, 1, "k");
    hw_thrift_text(out, 2, "v");
    hw_thrift_end(out);
    hw_thrift_put_begin(out);
    hw_thrift_text(out, 1, "alone");
    hw_thrift_end(out);
    hw_thrift_text(out, 6, "a writer");
    hw_thrift_list(out, 7, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_begin(out, 1);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_begin(out, 8);
    hw_thrift_begin(out, 2);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static void footer_make(write_fn *write, struct hw_buf *out) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    write(&thrift);
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
}

static void assert_view(hw_view got, const char *want) {
    assert_row_bytes(want, got.data, got.size, want, strlen(want));
}

static void assert_chunk(const struct hw_parquet_chunk *chunk) {
    assert_view(chunk->file_path, "other.parquet");
    assert_true(chunk->has_meta && !chunk->encrypted && chunk->has_statistics);
    assert_int_equal(chunk->physical, HW_PHYSICAL_FIXED);
    assert_int_equal(chunk->encodings_count, 2);
    assert_int_equal(chunk->encodings[1], 77);
    assert_int_equal(chunk->path_count, 2);
    assert_view(chunk->path[1], "bc");
    assert_int_equal(chunk->codec, HW_PAGE_CODEC_ZSTD);
    assert_int_equal(chunk->values, 1000);
    assert_int_equal(chunk->uncompressed, 2000);
    assert_int_equal(chunk->compressed, 1500);
    assert_int_equal(chunk->pairs_count, 1);
    assert_false(chunk->pairs[0].has_value);
    assert_int_equal(chunk->data_offset, 90);
    assert_int_equal(chunk->index_page_offset, 100);
    assert_int_equal(chunk->dictionary_offset, 4);
    assert_int_equal(chunk->encoding_counts_count, 1);
    assert_int_equal(chunk->encoding_counts[0].pages, 17);
    assert_int_equal(chunk->encoding_counts[0].encoding, 8);
    assert_int_equal(chunk->bloom_offset, 140);
    assert_int_equal(chunk->bloom_bytes, 150);
    assert_int_equal(chunk->offset_index_offset, 40);
    assert_int_equal(chunk->offset_index_bytes, 50);
    assert_int_equal(chunk->column_index_offset, 60);
    assert_int_equal(chunk->column_index_bytes, 70);
    assert_view(chunk->statistics.old_max, "oldmax");
    assert_view(chunk->statistics.old_min, "oldmin");
    assert_view(chunk->statistics.max, "max");
    assert_view(chunk->statistics.min, "");
    assert_non_null(chunk->statistics.min.data);
    assert_int_equal(chunk->statistics.nulls, 5);
    assert_int_equal(chunk->statistics.distinct, 6);
    assert_int_equal(chunk->statistics.nans, 7);
    assert_int_equal(chunk->statistics.min_exact, HW_TOLD_TRUE);
    assert_int_equal(chunk->statistics.max_exact, HW_TOLD_NOT);
}

static void every_field_is_read(void **state) {
    (void)state;
    HW_AUTO(hw_buf) footer = {0};
    HW_AUTO(hw_parquet_meta) meta = {0};
    struct hw_error err = HW_ERROR_INIT;
    footer_make(whole, &footer);
    assert_ok(hw_buf_append(&footer, "xyz", 3, &err), err);
    assert_ok(hw_parquet_meta_parse(&meta, hw_buf_view(&footer), 1000, &err), err);

    assert_int_equal(meta.version, 2);
    assert_int_equal(meta.rows, 999);
    assert_int_equal(meta.trailing, 3);
    assert_view(meta.created_by, "a writer");
    assert_string_equal(meta.encryption, "AES_GCM_CTR_V1");
    assert_int_equal(meta.pairs_count, 2);
    assert_view(meta.pairs[0].value, "v");
    assert_true(meta.pairs[0].has_value && !meta.pairs[1].has_value);
    assert_int_equal(meta.column_orders_count, 1);
    assert_int_equal(meta.column_orders[0], 1);

    assert_int_equal(meta.elements_count, 2);
    const struct hw_parquet_element *element = &meta.elements[0];
    assert_view(element->name, "root");
    assert_int_equal(element->physical, -1);
    assert_int_equal(element->repetition, -1);
    assert_int_equal(element->converted, HW_CONVERTED_NONE);
    assert_int_equal(element->children_count, 1);
    assert_false(element->has_field_id);
    element = &meta.elements[1];
    assert_int_equal(element->physical, HW_PHYSICAL_FIXED);
    assert_int_equal(element->type_length, 12);
    assert_int_equal(element->repetition, HW_REPETITION_OPTIONAL);
    assert_int_equal(element->scale, 2);
    assert_int_equal(element->precision, 9);
    assert_true(element->has_field_id);
    assert_int_equal(element->field_id, -4);
    assert_int_equal(element->logical.kind, HW_LOGICAL_DECIMAL);
    assert_int_equal(element->logical.scale, 2);
    assert_int_equal(element->logical.precision, 9);

    assert_int_equal(meta.groups_count, 1);
    const struct hw_parquet_group *group = &meta.groups[0];
    assert_int_equal(group->rows, 999);
    assert_int_equal(group->total_bytes, 2000);
    assert_int_equal(group->compressed, 1500);
    assert_int_equal(group->file_offset, 4);
    assert_int_equal(group->sorting_count, 1);
    assert_int_equal(group->sorting[0].column, 1);
    assert_true(group->sorting[0].descending && !group->sorting[0].nulls_first);
    assert_int_equal(group->chunks_count, 2);
    assert_chunk(&group->chunks[0]);
    assert_true(group->chunks[1].encrypted && !group->chunks[1].has_meta && !group->chunks[1].has_statistics);
    assert_int_equal(group->chunks[1].bloom_offset, HW_META_ABSENT);
    assert_int_equal(group->chunks[1].statistics.nulls, HW_META_ABSENT);
}

/* Whatever part of a footer is there, it is refused without a byte beyond it being read. */
static void a_footer_that_was_cut_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) footer = {0};
    footer_make(whole, &footer);
    for (size_t size = 0; size < footer.size; size++) {
        struct hw_parquet_meta meta = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_parquet_meta_parse(&meta, (hw_view){(const char *)footer.data, size}, 1000, &err),
                         HW_EDATA);
        assert_row_says("cut", err.message, "footer: ");
        assert_true(err.offset >= 1000 && err.offset <= 1000 + (int64_t)size);
        assert_null(meta.arena.blocks);
    }
}

static void no_version(struct hw_thrift *out) {
    schema_write(out);
}
static void no_schema(struct hw_thrift *out) {
    hw_thrift_i32(out, 1, 1);
    hw_thrift_i64(out, 3, 0);
}
static void no_name(struct hw_thrift *out) {
    hw_thrift_list(out, 2, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_end(out);
}
static void no_key(struct hw_thrift *out) {
    hw_thrift_list(out, 5, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_end(out);
}
static void no_rows_of_group(struct hw_thrift *out) {
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 0);
    hw_thrift_i64(out, 2, 0);
    hw_thrift_end(out);
}
static void no_direction(struct hw_thrift *out) {
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, 0);
    hw_thrift_end(out);
    hw_thrift_end(out);
}
static void chunk_of_codec(struct hw_thrift *out) {
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, 1);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 0);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 0);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}
static void count_of_pages(struct hw_thrift *out) {
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_begin(out, 3);
    hw_thrift_list(out, 13, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, 0);
    hw_thrift_i32(out, 2, 0);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}
static void path_of_numbers(struct hw_thrift *out) {
    hw_thrift_list(out, 2, HW_THRIFT_I32, 1);
    hw_thrift_put_i32(out, 1);
}
/* 10,000 row groups of a byte each would need more memory than the footer justifies. */
static void groups_of_a_byte(struct hw_thrift *out) {
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 10000);
    for (int i = 0; i < 10000; i++) {
        hw_thrift_put_begin(out);
        hw_thrift_end(out);
    }
    hw_thrift_end(out);
}

static const struct {
    const char *name;
    write_fn *write;
    enum hw_status want;
    const char *says;
} wrong[] = {
    {"no version", no_version, HW_EDATA, "footer: FileMetaData ends without version"},
    {"no schema", no_schema, HW_EDATA, "footer: FileMetaData ends without schema"},
    {"an element without a name", no_name, HW_EDATA, "SchemaElement ends without name"},
    {"a pair without a key", no_key, HW_EDATA, "KeyValue ends without key"},
    {"a group without rows", no_rows_of_group, HW_EDATA, "RowGroup ends without num_rows"},
    {"a sorting column without a direction", no_direction, HW_EDATA, "SortingColumn ends without descending"},
    {"a chunk without a codec", chunk_of_codec, HW_EDATA, "ColumnMetaData ends without codec"},
    {"a count without its number", count_of_pages, HW_EDATA, "PageEncodingStats ends without count"},
    {"a schema of numbers", path_of_numbers, HW_EDATA, "a list of structs has elements of Thrift's type 5"},
    {"memory beyond reason", groups_of_a_byte, HW_ELIMIT, "its lists ask for more memory"},
};

static void what_is_wrong_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        HW_AUTO(hw_buf) footer = {0};
        struct hw_parquet_meta meta = {0};
        struct hw_error err = HW_ERROR_INIT;
        footer_make(wrong[i].write, &footer);
        assert_row_int(wrong[i].name, hw_parquet_meta_parse(&meta, hw_buf_view(&footer), 0, &err), wrong[i].want);
        assert_row_says(wrong[i].name, err.message, wrong[i].says);
    }
}

static void memory_may_run_out(void **state) {
    (void)state;
    HW_AUTO(hw_buf) footer = {0};
    bool fired = true;
    footer_make(whole, &footer);
    for (size_t successes = 0; fired; successes++) {
        struct hw_parquet_meta meta = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_parquet_meta_parse(&meta, hw_buf_view(&footer), 0, &err);
        hw_parquet_meta_release(&meta);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

static void timestamp_of_micros(struct hw_thrift *out) {
    hw_thrift_begin(out, HW_LOGICAL_TIMESTAMP);
    hw_thrift_bool(out, 1, true);
    hw_thrift_begin(out, 2);
    hw_thrift_begin(out, 2);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}
static void time_of_a_later_unit(struct hw_thrift *out) {
    hw_thrift_begin(out, HW_LOGICAL_TIME);
    hw_thrift_bool(out, 1, false);
    hw_thrift_begin(out, 2);
    hw_thrift_begin(out, 4);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}
static void integer_of_8(struct hw_thrift *out) {
    hw_thrift_begin(out, HW_LOGICAL_INTEGER);
    hw_thrift_i8(out, 1, 8);
    hw_thrift_bool(out, 2, true);
    hw_thrift_end(out);
}
static void geometry(struct hw_thrift *out) {
    hw_thrift_begin(out, HW_LOGICAL_GEOMETRY);
    hw_thrift_text(out, 1, "OGC:CRS84");
    hw_thrift_end(out);
}
static void later_kind(struct hw_thrift *out) {
    hw_thrift_begin(out, 99);
    hw_thrift_i32(out, 1, 5);
    hw_thrift_end(out);
}
static void no_kind(struct hw_thrift *out) {
    hw_thrift_i32(out, 5, 5);
}

static const struct {
    const char *name;
    write_fn *write;
    struct hw_logical want;
    const char *crs;
} logicals[] = {
    {"timestamp", timestamp_of_micros, {.kind = HW_LOGICAL_TIMESTAMP, .unit = 2, .utc = true}, ""},
    {"a unit of later versions", time_of_a_later_unit, {.kind = HW_LOGICAL_TIME}, ""},
    {"int8", integer_of_8, {.kind = HW_LOGICAL_INTEGER, .bit_width = 8, .is_signed = true}, ""},
    {"geometry", geometry, {.kind = HW_LOGICAL_GEOMETRY}, "OGC:CRS84"},
    {"a kind of later versions", later_kind, {.kind = 99}, ""},
    {"a kind that is no struct", no_kind, {.kind = HW_LOGICAL_NONE}, ""},
};

static void logical_types(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(logicals); i++) {
        HW_AUTO(hw_buf) footer = {0};
        HW_AUTO(hw_parquet_meta) meta = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_thrift out;
        hw_thrift_init(&out, &footer, NULL);
        hw_thrift_i32(&out, 1, 1);
        hw_thrift_list(&out, 2, HW_THRIFT_STRUCT, 1);
        element_write(&out, "a", HW_PHYSICAL_INT64, 0);
        hw_thrift_begin(&out, 10);
        logicals[i].write(&out);
        hw_thrift_end(&out);
        hw_thrift_end(&out);
        hw_thrift_i64(&out, 3, 0);
        hw_thrift_list(&out, 4, HW_THRIFT_STRUCT, 0);
        hw_thrift_end(&out);
        assert_ok(hw_parquet_meta_parse(&meta, hw_buf_view(&footer), 0, &err), err);
        const struct hw_logical *got = &meta.elements[0].logical, *want = &logicals[i].want;
        assert_row_int(logicals[i].name, got->kind, want->kind);
        assert_row_int(logicals[i].name, got->unit, want->unit);
        assert_row_int(logicals[i].name, got->utc, want->utc);
        assert_row_int(logicals[i].name, got->bit_width, want->bit_width);
        assert_row_int(logicals[i].name, got->is_signed, want->is_signed);
        assert_row_bytes(logicals[i].name, got->crs.data, got->crs.size, logicals[i].crs, strlen(logicals[i].crs));
    }
}

static const struct {
    const char *name;
    int64_t dictionary, data, want;
} starts[] = {
    {"no dictionary", HW_META_ABSENT, 90, 90},
    {"a dictionary before", 4, 90, 4},
    {"a dictionary at 0, as old writers tell it", 0, 90, 90},
    {"a dictionary behind, which is told wrongly", 200, 90, 90},
    {"data within the magic", HW_META_ABSENT, 3, HW_META_ABSENT},
    {"the dictionary alone", 4, 0, 4},
};

static void the_first_page(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct hw_parquet_chunk chunk = {.dictionary_offset = starts[i].dictionary, .data_offset = starts[i].data};
        assert_row_int(starts[i].name, hw_parquet_chunk_start(&chunk), starts[i].want);
    }
}

/*
 * What pyarrow 26 tells of files of other writers; sums are over all chunks. It tells no statistics
 * of texts whose order was not known, so that nulls are those of other columns.
 */
static const struct {
    const char *name;
    int64_t rows;
    size_t groups, columns;
    const char *created_by;
    size_t pairs;
    int64_t uncompressed, compressed, values, data_offsets, nulls;
} files[] = {
    {"alltypes_plain", 8, 1, 11, "impala version 1.3.0-INTERNAL (build 8a48ddb1eff84592b3fc06bc6f51ec120e1fffc9)", 0,
     671, 671, 88, 5301, 0},
    {"alltypes_tiny_pages", 7300, 1, 13,
     "parquet-mr version 1.12.0-SNAPSHOT (build 6901a2040848c6b37fa61f4b0a76246445f396db)", 1, 323579, 323579, 94900,
     1569472, 0},
    {"binary_truncated_min_max", 12, 1, 6, "parquet-rs version 55.1.0", 1, 1414, 1414, 72, 3730, 0},
    {"byte_array_decimal", 24, 1, 1, "HVR 5.3.0/9 (linux_glibc2.5-x64-64bit)", 0, 168, 168, 24, 4, 0},
    {"column_chunk_key_value_metadata", 0, 1, 2, "parquet-cpp-arrow version 17.0.0-SNAPSHOT", 0, 28, 28, 0, 0, 0},
    {"concatenated_gzip_members", 513, 1, 1, "", 0, 4155, 1467, 513, 4, 0},
    {"data_index_bloom_encoding_with_length", 14, 1, 1, "parquet-rs version 49.0.0", 3, 199, 199, 14, 152, 0},
    {"delta_binary_packed", 200, 1, 66, "parquet-mr version 1.10.0 (build 031a6654009e3b82020012a18434c582bd74c73a)", 0,
     65467, 65467, 13200, 1481401, 0},
    {"dict-page-offset-zero", 39, 1, 1,
     "parquet-mr version 1.12.0-201812210311360288-a86293f (build cec1a483e9dcd545e09170ae787d3dcb13744433)", 3, 180,
     40, 39, 4, 0},
    {"float16_nonzeros_and_nans", 8, 1, 1, "parquet-cpp-arrow version 15.0.0-SNAPSHOT", 1, 76, 76, 8, 32, 0},
    {"floating_orders_nan_count", 50, 5, 6,
     "parquet-mr version 1.18.0-SNAPSHOT (build c5dcd8ca5bad5fde9c797b876a16b5bf3b9206c0)", 2, 2110, 2110, 300, 31115,
     0},
    {"int96_from_spark", 6, 1, 1, "parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)", 2, 113,
     113, 6, 81, 1},
    {"nested_maps.snappy", 6, 1, 5, "parquet-mr version 1.8.2 (build c6522788629e590a53eb79874b95f6c3ff11f16c)", 1, 325,
     338, 36, 737, 4},
    {"nested_structs.rust", 1, 1, 216, "UrbanLogiq", 0, 13824, 17712, 216, 3565498, 0},
    {"nullable.impala", 7, 1, 13, "parquet-mr version 1.8.0 (build 0fda28af84b9746396014ad6a415b90592a98b3b)", 1, 1073,
     1073, 161, 6404, 67},
    {"repeated_no_annotation", 0, 1, 3, "parquet-rs version 0.3.0 (build b45ce7cba2199f22d93269c150d8a83916c69b5e)", 0,
     205, 205, 22, 442, 0},
    {"rle_boolean_encoding", 68, 1, 1, "", 0, 49, 69, 68, 4, 6},
    {"sort_columns", 6, 2, 2, "parquet-cpp-arrow version 16.1.0", 1, 332, 348, 12, 1182, 2},
    {"unknown-logical-type", 3, 1, 2, "parquet-cpp-arrow version 20.0.0-SNAPSHOT", 1, 234, 187, 6, 208, 0},
};

static void file_check(const char *folder, size_t i) {
    HW_AUTO(hw_buf) file = {0};
    HW_AUTO(hw_parquet_meta) meta = {0};
    struct hw_error err = HW_ERROR_INIT;
    char path[1100];
    snprintf(path, sizeof(path), "%s/%s.parquet", folder, files[i].name);
    assert_true(corpus_read(path, &file));
    size_t size = hw_load_le32(file.data + file.size - 8), at = file.size - 8 - size;
    assert_ok(hw_parquet_meta_parse(&meta, (hw_view){(const char *)file.data + at, size}, at, &err), err);

    int64_t uncompressed = 0, compressed = 0, values = 0, data_offsets = 0, nulls = 0;
    for (size_t g = 0; g < meta.groups_count; g++) {
        assert_row_int(files[i].name, meta.groups[g].chunks_count, files[i].columns);
        for (size_t c = 0; c < files[i].columns; c++) {
            const struct hw_parquet_chunk *chunk = &meta.groups[g].chunks[c];
            uncompressed += chunk->uncompressed;
            compressed += chunk->compressed;
            values += chunk->values;
            data_offsets += chunk->data_offset;
            bool text = chunk->physical >= HW_PHYSICAL_BYTE_ARRAY;
            nulls += !text && chunk->statistics.nulls > 0 ? chunk->statistics.nulls : 0;
        }
    }
    assert_row_int(files[i].name, meta.rows, files[i].rows);
    assert_row_int(files[i].name, meta.groups_count, files[i].groups);
    assert_row_int(files[i].name, meta.pairs_count, files[i].pairs);
    assert_row_bytes(files[i].name, meta.created_by.data, meta.created_by.size, files[i].created_by,
                     strlen(files[i].created_by));
    assert_row_int(files[i].name, uncompressed, files[i].uncompressed);
    assert_row_int(files[i].name, compressed, files[i].compressed);
    assert_row_int(files[i].name, values, files[i].values);
    assert_row_int(files[i].name, data_offsets, files[i].data_offsets);
    assert_row_int(files[i].name, nulls, files[i].nulls);
    assert_row_int(files[i].name, meta.trailing, 0);
}

static void files_of_other_writers(void **state) {
    (void)state;
    const char *found = corpus_path("parquet/data");
    if (!found) {
        corpus_skip("parquet/data");
    }
    char folder[1024];
    snprintf(folder, sizeof(folder), "%s", found);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        file_check(folder, i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),    cmocka_unit_test(a_footer_that_was_cut_is_refused),
        cmocka_unit_test(what_is_wrong_is_named), cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(logical_types),          cmocka_unit_test(the_first_page),
        cmocka_unit_test(files_of_other_writers),
    };
    return cmocka_run_group_tests_name("parquet/file_meta", tests, NULL, NULL);
}
