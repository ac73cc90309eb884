/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/schema.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "support/rows.h"

/* The type, as the specification's "Logical Types" and "Primitive Types" spell it. */
static const struct {
    const char *name;
    struct hw_type type;
    const char *want;
} types[] = {
    {"null", {.kind = HW_KIND_NULL}, "\"string\""},
    {"boolean", {.kind = HW_KIND_BOOL}, "\"boolean\""},
    {"int64", {.kind = HW_KIND_INT64}, "\"long\""},
    {"double", {.kind = HW_KIND_DOUBLE}, "\"double\""},
    {"decimal(12,2)",
     {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2},
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":12,\"scale\":2}"},
    {"decimal(38,0)",
     {.kind = HW_KIND_DECIMAL, .precision = 38},
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":0}"},
    {"date", {.kind = HW_KIND_DATE}, "{\"type\":\"int\",\"logicalType\":\"date\"}"},
    {"timestamp(us)", {.kind = HW_KIND_TIMESTAMP}, "{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}"},
    {"timestamp(ns)",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
     "{\"type\":\"long\",\"logicalType\":\"local-timestamp-nanos\"}"},
    {"timestamp(us, UTC)",
     {.kind = HW_KIND_TIMESTAMP, .utc = true},
     "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}"},
    {"timestamp(ns, UTC)",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true},
     "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}"},
    {"text", {.kind = HW_KIND_TEXT}, "\"string\""},
    {"uuid", {.kind = HW_KIND_UUID}, "{\"type\":\"string\",\"logicalType\":\"uuid\"}"},
    {"int8", {.kind = HW_KIND_INT8}, "\"int\""},
    {"int16", {.kind = HW_KIND_INT16}, "\"int\""},
    {"int32", {.kind = HW_KIND_INT32}, "\"int\""},
    {"uint8", {.kind = HW_KIND_UINT8}, "\"int\""},
    {"uint16", {.kind = HW_KIND_UINT16}, "\"int\""},
    {"uint32", {.kind = HW_KIND_UINT32}, "\"long\""},
    {"half", {.kind = HW_KIND_HALF}, "\"float\""},
    {"float", {.kind = HW_KIND_FLOAT}, "\"float\""},
    {"duration", {.kind = HW_KIND_DURATION}, "\"long\""},
    {"large text", {.kind = HW_KIND_LARGE_TEXT}, "\"string\""},
    {"binary", {.kind = HW_KIND_BINARY}, "\"bytes\""},
    {"large binary", {.kind = HW_KIND_LARGE_BINARY}, "\"bytes\""},
    {"date(ms)", {.kind = HW_KIND_DATE_MILLIS}, "{\"type\":\"int\",\"logicalType\":\"date\"}"},
    {"time(us)", {.kind = HW_KIND_TIME64}, "{\"type\":\"long\",\"logicalType\":\"time-micros\"}"},
    {"uint64",
     {.kind = HW_KIND_UINT64},
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":20,\"scale\":0}"},
    {"interval(days)",
     {.kind = HW_KIND_INTERVAL_DAYS},
     "{\"type\":\"fixed\",\"name\":\"row.x\",\"size\":12,\"logicalType\":\"duration\"}"},
    {"time(s)",
     {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
     "{\"type\":\"int\",\"logicalType\":\"time-millis\"}"},
    {"time(ns)", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}, "{\"type\":\"long\",\"logicalType\":\"time-nanos\"}"},
    {"timestamp(s)",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
     "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}"},
    {"timestamp(ms, Asia/Tokyo)",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS, .utc = true, .zone = "Asia/Tokyo"},
     "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}"},
    {"decimal256",
     {.kind = HW_KIND_DECIMAL256, .precision = 76, .scale = 3},
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":76,\"scale\":3}"},
    {"fixed(7)", {.kind = HW_KIND_FIXED, .width = 7}, "{\"type\":\"fixed\",\"name\":\"row.x\",\"size\":7}"},
};

static const char *schema_text(const struct hw_schema *schema, const char *record_name, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(out);
    assert_ok(hw_avro_schema_write(schema, record_name, out, &err), err);
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static void types_are_the_specifications(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        for (int required = 0; required <= 1; required++) {
            HW_AUTO(hw_buf) out = {0};
            struct hw_field field = {.name = "x", .type = types[i].type, .required = required};
            bool nullable = !required || types[i].type.kind == HW_KIND_NULL;
            char want[256];
            snprintf(want, sizeof(want),
                     "{\"type\":\"record\",\"name\":\"row\",\"fields\":[{\"name\":\"x\",\"type\":%s%s%s}]}",
                     nullable ? "[\"null\"," : "", types[i].want, nullable ? "],\"default\":null" : "");
            assert_row_text(types[i].name, schema_text(&(struct hw_schema){&field, 1}, NULL, &out), want);
        }
    }
}

/*
 * Columns as the table has them, and as Avro takes them; NULL in `doc`: the name was one already.
 */
static const struct {
    const char *name, *want, *doc;
} names[] = {
    {"id", "id", NULL},
    {"Order_2", "Order_2", NULL},
    {"_", "_", NULL},
    {"order id", "order_id", "order id"},
    {"order-id", "order_id_2", "order-id"},
    {"order_id_3", "order_id_3", NULL},
    {"order.id", "order_id_4", "order.id"},
    {"2024", "_2024", "2024"},
    {"", "column_9_2", ""}, /* the next one was called so before */
    {"column_9", "column_9", NULL},
    {"a\"b\\c\n\x01", "a_b_c__", "a\"b\\c\n\x01"},
    {"\xc3\xa9t\xc3\xa9", "__t__", "\xc3\xa9t\xc3\xa9"},
    {"ID", "ID", NULL},
    {"%s%n", "_s_n", "%s%n"},
    {"\x7f", "__2", "\x7f"},
    {"a/b", "a_b", "a/b"},
    {"a b", "a_b_2", "a b"},
};

static void names_are_made_legal_and_unique(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_field fields[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        fields[i] = (struct hw_field){.name = names[i].name, .type = {.kind = HW_KIND_INT64}, .required = true};
    }
    json_t *root = json_loads(schema_text(&(struct hw_schema){fields, COUNT_OF(names)}, "my table", &out),
                              JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "name")), "my_table");
    json_t *got = json_object_get(root, "fields");
    assert_int_equal(json_array_size(got), COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const json_t *field = json_array_get(got, i);
        const char *name = json_string_value(json_object_get(field, "name"));
        const json_t *doc = json_object_get(field, "doc");
        assert_row_text(names[i].name, name, names[i].want);
        assert_row_int(names[i].name, doc != NULL, names[i].doc != NULL);
        if (doc) {
            assert_row_text(names[i].name, json_string_value(doc), names[i].doc);
        }
    }
    json_decref(root);
}

static void record_name_is_made_legal(void **state) {
    (void)state;
    static const struct {
        const char *name, *want;
    } rows[] = {{NULL, "row"}, {"", "row"}, {"orders", "orders"}, {"2024 orders", "_2024_orders"}, {"a.b", "a_b"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        char want[128];
        snprintf(want, sizeof(want), "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[]}", rows[i].want);
        assert_row_text(rows[i].want, schema_text(&(struct hw_schema){NULL, 0}, rows[i].name, &out), want);
    }
}

static void repeated_name_of_any_length_is_a_limit(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes = HW_CSV_NAME_BYTES_MAX + 1;
    char *name = malloc(bytes + 1);
    memset(name, 'x', bytes);
    name[bytes] = '\0';
    struct hw_field fields[2] = {{.name = name}, {.name = name}};
    assert_int_equal(hw_avro_schema_write(&(struct hw_schema){fields, 2}, NULL, &out, &err), HW_ELIMIT);
    assert_row_says("long", err.message, "a column name has 4097 bytes, at most 4096 are taken");
    free(name);
}

static size_t requests_left;

static void *counted_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if (requests_left == 0) {
        return NULL;
    }
    requests_left--;
    return realloc(block, bytes);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct hw_allocator allocator = {counted_resize, NULL};
    struct hw_field fields[] = {{.name = "a b"}, {.name = "a-b", .type = {.kind = HW_KIND_DECIMAL, .precision = 3}}};
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 100; allowed++) {
        struct hw_error err = HW_ERROR_INIT;
        requests_left = allowed;
        hw_allocator_set(&allocator);
        struct hw_buf out = {0};
        status = hw_avro_schema_write(&(struct hw_schema){fields, 2}, NULL, &out, &err);
        hw_buf_release(&out);
        hw_allocator_set(NULL);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_the_specifications), cmocka_unit_test(names_are_made_legal_and_unique),
        cmocka_unit_test(record_name_is_made_legal),    cmocka_unit_test(repeated_name_of_any_length_is_a_limit),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("avro/schema", tests, NULL, NULL);
}
