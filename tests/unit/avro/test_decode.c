/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/decode.h"

#include "avro/block_read.h"
#include "avro/schema_read.h"
#include "avro/table_schema.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/avro_rows.h"
#include "support/rows.h"

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"r\",\"fields\":[" fields "]}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":" type "}"

/* "Complex Types" of the specification: its own examples of the encoding, and combinations. */
static const struct {
    const char *name;
    const char *schema;
    hw_view bytes;
    uint64_t count;
    size_t batch_rows;
    const char *want;
} rows[] = {
    {"the record of the specification", RECORD(FIELD("a", "\"long\"") "," FIELD("b", "\"string\"")),
     HW_VIEW_INIT("\x36\x06\x66\x6f\x6f"), 1, 0, "27 'foo'"},
    {"the array of the specification", "{\"type\":\"array\",\"items\":\"long\"}", HW_VIEW_INIT("\x04\x06\x36\x00"), 1,
     0, "[3 27]"},
    {"the unions of the specification", "[\"null\",\"string\"]", HW_VIEW_INIT("\x00\x02\x02\x61"), 2, 0, "null|'a'"},
    {"batches of two rows", "\"int\"", HW_VIEW_INIT("\x02\x04\x06\x08\x0a"), 5, 2, "1|2//3|4//5"},
    {"batches of one row", "\"int\"", HW_VIEW_INIT("\x02\x04"), 2, 1, "1//2"},
    {"no rows", "\"int\"", HW_VIEW_INIT(""), 0, 0, ""},
    {"rows without bytes", "\"null\"", HW_VIEW_INIT(""), 3, 2, "null|null//null"},
    {"a record of nothing", RECORD(""), HW_VIEW_INIT(""), 2, 0, "|"},
};

static void items_become_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct avro_rows given = {rows[i].schema, NULL, rows[i].bytes, rows[i].count, rows[i].batch_rows};
        assert_ok(avro_rows_text(&given, &text, &err), err);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
    }
}

/* Where a value is wrong, the error says which, and where. */
static const struct {
    const char *name;
    const char *schema;
    hw_view bytes;
    uint64_t count;
    enum hw_status want;
    int64_t offset;
    int64_t row;
    const char *column;
    const char *says;
} faults[] = {
    {"too many items for the bytes", "\"double\"", HW_VIEW_INIT("12345678"), 2, HW_EDATA, 0, -1, "",
     "2 items of at least 8 bytes cannot be in 8 bytes"},
    {"far too many items", "\"int\"", HW_VIEW_INIT("1"), UINT64_MAX, HW_EDATA, 0, -1, "", "cannot be in 1 bytes"},
    {"items without bytes", "\"null\"", HW_VIEW_INIT(""), HW_AVRO_EMPTY_ITEMS_MAX + 1, HW_ELIMIT, 0, -1, "",
     "1048577 items without bytes"},
    {"bytes behind the items", "\"int\"", HW_VIEW_INIT("\x02\x02\x02"), 2, HW_EDATA, 2, -1, "",
     "1 bytes are left behind the last of its 2 items"},
    {"an item is cut", RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"string\"")), HW_VIEW_INIT("\x02\x02x\x02\x04y"),
     2, HW_EDATA, 4, 1, "b", "a text or bytes of 2 bytes, where 1 are left"},
    {"a value below a list", "{\"type\":\"array\",\"items\":" RECORD(FIELD("a", "\"boolean\"")) "}",
     HW_VIEW_INIT("\x04\x01\x02\x00"), 1, HW_EDATA, 2, 0, "value.element.a", "a boolean of 2"},
};

static void faults_say_where_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct avro_rows given = {faults[i].schema, NULL, faults[i].bytes, faults[i].count, 0};
        assert_row_int(faults[i].name, avro_rows_text(&given, &text, &err), faults[i].want);
        assert_row_int(faults[i].name, err.offset, faults[i].offset);
        assert_row_int(faults[i].name, err.row, faults[i].row);
        assert_row_text(faults[i].name, err.column, faults[i].column);
        assert_row_says(faults[i].name, err.message, faults[i].says);
    }
}

struct decoder_fixture {
    struct hw_avro_schema_tree schema;
    struct hw_avro_program program;
    struct hw_arena arena;
    struct hw_schema table;
    struct hw_avro_decoder *decoder;
};

static void fixture_begin(struct decoder_fixture *fixture, const char *json, struct hw_avro_batch_size size) {
    struct hw_error err = HW_ERROR_INIT;
    *fixture = (struct decoder_fixture){0};
    assert_ok(hw_avro_schema_read(&fixture->schema, hw_view_of(json), &err), err);
    assert_ok(hw_avro_table_schema(fixture->schema.root, &fixture->arena, &fixture->table, &err), err);
    assert_ok(
        hw_avro_program_make(&fixture->program, fixture->schema.root, fixture->schema.root, &fixture->table, &err),
        err);
    assert_ok(hw_avro_decoder_new(&fixture->program, size, &fixture->decoder, &err), err);
}

static void fixture_end(struct decoder_fixture *fixture) {
    hw_avro_decoder_free(fixture->decoder);
    hw_avro_program_release(&fixture->program);
    hw_arena_release(&fixture->arena);
    hw_avro_schema_tree_release(&fixture->schema);
}

/* Rows of several blocks are of one batch, until it has its bytes. */
static void batches_are_full_by_their_bytes(void **state) {
    (void)state;
    struct decoder_fixture fixture;
    struct hw_batch batch;
    static char block[4096 + HW_AVRO_BLOCK_ROOM];
    size_t rows_max = 0;
    size_t rows_sum = 0;
    size_t batches = 0;
    fixture_begin(&fixture, "\"long\"", (struct hw_avro_batch_size){SIZE_MAX, 100000});
    for (int i = 0; i < 100; i++) {
        bool full = true;
        assert_int_equal(hw_avro_decoder_begin(fixture.decoder, (hw_view){block, 4096}, 4096, NULL), HW_OK);
        while (full) {
            assert_int_equal(hw_avro_decoder_run(fixture.decoder, &full, NULL), HW_OK);
            if (full) {
                assert_int_equal(hw_avro_decoder_batch(fixture.decoder, &batch, NULL), HW_OK);
                rows_max = hw_max_size(rows_max, batch.rows);
                rows_sum += batch.rows;
                batches++;
                hw_avro_decoder_clear(fixture.decoder, SIZE_MAX);
            }
        }
    }
    rows_sum += hw_avro_decoder_rows(fixture.decoder);
    assert_int_equal(rows_sum, 100 * 4096);
    /* 100,000 bytes are 12,500 longs. */
    assert_int_equal(rows_max, 12500);
    assert_int_equal(batches, 100 * 4096 / 12500);
    fixture_end(&fixture);
}

/* A row of 1 byte has 20,000 columns: such a file makes batches of few rows, and no more memory. */
static void wide_rows_of_nulls_stay_small(void **state) {
    (void)state;
    struct decoder_fixture fixture;
    HW_AUTO(hw_buf) json = {0};
    static char block[60000 + HW_AVRO_BLOCK_ROOM];
    struct hw_batch batch;
    bool full = true;
    assert_int_equal(hw_buf_append_text(&json, "[\"null\",{\"type\":\"record\",\"name\":\"r\",\"fields\":[", NULL),
                     HW_OK);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(hw_buf_printf(&json, NULL, "%s{\"name\":\"f%d\",\"type\":\"double\"}", i > 0 ? "," : "", i),
                         HW_OK);
    }
    assert_int_equal(hw_buf_append_text(&json, "]}]", NULL), HW_OK);
    assert_int_equal(hw_buf_end_text(&json, NULL), HW_OK);
    fixture_begin(&fixture, (const char *)json.data, (struct hw_avro_batch_size){65536, HW_MIB(16)});
    assert_int_equal(hw_avro_decoder_begin(fixture.decoder, (hw_view){block, 60000}, 60000, NULL), HW_OK);
    assert_int_equal(hw_avro_decoder_run(fixture.decoder, &full, NULL), HW_OK);
    assert_int_equal(hw_avro_decoder_batch(fixture.decoder, &batch, NULL), HW_OK);
    /* 16 MiB are 104 times the 160,001 bytes of a row, and a part. */
    assert_true(full);
    assert_int_equal(batch.rows, 104);
    assert_int_equal(batch.columns[0].null_count, 104);
    assert_true(hw_avro_decoder_held(fixture.decoder) < HW_MIB(192));
    fixture_end(&fixture);
}

static void memory_that_is_not_kept_is_given_back(void **state) {
    (void)state;
    struct decoder_fixture fixture;
    static char block[4096 + HW_AVRO_BLOCK_ROOM];
    bool full;
    fixture_begin(&fixture, "\"long\"", (struct hw_avro_batch_size){SIZE_MAX, HW_MIB(1)});
    assert_int_equal(hw_avro_decoder_begin(fixture.decoder, (hw_view){block, 4096}, 4096, NULL), HW_OK);
    assert_int_equal(hw_avro_decoder_run(fixture.decoder, &full, NULL), HW_OK);
    const size_t held = hw_avro_decoder_held(fixture.decoder);
    assert_true(held >= 4096 * sizeof(int64_t));
    hw_avro_decoder_clear(fixture.decoder, held);
    assert_int_equal(hw_avro_decoder_held(fixture.decoder), held);
    hw_avro_decoder_clear(fixture.decoder, held - 1);
    assert_int_equal(hw_avro_decoder_held(fixture.decoder), 0);
    fixture_end(&fixture);
}

static void no_memory_is_no_rows(void **state) {
    (void)state;
    const struct avro_rows given = {RECORD(FIELD("a", "[\"null\",\"string\"]") "," FIELD(
                                        "b", "{\"type\":\"array\",\"items\":[\"int\",\"boolean\"]}")),
                                    NULL, HW_VIEW_INIT("\x02\x02x\x04\x00\x02\x02\x01\x00"), 1, 0};
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf text = {0};
        /* The texts that the test makes of the rows may not fail. */
        assert_int_equal(hw_buf_reserve(&text, 1024, NULL), HW_OK);
        alloc_fault_begin(&fault, n);
        enum hw_status status = avro_rows_text(&given, &text, &err);
        fired = alloc_fault_end(&fault);
        hw_buf_release(&text);
        assert_row_int(err.message, status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_become_rows),
        cmocka_unit_test(faults_say_where_they_are),
        cmocka_unit_test(batches_are_full_by_their_bytes),
        cmocka_unit_test(wide_rows_of_nulls_stay_small),
        cmocka_unit_test(memory_that_is_not_kept_is_given_back),
        cmocka_unit_test(no_memory_is_no_rows),
    };
    return cmocka_run_group_tests_name("avro/decode", tests, NULL, NULL);
}
