/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/page.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "s3/request_bucket.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct {
    const char *name;
    bool encoded;
    hw_view text;
    enum hw_status want;
    const char *plain;
} texts[] = {
    {"as it is", false, HW_VIEW_INIT("a+b%2B"), HW_OK, "a+b%2B"},
    {"encoded", true, HW_VIEW_INIT("a+b%2B%0A"), HW_OK, "a b+\n"},
    {"nothing", true, {NULL, 0}, HW_OK, ""},
    {"a NUL", false, HW_VIEW_INIT("a\0b"), HW_EPROTOCOL, NULL},
    {"an encoded NUL", true, HW_VIEW_INIT("a%00"), HW_EPROTOCOL, NULL},
    {"a broken escape", true, HW_VIEW_INIT("a%2"), HW_EPROTOCOL, NULL},
};

static void texts_are_plain(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        HW_AUTO(hw_s3_page) page = {.encoded = texts[i].encoded};
        struct hw_error err = HW_ERROR_INIT;
        const char *text = "untouched";
        enum hw_status status = hw_s3_page_text(&page, texts[i].text, &text, &err);
        status = status ? status : hw_s3_page_plain(&page, &text, &err);
        assert_row_int(texts[i].name, status, texts[i].want);
        if (status == HW_OK) {
            assert_row_text(texts[i].name, text, texts[i].plain);
        }
    }
}

static const struct {
    const char *name;
    const char *text;
    enum hw_status want;
    uint64_t number;
} numbers[] = {
    {"nothing", "", HW_OK, UINT64_MAX},
    {"zero", "0", HW_OK, 0},
    {"the greatest", "18446744073709551615", HW_OK, UINT64_MAX},
    {"one more", "18446744073709551616", HW_EPROTOCOL, 7},
    {"negative", "-1", HW_EPROTOCOL, 7},
    {"a blank", "1 ", HW_EPROTOCOL, 7},
};

static void numbers_are_whole_texts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        struct hw_error err = HW_ERROR_INIT;
        uint64_t number = 7;
        assert_row_int(numbers[i].name, hw_s3_page_number(hw_view_of(numbers[i].text), "size", &number, &err),
                       numbers[i].want);
        assert_row_int(numbers[i].name, number == numbers[i].number, true);
        assert_row_says(numbers[i].name, err.message, numbers[i].want ? "is no size" : "");
    }
}

static void elements_are_read(void **state) {
    (void)state;
    struct hw_s3_page page = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_page_encoding(&page, HW_VIEW("url"), &err), HW_OK);
    assert_true(page.encoded);
    assert_int_equal(hw_s3_page_encoding(&page, HW_VIEW("none"), &err), HW_OK);
    assert_false(page.encoded);
    assert_int_equal(hw_s3_page_truncated(&page, HW_VIEW("true"), &err), HW_OK);
    assert_true(page.truncated);
    assert_int_equal(hw_s3_page_truncated(&page, HW_VIEW("false"), &err), HW_OK);
    assert_false(page.truncated);
    assert_int_equal(hw_s3_page_truncated(&page, HW_VIEW("True"), &err), HW_EPROTOCOL);
    assert_row_says("truncated", err.message, "IsTruncated is \"True\", neither true nor false");
}

static void pages_have_a_limit(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    void *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < HW_LIST_PAGE_OBJECTS_MAX; count++) {
        assert_ok(hw_s3_page_room(&items, count, &capacity, sizeof(uint64_t), &err), err);
        ((uint64_t *)items)[count] = count;
    }
    assert_int_equal(hw_s3_page_room(&items, HW_LIST_PAGE_OBJECTS_MAX, &capacity, sizeof(uint64_t), &err), HW_ELIMIT);
    hw_free(items);
}

static const struct {
    const char *name;
    const char *key_before, *id_before, *key, *id;
    enum hw_status want;
    const char *says;
    bool unordered;
} places[] = {
    {"the first", NULL, NULL, "a", NULL, HW_OK, ""},
    {"further", "a", "1", "b", "0", HW_OK, ""},
    {"the same key, another id", "a", "1", "a", "0", HW_OK, ""},
    {"none", NULL, NULL, NULL, NULL, HW_EPROTOCOL, "Op: more pages are said to follow, but not where"},
    {"an empty one", "a", "", "", "1", HW_EPROTOCOL, "but not where"},
    {"the same", "a", "1", "a", "1", HW_EPROTOCOL, "Op: the place where the next page begins does not move on"},
    {"the same without an id", "a", "", "a", NULL, HW_EPROTOCOL, "does not move on"},
    {"back", "b", "1", "a", "2", HW_EPROTOCOL, "does not move on"},
    {"back, but there is no order", "b", "1", "a", "2", HW_OK, "", true},
    {"the same, and no order", "b", "1", "b", "1", HW_EPROTOCOL, "does not move on", true},
};

static void places_move_on(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct hw_s3_marker marker = {.unordered = places[i].unordered};
        struct hw_error err = HW_ERROR_INIT;
        if (places[i].key_before) {
            assert_ok(hw_s3_marker_set(&marker, places[i].key_before, places[i].id_before, &err), err);
        }
        assert_row_int(places[i].name, hw_s3_marker_check(&marker, places[i].key, places[i].id, "Op", &err),
                       places[i].want);
        assert_row_says(places[i].name, err.message, places[i].says);
        hw_s3_marker_release(&marker);
    }
}

/* A listing that asks for three pages, or whose `fails`-th function fails. */
struct walk {
    unsigned built, read, handed_out;
    unsigned fails;
};

static enum hw_status walk_build(void *ctx, struct hw_s3_request *request, struct hw_error *err) {
    struct walk *walk = ctx;
    walk->built++;
    HW_TRY(walk->fails == 1 ? hw_fail(err, HW_EDATA, "one") : HW_OK);
    return hw_s3_request_buckets(request, "t", err);
}

static enum hw_status walk_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct walk *walk = ctx;
    (void)response;
    walk->read++;
    return walk->fails == 2 ? hw_fail(err, HW_EDATA, "two") : HW_OK;
}

static enum hw_status walk_hand_out(void *ctx, bool *out_more, struct hw_error *err) {
    struct walk *walk = ctx;
    *out_more = ++walk->handed_out < 3;
    return walk->fails == 3 ? hw_fail(err, HW_EDATA, "three") : HW_OK;
}

static void pages_come_one_after_the_other(void **state) {
    (void)state;
    static const struct http_reply reply = {.times = -1, .status = 200, .body = "<ListAllMyBucketsResult/>"};
    static const struct hw_s3_pages pages = {walk_build, walk_read, walk_hand_out};
    static const struct walk want[] = {{3, 3, 3, 0}, {1, 0, 0, 1}, {1, 1, 0, 2}, {1, 1, 1, 3}};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    for (unsigned fails = 0; fails < COUNT_OF(want); fails++) {
        struct walk walk = {.fails = fails};
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_s3_pages_run(fixture.client, &pages, &walk, &err), fails ? HW_EDATA : HW_OK);
        assert_memory_equal(&walk, &want[fails], sizeof(walk));
    }
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_plain),   cmocka_unit_test(numbers_are_whole_texts),
        cmocka_unit_test(elements_are_read), cmocka_unit_test(pages_have_a_limit),
        cmocka_unit_test(places_move_on),    cmocka_unit_test(pages_come_one_after_the_other),
    };
    return cmocka_run_group_tests_name("s3/page", tests, environment_set, NULL);
}
