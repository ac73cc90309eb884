/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/columns_agree.h"

#include "support/alloc_fault.h"
#include "unit/parquet/message_write.h"

/* A file, by its schema. Decimals have two digits behind the point. */
struct side {
    const char *text;
    int32_t fixed_bytes; /* of what is FIXED */
    int32_t digits;      /* of decimals; 0: 9 */
    const char *crs;     /* the element "g" is a geometry of this system; NULL: it is none */
};

static void side_open(struct message_file *made, const struct side *side) {
    static struct hw_source source = {.name = "first.parquet"};
    *made = (struct message_file){.bytes.limit = SIZE_MAX, .file.source = &source};
    message_parse(&made->message, side->text);
    for (size_t i = 1; i < made->message.meta.elements_count; i++) {
        struct hw_parquet_element *element = &made->message.elements[i];
        if (element->logical.kind == HW_LOGICAL_DECIMAL) {
            element->logical.precision = side->digits ? side->digits : 9;
            element->logical.scale = 2;
        }
        if (element->physical == HW_PHYSICAL_FIXED) {
            element->type_length = side->fixed_bytes;
        }
        if (side->crs && hw_view_equal(element->name, HW_VIEW("g"))) {
            element->logical = (struct hw_logical){.kind = HW_LOGICAL_GEOMETRY, .crs = hw_view_of(side->crs)};
        }
    }
    message_file_make(made);
}

#define L(middle, element) "optional group l (LIST) { repeated group " middle " { " element " } } "
#define M(middle, key, value)                                                                                      \
    "optional group m (MAP) { repeated group " middle " { required binary " key " (STRING); optional int32 " value \
    "; } } "
#define TWO(fields) "optional group l (LIST) { repeated group pair { " fields " } } "

/* `optional` has an element a letter, the root at first: "o" where it becomes optional. */
static const struct {
    const char *name;
    struct side first, other;
    bool storage;
    const char *optional;
} agreeing[] = {
    {"the same",
     {.text = "required int32 a; optional binary t (STRING);"},
     {.text = "required int32 a; optional binary t (STRING);"},
     false,
     "---"},
    {"required, and optional in the other",
     {.text = "required int32 a; required double b;"},
     {.text = "optional int32 a; required double b;"},
     false,
     "-o-"},
    {"optional, and required in the other",
     {.text = "optional int32 a; optional double b;"},
     {.text = "required int32 a; optional double b;"},
     false,
     "---"},
    {"a group that is required, and what is in it",
     {.text = "required group s { required int32 a; optional int32 b; }"},
     {.text = "optional group s { optional int32 a; required int32 b; }"},
     false,
     "-oo-"},
    {"an old annotation",
     {.text = "optional binary t (old UTF8);"},
     {.text = "optional binary t (STRING);"},
     false,
     "--"},
    {"names in a list",
     {.text = L("list", "optional int32 element;")},
     {.text = L("bag", "optional int32 item;")},
     false,
     "----"},
    {"elements that are required",
     {.text = L("list", "required int32 element;")},
     {.text = L("list", "optional int32 element;")},
     false,
     "---o"},
    {"names in a map", {.text = M("key_value", "key", "value")}, {.text = M("map", "k", "v")}, false, "-----"},
    {"the name of a struct that is repeated",
     {.text = TWO("required int32 a; required int32 b;")},
     {.text = "optional group l (LIST) { repeated group array { required int32 a; required int32 b; } } "},
     false,
     "-----"},
    {"the name of values that are repeated",
     {.text = "optional group l (LIST) { repeated int32 array; }"},
     {.text = "optional group l (LIST) { repeated int32 element; }"},
     false,
     "---"},
    {"names in a list of lists",
     {.text = L("list", "optional group element (LIST) { repeated group list { optional int32 element; } }")},
     {.text = L("bag", "optional group x (LIST) { repeated group y { optional int32 z; } }")},
     false,
     "------"},
    {"names of the root and field ids",
     {.text = "required int32 a = 7;"},
     {.text = "required int32 a = 7;"},
     false,
     "--"},
    {"decimals on bytes and on integers, which they become",
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 4},
     {.text = "optional int32 d (DECIMAL);"},
     true,
     "--"},
    {"decimals on bytes of two lengths",
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 4},
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 16},
     true,
     "--"},
    {"geometries of one system",
     {.text = "optional binary g;", .crs = "OGC:CRS84"},
     {.text = "optional binary g;", .crs = "OGC:CRS84"},
     false,
     "--"},
    {"what a later format has",
     {.text = "optional binary g (LATER);"},
     {.text = "optional binary g (LATER);"},
     false,
     "--"},
};

static enum hw_status agree_run(const struct side *first, const struct side *other, bool storage, bool *optional,
                                struct hw_error *err) {
    struct message_file one, two;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_element_tree tree;
    struct hw_error fault = HW_ERROR_INIT;
    side_open(&one, first);
    side_open(&two, other);
    assert_ok(hw_element_tree_make(&one.file.meta, &arena, &tree, &fault), fault);
    const struct hw_columns_first of = {&one.file, &tree, storage};
    const enum hw_status status = hw_columns_agree(&of, &two.file, optional, err);
    message_file_close(&one);
    message_file_close(&two);
    return status;
}

static void columns_agree(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(agreeing); i++) {
        bool optional[MESSAGE_ELEMENTS_MAX] = {false};
        char got[MESSAGE_ELEMENTS_MAX + 1] = "";
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(agreeing[i].name,
                       agree_run(&agreeing[i].first, &agreeing[i].other, agreeing[i].storage, optional, &err), HW_OK);
        for (size_t k = 0; k < strlen(agreeing[i].optional); k++) {
            got[k] = optional[k] ? 'o' : '-';
        }
        assert_row_text(agreeing[i].name, got, agreeing[i].optional);
    }
}

static const struct {
    const char *name;
    struct side first, other;
    bool storage;
    const char *says;
} differing[] = {
    {"a column less",
     {.text = "optional int32 a; optional int32 b;"},
     {.text = "optional int32 a;"},
     false,
     "it has 1 column, and first.parquet has 2"},
    {"a column more",
     {.text = "optional int32 a;"},
     {.text = "optional int32 a; optional int32 b;"},
     false,
     "it has 2 columns, and first.parquet has 1"},
    {"a name",
     {.text = "optional int32 a; optional int32 b;"},
     {.text = "optional int32 a; optional int32 c;"},
     false,
     "its column \"b\" is called \"c\", and \"b\" in first.parquet"},
    {"the order",
     {.text = "optional int32 a; optional int32 b;"},
     {.text = "optional int32 b; optional int32 a;"},
     false,
     "its column \"a\" is called \"b\", and \"a\" in first.parquet"},
    {"a type",
     {.text = "optional int32 a; optional int32 b;"},
     {.text = "optional int32 a; optional int64 b;"},
     false,
     "its column \"b\" is int64, and int32 in first.parquet"},
    {"an annotation",
     {.text = "optional binary a (STRING);"},
     {.text = "optional binary a;"},
     false,
     "its column \"a\" is binary, and text in first.parquet"},
    {"an annotation beside a text",
     {.text = "optional binary a (STRING);"},
     {.text = "optional binary a (ENUM);"},
     false,
     "its column \"a\" is "},
    {"INT96 and text",
     {.text = "optional int96 a;"},
     {.text = "optional binary a (STRING);"},
     false,
     "its column \"a\" is "},
    {"values and fields",
     {.text = "optional group a { optional int32 b; }"},
     {.text = "optional int32 a;"},
     false,
     "its column \"a\" is one of values, and one of fields in first.parquet"},
    {"fields and values",
     {.text = "optional int32 a;"},
     {.text = "optional group a { optional int32 b; }"},
     false,
     "its column \"a\" is one of fields, and one of values in first.parquet"},
    {"repeated",
     {.text = "repeated int32 a;"},
     {.text = "optional int32 a;"},
     false,
     "its column \"a\" is not repeated, and repeated in first.parquet"},
    {"not repeated",
     {.text = "required int32 a;"},
     {.text = "repeated int32 a;"},
     false,
     "its column \"a\" is repeated, and not repeated in first.parquet"},
    {"a field id",
     {.text = "optional int32 a = 1;"},
     {.text = "optional int32 a = 2;"},
     false,
     "its column \"a\" is of field id 2, and of field id 1 in first.parquet"},
    {"no field id",
     {.text = "optional int32 a = 0;"},
     {.text = "optional int32 a;"},
     false,
     "its column \"a\" is without one, and of field id 0 in first.parquet"},
    {"a field of a struct",
     {.text = "optional group s { optional int32 a; optional int32 b; }"},
     {.text = "optional group s { optional int32 a; optional int32 c; }"},
     false,
     "its column \"s.b\" is called \"c\", and \"b\" in first.parquet"},
    {"a field more",
     {.text = "optional group s { optional int32 a; }"},
     {.text = "optional group s { optional int32 a; optional int32 b; }"},
     false,
     "its column \"s\" is a group of 2 fields, and of 1 in first.parquet"},
    {"fields of a struct that is repeated",
     {.text = TWO("required int32 a; required int32 b;")},
     {.text = TWO("required int32 b; required int32 a;")},
     false,
     "its column \"l.pair.a\" is called \"b\""},
    {"fields of a struct in a list",
     {.text = L("list", "optional group element { optional int32 a; }")},
     {.text = L("list", "optional group element { optional int32 b; }")},
     false,
     "its column \"l.list.element.a\" is called \"b\""},
    {"the only field of a struct that is repeated",
     {.text = L("array", "optional int32 a;")},
     {.text = L("array", "optional int32 b;")},
     false,
     "its column \"l.array.a\" is called \"b\""},
    {"a name that makes another list",
     {.text = L("list", "optional int32 element;")},
     {.text = L("array", "optional int32 element;")},
     false,
     "its column \"l\" is a list whose repeated field is the element, and a list in first.parquet"},
    {"a list and a struct",
     {.text = L("list", "optional int32 element;")},
     {.text = "optional group l { repeated group list { optional int32 element; } }"},
     false,
     "its column \"l\" is a struct, and a list in first.parquet"},
    {"a map and a list",
     {.text = M("list", "key", "value")},
     {.text =
          "optional group m (LIST) { repeated group list { required binary key (STRING); optional int32 value; } }"},
     false,
     "its column \"m\" is a list whose repeated field is the element, and a map in first.parquet"},
    {"a map without values",
     {.text = M("list", "key", "value")},
     {.text = "optional group m (MAP) { repeated group list { required binary key (STRING); } }"},
     false,
     "its column \"m\" is a map without values, and a map in first.parquet"},
    {"digits",
     {.text = "optional int32 d (DECIMAL);"},
     {.text = "optional int32 d (DECIMAL);", .digits = 8},
     true,
     "its column \"d\" is decimal(8,2), and decimal(9,2) in first.parquet"},
    {"decimals on bytes and on integers, which stay",
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 4},
     {.text = "optional int32 d (DECIMAL);"},
     false,
     "its column \"d\" is INT32, and FIXED_LEN_BYTE_ARRAY(4) in first.parquet"},
    {"decimals of more digits than integers have",
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 16, .digits = 30},
     {.text = "optional fixed d (DECIMAL);", .fixed_bytes = 13, .digits = 30},
     true,
     "its column \"d\" is FIXED_LEN_BYTE_ARRAY(13), and FIXED_LEN_BYTE_ARRAY(16) in first.parquet"},
    {"bytes of two lengths",
     {.text = "optional fixed f;", .fixed_bytes = 3},
     {.text = "optional fixed f;", .fixed_bytes = 4},
     true,
     "its column \"f\" is fixed"},
    {"geometries of two systems",
     {.text = "optional binary g;", .crs = "OGC:CRS84"},
     {.text = "optional binary g;", .crs = "EPSG:3857\n"},
     false,
     "its column \"g\" is of the logical type \"geometry(EPSG:3857\\x0a)\", and \"geometry(OGC:CRS84)\" in first"},
    {"a geometry and bytes",
     {.text = "optional binary g;"},
     {.text = "optional binary g;", .crs = "OGC:CRS84"},
     false,
     "its column \"g\" is of the logical type \"geometry(OGC:CRS84)\", and \"\" in first.parquet"},
    {"what a later format has",
     {.text = "optional binary g (LATER);"},
     {.text = "optional binary g;"},
     false,
     "its column \"g\" is of the logical type \"\", and \"unknown("},
    {"a variant and a struct",
     {.text = "optional group v (VARIANT) { required binary metadata; required binary value; }"},
     {.text = "optional group v { required binary metadata; required binary value; }"},
     false,
     "its column \"v\" is of the logical type \"\", and \"variant"},
};

static void columns_that_do_not_agree_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(differing); i++) {
        bool optional[MESSAGE_ELEMENTS_MAX] = {false};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(differing[i].name,
                       agree_run(&differing[i].first, &differing[i].other, differing[i].storage, optional, &err),
                       HW_EDATA);
        assert_row_says(differing[i].name, err.message, differing[i].says);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct message_file one, two;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_element_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    bool optional[MESSAGE_ELEMENTS_MAX];
    side_open(&one, &(struct side){.text = "optional int32 a; optional binary g (LATER);"});
    side_open(&two, &(struct side){.text = "optional int32 a; optional binary g;"});
    assert_ok(hw_element_tree_make(&one.file.meta, &arena, &tree, &err), err);
    const struct hw_columns_first first = {&one.file, &tree, false};
    size_t failures = 0;
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_columns_agree(&first, &two.file, optional, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_EDATA);
    }
    assert_true(failures > 2);
    message_file_close(&one);
    message_file_close(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_agree),
        cmocka_unit_test(columns_that_do_not_agree_are_named),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/columns_agree", tests, NULL, NULL);
}
