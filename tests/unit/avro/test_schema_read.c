/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/schema_read.h"

#include "core/buf.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static void put(struct hw_buf *out, const char *text) {
    assert_int_equal(hw_buf_append_text(out, text, NULL), HW_OK);
}

/* Writes a type as text: "record a.r{f:int g:[null string]}". */
static void type_text(const struct hw_avro_type *type, struct hw_buf *out) {
    put(out, hw_avro_kind_name(type->kind));
    if (type->name) {
        put(out, " ");
        put(out, type->name);
    }
    for (size_t i = 0; i < type->aliases_count; i++) {
        put(out, "~");
        put(out, type->aliases[i]);
    }
    for (size_t i = 0; i < type->symbols_count; i++) {
        put(out, i > 0 ? "|" : ":");
        put(out, type->symbols[i]);
        put(out, type->symbol_fallback == (int64_t)i ? "*" : "");
    }
    if (type->kind == HW_AVRO_FIXED) {
        assert_int_equal(hw_buf_printf(out, NULL, "(%u)", type->size), HW_OK);
    }
    for (size_t i = 0; i < type->members_count; i++) {
        const struct hw_avro_member *member = &type->members[i];
        put(out, i > 0 ? " " : "{");
        put(out, member->name ? member->name : "");
        for (size_t a = 0; a < member->aliases_count; a++) {
            put(out, "~");
            put(out, member->aliases[a]);
        }
        put(out, member->name ? ":" : "");
        if (member->has_id) {
            assert_int_equal(hw_buf_printf(out, NULL, "#%d ", (int)member->id), HW_OK);
        }
        type_text(member->type, out);
        put(out, member->fallback ? "=" : "");
    }
    put(out, type->members_count > 0 ? "}" : "");
}

/* Schemas, most of them from the specification, and the trees that they are. */
static const struct {
    const char *json;
    const char *want;
} rows[] = {
    {"\"string\"", "string"},
    {"{\"type\":\"string\"}", "string"},
    {"{\"type\":{\"type\":\"string\"}}", "string"},
    {"[\"null\",\"long\"]", "union{null long}"},
    {"{\"type\":\"array\",\"items\":\"string\",\"default\":[]}", "array{string}"},
    {"{\"type\":\"map\",\"values\":\"long\",\"default\":{}}", "map{long}"},
    {"{\"type\":\"fixed\",\"size\":16,\"name\":\"md5\"}", "fixed md5(16)"},
    {"{\"type\":\"fixed\",\"size\":0,\"name\":\"none\"}", "fixed none(0)"},
    {"{\"type\":\"enum\",\"name\":\"Suit\",\"symbols\":[\"SPADES\",\"HEARTS\"]}", "enum Suit:SPADES|HEARTS"},
    {"{\"type\":\"enum\",\"name\":\"s\",\"symbols\":[\"A\",\"B\"],\"default\":\"B\"}", "enum s:A|B*"},
    {"{\"type\":\"enum\",\"name\":\"s\",\"symbols\":[\"A\"],\"default\":\"C\"}", "enum s:A"},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[]}", "record r"},
    {"{\"type\":\"error\",\"name\":\"r\",\"fields\":[]}", "record r"},
    {"{\"type\":\"record\",\"name\":\"r\",\"aliases\":[\"old\",\"b.c\"],\"namespace\":\"n\",\"fields\":["
     "{\"name\":\"f\",\"type\":\"int\",\"default\":1,\"aliases\":[\"g\"],\"field-id\":7}]}",
     "record n.r~n.old~b.c{f~g:#7 int=}"},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"f\",\"type\":{\"type\":\"array\",\"items\":\"int\","
     "\"element-id\":3}},{\"name\":\"g\",\"type\":{\"type\":\"map\",\"values\":\"int\",\"value-id\":-4}}]}",
     "record r{f:array{#3 int} g:map{#-4 int}}"},
    /* Ids that are no numbers of 32 bits say nothing. */
    {"{\"type\":\"array\",\"items\":\"int\",\"element-id\":2147483648}", "array{int}"},
    {"{\"type\":\"array\",\"items\":\"int\",\"element-id\":\"3\"}", "array{int}"},
    /* Aliases that are no lists of texts say nothing. */
    {"{\"type\":\"fixed\",\"size\":1,\"name\":\"f\",\"aliases\":\"g\"}", "fixed f(1)"},
    {"{\"type\":\"fixed\",\"size\":1,\"name\":\"f\",\"aliases\":[1,\"g\"]}", "fixed f~g(1)"},
    /* "Names": the namespace of the enclosing definition, its own one, and a name with dots. */
    {"{\"type\":\"record\",\"name\":\"Example\",\"namespace\":\"a\",\"fields\":[{\"name\":\"x\",\"type\":{\"type\":"
     "\"enum\",\"name\":\"Kind\",\"symbols\":[\"A\"]}},{\"name\":\"y\",\"type\":\"Kind\"},{\"name\":\"z\",\"type\":"
     "\"a.Kind\"}]}",
     "record a.Example{x:enum a.Kind:A y:enum a.Kind:A z:enum a.Kind:A}"},
    {"{\"type\":\"record\",\"name\":\"a.b.R\",\"namespace\":\"x\",\"fields\":[{\"name\":\"f\",\"type\":{\"type\":"
     "\"fixed\",\"name\":\"F\",\"size\":1}}]}",
     "record a.b.R{f:fixed a.b.F(1)}"},
    {"{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"x\",\"fields\":[{\"name\":\"f\",\"type\":{\"type\":"
     "\"fixed\",\"name\":\"F\",\"namespace\":\"\",\"size\":1}},{\"name\":\"g\",\"type\":\"F\"}]}",
     "record x.R{f:fixed F(1) g:fixed F(1)}"},
    /* Names that the specification does not allow, and a type twice in a union. */
    {"{\"type\":\"fixed\",\"size\":1,\"name\":\"a-b c\"}", "fixed a-b c(1)"},
    {"{\"type\":\"record\",\"name\":\"\",\"fields\":[{\"name\":\"f\",\"type\":{\"type\":\"record\",\"name\":\"r1\","
     "\"fields\":[]}}]}",
     "record {f:record r1}"},
    {"[\"int\",\"int\"]", "union{int int}"},
};

static void schemas_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        HW_AUTO(hw_buf) text = {0};
        assert_ok(hw_avro_schema_read(&schema, hw_view_of(rows[i].json), &err), err);
        type_text(schema.root, &text);
        assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
        assert_row_text(rows[i].json, (const char *)text.data, rows[i].want);
    }
}

static const struct {
    const char *json;
    enum hw_status want;
    const char *says;
} faults[] = {
    {"", HW_EDATA, "is no JSON"},
    {"{\"type\":\"int\"} x", HW_EDATA, "is no JSON"},
    {"{\"type\":\"int\"", HW_EDATA, "is no JSON"},
    {"7", HW_EDATA, "neither text, object nor list"},
    {"null", HW_EDATA, "neither text, object nor list"},
    {"\"integer\"", HW_EDATA, "names the type \"integer\" before it defines it"},
    {"\"\"", HW_EDATA, "names the type \"\" before"},
    {"{}", HW_EDATA, "has no \"type\""},
    {"[]", HW_EDATA, "union without branches"},
    {"[\"null\",[\"int\"]]", HW_EDATA, "a union that is a branch of a union"},
    {"{\"type\":\"record\",\"fields\":[]}", HW_EDATA, "has no name"},
    {"[{\"type\":\"fixed\",\"name\":\"\",\"size\":1},{\"type\":\"fixed\",\"name\":\"\",\"size\":1}]", HW_EDATA,
     "defines the type \"\" twice"},
    {"{\"type\":\"record\",\"name\":7,\"fields\":[]}", HW_EDATA, "has no name"},
    {"{\"type\":\"record\",\"name\":\"int\",\"fields\":[]}", HW_EDATA, "defines the type \"int\", which exists"},
    {"{\"type\":\"record\",\"name\":\"r\"}", HW_EDATA, "no list of \"fields\""},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"type\":\"int\"}]}", HW_EDATA, "no \"name\" or no \"type\""},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"f\"}]}", HW_EDATA, "no \"name\" or no \"type\""},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"f\",\"type\":\"int\"},{\"name\":\"f\",\"type\":"
     "\"int\"}]}",
     HW_EDATA, "has the field \"f\" twice"},
    {"[{\"type\":\"fixed\",\"name\":\"f\",\"size\":1},{\"type\":\"fixed\",\"name\":\"f\",\"size\":1}]", HW_EDATA,
     "defines the type \"f\" twice"},
    {"{\"type\":\"fixed\",\"name\":\"f\"}", HW_EDATA, "no \"size\""},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":-1}", HW_EDATA, "no \"size\""},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":2147483648}", HW_EDATA, "no \"size\""},
    {"{\"type\":\"enum\",\"name\":\"f\"}", HW_EDATA, "no list of \"symbols\""},
    {"{\"type\":\"enum\",\"name\":\"f\",\"symbols\":[\"A\",1]}", HW_EDATA, "a symbol that is no text"},
    {"{\"type\":\"array\"}", HW_EDATA, "a type array without \"items\""},
    {"{\"type\":\"map\"}", HW_EDATA, "a type map without \"values\""},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"r\"]}]}", HW_EUNSUPPORTED,
     "the record \"r\" of the Avro schema contains itself"},
};

static void what_is_no_schema_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        assert_row_int(faults[i].json, hw_avro_schema_read(&schema, hw_view_of(faults[i].json), &err), faults[i].want);
        assert_row_says(faults[i].json, err.message, faults[i].says);
    }
}

static void the_field_at_fault_is_named(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    assert_int_equal(hw_avro_schema_read(&schema,
                                         HW_VIEW("{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"price\","
                                                 "\"type\":\"money\"}]}"),
                                         &err),
                     HW_EDATA);
    assert_string_equal(err.column, "price");
}

static enum hw_status repeated_read(const char *open, size_t times, const char *core, const char *close,
                                    struct hw_error *err) {
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    HW_AUTO(hw_buf) json = {0};
    for (size_t i = 0; i < times; i++) {
        put(&json, open);
    }
    put(&json, core);
    for (size_t i = 0; i < times; i++) {
        put(&json, close);
    }
    return hw_avro_schema_read(&schema, hw_buf_view(&json), err);
}

static void depth_is_limited(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    const char *open = "{\"type\":\"array\",\"items\":";
    assert_ok(repeated_read(open, HW_AVRO_DEPTH_MAX - 1, "\"int\"", "}", &err), err);
    assert_int_equal(repeated_read(open, HW_AVRO_DEPTH_MAX, "\"int\"", "}", &err), HW_ELIMIT);
    assert_non_null(strstr(err.message, "more than 64 types deep"));
    /* Objects around a type count too, or reading them would know no bound. */
    assert_int_equal(repeated_read("{\"type\":", 1000, "\"int\"", "}", &err), HW_ELIMIT);
}

/* Each record has the one before it ten times, so few definitions make many columns. */
static void places_are_limited(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    HW_AUTO(hw_buf) json = {0};
    put(&json, "[{\"type\":\"fixed\",\"size\":1,\"name\":\"r0\"}");
    for (int level = 1; level < 6; level++) {
        assert_int_equal(hw_buf_printf(&json, NULL, ",{\"type\":\"record\",\"name\":\"r%d\",\"fields\":[", level),
                         HW_OK);
        for (int i = 0; i < 10; i++) {
            assert_int_equal(
                hw_buf_printf(&json, NULL, "%s{\"name\":\"f%d\",\"type\":\"r%d\"}", i > 0 ? "," : "", i, level - 1),
                HW_OK);
        }
        put(&json, "]}");
    }
    put(&json, "]");
    assert_int_equal(hw_avro_schema_read(&schema, hw_buf_view(&json), &err), HW_ELIMIT);
    assert_non_null(strstr(err.message, "makes more than 100000 columns"));
}

static void names_and_types_are_limited(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    HW_AUTO(hw_avro_schema_tree) types = {0};
    HW_AUTO(hw_buf) json = {0};
    put(&json, "[\"int\"");
    for (unsigned i = 0; i <= HW_AVRO_NAMES_MAX; i++) {
        assert_int_equal(hw_buf_printf(&json, NULL, ",{\"type\":\"fixed\",\"size\":1,\"name\":\"f%u\"}", i), HW_OK);
    }
    put(&json, "]");
    assert_int_equal(hw_avro_schema_read(&schema, hw_buf_view(&json), &err), HW_ELIMIT);
    assert_non_null(strstr(err.message, "more than 10000 names"));
    assert_int_equal(repeated_read("[", 1, "\"int\"", "]", &err), HW_OK);
    hw_buf_clear(&json);
    put(&json, "[\"int\"");
    for (unsigned i = 0; i < HW_TABLE_FIELDS_MAX; i++) {
        put(&json, ",\"int\"");
    }
    put(&json, "]");
    assert_int_equal(hw_avro_schema_read(&types, hw_buf_view(&json), &err), HW_ELIMIT);
    assert_non_null(strstr(err.message, "more than 100000 types"));
}

/* bytes_min bounds how many items a block can have. */
static const struct {
    const char *json;
    size_t bytes_min;
} least[] = {
    {"\"null\"", 0},
    {"\"long\"", 1},
    {"\"double\"", 8},
    {"\"string\"", 1},
    {"[\"null\",\"long\"]", 1},
    {"[\"double\",\"float\"]", 5},
    {"{\"type\":\"fixed\",\"size\":9,\"name\":\"f\"}", 9},
    {"{\"type\":\"array\",\"items\":\"double\"}", 1},
    {"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"float\"},{\"name\":\"b\",\"type\":"
     "\"null\"},{\"name\":\"c\",\"type\":\"int\"}]}",
     5},
};

static void the_fewest_bytes_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(least); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        assert_ok(hw_avro_schema_read(&schema, hw_view_of(least[i].json), &err), err);
        assert_row_int(least[i].json, schema.root->bytes_min, least[i].bytes_min);
    }
}

static void no_memory_is_no_schema(void **state) {
    (void)state;
    const char *json = "{\"type\":\"record\",\"name\":\"n.r\",\"aliases\":[\"x\"],\"fields\":[{\"name\":\"f\",\"type\":"
                       "[\"null\",{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]}]},{\"name\":\"g\",\"type\":"
                       "\"e\"}]}";
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_avro_schema_tree schema = {0};
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_avro_schema_read(&schema, hw_view_of(json), NULL);
        hw_avro_schema_tree_release(&schema);
        fired = alloc_fault_end(&fault);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_read),
        cmocka_unit_test(what_is_no_schema_is_refused),
        cmocka_unit_test(the_field_at_fault_is_named),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(places_are_limited),
        cmocka_unit_test(names_and_types_are_limited),
        cmocka_unit_test(the_fewest_bytes_are_known),
        cmocka_unit_test(no_memory_is_no_schema),
    };
    return cmocka_run_group_tests_name("avro/schema_read", tests, NULL, NULL);
}
