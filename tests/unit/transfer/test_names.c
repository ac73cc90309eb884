/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/names.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

#define NEXT "(another listing)"

struct name {
    const char *name;
    const char *says; /* NULL: it is taken */
};

struct sequence {
    const char *label;
    bool several;
    struct name names[8];
    bool flat;
    bool unordered;
    bool folded;
};

static void sequence_run(const struct sequence *sequence) {
    struct hw_transfer_names names = {
        .several = sequence->several, .flat = sequence->flat, .unordered = sequence->unordered};
    if (sequence->folded) {
        hw_transfer_names_fold(&names);
    }
    for (const struct name *name = sequence->names; name->name; name++) {
        struct hw_error err = HW_ERROR_INIT;
        if (strcmp(name->name, NEXT) == 0) {
            hw_transfer_names_next(&names);
            continue;
        }
        assert_row_int(sequence->label, hw_transfer_names_add(&names, name->name, &err),
                       name->says ? HW_EUNSUPPORTED : HW_OK);
        assert_row_says(sequence->label, err.message, name->says ? name->says : "");
    }
    hw_transfer_names_release(&names);
}

static void names_that_cannot_be_together_are_refused(void **state) {
    (void)state;
    static const struct sequence rows[] = {
        {"different names", false, {{"a", NULL}, {"b", NULL}, {"b/c", "\"b/c\" needs a folder where \"b\" is a file"}}},
        {"a file and its folder", false, {{"a", NULL}, {"a/b", "\"a/b\" needs a folder where \"a\" is a file"}}},
        {"with others between them",
         false,
         {{"a", NULL}, {"a!", NULL}, {"a-b", NULL}, {"a-b.c", NULL}, {"a/b", "where \"a\" is a file"}}},
        {"far below", false, {{"a", NULL}, {"a/b/c/d", "where \"a\" is a file"}}},
        {"the folder in the middle",
         false,
         {{"a/b", NULL}, {"a/b/c", "where \"a/b\" is a file"}, {"a/bc", NULL}, {"a/c", NULL}}},
        {"all that are refused",
         false,
         {{"a", NULL}, {"a/b", "is a file"}, {"a/b/c", "where \"a\" is a file"}, {"a0", NULL}}},
        {"a longer name is none below", false, {{"a", NULL}, {"a.b", NULL}, {"ab", NULL}, {"ab/c", "where \"ab\""}}},
        {"twice", false, {{"a", NULL}, {"a", "\"a\" is the name of another object of this run too"}, {"b", NULL}}},
        {"twice below", false, {{"d/a", NULL}, {"d/a", "another object"}}},
        {"the folder is told once more", false, {{"a", NULL}, {"a", "another object"}, {"a/b", "needs a folder"}}},
        {"over two listings", true, {{"a", NULL}, {NEXT, NULL}, {"a", "\"a\" is the name of another object"}}},
        {"over two listings, others between",
         true,
         {{"a", NULL}, {"b", NULL}, {NEXT, NULL}, {"0", NULL}, {"b", "another object"}, {"c", NULL}}},
        {"lists begin anew", true, {{"z", NULL}, {NEXT, NULL}, {"a", NULL}, {"a/b", "is a file"}}},
        {"keys of a bucket", true, {{"a", NULL}, {"a/b", NULL}, {NEXT, NULL}, {"a/b", "another object"}}, .flat = true},
        {"in any order",
         false,
         {{"b", NULL}, {"a", NULL}, {"b", "\"b\" is the name of another object"}, {"A", NULL}},
         .unordered = true},
        {"a folder before its file",
         false,
         {{"a/b/c", NULL}, {"a", "\"a\" is a file where another object needs a folder"}, {"a/b", "needs a folder"}},
         .unordered = true},
        {"a file before its folder",
         false,
         {{"a", NULL}, {"b", NULL}, {"a/b", "\"a/b\" needs a folder where \"a\" is a file"}},
         .unordered = true},
        {"keys of a bucket in any order",
         false,
         {{"a/b", NULL}, {"a", NULL}, {"a/b", "another object"}},
         .flat = true,
         .unordered = true},
        {"upper and lower case",
         false,
         {{"a/B", NULL}, {"A/b", "too, as the file system does not tell upper from lower case"}, {"a/c", NULL}},
         .folded = true},
        {"a folder in another case", false, {{"A", NULL}, {"a/b", "needs a folder"}}, .folded = true},
        {"letters beyond ASCII",
         false,
         {{"\xc3\x84", NULL}, {"\xc3\xa4", "another object"}, {"\xd0\x96", NULL}, {"\xd0\xb6", "another object"}},
         .folded = true},
        {"no letters", false, {{"\xff", NULL}, {"\xfe", NULL}, {"\xff", "another object"}}, .folded = true},
        {"control characters are quoted", false, {{"a\n", NULL}, {"a\n", "\"a\\x0a\" is the name"}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        sequence_run(&rows[i]);
    }
}

/* A name that begins with many others remembers them all. */
static void many_names_begin_each_other(void **state) {
    (void)state;
    struct hw_transfer_names names = {0};
    struct hw_error err = HW_ERROR_INIT;
    char name[256] = "";
    for (size_t i = 0; i < 200; i++) {
        name[i] = 'x';
        assert_ok(hw_transfer_names_add(&names, name, &err), err);
    }
    assert_int_equal(names.lengths_count, 200);
    assert_int_equal(hw_transfer_names_add(&names, "x/", &err), HW_EUNSUPPORTED);
    assert_ok(hw_transfer_names_add(&names, "y", &err), err);
    assert_int_equal(names.lengths_count, 1);
    hw_transfer_names_release(&names);
}

/* The memory of one listing does not grow with it. */
static void one_listing_keeps_no_names(void **state) {
    (void)state;
    struct hw_transfer_names names = {0};
    struct hw_error err = HW_ERROR_INIT;
    char name[32];
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(name, sizeof(name), "d/%06u", i);
        assert_ok(hw_transfer_names_add(&names, name, &err), err);
    }
    assert_int_equal(names.seen.slots_count, 0);
    assert_true(names.lengths_capacity < 100);
    hw_transfer_names_release(&names);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 10; allowed++) {
        struct hw_transfer_names names = {0};
        struct alloc_fault fault;
        alloc_fault_begin(&fault, allowed);
        status = hw_transfer_names_add(&names, "a", NULL);
        hw_transfer_names_release(&names);
        alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_int_equal(allowed, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_cannot_be_together_are_refused),
        cmocka_unit_test(many_names_begin_each_other),
        cmocka_unit_test(one_listing_keeps_no_names),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("transfer/names", tests, NULL, NULL);
}
