/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_write.h"

#include <math.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

/* Escapes of RFC 8259, section 7; bytes that are not UTF-8 as we write them. */
static const struct {
    const char *name;
    hw_view text;
    const char *want;
} texts[] = {
    {"plain", HW_VIEW_INIT("a b/\xc3\xa4\xf0\x9f\x98\x80"), "\"a b/\xc3\xa4\xf0\x9f\x98\x80\"\n"},
    {"empty", HW_VIEW_INIT(""), "\"\"\n"},
    {"quote and backslash", HW_VIEW_INIT("\"\\"), "\"\\\"\\\\\"\n"},
    {"short escapes", HW_VIEW_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"\n"},
    {"other control characters", HW_VIEW_INIT("\x01\x1f\x7f"), "\"\\u0001\\u001f\x7f\"\n"},
    {"NUL", HW_VIEW_INIT("a\0b"), "\"a\\u0000b\"\n"},
    {"a byte that is no UTF-8", HW_VIEW_INIT("a\xff\xc3z"), "\"a\\\\xff\\\\xc3z\"\n"},
    {"half a surrogate", HW_VIEW_INIT("\xed\xa0\x80"), "\"\\\\xed\\\\xa0\\\\x80\"\n"},
};

static void texts_are_escaped(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out};
        struct hw_error err = HW_ERROR_INIT;
        hw_json_view(&json, NULL, texts[i].text);
        assert_ok(hw_json_end_text(&json, &err), err);
        assert_row_bytes(texts[i].name, out.data, out.size, texts[i].want, strlen(texts[i].want));
    }
}

static enum hw_status values_write(struct hw_json_writer *json, struct hw_error *err) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "text", "a");
    hw_json_joined(json, "joined", "a\"", "b\n");
    hw_json_text(json, "none", NULL);
    hw_json_number(json, "least", INT64_MIN);
    hw_json_count(json, "most", UINT64_MAX);
    hw_json_bool(json, "yes", true);
    hw_json_list_begin(json, "list");
    hw_json_real(json, NULL, 0.25);
    hw_json_real(json, NULL, 2);
    hw_json_real(json, NULL, 1e30);
    hw_json_real(json, NULL, NAN);
    hw_json_object_begin(json, NULL);
    hw_json_bool(json, "no", false);
    hw_json_object_end(json);
    hw_json_list_end(json);
    hw_json_object_begin(json, "nothing");
    hw_json_object_end(json);
    hw_json_raw(json, "raw", HW_VIEW("18446744073709551615"));
    hw_json_list_begin(json, "empty");
    hw_json_list_end(json);
    hw_json_object_end(json);
    return hw_json_end_text(json, err);
}

static const struct {
    const char *name;
    enum hw_json_style style;
    const char *want;
} styles[] = {
    {"compact", HW_JSON_COMPACT,
     "{\"text\":\"a\",\"joined\":\"a\\\"b\\n\",\"none\":null,"
     "\"least\":-9223372036854775808,\"most\":9223372036854775807,\"yes\":true,"
     "\"list\":[0.25,2.0,1e+30,null,{\"no\":false}],\"nothing\":{},\"raw\":18446744073709551615,\"empty\":[]}\n"},
    {"by one space", HW_JSON_LINES_1,
     "{\n \"text\": \"a\",\n \"joined\": \"a\\\"b\\n\",\n \"none\": null,\n"
     " \"least\": -9223372036854775808,\n \"most\": 9223372036854775807,\n"
     " \"yes\": true,\n \"list\": [\n  0.25,\n  2.0,\n  1e+30,\n  null,\n  {\n   \"no\": false\n  }\n ],\n"
     " \"nothing\": {},\n \"raw\": 18446744073709551615,\n \"empty\": []\n}\n"},
};

static void values_have_a_style(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(styles); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = styles[i].style};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(values_write(&json, &err), err);
        assert_row_bytes(styles[i].name, out.data, out.size, styles[i].want, strlen(styles[i].want));
    }
}

/* A sink that keeps what it is given, and fails at the n-th write. */
struct counting_sink {
    struct hw_sink base;
    struct hw_buf got;
    size_t writes;
    size_t fails_at;
    size_t longest;
};

static enum hw_status counting_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct counting_sink *sink = (struct counting_sink *)base;
    sink->longest = hw_max_size(sink->longest, bytes);
    if (++sink->writes == sink->fails_at) {
        return hw_fail(err, HW_EIO, "the disk is full");
    }
    return hw_buf_append(&sink->got, data, bytes, err);
}

static const struct hw_sink_ops counting_ops = {.write = counting_write};

static enum hw_status long_text_write(struct counting_sink *sink, size_t numbers, size_t *out_held,
                                      struct hw_error *err) {
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT, .sink = &sink->base};
    hw_json_list_begin(&json, NULL);
    for (size_t i = 0; i < numbers; i++) {
        hw_json_number(&json, NULL, 7);
    }
    hw_json_list_end(&json);
    enum hw_status status = hw_json_end_text(&json, err);
    *out_held = out.capacity;
    return status;
}

static void a_long_text_goes_to_the_sink(void **state) {
    (void)state;
    enum { NUMBERS = 1 << 20 };
    struct counting_sink sink = {.base.ops = &counting_ops};
    struct hw_error err = HW_ERROR_INIT;
    size_t held;
    assert_ok(long_text_write(&sink, NUMBERS, &held, &err), err);
    assert_int_equal(sink.got.size, 2 * NUMBERS + 2);
    assert_true(held <= 128 << 10);
    hw_buf_release(&sink.got);
}

/* The first failure stays, and nothing comes after it. */
static void a_failure_is_told_at_the_end(void **state) {
    (void)state;
    struct counting_sink sink = {.base.ops = &counting_ops, .fails_at = 2};
    struct hw_error err = HW_ERROR_INIT;
    size_t held;
    assert_int_equal(long_text_write(&sink, 1 << 20, &held, &err), HW_EIO);
    assert_string_equal(err.message, "the disk is full");
    assert_int_equal(sink.writes, 2);
    hw_buf_release(&sink.got);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf out = {0};
        struct hw_json_writer json = {.out = &out};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = values_write(&json, &err);
        hw_buf_release(&out);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(values_have_a_style),
        cmocka_unit_test(a_long_text_goes_to_the_sink),
        cmocka_unit_test(a_failure_is_told_at_the_end),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
