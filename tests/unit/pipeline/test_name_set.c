/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/name_set.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static bool added(struct hw_name_set *set, const char *name, const char *label) {
    struct hw_error err = HW_ERROR_INIT;
    bool new = false;
    assert_ok(hw_name_set_add(set, hw_view_of(name), label, &new, &err), err);
    return new;
}

static void names_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *label;
        bool want_new;
        const char *want_label; /* afterwards */
    } rows[] = {
        {"a", "first", true, "first"},  {"b", NULL, true, NULL},       {"a", "second", false, "first"},
        {"", "empty", true, "empty"},   {"", NULL, false, "empty"},    {"b", "late", false, NULL},
        {"a ", "blank", true, "blank"}, {"A", "upper", true, "upper"},
    };
    struct hw_name_set set = {0};
    assert_false(hw_name_set_has(&set, HW_VIEW("a")));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, added(&set, rows[i].name, rows[i].label), rows[i].want_new);
        assert_row_int(rows[i].name, hw_name_set_has(&set, hw_view_of(rows[i].name)), true);
        const char *label = hw_name_set_label(&set, hw_view_of(rows[i].name));
        assert_row_text(rows[i].name, label ? label : "none", rows[i].want_label ? rows[i].want_label : "none");
    }
    assert_false(hw_name_set_has(&set, HW_VIEW("c")));
    assert_null(hw_name_set_label(&set, HW_VIEW("c")));
    hw_name_set_release(&set);
}

/*
 * However many there are: a name takes little more than its hash, and the first labels alone are
 * kept.
 */
static void very_many_names_are_small(void **state) {
    (void)state;
    enum { NAMES = 300000, EACH_BYTES = 24 };
    struct hw_name_set set = {0};
    char name[32];
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < NAMES; i++) {
            snprintf(name, sizeof(name), "folder/%u", i);
            assert_int_equal(added(&set, name, name), round == 0);
        }
    }
    assert_int_equal(set.count, NAMES);
    assert_true(hw_name_set_held(&set) < (size_t)NAMES * EACH_BYTES);
    snprintf(name, sizeof(name), "folder/%u", HW_NAME_SET_LABELS_MAX - 1);
    assert_string_equal(hw_name_set_label(&set, hw_view_of(name)), name);
    snprintf(name, sizeof(name), "folder/%u", HW_NAME_SET_LABELS_MAX);
    assert_null(hw_name_set_label(&set, hw_view_of(name)));
    hw_name_set_release(&set);
}

/* Two sets have two keys: nobody can make names that lie in one place. */
static void keys_are_random(void **state) {
    (void)state;
    struct hw_name_set first = {0};
    struct hw_name_set second = {0};
    added(&first, "a", NULL);
    added(&second, "a", NULL);
    assert_true(first.key.words[0] != second.key.words[0]);
    hw_name_set_release(&first);
    hw_name_set_release(&second);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct hw_name_set set = {0};
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        bool new = false;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_name_set_add(&set, HW_VIEW("a"), "label", &new, &err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        assert_int_equal(hw_name_set_has(&set, HW_VIEW("a")), !failed);
        hw_name_set_release(&set);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_told_apart),
        cmocka_unit_test(very_many_names_are_small),
        cmocka_unit_test(keys_are_random),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/name_set", tests, NULL, NULL);
}
