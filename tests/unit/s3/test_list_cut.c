/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_cut.h"

#include "support/rows.h"

static struct hw_s3_list_alphabet alphabet_of(const char *const keys[], size_t count, const char *prefix) {
    struct hw_s3_list_alphabet alphabet = {0};
    struct hw_s3_entry entries[4] = {0};
    const struct hw_s3_list_page page = {.entries = entries, .entries_count = count};
    for (size_t i = 0; i < count; i++) {
        entries[i].key = keys[i];
    }
    hw_s3_list_alphabet_add(&alphabet, &page, prefix);
    return alphabet;
}

static void cuts_lie_in_their_gap(void **state) {
    (void)state;
    static const char *const numbers[] = {"p/a00", "p/0f.bin"};
    static const char *const names[] = {"anna", "zoe"};
    static const char *const odd[] = {"\xc3\xa4\xc3\xb6", "\x01"};
    static const struct {
        const char *name;
        const char *const *keys;
        size_t keys_count;
        const char *prefix;
        const char *after, *end;
        unsigned part, parts;
        const char *want; /* the beginning of the cut; "": there is none */
    } rows[] = {
        {"hexadecimal digits", numbers, 2, "p/", "p/00", "p/g", 1, 2, "p/8"},
        {"a third", numbers, 2, "p/", "p/00", "p/9", 1, 3, "p/3"},
        {"two thirds", numbers, 2, "p/", "p/00", "p/9", 2, 3, "p/6"},
        {"without an end", numbers, 2, "p/", "p/00", NULL, 1, 2, "p/8"},
        {"behind what both begin with", numbers, 2, "p/", "p/0f1", "p/0f9", 1, 2, "p/0f"},
        {"letters", names, 2, NULL, "anna", "zoe", 1, 2, "n"},
        {"neighbours", names, 2, NULL, "anna", "annaa", 1, 2, ""},
        {"nothing between", names, 2, NULL, "a", "a", 1, 2, ""},
        {"backwards", names, 2, NULL, "b", "a", 1, 2, ""},
        {"no ASCII", odd, 2, NULL, "\xc3\xa4", "\xc3\xb6", 1, 2, ""},
        {"shorter than the prefix", names, 2, "anna/", "anna", NULL, 1, 2, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) cut = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_list_alphabet alphabet = alphabet_of(rows[i].keys, rows[i].keys_count, rows[i].prefix);
        const struct hw_s3_list_gap gap = {rows[i].after, rows[i].end, rows[i].prefix ? strlen(rows[i].prefix) : 0};
        assert_ok(hw_s3_list_cut(&alphabet, &gap, rows[i].part, rows[i].parts, &cut, &err), err);
        assert_row_int(rows[i].name, cut.size > 0, rows[i].want[0] != '\0');
        if (cut.size > 0) {
            const char *text = (const char *)cut.data;
            assert_row_int(rows[i].name, strncmp(text, rows[i].want, strlen(rows[i].want)), 0);
            assert_true(strcmp(text, rows[i].after) > 0);
            assert_true(!rows[i].end || strcmp(text, rows[i].end) < 0);
        }
    }
}

static void a_number_carries(void **state) {
    (void)state;
    static const struct {
        const char *after, *end;
        size_t at;
        const char *want;
    } rows[] = {
        {"a-003/x", NULL, 4, "a-004"}, {"a-003/x", NULL, 3, "a-01"},    {"a-003/x", NULL, 1, "a."},
        {"a-003/x", "a-01", 3, ""},    {"a-003/x", "a-01", 4, "a-004"}, {"a", NULL, 1, ""},
        {"a~", NULL, 1, ""},           {"\xc3\xa4", NULL, 0, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) cut = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_list_gap gap = {rows[i].after, rows[i].end, 0};
        assert_ok(hw_s3_list_carry(&gap, rows[i].at, &cut, &err), err);
        assert_row_text(rows[i].want, cut.size > 0 ? (const char *)cut.data : "", rows[i].want);
    }
}

static void the_rest_is_estimated(void **state) {
    (void)state;
    static const char *const keys[] = {"000", "999"};
    const struct hw_s3_list_alphabet alphabet = alphabet_of(keys, 2, NULL);
    const struct hw_s3_list_gap gap = {"0", "8", 0};
    const double left = hw_s3_list_left(&alphabet, &gap, "2");
    /* A quarter of the way. */
    assert_true(left > 2.9 && left < 3.1);
    assert_true(hw_s3_list_left(&alphabet, &gap, "0") == 0);
    assert_true(hw_s3_list_left(&alphabet, &gap, "9") == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_lie_in_their_gap),
        cmocka_unit_test(a_number_carries),
        cmocka_unit_test(the_rest_is_estimated),
    };
    return cmocka_run_group_tests_name("s3/list_cut", tests, NULL, NULL);
}
