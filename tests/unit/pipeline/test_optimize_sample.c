/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_sample.h"

#include "support/alloc_fault.h"
#include "unit/pipeline/join_desk.h"

enum { FILES_MAX = 12, SOME_ROWS = 40000 };
#ifdef HW_SANITIZED
enum { WIDE_ROWS = 60000 };
#else
enum { WIDE_ROWS = 300000 };
#endif

/* The files of a lot, opened. */
struct lot_desk {
    struct join_desk join;
    struct hw_optimize_files opened;
    struct hw_arena arena;
    struct hw_optimize_alike lot;
    bool looked_at[FILES_MAX];
};

static void lot_open(struct lot_desk *desk, struct optimize_desk *files, const char *const *keys,
                     const struct hw_optimize_options *options) {
    size_t failed;
    *desk = (struct lot_desk){.opened.count = 0};
    join_desk_open(&desk->join, files, NULL, options);
    join_desk_add_all(&desk->join, keys);
    assert_ok(hw_optimize_files_open(&desk->opened, desk->join.sources, desk->join.count, HW_MIB(16), &failed,
                                     &desk->join.err),
              desk->join.err);
    assert_ok(hw_optimize_alike_all(desk->opened.files, desk->opened.count, true, &desk->arena, &desk->lot, &failed,
                                    &desk->join.err),
              desk->join.err);
    memset(desk->looked_at, true, sizeof(desk->looked_at));
}

static void lot_close(struct lot_desk *desk) {
    hw_arena_release(&desk->arena);
    hw_optimize_files_release(&desk->opened);
    join_desk_close(&desk->join);
}

static enum hw_status lot_sample(struct lot_desk *desk, double *out_factors, struct hw_error *err) {
    const struct hw_optimize_sample sample = {&desk->join.work, desk->join.crew, &desk->lot, desk->looked_at};
    return hw_optimize_sample_run(&sample, out_factors, err);
}

static void packed_make(struct optimize_desk *files, const char *key, size_t rows, const char *codec) {
    HW_AUTO(hw_buf) csv = {0};
    HW_AUTO(hw_buf) path = {0};
    const struct hw_convert_options options = {.compression = codec};
    optimize_csv(&csv, rows);
    assert_int_equal(hw_buf_printf(&path, NULL, "mem://%s%c", key, '\0'), HW_OK);
    desk_put_text(&files->files, "made.csv", (const char *)csv.data);
    desk_convert(&files->files, "mem://made.csv", (const char *)path.data, &options);
}

static double chunks_bytes(const struct hw_read_file *file) {
    double bytes = 0;
    for (size_t i = 0; i < file->meta.groups_count; i++) {
        for (size_t c = 0; c < file->meta.groups[i].chunks_count; c++) {
            bytes += (double)file->meta.groups[i].chunks[c].compressed;
        }
    }
    return bytes;
}

/* The factor is that of the bytes that a file then really has. */
static double factor_made(struct optimize_desk *files, const char *path, const char *key,
                          const struct hw_optimize_options *options) {
    const char *const sources[] = {path, NULL};
    struct lot_desk before, after;
    assert_ok(optimize_run(files, sources, "mem://made.parquet", options), files->err);
    lot_open(&before, files, (const char *const[]){key, NULL}, &(struct hw_optimize_options){0});
    lot_open(&after, files, (const char *const[]){"made.parquet", NULL}, &(struct hw_optimize_options){0});
    const double factor = chunks_bytes(&after.opened.files[0]) / chunks_bytes(&before.opened.files[0]);
    lot_close(&before);
    lot_close(&after);
    return factor;
}

static void assert_near(double got, double want, double part) {
    if (!(got > want * (1 - part) && got < want * (1 + part))) {
        fail_msg("%f, want %f", got, want);
    }
}

/* Files of one codec have one factor, and those of another one have theirs. */
static void factors_are_those_of_the_outputs(void **state) {
    (void)state;
    static const char *const keys[] = {"plain.parquet", "packed.parquet", "plain2.parquet", NULL};
    const struct hw_optimize_options force = {.force = true};
    struct optimize_desk files;
    struct lot_desk desk;
    double factors[3];
    optimize_desk_init(&files);
    packed_make(&files, keys[0], SOME_ROWS, "none");
    packed_make(&files, keys[1], SOME_ROWS, "zstd");
    packed_make(&files, keys[2], SOME_ROWS, "none");
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){0});
    assert_ok(lot_sample(&desk, factors, &desk.join.err), desk.join.err);
    assert_true(factors[0] == factors[2]);
    assert_true(factors[0] < 0.5 * factors[1]);
    assert_near(factors[1], factor_made(&files, "mem://packed.parquet", keys[1], &force), 0.05);
    /* Rows of both files, which are the same, are encoded together. */
    assert_near(factors[0], factor_made(&files, "mem://plain.parquet", keys[0], &force), 0.3);
    /* Files that are not looked at count as they are, and the others by themselves. */
    desk.looked_at[0] = desk.looked_at[1] = false;
    assert_ok(lot_sample(&desk, factors, &desk.join.err), desk.join.err);
    assert_true(factors[0] == 1 && factors[1] == 1);
    assert_near(factors[2], factor_made(&files, "mem://plain2.parquet", keys[2], &force), 0.05);
    lot_close(&desk);
    optimize_desk_release(&files);
}

static void factors_may_be_above_one(void **state) {
    (void)state;
    static const char *const keys[] = {"packed.parquet", NULL};
    const struct hw_optimize_options plain = {.force = true, .compression = "none"};
    struct optimize_desk files;
    struct lot_desk desk;
    double factor;
    optimize_desk_init(&files);
    packed_make(&files, keys[0], OPTIMIZE_ROWS, "zstd");
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){0});
    desk.join.work.write.codec = HW_CODEC_NONE;
    assert_ok(lot_sample(&desk, &factor, &desk.join.err), desk.join.err);
    assert_true(factor > 1.1);
    assert_near(factor, factor_made(&files, "mem://packed.parquet", keys[0], &plain), 0.05);
    lot_close(&desk);
    optimize_desk_release(&files);
}

/* Of many rows some are taken, and the bytes are still about those of all of them. */
static void some_rows_stand_for_all(void **state) {
    (void)state;
    static const char *const keys[] = {"wide.parquet", NULL};
    double factors[2];
    struct optimize_desk files;
    optimize_desk_init(&files);
    packed_make(&files, keys[0], WIDE_ROWS, "none");
    for (size_t i = 0; i < COUNT_OF(factors); i++) {
        const struct hw_optimize_options options = {.threads = i == 0 ? 1 : 5, .row_group_rows = 5000};
        struct lot_desk desk;
        lot_open(&desk, &files, keys, &options);
        assert_ok(lot_sample(&desk, &factors[i], &desk.join.err), desk.join.err);
        lot_close(&desk);
    }
    assert_true(factors[0] == factors[1]);
    const struct hw_optimize_options options = {.row_group_rows = 5000};
    assert_near(factors[0], factor_made(&files, "mem://wide.parquet", keys[0], &options), 0.1);
    optimize_desk_release(&files);
}

static void files_without_rows_stay_as_they_are(void **state) {
    (void)state;
    static const char *const keys[] = {"empty.parquet", NULL};
    struct optimize_desk files;
    struct lot_desk desk;
    double factor = 0;
    optimize_desk_init(&files);
    packed_make(&files, keys[0], 0, "none");
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){0});
    assert_ok(lot_sample(&desk, &factor, &desk.join.err), desk.join.err);
    assert_true(factor == 1);
    lot_close(&desk);
    optimize_desk_release(&files);
}

/* More codecs than are told apart: all files get a factor, and none is forgotten. */
static void files_of_many_kinds_get_a_factor_each(void **state) {
    (void)state;
    static const char *const codecs[] = {"none", "snappy", "zstd", "gzip", "lz4_raw", "brotli"};
    static const char *const keys[] = {"0.parquet", "1.parquet", "2.parquet", "3.parquet", "4.parquet", "5.parquet",
                                       "6.parquet", "7.parquet", "8.parquet", "9.parquet", "x.parquet", NULL};
    struct optimize_desk files;
    struct lot_desk desk;
    double factors[FILES_MAX] = {0};
    optimize_desk_init(&files);
    for (size_t i = 0; keys[i]; i++) {
        /* Few rows have other encodings than many. */
        packed_make(&files, keys[i], i < COUNT_OF(codecs) ? OPTIMIZE_ROWS : 20, codecs[i % COUNT_OF(codecs)]);
    }
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){0});
    assert_ok(lot_sample(&desk, factors, &desk.join.err), desk.join.err);
    for (size_t i = 0; keys[i]; i++) {
        assert_true(factors[i] > 0.01 && factors[i] < 4);
    }
    lot_close(&desk);
    optimize_desk_release(&files);
}

static void what_cannot_be_read_is_told(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", "spoilt.parquet", NULL};
    struct optimize_desk files;
    struct lot_desk desk;
    double factors[2];
    optimize_desk_fill(&files);
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){0});
    assert_int_equal(lot_sample(&desk, factors, &desk.join.err), HW_EDATA);
    assert_row_says("spoilt", desk.join.err.message, "row group 0");
    desk.looked_at[1] = false;
    assert_ok(lot_sample(&desk, factors, &desk.join.err), desk.join.err);
    lot_close(&desk);
    optimize_desk_release(&files);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const char *const keys[] = {"lake/c.pq", NULL};
    struct optimize_desk files;
    struct lot_desk desk;
    size_t failures = 0;
    double factor;
    optimize_desk_fill(&files);
    lot_open(&desk, &files, keys, &(struct hw_optimize_options){.threads = 1});
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = lot_sample(&desk, &factor, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 20);
    lot_close(&desk);
    optimize_desk_release(&files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_those_of_the_outputs),
        cmocka_unit_test(factors_may_be_above_one),
        cmocka_unit_test(some_rows_stand_for_all),
        cmocka_unit_test(files_without_rows_stay_as_they_are),
        cmocka_unit_test(files_of_many_kinds_get_a_factor_each),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_sample", tests, NULL, NULL);
}
