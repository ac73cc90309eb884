/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_memory.h"

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/batch.h"

static bool schema_freed;

static void schema_free(struct hw_owner *owner) {
    (void)owner;
    schema_freed = true;
}

static void it_lives_as_long_as_its_last_reference_and_keeps_the_schema(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_owner schema;
    struct hw_batch_memory *memory;
    schema_freed = false;
    hw_owner_init(&schema, schema_free);
    assert_ok(hw_batch_memory_new(&schema, NULL, &memory, &err), err);
    hw_owner_drop(&schema);
    const uint8_t *bits = hw_batch_memory_alloc(memory, 3);
    for (size_t i = 0; i < 3 + HW_BATCH_PADDING; i++) {
        assert_int_equal(bits[i], 0);
    }
    struct hw_owner *owner = hw_batch_memory_owner(memory);
    hw_owner_retain(owner);
    hw_owner_drop(owner);
    assert_false(schema_freed);
    hw_owner_drop(owner);
    assert_true(schema_freed);
}

static void a_buffer_moves_with_its_bytes(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_owner schema;
    struct hw_batch_memory *memory;
    const void *moved[2];
    hw_owner_init(&schema, schema_free);
    assert_ok(hw_batch_memory_new(&schema, NULL, &memory, &err), err);
    struct hw_buf buf = {0};
    struct hw_buf empty = {0};
    assert_ok(hw_buf_append_text(&buf, "salt", &err), err);
    const void *bytes = buf.data;
    assert_ok(hw_batch_memory_move(memory, &buf, &moved[0], &err), err);
    assert_ok(hw_batch_memory_move(memory, &empty, &moved[1], &err), err);
    assert_true(moved[0] == bytes || memcmp(moved[0], "salt", 4) == 0);
    assert_null(buf.data);
    assert_non_null(moved[1]);
    for (size_t i = 0; i < HW_BATCH_PADDING; i++) {
        assert_int_equal(((const uint8_t *)moved[0])[4 + i], 0);
    }
    hw_batch_memory_free(memory);
    hw_owner_drop(&schema);
}

/* A batch that goes gives its memory to the next one, and keeps the spare memory until then. */
static void memory_goes_from_batch_to_batch(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_owner schema;
    struct hw_spare_blocks *spare;
    struct hw_batch_memory *memory;
    struct hw_buf buf = {0};
    const void *first;
    const void *second;
    hw_owner_init(&schema, schema_free);
    assert_ok(hw_spare_blocks_new(HW_KIB(1), &spare, &err), err);
    assert_ok(hw_batch_memory_new(&schema, spare, &memory, &err), err);
    assert_ok(hw_buf_append_text(&buf, "salt", &err), err);
    assert_ok(hw_batch_memory_exchange(memory, &buf, &first, &err), err);
    assert_null(buf.data); /* no batch was there before */
    hw_owner_drop(hw_batch_memory_owner(memory));
    assert_ok(hw_batch_memory_new(&schema, spare, &memory, &err), err);
    hw_owner_drop(hw_spare_blocks_owner(spare));
    assert_ok(hw_buf_append_text(&buf, "sand", &err), err);
    assert_ok(hw_batch_memory_exchange(memory, &buf, &second, &err), err);
    assert_ptr_equal(buf.data, first);
    assert_int_equal(buf.size, 0);
    assert_memory_equal(second, "sand", 4);
    hw_buf_release(&buf);
    hw_batch_memory_free(memory);
    hw_owner_drop(&schema);
}

static void what_is_too_large_is_not_there(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_owner schema;
    struct hw_batch_memory *memory;
    hw_owner_init(&schema, schema_free);
    assert_ok(hw_batch_memory_new(&schema, NULL, &memory, &err), err);
    assert_null(hw_batch_memory_alloc(memory, SIZE_MAX - 8));
    hw_batch_memory_free(memory);
    hw_batch_memory_free(NULL);
    hw_owner_drop(&schema);
}

static enum hw_status made(size_t successes, bool *out_fired) {
    struct alloc_fault fault;
    struct hw_owner schema;
    struct hw_batch_memory *memory;
    struct hw_buf buf = {0};
    const void *moved;
    hw_owner_init(&schema, schema_free);
    alloc_fault_begin(&fault, successes);
    enum hw_status status = hw_batch_memory_new(&schema, NULL, &memory, NULL);
    if (status == HW_OK) {
        status = hw_batch_memory_alloc(memory, 100) ? HW_OK : HW_ENOMEM;
        status = status ? status : hw_buf_append_text(&buf, "salt", NULL);
        status = status ? status : hw_batch_memory_move(memory, &buf, &moved, NULL);
        assert_null(buf.data);
        hw_batch_memory_free(memory);
    }
    *out_fired = alloc_fault_end(&fault);
    assert_int_equal(atomic_load(&schema.references), 1);
    return status;
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        const enum hw_status status = made(failures, &fired);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lives_as_long_as_its_last_reference_and_keeps_the_schema),
        cmocka_unit_test(a_buffer_moves_with_its_bytes),
        cmocka_unit_test(memory_goes_from_batch_to_batch),
        cmocka_unit_test(what_is_too_large_is_not_there),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("table/batch_memory", tests, NULL, NULL);
}
