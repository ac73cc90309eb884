/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are put aside: when, how they come back, and what is told where that fails. */
#include "pipeline/partition_spill.h"

#include <errno.h>
#include <stdio.h>

#include "core/limits.h"
#include "support/faulty_io.h"
#include "support/rows.h"

static struct hw_field field = {.name = "k", .type = {.kind = HW_KIND_INT64}};
static const struct hw_schema schema = {&field, 1};

/* Outputs that only number partitions. */
struct desk {
    struct hw_output_plan output_plan;
    struct hw_outputs outputs;
    struct hw_partition_spill spill;
};

static void desk_open(struct desk *desk) {
    *desk = (struct desk){.output_plan = {.partitioned = true}};
    desk->outputs.output_plan = &desk->output_plan;
}

static void desk_close(struct desk *desk) {
    hw_intern_release(&desk->outputs.partitions);
    hw_partition_spill_release(&desk->spill);
    assert_int_equal(hw_partition_spill_way(&desk->spill), HW_PARTITION_UNCHOSEN);
}

/* Appends a chunk of the numbers from `first` on to those that are written next. */
static void chunk_append(struct hw_buf *chunks, const char *partition, int64_t first, size_t rows) {
    int64_t values[100];
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_column column = {.values = values, .length = rows};
    assert_true(rows <= COUNT_OF(values));
    for (size_t i = 0; i < rows; i++) {
        values[i] = first + (int64_t)i;
    }
    assert_ok(hw_partition_chunk_append(chunks, partition, &(struct hw_batch){&schema, rows, &column}, &err), err);
}

static void few_rows_of_each_are_put_aside(void **state) {
    (void)state;
    static struct hw_field list = {.name = "l", .type = {.kind = HW_KIND_LIST}};
    static const struct hw_schema lists = {&list, 1};
    static const struct {
        const char *name;
        const struct hw_schema *schema;
        struct hw_partition_sample sample;
        enum hw_partition_way want;
    } rows[] = {
        {"few rows of each", &schema, {1 << 20, 1000, 64 << 20, false}, HW_PARTITION_SPILL},
        {"they are all there is", &schema, {1 << 20, 1000, 64 << 20, true}, HW_PARTITION_ENCODE},
        {"many rows of each", &schema, {1 << 20, 4, 64 << 20, false}, HW_PARTITION_ENCODE},
        {"just too few", &schema, {(1 << 20) - 4, 4, 64 << 20, false}, HW_PARTITION_SPILL},
        {"as many as a small row group", &schema, {1 << 20, 1000, 1000, false}, HW_PARTITION_ENCODE},
        {"no partition", &schema, {0, 0, 64 << 20, false}, HW_PARTITION_SPILL},
        {"rows without a form of bytes", &lists, {1 << 20, 1000, 64 << 20, false}, HW_PARTITION_ENCODE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        hw_partition_spill_choose(&desk.spill, rows[i].schema, &rows[i].sample);
        assert_row_int(rows[i].name, hw_partition_spill_way(&desk.spill), rows[i].want);
        desk_close(&desk);
    }
}

/* Reads all rows of a partition as text, with a bar behind each chunk. */
static void partition_read(const struct desk *desk, uint32_t partition, char *out, size_t size) {
    HW_AUTO(hw_buf) chunks = {0};
    HW_AUTO(hw_buf) scratch = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t used = 0;
    out[0] = '\0';
    assert_ok(hw_partition_spill_chunks(&desk->spill, partition, &chunks, &err), err);
    for (size_t at = 0; at < chunks.size; at += sizeof(struct hw_partition_chunk)) {
        struct hw_partition_chunk chunk;
        struct hw_column column;
        struct hw_batch batch;
        memcpy(&chunk, chunks.data + at, sizeof(chunk));
        assert_ok(hw_partition_spill_read(&desk->spill, &chunk, &schema, &scratch, &column, &batch, &err), err);
        for (size_t row = 0; row < batch.rows; row++) {
            const int64_t value = ((const int64_t *)batch.columns[0].values)[row];
            used += (size_t)snprintf(out + used, size - used, "%" PRIi64 " ", value);
        }
        used += (size_t)snprintf(out + used, size - used, "|");
    }
}

static void rows_come_back_in_order(void **state) {
    (void)state;
    static const char *const want[] = {"1 2 3 |4 |30 |", "10 |11 12 |", "20 |"};
    HW_AUTO(hw_buf) chunks = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    char text[100];
    desk_open(&desk);
    const int files = open_files();
    chunk_append(&chunks, "k=a/", 1, 3);
    chunk_append(&chunks, "k=longer than that/", 10, 1);
    chunk_append(&chunks, "k=a/", 4, 1);
    assert_ok(hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err), err);
    hw_buf_clear(&chunks);
    chunk_append(&chunks, "k=/", 20, 1);
    chunk_append(&chunks, "k=longer than that/", 11, 2);
    assert_ok(hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err), err);
    hw_buf_clear(&chunks);
    chunk_append(&chunks, "k=a/", 30, 1);
    assert_ok(hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err), err);
    assert_int_equal(open_files(), files + 1);
    assert_int_equal(hw_partition_spill_count(&desk.spill), COUNT_OF(want));
    for (uint32_t i = 0; i < COUNT_OF(want); i++) {
        partition_read(&desk, i, text, sizeof(text));
        assert_string_equal(text, want[i]);
    }
    assert_string_equal(hw_outputs_partition_path(&desk.outputs, 2), "k=/");
    desk_close(&desk);
    assert_int_equal(open_files(), files);
}

/* A group ends where it has 4 MiB, or 256 partitions. */
static void partitions_are_divided_in_groups(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t partitions;
        size_t chunks; /* of each, of about 900 bytes */
        size_t groups;
        uint32_t first_end;
    } rows[] = {
        {"one", 1, 1, 1, 1},           {"few small ones", 256, 1, 1, 256},         {"many small ones", 257, 1, 2, 256},
        {"large ones", 3, 6000, 3, 1}, {"larger and smaller ones", 5, 3000, 3, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) chunks = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        uint32_t first, end, before = 0;
        desk_open(&desk);
        for (size_t k = 0; k < rows[i].partitions * rows[i].chunks; k++) {
            char path[32];
            snprintf(path, sizeof(path), "k=%zu/", k % rows[i].partitions);
            chunk_append(&chunks, path, 0, rows[i].chunks > 1 ? 100 : 1);
        }
        assert_ok(hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err), err);
        assert_ok(hw_partition_spill_divide(&desk.spill, &err), err);
        assert_row_int(rows[i].name, hw_partition_spill_groups(&desk.spill), rows[i].groups);
        for (size_t k = 0; k < rows[i].groups; k++, before = end) {
            hw_partition_spill_group(&desk.spill, k, &first, &end);
            assert_row_int(rows[i].name, first, before);
            assert_row_int(rows[i].name, k > 0 || end == rows[i].first_end, true);
        }
        assert_row_int(rows[i].name, before, rows[i].partitions);
        desk_close(&desk);
    }
}

static void the_temporary_file_is_named(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int fault;
        const char *says;
    } rows[] = {
        {"it cannot be made", IO_OPENAT, EACCES, "cannot make a temporary file in "},
        {"the disk is full", IO_PWRITE, ENOSPC, "(TMPDIR names another folder)"},
        {"it cannot be read", IO_PREAD, EIO, "(TMPDIR names another folder)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) chunks = {0};
        HW_AUTO(hw_buf) places = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        desk_open(&desk);
        const int files = open_files();
        chunk_append(&chunks, "k=a/", 1, 3);
        faulty_io_start(rows[i].call, 1, rows[i].fault);
        enum hw_status status = hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err);
        status = status == HW_OK ? hw_partition_spill_chunks(&desk.spill, 0, &places, &err) : status;
        faulty_io_stop();
        assert_row_int(rows[i].name, status, HW_EIO);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        desk_close(&desk);
        assert_row_int(rows[i].name, open_files(), files);
    }
}

static void there_may_be_so_many_partitions(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk);
    for (unsigned first = 0; first <= HW_PARTITIONS_MAX; first += 1000) {
        HW_AUTO(hw_buf) chunks = {0};
        for (unsigned i = first; i < first + 1000; i++) {
            char path[32];
            snprintf(path, sizeof(path), "k=%u/", i);
            chunk_append(&chunks, path, 0, 1);
        }
        const enum hw_status status = hw_partition_spill_write(&desk.spill, &desk.outputs, &chunks, &err);
        assert_int_equal(status, first < HW_PARTITIONS_MAX ? HW_OK : HW_ELIMIT);
    }
    assert_non_null(strstr(err.message, "more than 100000 partitions"));
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_rows_of_each_are_put_aside),   cmocka_unit_test(rows_come_back_in_order),
        cmocka_unit_test(partitions_are_divided_in_groups), cmocka_unit_test(the_temporary_file_is_named),
        cmocka_unit_test(there_may_be_so_many_partitions),
    };
    return cmocka_run_group_tests_name("pipeline/partition_spill", tests, NULL, NULL);
}
