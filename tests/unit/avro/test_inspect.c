/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/inspect.h"

#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

#define SYNC "0123456789abcdef"
#define SCHEMA_OF(fields) "{\"type\":\"record\",\"name\":\"r\",\"fields\":[" fields "]}"
#define FIELD_T "{\"name\":\"t\",\"type\":\"string\"}"
#define FIELD_S "{\"name\":\"s\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"q\",\"fields\":[" FIELD_T "]}]}"
#define SCHEMA SCHEMA_OF("{\"name\":\"n\",\"type\":\"int\"}," FIELD_S)

/*
 * A file by hand from "Object Container Files": lengths and counts are zigzag varints. Two entries
 * of metadata, then two blocks, of 2 items and 1 item, of which each is the int and a null.
 */
static void file_make(struct hw_buf *out, const char *blocks, size_t blocks_bytes) {
    const size_t schema = sizeof(SCHEMA) - 1;
    uint8_t length[2] = {(uint8_t)(0x80 | (2 * schema & 0x7f)), (uint8_t)(2 * schema >> 7)};
    assert_true(schema >= 64 && schema < 8192);
    assert_int_equal(hw_buf_append(out,
                                   "Obj\x01\x04\x16"
                                   "avro.schema",
                                   4 + 2 + 11, NULL),
                     HW_OK);
    assert_int_equal(hw_buf_append(out, length, sizeof(length), NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(out, SCHEMA "\x06key\x04\xff\xfe", NULL), HW_OK);
    assert_int_equal(hw_buf_append(out, "\0" SYNC, 17, NULL), HW_OK);
    assert_int_equal(hw_buf_append(out, blocks, blocks_bytes, NULL), HW_OK);
}

static const char good[] = "\x04\x08\x02\x00\x04\x00" SYNC "\x02\x04\x06\x00" SYNC;

static enum hw_status inspect(struct hw_avro_inspection *inspection, struct memory_source *source, unsigned parts,
                              const char *columns, struct hw_inspected *out, struct hw_error *err) {
    const struct hw_inspect_options options = {.parts = parts, .columns = columns};
    return hw_avro_inspect(inspection, &source->base, &options, out, err);
}

static void the_header_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct hw_avro_inspection inspection = {0};
    struct hw_inspected facts;
    struct hw_error err = HW_ERROR_INIT;
    file_make(&file, good, sizeof(good) - 1);
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    assert_ok(inspect(&inspection, &source, 0, NULL, &facts, &err), err);
    assert_string_equal(facts.format, "avro");
    assert_string_equal(facts.codec, "null");
    assert_string_equal(facts.sync, "30313233343536373839616263646566");
    assert_int_equal(facts.size, file.size);
    assert_int_equal(facts.rows, HW_INSPECT_ABSENT);
    assert_int_equal(facts.blocks, HW_INSPECT_ABSENT);
    assert_int_equal(facts.columns, 2);
    assert_row_bytes("schema", facts.avro_schema.data, facts.avro_schema.size, SCHEMA, strlen(SCHEMA));
    assert_int_equal(facts.metadata_count, 1);
    assert_row_bytes("key", facts.metadata[0].key.data, facts.metadata[0].key.size, "key", 3);
    assert_row_bytes("value", facts.metadata[0].value.data, facts.metadata[0].value.size, "\xff\xfe", 2);
    static const struct {
        const char *path, *type, *repetition;
        unsigned depth;
        bool leaf;
    } nodes[] = {{"n", "int32", "required", 1, true},
                 {"s", "struct", "optional", 1, false},
                 {"s.t", "text", "required", 2, true}};
    assert_int_equal(facts.schema_count, COUNT_OF(nodes));
    for (size_t i = 0; i < COUNT_OF(nodes); i++) {
        assert_row_text(nodes[i].path, facts.schema[i].path, nodes[i].path);
        assert_row_text(nodes[i].path, facts.schema[i].type, nodes[i].type);
        assert_row_text(nodes[i].path, facts.schema[i].repetition, nodes[i].repetition);
        assert_row_int(nodes[i].path, facts.schema[i].depth, nodes[i].depth);
        assert_row_int(nodes[i].path, facts.schema[i].leaf, nodes[i].leaf);
    }
    hw_avro_inspection_release(&inspection);
}

static void blocks_are_counted_and_listed(void **state) {
    (void)state;
    for (int listed = 0; listed < 2; listed++) {
        HW_AUTO(hw_buf) file = {0};
        struct hw_avro_inspection inspection = {0};
        struct hw_inspected facts;
        struct hw_error err = HW_ERROR_INIT;
        file_make(&file, good, sizeof(good) - 1);
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        assert_ok(inspect(&inspection, &source, listed ? HW_INSPECT_PAGES : HW_INSPECT_ROWS, NULL, &facts, &err), err);
        assert_int_equal(facts.rows, 3);
        assert_int_equal(facts.blocks, 2);
        assert_int_equal(facts.block_list_count, listed ? 2 : 0);
        if (listed) {
            assert_int_equal(facts.block_list[0].offset, file.size - (sizeof(good) - 1));
            assert_int_equal(facts.block_list[0].compressed, 4);
            assert_int_equal(facts.block_list[1].rows, 1);
        }
        hw_avro_inspection_release(&inspection);
    }
}

static const struct {
    const char *name;
    hw_view blocks;
    const char *columns;
    enum hw_status want;
} wrong[] = {
    {"another marker",
     HW_VIEW_INIT("\x02\x04\x06\x00"
                  "0123456789abcdeX"),
     NULL, HW_EDATA},
    {"a block that was cut", HW_VIEW_INIT("\x02\x08\x06\x00"), NULL, HW_EDATA},
    {"columns", HW_VIEW_INIT("\x02\x04\x06\x00" SYNC), "n", HW_EUSAGE},
};

static void what_is_wrong_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct hw_avro_inspection inspection = {0};
        struct hw_inspected facts;
        struct hw_error err = HW_ERROR_INIT;
        file_make(&file, wrong[i].blocks.data, wrong[i].blocks.size);
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        assert_row_int(wrong[i].name, inspect(&inspection, &source, HW_INSPECT_ROWS, wrong[i].columns, &facts, &err),
                       wrong[i].want);
        assert_row_int(wrong[i].name, err.message[0] != '\0', true);
        hw_avro_inspection_release(&inspection);
    }
}

static void memory_may_run_out(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    bool fired = true;
    file_make(&file, good, sizeof(good) - 1);
    for (size_t successes = 0; fired; successes++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct hw_avro_inspection inspection = {0};
        struct hw_inspected facts;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = inspect(&inspection, &source, HW_INSPECT_PAGES, NULL, &facts, NULL);
        hw_avro_inspection_release(&inspection);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_is_told),
        cmocka_unit_test(blocks_are_counted_and_listed),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("avro/inspect", tests, NULL, NULL);
}
