/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A conversion of a fake reader to fake formats in a folder, without hw_convert: what a worker and
 * its table need.
 */
#ifndef HW_TESTS_FAKE_RUN_H
#define HW_TESTS_FAKE_RUN_H

#include "fake_format.h"
#include "fake_reader.h"
#include "pipeline/worker.h"
#include "store/store_file.h"
#include "support/corpus.h"
#include "support/scratch.h"

enum { FAKE_WORK_BYTES = 1 << 30 };

struct fake_run {
    struct scratch scratch;
    struct hw_convert_options options;
    struct hw_run_context context;
    struct hw_output_format formats[2];
    struct hw_output_plan output_plan;
    char rejects_key[32];
    struct fake_reader reader;
    struct hw_conversion conversion;
    atomic_size_t wakes;
    size_t warnings;
    char warning[512];
    atomic_bool cancelled;
};

static inline bool fake_run_cancelled(const struct hw_run_context *context) {
    return ((const struct fake_run *)context->ctx)->cancelled;
}

static inline void fake_run_wake(void *ctx) {
    atomic_fetch_add(&((struct fake_run *)ctx)->wakes, 1);
}

static inline void fake_run_warn(void *ctx, const struct hw_error *warning) {
    struct fake_run *run = ctx;
    run->warnings++;
    memcpy(run->warning, warning->message, sizeof(run->warning));
}

/*
 * One format, "out/t.fake", and "out/t.rejects.jsonl". What may be set is set between this and
 * fake_run_begin.
 */
static inline void fake_run_open(struct fake_run *run) {
    struct hw_error err = HW_ERROR_INIT;
    *run = (struct fake_run){.scratch = scratch_make(), .rejects_key = "out/t.rejects.jsonl"};
    *fake_format_script() = (struct fake_format_script){0};
    run->formats[0] = run->formats[1] = fake_format(1 << 20);
    run->output_plan = (struct hw_output_plan){
        .formats = {&run->formats[0], &run->formats[1]},
        .names = {{"out/", "t", ".fake"}, {"out/", "t", ".second"}},
        .rejects_key = run->rejects_key,
        .rejects_expected = true,
        .rejects_ours = true,
        .count = 1,
    };
    run->output_plan.fresh[0] = run->output_plan.fresh[1] = true;
    assert_ok(hw_store_file_open(run->scratch.folder, NULL, &run->output_plan.store, &err), err);
    run->options.csv.bad_rows_reject = true;
    run->context = (struct hw_run_context){
        .options = &run->options,
        .settings = {.work_bytes = FAKE_WORK_BYTES,
                     .worker_bytes = 1 << 20,
                     .piece_bytes = 1 << 20,
                     /* with half of a page of one column */
                     .large_piece_bytes_max = (2 << 20) + (16 << 10),
                     .group_bytes = 1 << 20},
        .warn = {fake_run_warn, run},
        .cancelled = fake_run_cancelled,
        .wake = fake_run_wake,
        .wake_ctx = run,
        .ctx = run,
    };
    hw_budget_init(&run->context.queue, 1 << 20);
    hw_budget_init(&run->context.work, FAKE_WORK_BYTES);
    hw_budget_init(&run->context.alone, 1);
}

/* Everything that was lent was given back, and nothing that was made is left. */
static inline void fake_run_close(struct fake_run *run) {
    hw_conversion_release(&run->conversion);
    assert_int_equal(hw_budget_held(&run->context.queue), 0);
    assert_int_equal(hw_budget_held(&run->context.work), 0);
    assert_int_equal(hw_budget_held(&run->context.alone), 0);
    assert_int_equal(run->reader.cursors, 0);
    assert_int_equal(run->reader.results, 0);
    assert_int_equal(fake_format_script()->encoders, 0);
    assert_int_equal(fake_format_script()->pieces, 0);
    hw_budget_release(&run->context.queue);
    hw_budget_release(&run->context.work);
    hw_budget_release(&run->context.alone);
    run->output_plan.store->ops->close(run->output_plan.store);
    scratch_remove(&run->scratch);
}

static inline enum hw_status fake_run_begin(struct fake_run *run, struct hw_error *err) {
    HW_TRY(hw_conversion_open(&run->conversion, &run->context, &run->reader.base, err));
    return hw_conversion_begin(&run->conversion, &run->output_plan, err);
}

/* Claims parts and works on them, one after the other, until none is left. */
static inline void fake_run_work(struct fake_run *run) {
    struct hw_queue_claim claim;
    while (hw_conversion_claim(&run->conversion, &claim)) {
        hw_worker_run(&run->conversion, &claim);
    }
    assert_true(hw_queue_over(&run->conversion.queue));
}

/* Fails unless a file of the folder is that text; NULL: unless there is none. */
static inline void fake_run_holds(const char *row, const struct fake_run *run, const char *name, const char *want) {
    HW_AUTO(hw_buf) text = {0};
    const bool there = corpus_read(scratch_path(&run->scratch, name), &text);
    assert_row_int(row, there, want != NULL);
    if (want) {
        assert_int_equal(hw_buf_append(&text, "", 1, NULL), HW_OK);
        assert_row_text(row, (const char *)text.data, want);
    }
}

/* Publishes the outputs and compares them. */
static inline void fake_run_publish(const char *row, struct fake_run *run, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_outputs_close(&run->conversion.outputs, &err), err);
    assert_ok(hw_outputs_publish(&run->conversion.outputs, &err), err);
    fake_run_holds(row, run, "out/t.fake", want);
}

#endif
