/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/json_edit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/* What is done to the member "x" of the object or to the elements of the list of a text. */
enum what { NOTHING, REMOVE, REPLACE, RAW, RENAME, ALL };

static const struct {
    enum what what;
    const char *json;
    const char *want;
} rows[] = {
    {NOTHING, " { \"a\" : 1e400 , \"b\":[ 123456789012345678901234567890,-0.0E-7 ] }\n", NULL},
    {NOTHING, "[\"\\u00e4\\/\\ud83d\\ude00\", NaN,Infinity,-Infinity, true,false,null, {}, [], \"\"]", NULL},
    {NOTHING, "7", NULL},
    {REMOVE, "{\"x\":1}", "{}"},
    {REMOVE, "{ \"x\" : 1 }", "{  }"},
    {REMOVE, "{\"x\":1, \"a\":2}", "{\"a\":2}"},
    {REMOVE, "{\"a\":2, \"x\":[1,{\"b\":[]}]}", "{\"a\":2}"},
    {REMOVE, "{\"a\":2, \"x\":1 , \"b\": 3}", "{\"a\":2 , \"b\": 3}"},
    {REMOVE, "{\"\\u0078\":1}", "{}"},
    {REMOVE, "{\"x\":1,\"x\":2}", "{\"x\":1}"},
    {REPLACE, "{\"a\":1e400,\"x\": [1, 2] ,\"b\":2}", "{\"a\":1e400,\"x\": \"n\\\"\xc3\xa4\" ,\"b\":2}"},
    {RAW, "[1,{\"x\":1}]", NULL},
    {RAW, "{\"x\":[[1],{\"x\":2}],\"y\":1}", "{\"x\":{\"a\":1e1},\"y\":1}"},
    {RENAME, "{\"a\":1,\"x\" : {\"x\":2}}", "{\"a\":1,\"n\\\"\xc3\xa4\" : {\"x\":2}}"},
    /* Each element that is the text "x" goes. */
    {ALL, "[\"x\"]", "[]"},
    {ALL, "[\"x\", 1,\"x\" ,\"x\",2, \"x\"]", "[1,2]"},
    {ALL, "[ \"x\", \"x\", 1]", "[ 1]"},
    {ALL, "[1,  \"x\",  \"x\"]", "[1]"},
    {ALL, "[\"x\",\"x\"]", "[]"},
    {ALL, "[1, \"x\", 2]", "[1, 2]"},
};

static void edit_make(struct hw_json_edit *edit, enum what what) {
    struct hw_json_node *x = hw_json_member(edit, &edit->nodes[0], "x");
    if (what == REMOVE) {
        hw_json_remove(edit, x);
    } else if (what == REPLACE) {
        assert_int_equal(hw_json_replace_text(edit, x, HW_VIEW("n\"\xc3\xa4"), NULL), HW_OK);
    } else if (what == RAW && x) {
        assert_int_equal(hw_json_replace(edit, x, HW_VIEW("{\"a\":1e1}"), NULL), HW_OK);
    } else if (what == RENAME) {
        assert_int_equal(hw_json_rename(edit, x, HW_VIEW("n\"\xc3\xa4"), NULL), HW_OK);
    } else if (what == ALL) {
        for (x = hw_json_first(edit, &edit->nodes[0]); x; x = hw_json_next(edit, x)) {
            if (hw_json_is(x, HW_VIEW("x"))) {
                hw_json_remove(edit, x);
            }
        }
    }
}

static void all_but_what_is_edited_stays(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_json_edit edit;
        hw_view text;
        const char *want = rows[i].want ? rows[i].want : rows[i].json;
        assert_ok(hw_json_edit_read(hw_view_of(rows[i].json), &arena, &edit, &err), err);
        edit_make(&edit, rows[i].what);
        assert_ok(hw_json_edit_write(&edit, &text, &err), err);
        assert_row_bytes(rows[i].json, text.data, text.size, want, strlen(want));
        assert_row_int(rows[i].json, text.data == rows[i].json, rows[i].want == NULL);
    }
}

/* RFC 8259, and what is in the message. */
static const struct {
    const char *json;
    const char *says;
} refused[] = {
    {"", "ends too early, after 0 bytes"},
    {" ", "ends too early"},
    {"{", "ends too early, after 1 bytes"},
    {"[1", "ends too early"},
    {"\"a", "ends too early"},
    {"\"\\", "ends too early"},
    {"\"\\u00", "ends too early"},
    {"-", "ends too early"},
    {"1.", "ends too early"},
    {"1e", "ends too early"},
    {"1e+", "ends too early"},
    {"tru", "\"t\" in JSON, at byte 0"},
    {"nul", "\"n\""},
    {"'a'", "\"'\""},
    {"01", "\"1\" in JSON, at byte 1"},
    {"+1", "\"+\""},
    {".5", "\".\""},
    {"1.e5", "\"e\""},
    {"0x1", "\"x\""},
    {"1 2", "\"2\""},
    {"[1,]", "\"]\" in JSON, at byte 3"},
    {"[,1]", "\",\""},
    {"[1 2]", "\"2\""},
    {"[1}", "\"}\""},
    {"]", "\"]\""},
    {"{\"a\":1,}", "\"}\""},
    {"{\"a\"}", "\"}\""},
    {"{\"a\":}", "\"}\""},
    {"{a:1}", "\"a\""},
    {"{1:1}", "\"1\""},
    {"{\"a\":1]", "\"]\""},
    {"\"\\x\"", "\"x\""},
    {"\"\\u00g0\"", "\"g\""},
    {"\"\n\"", "\"\\x0a\""},
    {"[1]]", "\"]\" in JSON, at byte 3"},
    {"\"\xc3\"", "byte 1 of the JSON is no UTF-8"},
    {"// a\n1", "\"/\""},
};

static void what_is_no_json_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_json_edit edit = {.count = 77};
        /* A copy that ends where the text does, for a sanitizer to see who reads on. */
        const size_t size = strlen(refused[i].json);
        char *copy = malloc(size > 0 ? size : 1);
        assert_non_null(copy);
        memcpy(copy, refused[i].json, size);
        assert_row_int(refused[i].json, hw_json_edit_read((hw_view){copy, size}, &arena, &edit, &err), HW_EDATA);
        assert_row_says(refused[i].json, err.message, refused[i].says);
        assert_row_int(refused[i].json, edit.count, 77);
        free(copy);
    }
}

static void nothing_and_a_nul_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    assert_int_equal(hw_json_edit_read((hw_view){NULL, 0}, &arena, &edit, NULL), HW_EDATA);
    assert_int_equal(hw_json_edit_read((hw_view){"1\0", 2}, &arena, &edit, NULL), HW_EDATA);
    assert_int_equal(hw_json_edit_read((hw_view){"\"\0\"", 3}, &arena, &edit, NULL), HW_EDATA);
}

/* RFC 8259, section 7: U+1D11E is "\uD834\uDD1E". */
static void escapes_are_read(void **state) {
    static const struct {
        const char *json;
        hw_view want;
    } texts[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", HW_VIEW_INIT("\"\\/\b\f\n\r\t")},
        {"\"a\\u00E4\\u0000b\"", HW_VIEW_INIT("a\xc3\xa4\0b")},
        {"\"\\uD834\\uDD1E\\u20ac\"", HW_VIEW_INIT("\xf0\x9d\x84\x9e\xe2\x82\xac")},
        {"\"\\ud834\"", HW_VIEW_INIT("\xef\xbf\xbd")},
        {"\"\\ud834\\u0041\"", HW_VIEW_INIT("\xef\xbf\xbd\x41")},
        {"\"\\ud834\\n\"", HW_VIEW_INIT("\xef\xbf\xbd\n")},
        {"\"\\udd1e\\ud834\"", HW_VIEW_INIT("\xef\xbf\xbd\xef\xbf\xbd")},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_json_edit edit;
        assert_int_equal(hw_json_edit_read(hw_view_of(texts[i].json), &arena, &edit, NULL), HW_OK);
        assert_row_bytes(texts[i].json, edit.nodes[0].text.data, edit.nodes[0].text.size, texts[i].want.data,
                         texts[i].want.size);
    }
}

static void integers_are_read(void **state) {
    static const struct {
        const char *json;
        bool is;
        int64_t want;
    } numbers[] = {
        {"0", true, 0},
        {"-17", true, -17},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"\"1\"", false, 0},
        {"null", false, 0},
        {"-Infinity", false, 0},
        {"[1]", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_json_edit edit;
        int64_t number = 0;
        assert_int_equal(hw_json_edit_read(hw_view_of(numbers[i].json), &arena, &edit, NULL), HW_OK);
        assert_row_int(numbers[i].json, hw_json_integer(&edit, &edit.nodes[0], &number), numbers[i].is);
        assert_row_int(numbers[i].json, number, numbers[i].want);
    }
    assert_false(hw_json_integer(NULL, NULL, &(int64_t){0}));
}

static void where_nothing_is_nothing_is_found(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    assert_int_equal(hw_json_edit_read(HW_VIEW("[{\"a\":{}},\"a\",[\"b\"]]"), &arena, &edit, NULL), HW_OK);
    const struct hw_json_node *list = &edit.nodes[0];
    assert_null(hw_json_member(&edit, list, "a"));
    assert_null(hw_json_member(&edit, NULL, "a"));
    assert_null(hw_json_first(&edit, NULL));
    assert_null(hw_json_next(&edit, NULL));
    assert_null(hw_json_next(&edit, list));
    const struct hw_json_node *object = hw_json_first(&edit, list);
    assert_null(hw_json_member(&edit, object, "b"));
    assert_null(hw_json_first(&edit, hw_json_member(&edit, object, "a")));
    assert_null(hw_json_next(&edit, hw_json_member(&edit, object, "a")));
    const struct hw_json_node *text = hw_json_next(&edit, object);
    assert_true(hw_json_is(text, HW_VIEW("a")));
    assert_false(hw_json_is(NULL, HW_VIEW("")));
    assert_false(hw_json_is(object, HW_VIEW("")));
    assert_null(hw_json_first(&edit, text));
    assert_null(hw_json_next(&edit, hw_json_next(&edit, text)));
}

/* A text of `count` times `unit`, with `begin` before and `end` behind. */
static char *text_make(const char *begin, const char *unit, size_t count, const char *end) {
    const size_t unit_size = strlen(unit);
    char *text = malloc(strlen(begin) + unit_size * count + strlen(end) + 1);
    assert_non_null(text);
    char *at = mempcpy(text, begin, strlen(begin));
    for (size_t i = 0; i < count; i++) {
        at = mempcpy(at, unit, unit_size);
    }
    memcpy(at, end, strlen(end) + 1);
    return text;
}

static void sizes_are_limited(void **state) {
    static const struct {
        const char *name;
        const char *begin;
        const char *unit;
        size_t count;
        const char *end;
        enum hw_status want;
    } limits[] = {
        {"most values", "[0", ",0", HW_PAIR_JSON_NODES_MAX - 2, "]", HW_OK},
        {"a value more", "[0", ",0", HW_PAIR_JSON_NODES_MAX - 1, "]", HW_ELIMIT},
        {"deepest", "", "[", HW_PAIR_JSON_DEPTH_MAX, "", HW_EDATA},
        {"deeper", "", "[", HW_PAIR_JSON_DEPTH_MAX + 1, "", HW_ELIMIT},
        {"one after the other", "[[]", ",[]", HW_PAIR_JSON_DEPTH_MAX + 1, "]", HW_OK},
        {"longest", "\"", "a", HW_FILE_PAIRS_BYTES_MAX - 2, "\"", HW_OK},
        {"longer", "\"", "a", HW_FILE_PAIRS_BYTES_MAX - 1, "\"", HW_ELIMIT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_json_edit edit;
        char *text = text_make(limits[i].begin, limits[i].unit, limits[i].count, limits[i].end);
        assert_row_int(limits[i].name, hw_json_edit_read(hw_view_of(text), &arena, &edit, NULL), limits[i].want);
        free(text);
    }
}

static void what_is_written_is_limited(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    hw_view text;
    char *json = text_make("[0,\"", "a", HW_FILE_PAIRS_BYTES_MAX - 6, "\"]");
    assert_int_equal(hw_json_edit_read(hw_view_of(json), &arena, &edit, NULL), HW_OK);
    assert_int_equal(hw_json_replace_text(&edit, hw_json_first(&edit, &edit.nodes[0]), HW_VIEW(""), NULL), HW_OK);
    assert_int_equal(hw_json_edit_write(&edit, &text, NULL), HW_ELIMIT);
    free(json);
}

/* The whole text is no value of an object or a list that could go without it. */
static void the_whole_stays(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    hw_view text;
    assert_int_equal(hw_json_edit_read(HW_VIEW("{}"), &arena, &edit, NULL), HW_OK);
    hw_json_remove(&edit, &edit.nodes[0]);
    assert_int_equal(hw_json_edit_write(&edit, &text, NULL), HW_OK);
    assert_true(hw_view_equal(text, HW_VIEW("{}")));
}

static enum hw_status edit_try(void) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    hw_view text;
    HW_TRY(hw_json_edit_read(HW_VIEW("{\"\\u0061\":1,\"b\":2}"), &arena, &edit, NULL));
    HW_TRY(hw_json_replace_text(&edit, hw_json_member(&edit, &edit.nodes[0], "a"), HW_VIEW("c"), NULL));
    HW_TRY(hw_json_replace(&edit, hw_json_member(&edit, &edit.nodes[0], "b"), HW_VIEW("3"), NULL));
    HW_TRY(hw_json_rename(&edit, hw_json_member(&edit, &edit.nodes[0], "b"), HW_VIEW("c"), NULL));
    return hw_json_edit_write(&edit, &text, NULL);
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = edit_try();
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_but_what_is_edited_stays),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(nothing_and_a_nul_are_refused),
        cmocka_unit_test(escapes_are_read),
        cmocka_unit_test(integers_are_read),
        cmocka_unit_test(where_nothing_is_nothing_is_found),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(what_is_written_is_limited),
        cmocka_unit_test(the_whole_stays),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/json_edit", tests, NULL, NULL);
}
