/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/decode_task.h"

#include "avro/schema_read.h"
#include "avro/table_schema.h"
#include "core/limits.h"
#include "support/rows.h"

struct task_fixture {
    struct hw_avro_head head;
    struct hw_shared_schema *schema;
    struct hw_avro_program program;
    struct hw_avro_task_options options;
    struct hw_avro_task task;
};

/* A task for a file of longs in blocks that are not compressed. */
static void fixture_begin(struct task_fixture *fixture, struct hw_avro_batch_size batch) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_schema table;
    HW_AUTO(hw_arena) arena = {0};
    *fixture = (struct task_fixture){0};
    assert_ok(hw_avro_schema_read(&fixture->head.schema, HW_VIEW("\"long\""), &err), err);
    const struct hw_avro_type *root = fixture->head.schema.root;
    assert_ok(hw_avro_table_schema(root, &arena, &table, &err), err);
    assert_ok(hw_shared_schema_dup(&table, &fixture->schema, &err), err);
    assert_ok(hw_avro_program_make(&fixture->program, root, root, &fixture->schema->schema, &err), err);
    fixture->options = (struct hw_avro_task_options){
        .head = &fixture->head,
        .program = &fixture->program,
        .schema = fixture->schema,
        .batch = batch,
        .unpacked_bytes_shared = HW_MIB(1),
        .unpacked_bytes_max = HW_MIB(1),
        .held_bytes_shared = HW_MIB(1),
        .held_bytes_max = HW_MIB(1),
        .rows_end = UINT64_MAX,
    };
    assert_ok(hw_avro_task_init(&fixture->task, &fixture->options, &err), err);
}

static void fixture_end(struct task_fixture *fixture) {
    hw_avro_task_release(&fixture->task);
    hw_avro_program_release(&fixture->program);
    hw_owner_drop(&fixture->schema->owner);
    hw_avro_schema_tree_release(&fixture->head.schema);
}

static void block_add(struct hw_avro_task *task, uint64_t first_row, uint64_t count, hw_view bytes) {
    struct hw_avro_stored *block;
    assert_int_equal(hw_avro_task_block(task, &block, NULL), HW_OK);
    block->number = task->blocks_count;
    block->first_row = first_row;
    block->count = count;
    hw_buf_clear(&block->data);
    assert_int_equal(hw_buf_append(&block->data, bytes.data, bytes.size, NULL), HW_OK);
    assert_int_equal(hw_buf_reserve(&block->data, HW_AVRO_BLOCK_ROOM, NULL), HW_OK);
    hw_avro_task_block_add(task);
}

/* Returns the sum of the values of the next batch, or -1 where there is none. */
static int64_t batch_sum(struct hw_avro_task *task, size_t rows) {
    struct hw_batch batch;
    int64_t sum = 0;
    if (!hw_avro_task_take(task, &batch)) {
        return -1;
    }
    assert_int_equal(batch.rows, rows);
    for (size_t i = 0; i < batch.rows; i++) {
        sum += ((const int64_t *)batch.columns[0].values)[i];
    }
    hw_batch_release(&batch);
    return sum;
}

static void a_task_waits_with_two_batches(void **state) {
    (void)state;
    struct task_fixture fixture;
    fixture_begin(&fixture, (struct hw_avro_batch_size){2, HW_MIB(1)});
    block_add(&fixture.task, 10, 3, HW_VIEW("\x02\x04\x06"));
    block_add(&fixture.task, 13, 3, HW_VIEW("\x08\x0a\x0c"));
    hw_avro_task_run(&fixture.task, false);
    assert_false(fixture.task.ended);
    assert_int_equal(batch_sum(&fixture.task, 2), 1 + 2);
    assert_int_equal(batch_sum(&fixture.task, 2), 3 + 4);
    assert_int_equal(batch_sum(&fixture.task, 0), -1);
    hw_avro_task_run(&fixture.task, false);
    assert_true(fixture.task.ended);
    assert_int_equal(batch_sum(&fixture.task, 2), 5 + 6);
    assert_int_equal(fixture.task.status, HW_OK);
    /* It can be used again. */
    hw_avro_task_clear(&fixture.task);
    block_add(&fixture.task, 0, 1, HW_VIEW("\x10"));
    hw_avro_task_run(&fixture.task, false);
    assert_int_equal(batch_sum(&fixture.task, 1), 8);
    fixture_end(&fixture);
}

static void rows_that_are_not_wanted_are_left_out(void **state) {
    (void)state;
    struct task_fixture fixture;
    fixture_begin(&fixture, (struct hw_avro_batch_size){100, HW_MIB(1)});
    fixture.options.rows_begin = 11;
    fixture.options.rows_end = 14;
    block_add(&fixture.task, 10, 3, HW_VIEW("\x02\x04\x06"));
    block_add(&fixture.task, 13, 3, HW_VIEW("\x08\x0a\x0c"));
    hw_avro_task_run(&fixture.task, false);
    assert_int_equal(batch_sum(&fixture.task, 3), 2 + 3 + 4);
    fixture_end(&fixture);
}

/* A block fails behind others whose rows wait for a batch. */
static void rows_of_blocks_before_an_error_come_first(void **state) {
    (void)state;
    static const uint64_t row = 7;
    for (size_t batch = 1; batch < 9; batch++) {
        struct task_fixture fixture;
        int64_t sum = 0;
        size_t rows = 0;
        fixture_begin(&fixture, (struct hw_avro_batch_size){batch, HW_MIB(1)});
        block_add(&fixture.task, row, 3, HW_VIEW("\x02\x04\x06"));
        block_add(&fixture.task, row + 3, 1, HW_VIEW("\x08"));
        block_add(&fixture.task, row + 4, 0, HW_VIEW(""));
        block_add(&fixture.task, row + 4, 2, HW_VIEW("\x0a\x80"));
        while (!fixture.task.ended) {
            struct hw_batch taken;
            hw_avro_task_run(&fixture.task, false);
            while (hw_avro_task_take(&fixture.task, &taken)) {
                for (size_t i = 0; i < taken.rows; i++, rows++) {
                    sum += ((const int64_t *)taken.columns[0].values)[i];
                }
                hw_batch_release(&taken);
            }
        }
        assert_int_equal(fixture.task.status, HW_EDATA);
        assert_int_equal(fixture.task.error.row, row + 4 + 1 + 1);
        /* Of the block that fails, a batch that was full before has a row. */
        const bool fifth = batch == 1 || batch == 5;
        assert_int_equal(rows, fifth ? 5 : 4);
        assert_int_equal(sum, 1 + 2 + 3 + 4 + (fifth ? 5 : 0));
        fixture_end(&fixture);
    }
}

static void an_error_ends_a_task(void **state) {
    (void)state;
    struct task_fixture fixture;
    fixture_begin(&fixture, (struct hw_avro_batch_size){1, HW_MIB(1)});
    block_add(&fixture.task, 10, 1, HW_VIEW("\x02"));
    block_add(&fixture.task, 11, 1, HW_VIEW("\x80"));
    hw_avro_task_run(&fixture.task, false);
    assert_true(fixture.task.ended);
    assert_int_equal(fixture.task.status, HW_EDATA);
    assert_int_equal(fixture.task.error.row, 12);
    assert_int_equal(batch_sum(&fixture.task, 1), 1);
    /* Batches that nobody takes are given back with the task. */
    fixture_end(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_waits_with_two_batches),
        cmocka_unit_test(rows_that_are_not_wanted_are_left_out),
        cmocka_unit_test(rows_of_blocks_before_an_error_come_first),
        cmocka_unit_test(an_error_ends_a_task),
    };
    return cmocka_run_group_tests_name("avro/decode_task", tests, NULL, NULL);
}
