/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect.h"

#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "unit/parquet/file_make.h"

/* An inspection of a file that was made. */
struct inspected {
    struct hw_buf bytes;
    struct memory_source source;
    struct hw_inspection inspection;
    struct hw_inspected facts;
    struct hw_error err;
};

static enum hw_status inspect(struct inspected *made, const struct made_facts *facts, unsigned parts,
                              const char *columns) {
    const struct hw_inspect_options options = {.parts = parts, .columns = columns};
    *made = (struct inspected){.err = HW_ERROR_INIT};
    file_make(&made->bytes, facts);
    made->source = memory_source(hw_buf_view(&made->bytes), 0);
    return hw_parquet_inspect(&made->inspection, &made->source.base, &options, &made->facts, &made->err);
}

static void inspected_release(struct inspected *made) {
    hw_inspection_release(&made->inspection);
    hw_buf_release(&made->bytes);
}

static void assert_value(const struct hw_inspect_value *value, const char *want, bool quoted) {
    assert_row_bytes(want, value->text, value->size, want, strlen(want));
    assert_int_equal(value->quoted, quoted);
}

static void the_file_and_its_schema(void **state) {
    (void)state;
    struct inspected made;
    assert_ok(inspect(&made, &made_facts, 0, NULL), made.err);
    const struct hw_inspected *facts = &made.facts;
    assert_string_equal(facts->format, "parquet");
    assert_int_equal(facts->size, made.bytes.size);
    assert_int_equal(facts->rows, 6);
    assert_int_equal(facts->version, 2);
    assert_row_bytes("writer", facts->created_by.data, facts->created_by.size, "by hand", 7);
    assert_int_equal(facts->columns, 2);
    assert_true(facts->has_page_index);
    assert_int_equal(facts->has_crc, -1);
    assert_int_equal(facts->compressed, facts->uncompressed);
    assert_int_equal(facts->metadata_count, 1);
    assert_row_bytes("value", facts->metadata[0].value.data, facts->metadata[0].value.size, "\xff", 1);

    assert_int_equal(facts->schema_count, 3);
    assert_string_equal(facts->schema[0].path, "n");
    assert_string_equal(facts->schema[0].repetition, "required");
    assert_string_equal(facts->schema[0].type, "int32");
    assert_null(facts->schema[0].logical);
    assert_string_equal(facts->schema[1].type, "struct");
    assert_null(facts->schema[1].physical);
    assert_false(facts->schema[1].leaf);
    assert_string_equal(facts->schema[2].path, "s.t");
    assert_int_equal(facts->schema[2].depth, 2);
    assert_string_equal(facts->schema[2].physical, "BYTE_ARRAY");
    assert_string_equal(facts->schema[2].logical, "string");
    assert_true(facts->schema[2].has_field_id);
    assert_int_equal(facts->schema[2].field_id, 7);
    inspected_release(&made);
}

static void groups_and_chunks(void **state) {
    (void)state;
    struct inspected made;
    assert_ok(inspect(&made, &made_facts, 0, NULL), made.err);
    assert_int_equal(made.facts.groups_count, 2);
    const struct hw_inspect_group *group = &made.facts.groups[1];
    assert_int_equal(group->rows, 3);
    assert_int_equal(group->offset, group->chunks[0].offset);
    assert_int_equal(group->sorting_count, 1);
    assert_string_equal(group->sorting[0].column, "n");
    assert_true(group->sorting[0].descending && !group->sorting[0].nulls_first);
    assert_int_equal(group->chunks_count, 2);
    const struct hw_inspect_chunk *chunk = &group->chunks[0];
    assert_string_equal(chunk->column, "n");
    assert_string_equal(chunk->codec, "UNCOMPRESSED");
    assert_int_equal(chunk->encodings_count, 1);
    assert_int_equal(chunk->statistics.nulls, 0);
    assert_int_equal(chunk->statistics.distinct, HW_INSPECT_ABSENT);
    assert_int_equal(chunk->statistics.min_exact, -1);
    assert_value(&chunk->statistics.min, "1", false);
    assert_value(&chunk->statistics.max, "3", false);
    chunk = &group->chunks[1];
    assert_string_equal(chunk->column, "s.t");
    assert_int_equal(chunk->encodings_count, 2);
    assert_value(&chunk->statistics.max, "b", true);
    assert_int_equal(chunk->column_index_offset, HW_INSPECT_ABSENT);
    assert_null(chunk->pages);

    assert_int_equal(made.facts.column_sums_count, 2);
    const struct hw_inspect_column *column = &made.facts.column_sums[1];
    assert_int_equal(column->values, 6);
    assert_int_equal(column->nulls, 2);
    assert_string_equal(column->codec, "UNCOMPRESSED");
    assert_value(&column->min, "a", true);
    inspected_release(&made);
}

static void pages_and_indexes(void **state) {
    (void)state;
    struct inspected made;
    assert_ok(inspect(&made, &made_facts, HW_INSPECT_PAGES | HW_INSPECT_INDEX, NULL), made.err);
    assert_int_equal(made.facts.has_crc, 0);
    const struct hw_inspect_chunk *chunk = &made.facts.groups[0].chunks[0];
    assert_int_equal(chunk->pages_count, 1);
    assert_string_equal(chunk->pages[0].kind, "data_v1");
    assert_string_equal(chunk->pages[0].encoding, "PLAIN");
    assert_int_equal(chunk->pages[0].offset, 4);
    assert_int_equal(chunk->pages[0].compressed, 12);
    assert_int_equal(chunk->pages[0].rows, 3);
    assert_int_equal(chunk->pages[0].nulls, HW_INSPECT_ABSENT);
    assert_true(chunk->pages[0].has_crc);
    assert_false(made.facts.groups[1].chunks[0].pages[0].has_crc);
    assert_string_equal(chunk->boundary_order, "ascending");
    assert_int_equal(chunk->indexed_count, 1);
    assert_int_equal(chunk->indexed[0].offset, 4);
    assert_int_equal(chunk->indexed[0].size, chunk->pages[0].header + 12);
    assert_int_equal(chunk->indexed[0].nulls, 0);
    assert_int_equal(chunk->indexed[0].nans, HW_INSPECT_ABSENT);
    assert_value(&chunk->indexed[0].max, "3", false);
    assert_null(made.facts.groups[0].chunks[1].indexed);
    inspected_release(&made);
}

static void columns_are_chosen(void **state) {
    (void)state;
    struct inspected made;
    assert_ok(inspect(&made, &made_facts, 0, "s,n"), made.err);
    assert_int_equal(made.facts.column_sums_count, 2);
    assert_string_equal(made.facts.column_sums[0].column, "s.t");
    assert_string_equal(made.facts.groups[1].chunks[1].column, "n");
    inspected_release(&made);
    assert_ok(inspect(&made, &made_facts, 0, "s.t"), made.err);
    assert_int_equal(made.facts.groups[0].chunks_count, 1);
    assert_int_equal(made.facts.columns, 2);
    inspected_release(&made);
    assert_int_equal(inspect(&made, &made_facts, 0, "s.u"), HW_EUSAGE);
    inspected_release(&made);
}

/* What is odd is told; what cannot be is refused where it is read. */
static void odd_facts(void **state) {
    (void)state;
    struct inspected made;
    struct made_facts facts = made_facts;
    facts.codec = 77;
    facts.sorting = 9;
    facts.physical = 99;
    facts.encrypted = true;
    facts.name = "u";
    assert_ok(inspect(&made, &facts, 0, NULL), made.err);
    const struct hw_inspect_group *group = &made.facts.groups[1];
    assert_string_equal(group->chunks[1].column, "s.u");
    assert_string_equal(group->chunks[1].codec, "codec 77");
    assert_string_equal(group->chunks[1].physical, "type 99");
    assert_true(group->chunks[1].encrypted);
    assert_string_equal(group->sorting[0].column, "column 9");
    assert_string_equal(made.facts.column_sums[1].codec, "mixed");
    inspected_release(&made);

    facts = made_facts;
    facts.no_meta = true;
    facts.encrypted = true;
    assert_ok(inspect(&made, &facts, HW_INSPECT_PAGES | HW_INSPECT_INDEX, NULL), made.err);
    assert_null(made.facts.groups[1].chunks[1].codec);
    assert_int_equal(made.facts.groups[1].chunks[1].values, HW_INSPECT_ABSENT);
    inspected_release(&made);

    facts = made_facts;
    facts.chunks = 1;
    assert_int_equal(inspect(&made, &facts, 0, NULL), HW_EDATA);
    assert_row_says("chunks", made.err.message, "row group 1: it has 1 column chunks, the schema 2 columns");
    inspected_release(&made);
}

static const struct {
    const char *name;
    unsigned parts;
    int64_t data_more, compressed_more, index_at, index_bytes;
    const char *says;
} wrong[] = {
    {"a chunk that is cut within its page", HW_INSPECT_PAGES, 0, -1, -1, 0,
     "row group 1, column s.t, page 0: it is to have 16 bytes, but its chunk has only 15"},
    {"a chunk that is cut within its header", HW_INSPECT_PAGES, 0, -20, -1, 0,
     "row group 1, column s.t, page 0: its header goes on behind the end of the chunk"},
    {"bytes that are no page", HW_INSPECT_PAGES, 1, -1, -1, 0, "row group 1, column s.t, page 0: page header: "},
    {"a chunk beyond the footer", HW_INSPECT_PAGES, 0, 100000, -1, 0, "row group 1, column s.t: "},
    {"an index beyond the footer", HW_INSPECT_INDEX, 0, 0, 100000, 10,
     "row group 1, column s.t: the offset index is to have 10 bytes from byte 100000 on"},
    {"an index in the magic", HW_INSPECT_INDEX, 0, 0, 3, 10, "from byte 3 on"},
    {"an index of less than no bytes", HW_INSPECT_INDEX, 0, 0, 4, -1, "is to have -1 bytes"},
    {"bytes of others", HW_INSPECT_PAGES | HW_INSPECT_INDEX, 0, 0, 4, 100,
     "row group 1, column s.t: the column chunks and indexes have more bytes than are in front of the footer"},
    {"bytes that are no index", HW_INSPECT_INDEX, 0, 0, 4, 8, "row group 1, column s.t: offset index: "},
};

static void what_is_wrong_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct inspected made;
        struct made_facts facts = made_facts;
        facts.data_more = wrong[i].data_more;
        facts.compressed_more = wrong[i].compressed_more;
        facts.index_at = wrong[i].index_at;
        facts.index_bytes = wrong[i].index_bytes;
        assert_row_int(wrong[i].name, inspect(&made, &facts, wrong[i].parts, NULL), HW_EDATA);
        assert_row_says(wrong[i].name, made.err.message, wrong[i].says);
        inspected_release(&made);
    }
}

/* Ten columns in a struct whose name has 4 MiB would have paths of 40 MiB. */
static void long_paths_are_limited(void **state) {
    (void)state;
    enum { COLUMNS = 10, NAME_BYTES = 4 << 20 };
    HW_AUTO(hw_buf) file = {0};
    HW_AUTO(hw_buf) name = {0};
    const struct hw_inspect_options options = {0};
    struct hw_inspection inspection = {0};
    struct hw_inspected facts;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift out;
    uint8_t length[4];
    assert_int_equal(hw_buf_resize(&name, NAME_BYTES + 1, NULL), HW_OK);
    memset(name.data, 'x', NAME_BYTES);
    name.data[NAME_BYTES] = '\0';
    assert_int_equal(hw_buf_append_text(&file, "PAR1", NULL), HW_OK);
    hw_thrift_init(&out, &file, NULL);
    hw_thrift_i32(&out, 1, 1);
    hw_thrift_list(&out, 2, HW_THRIFT_STRUCT, COLUMNS + 2);
    made_element(&out, "schema", -1, -1, 1);
    hw_thrift_end(&out);
    made_element(&out, (const char *)name.data, -1, HW_REPETITION_REQUIRED, COLUMNS);
    hw_thrift_end(&out);
    for (int i = 0; i < COLUMNS; i++) {
        made_element(&out, "c", HW_PHYSICAL_INT32, HW_REPETITION_REQUIRED, 0);
        hw_thrift_end(&out);
    }
    hw_thrift_i64(&out, 3, 0);
    hw_thrift_list(&out, 4, HW_THRIFT_STRUCT, 0);
    hw_thrift_end(&out);
    hw_store_le32(length, (uint32_t)(file.size - 4));
    assert_int_equal(hw_buf_append(&file, length, sizeof(length), NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(&file, "PAR1", NULL), HW_OK);
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    assert_int_equal(hw_parquet_inspect(&inspection, &source.base, &options, &facts, &err), HW_ELIMIT);
    assert_row_says("paths", err.message, "the paths of its schema have more than 33554432 bytes");
    hw_inspection_release(&inspection);
}

/* Each read may fail, and each piece of memory be missing. */
static void faults_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    const struct hw_inspect_options options = {.parts = HW_INSPECT_PAGES | HW_INSPECT_INDEX};
    bool fired = true;
    file_make(&bytes, &made_facts);
    for (size_t successes = 0; fired; successes++) {
        struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
        struct hw_inspection inspection = {0};
        struct hw_inspected facts;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_parquet_inspect(&inspection, &source.base, &options, &facts, NULL);
        hw_inspection_release(&inspection);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    enum hw_status status = HW_EIO;
    for (int read = 1; status != HW_OK; read++) {
        struct memory_source source = memory_source(hw_buf_view(&bytes), read);
        struct hw_inspection inspection = {0};
        struct hw_inspected facts;
        status = hw_parquet_inspect(&inspection, &source.base, &options, &facts, NULL);
        hw_inspection_release(&inspection);
        assert_true(status == HW_EIO || (status == HW_OK && read > 4));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_and_its_schema),
        cmocka_unit_test(groups_and_chunks),
        cmocka_unit_test(pages_and_indexes),
        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(odd_facts),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(long_paths_are_limited),
        cmocka_unit_test(faults_are_told),
    };
    return cmocka_run_group_tests_name("parquet/inspect", tests, NULL, NULL);
}
