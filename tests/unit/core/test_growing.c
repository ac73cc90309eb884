/* SPDX-License-Identifier: Apache-2.0 */
#include "core/growing.h"

#include "support/rows.h"

/* The first version of a struct, that of this library, and one of a later library. */
struct first {
    size_t size;
    uint64_t a;
    uint64_t b;
};

struct now {
    size_t size;
    uint64_t a;
    uint64_t b;
    uint64_t c;
};

struct later {
    size_t size;
    uint64_t a;
    uint64_t b;
    uint64_t c;
    uint64_t d;
};

static void programs_of_other_versions_are_understood(void **state) {
    (void)state;
    static const struct hw_growing growing = HW_GROWING(now, b);
    static const struct {
        const char *name;
        struct later given;
        uint64_t c; /* as it is understood */
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"no size: only what the first version had", {0, 1, 2, 3, 4}, 0, HW_OK, ""},
        {"the first version", {sizeof(struct first), 1, 2, 3, 4}, 0, HW_OK, ""},
        {"this version", {sizeof(struct now), 1, 2, 3, 4}, 3, HW_OK, ""},
        {"a later one that asks for nothing new", {sizeof(struct later), 1, 2, 3, 0}, 3, HW_OK, ""},
        {"a later one that asks for something new",
         {sizeof(struct later), 1, 2, 3, UINT64_C(1) << 63},
         0,
         HW_EUSAGE,
         "struct now has a member set that this version of Hawser does not know"},
        {"smaller than the first",
         {sizeof(struct first) - 1, 1, 2, 3, 4},
         0,
         HW_EUSAGE,
         "struct now says that it has 23 bytes"},
        {"never set", {SIZE_MAX, 1, 2, 3, 4}, 0, HW_EUSAGE, "struct now says that it has 18446744073709551615 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct now out = {9, 9, 9, 9};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_growing_take(&out, &rows[i].given, &growing, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        const bool taken = rows[i].want == HW_OK;
        assert_row_int(rows[i].name, out.size, taken ? sizeof(struct now) : 9);
        assert_row_int(rows[i].name, out.a, taken ? 1 : 9);
        assert_row_int(rows[i].name, out.b, taken ? 2 : 9);
        assert_row_int(rows[i].name, out.c, taken ? rows[i].c : 9);
    }
}

static void reserved_members_must_not_be_set(void **state) {
    (void)state;
    uint8_t reserved[16] = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_growing_reserved("x", reserved, sizeof(reserved), &err), err);
    for (size_t i = 0; i < sizeof(reserved); i++) {
        reserved[i] = 1;
        assert_int_equal(hw_growing_reserved("x", reserved, sizeof(reserved), &err), HW_EUSAGE);
        assert_row_says("message", err.message, "struct x has a member set");
        reserved[i] = 0;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_of_other_versions_are_understood),
        cmocka_unit_test(reserved_members_must_not_be_set),
    };
    return cmocka_run_group_tests_name("core/growing", tests, NULL, NULL);
}
