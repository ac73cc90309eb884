/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/key_check.h"

#include "parquet/verify.h"
#include "support/memory_io.h"
#include "unit/parquet/file_make.h"

/* ------ levels */

enum { ELEMENTS_MAX = 8, ROOT = -1 };

#define GROUP(name_, repetition_, children)                                                     \
    {                                                                                           \
        .name = HW_VIEW_INIT(name_), .physical = -1, .repetition = HW_REPETITION_##repetition_, \
        .children_count = (children), .converted = HW_CONVERTED_NONE                            \
    }
#define ANNOTATED(name_, repetition_, converted_)                                                                    \
    {                                                                                                                \
        .name = HW_VIEW_INIT(name_), .physical = -1, .repetition = HW_REPETITION_##repetition_, .children_count = 1, \
        .converted = HW_CONVERTED_##converted_                                                                       \
    }
#define LEAF(name_, repetition_)                                                                               \
    {                                                                                                          \
        .name = HW_VIEW_INIT(name_), .physical = HW_PHYSICAL_INT32, .repetition = HW_REPETITION_##repetition_, \
        .converted = HW_CONVERTED_NONE                                                                         \
    }
#define SCHEMA                                                                                   \
    {                                                                                            \
        .name = HW_VIEW_INIT("schema"), .physical = -1, .repetition = ROOT, .children_count = 1, \
        .converted = HW_CONVERTED_NONE                                                           \
    }

/* Schemas of one column, and the one level of each leaf that is a null key; -1: there is none. */
static const struct {
    const char *name;
    struct hw_parquet_element elements[ELEMENTS_MAX];
    size_t count;
    int levels[2];
} schemas[] = {
    {"keys that may be null",
     {SCHEMA, ANNOTATED("m", OPTIONAL, MAP), GROUP("key_value", REPEATED, 2), LEAF("key", OPTIONAL),
      LEAF("value", OPTIONAL)},
     5,
     {2, -1}},
    {"keys that may not be null",
     {SCHEMA, ANNOTATED("m", OPTIONAL, MAP), GROUP("key_value", REPEATED, 2), LEAF("key", REQUIRED),
      LEAF("value", OPTIONAL)},
     5,
     {-1, -1}},
    {"a key of two leaves",
     {SCHEMA, ANNOTATED("m", REQUIRED, MAP), GROUP("key_value", REPEATED, 2), GROUP("key", OPTIONAL, 2),
      LEAF("a", OPTIONAL), LEAF("b", OPTIONAL), LEAF("value", OPTIONAL)},
     7,
     {1, -1}},
    {"a list of maps",
     {SCHEMA, ANNOTATED("l", OPTIONAL, LIST), GROUP("list", REPEATED, 1), ANNOTATED("element", OPTIONAL, MAP),
      GROUP("key_value", REPEATED, 2), LEAF("key", OPTIONAL), LEAF("value", OPTIONAL)},
     7,
     {4, -1}},
    {"a list of what has the names of a map",
     {SCHEMA, ANNOTATED("m", OPTIONAL, LIST), GROUP("key_value", REPEATED, 2), LEAF("key", OPTIONAL),
      LEAF("value", OPTIONAL)},
     5,
     {-1, -1}},
};

static void levels_of_null_keys_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        const struct hw_parquet_meta meta = {
            .elements = schemas[i].elements, .elements_count = schemas[i].count, .encryption = ""};
        const struct hw_read_schema_options options = {0};
        struct hw_read_schema schema = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_read_schema_make(&schema, &meta, &options, NULL, &err), err);
        for (size_t leaf = 0; leaf < COUNT_OF(schemas[i].levels); leaf++) {
            struct hw_key_check check;
            hw_key_check_begin(&check, &schema, &schema.leaves[leaf]);
            assert_row_int(schemas[i].name, check.any, schemas[i].levels[leaf] >= 0);
            for (int level = 0; level <= UINT8_MAX; level++) {
                assert_row_int(schemas[i].name, check.null_levels[level], level == schemas[i].levels[leaf]);
            }
        }
        hw_read_schema_release(&schema);
    }
}

/* ------ files */

/*
 * A file of two rows with a map: one of two entries with the values 10 and 20, and a null map. So
 * the repetition levels are 0 1 0, and the definition levels of values 3 3 0.
 */
#define REPS "\2\0\0\0\3\2"
#define VALUES              \
    REPS "\3\0\0\0\3\x0f\0" \
         "\x0a\0\0\0\x14\0\0\0"

static void chunk_write(struct hw_thrift *out, const char *name, const struct made_chunk *chunk) {
    hw_thrift_put_begin(out);
    hw_thrift_i64(out, 2, chunk->at);
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, HW_PHYSICAL_INT32);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 2);
    hw_thrift_put_i32(out, HW_ENCODING_RLE);
    hw_thrift_put_i32(out, HW_ENCODING_PLAIN);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 3);
    hw_thrift_put_binary(out, "m", 1);
    hw_thrift_put_binary(out, "key_value", strlen("key_value"));
    hw_thrift_put_binary(out, name, strlen(name));
    hw_thrift_i32(out, 4, HW_PAGE_CODEC_NONE);
    hw_thrift_i64(out, 5, MADE_ROWS); /* entries */
    hw_thrift_i64(out, 6, chunk->bytes);
    hw_thrift_i64(out, 7, chunk->bytes);
    hw_thrift_i64(out, 9, chunk->at);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static void schema_write(struct hw_thrift *out, enum hw_repetition key) {
    hw_thrift_list(out, 2, HW_THRIFT_STRUCT, 5);
    made_element(out, "schema", -1, -1, 1);
    hw_thrift_end(out);
    made_element(out, "m", -1, HW_REPETITION_OPTIONAL, 1);
    hw_thrift_i32(out, 6, HW_CONVERTED_MAP);
    hw_thrift_end(out);
    made_element(out, "key_value", -1, HW_REPETITION_REPEATED, 2);
    hw_thrift_end(out);
    made_element(out, "key", HW_PHYSICAL_INT32, (int)key, 0);
    hw_thrift_end(out);
    made_element(out, "value", HW_PHYSICAL_INT32, HW_REPETITION_OPTIONAL, 0);
    hw_thrift_end(out);
}

static void map_file_make(struct hw_buf *file, enum hw_repetition key, hw_view keys) {
    struct made_chunk chunks[2] = {0};
    struct hw_thrift out;
    uint8_t length[4];
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        const hw_view body = i == 0 ? keys : (hw_view)HW_VIEW_INIT(VALUES);
        chunks[i].at = (int64_t)file->size;
        made_page(file, body.data, body.size, true);
        chunks[i].bytes = (int64_t)file->size - chunks[i].at;
    }
    const size_t footer = file->size;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_i32(&out, 1, 2);
    schema_write(&out, key);
    hw_thrift_i64(&out, 3, 2);
    hw_thrift_list(&out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(&out);
    hw_thrift_list(&out, 1, HW_THRIFT_STRUCT, COUNT_OF(chunks));
    chunk_write(&out, "key", &chunks[0]);
    chunk_write(&out, "value", &chunks[1]);
    hw_thrift_i64(&out, 2, chunks[0].bytes + chunks[1].bytes);
    hw_thrift_i64(&out, 3, 2);
    hw_thrift_end(&out);
    hw_thrift_text(&out, 6, "by hand");
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    hw_store_le32(length, (uint32_t)(file->size - footer));
    assert_int_equal(hw_buf_append(file, length, sizeof(length), NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
}

static enum hw_status finding_keep(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    static const char *const words[] = {"error", "warning", "info"};
    return hw_buf_printf(ctx, err, "%s %s %" PRId64 " %s %" PRId64 ": %s", words[finding->severity], finding->code,
                         finding->row_group, finding->column, finding->page, finding->message);
}

static void null_keys_are_found(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_repetition key;
        hw_view keys;
        enum hw_verify_level level;
        const char *want;
    } rows[] = {
        {"a null, definition levels 3 2 0", HW_REPETITION_OPTIONAL, HW_VIEW_INIT(REPS "\3\0\0\0\3\x0b\0\1\0\0\0"),
         HW_VERIFY_VALUES,
         "error value.null 0 m.key_value.key 0: 1 key of its map is null, which the format does not allow"},
        {"two nulls", HW_REPETITION_OPTIONAL, HW_VIEW_INIT(REPS "\3\0\0\0\3\x0a\0"), HW_VERIFY_VALUES,
         "error value.null 0 m.key_value.key 0: 2 keys of its map are null, which the format does not allow"},
        {"a null, which no lower level sees", HW_REPETITION_OPTIONAL, HW_VIEW_INIT(REPS "\3\0\0\0\3\x0b\0\1\0\0\0"),
         HW_VERIFY_PAGES, ""},
        {"none, where there may be some", HW_REPETITION_OPTIONAL, HW_VIEW_INIT(REPS "\3\0\0\0\3\x0f\0\1\0\0\0\2\0\0\0"),
         HW_VERIFY_VALUES, ""},
        {"none, where there may be none, levels 2 2 0", HW_REPETITION_REQUIRED,
         HW_VIEW_INIT(REPS "\3\0\0\0\3\x0a\0\1\0\0\0\2\0\0\0"), HW_VERIFY_VALUES, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) file = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_parquet_verified verified;
        struct hw_error err = HW_ERROR_INIT;
        map_file_make(&file, rows[i].key, rows[i].keys);
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        const struct hw_parquet_verify_options options = {
            .level = rows[i].level, .memory_bytes = 1 << 20, .page_bytes_max = 1 << 20};
        assert_ok(hw_parquet_verify(&source.base, &options, finding_keep, &text, &verified, &err), err);
        assert_row_bytes(rows[i].name, text.data, text.size, rows[i].want, strlen(rows[i].want));
    }
}

/* Levels that end too early are a fault of the page, which whoever reads them is told. */
static void levels_that_are_cut_are_refused(void **state) {
    (void)state;
    static const uint8_t bytes[64] = {6, 3}; /* a run of three */
    struct hw_key_check check = {.any = true, .null_levels = {[3] = true}};
    struct hw_page_levels levels = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t nulls = 9;
    hw_rle_reader_init(&levels.defs, (hw_view){(const char *)bytes, 2}, 2);
    assert_ok(hw_key_check_page(&check, &levels, 3, &nulls, &err), err);
    assert_int_equal(nulls, 3);
    assert_int_equal(hw_key_check_page(&check, &levels, 4, &nulls, &err), HW_EDATA);
    assert_int_equal(nulls, 3);
    check.any = false;
    assert_ok(hw_key_check_page(&check, &levels, 4, &nulls, &err), err);
    assert_int_equal(nulls, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_of_null_keys_are_known),
        cmocka_unit_test(null_keys_are_found),
        cmocka_unit_test(levels_that_are_cut_are_refused),
    };
    return cmocka_run_group_tests_name("parquet/key_check", tests, NULL, NULL);
}
