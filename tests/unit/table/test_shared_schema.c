/* SPDX-License-Identifier: Apache-2.0 */
#include "table/shared_schema.h"

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/schema.h"

/* Names and metadata lie in memory that is written over before the copy is read. */
static void a_copy_lives_until_its_last_reference(void **state) {
    (void)state;
    char name[] = "price", key[] = "doc", value[] = "in cents";
    struct hw_error err = HW_ERROR_INIT;
    struct hw_shared_schema *shared;
    const struct hw_key_value pair = {key, value, strlen(value)};
    struct hw_field field = {.name = name, .type.kind = HW_KIND_INT64, .metadata = &pair, .metadata_count = 1};
    assert_ok(hw_shared_schema_dup(&(struct hw_schema){&field, 1}, &shared, &err), err);
    memset(name, 'x', strlen(name));
    memset(key, 'x', strlen(key));
    memset(value, 'x', strlen(value));
    field.type.kind = HW_KIND_TEXT;
    hw_owner_retain(&shared->owner);
    hw_owner_drop(&shared->owner);
    assert_int_equal(shared->schema.count, 1);
    assert_string_equal(shared->schema.fields[0].name, "price");
    assert_int_equal(shared->schema.fields[0].type.kind, HW_KIND_INT64);
    assert_string_equal(hw_field_metadata(&shared->schema.fields[0], "doc")->value, "in cents");
    hw_owner_drop(&shared->owner);
}

static void a_new_one_has_no_columns(void **state) {
    (void)state;
    struct hw_shared_schema *shared = hw_shared_schema_new();
    assert_non_null(shared);
    assert_int_equal(shared->schema.count, 0);
    hw_owner_drop(&shared->owner);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    struct hw_field field = {.name = "a", .type.kind = HW_KIND_INT64};
    bool failed = true;
    size_t failures = 0;
    for (; failed; failures++) {
        struct hw_shared_schema *shared = NULL;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_shared_schema_dup(&(struct hw_schema){&field, 1}, &shared, NULL);
        if (shared) {
            hw_owner_drop(&shared->owner);
        }
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        assert_int_equal(shared == NULL, failed);
    }
    assert_true(failures > 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_lives_until_its_last_reference),
        cmocka_unit_test(a_new_one_has_no_columns),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("table/shared_schema", tests, NULL, NULL);
}
