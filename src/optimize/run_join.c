/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/run_join.h"

#include <pthread.h>

#include "core/alloc.h"

/* A run that is made. */
struct joining {
    const struct hw_run_join *join;
    struct hw_run_order order;
    struct hw_sort_run run;
    struct hw_run_rows_bench *benches;
    struct {
        pthread_mutex_t lock;
        size_t next;
        enum hw_status status;
        struct hw_error error;
    } synced;
};

static hw_crew_work columns_do;

static enum hw_status join_do(struct joining *joining, struct hw_error *err) {
    const struct hw_run_join *join = joining->join;
    const struct hw_sort_run_options *options = join->options;
    const struct hw_run_order_options order = {
        .runs = join->runs,
        .runs_count = join->runs_count,
        .columns = options->columns_count,
        .from = join->from,
        .to = join->to,
        .block_bytes = options->block_bytes,
        .cancelled = options->cancelled,
        .ctx = options->ctx,
    };
    joining->benches = hw_alloc_zero(options->threads, sizeof(*joining->benches));
    if (!joining->benches) {
        return hw_fail_nomem(err, options->threads * sizeof(*joining->benches));
    }
    HW_TRY(hw_run_order_make(&joining->order, &order, err));
    HW_TRY(hw_sort_run_init(&joining->run, options->columns, options->columns_count, err));
    hw_crew_run(options->crew, options->threads, columns_do, joining);
    joining->run.rows = joining->order.rows.rows;
    return joining->synced.status ? hw_error_pass(err, joining->synced.status, &joining->synced.error) : HW_OK;
}

enum hw_status hw_run_join(const struct hw_run_join *join, struct hw_sort_run *out_run, struct hw_error *err) {
    struct joining joining = {.join = join};
    pthread_mutex_init(&joining.synced.lock, NULL);
    const enum hw_status status = join_do(&joining, err);
    if (status == HW_OK) {
        *out_run = joining.run;
        joining.run = (struct hw_sort_run){0};
    }
    hw_sort_run_release(&joining.run, join->options->columns_count);
    hw_run_order_release(&joining.order);
    for (size_t i = 0; joining.benches && i < join->options->threads; i++) {
        hw_run_rows_bench_release(&joining.benches[i]);
    }
    hw_free(joining.benches);
    pthread_mutex_destroy(&joining.synced.lock);
    return status;
}

/* ------ columns */

static enum hw_status column_do(struct joining *joining, size_t column, struct hw_run_rows_bench *bench,
                                struct hw_error *err);

/* Takes the next column. False where there is none, or one has failed. */
static bool column_take(struct joining *joining, size_t *out_column) {
    pthread_mutex_lock(&joining->synced.lock);
    const size_t count = joining->join->options->columns_count + HW_RUN_HIDDEN;
    const bool takes = joining->synced.next < count && !joining->synced.status;
    *out_column = joining->synced.next;
    joining->synced.next += takes;
    pthread_mutex_unlock(&joining->synced.lock);
    return takes;
}

static void columns_do(void *ctx, size_t member, size_t thread) {
    struct joining *joining = ctx;
    size_t column;
    (void)thread;
    while (column_take(joining, &column)) {
        struct hw_error error = HW_ERROR_INIT;
        const enum hw_status status = column_do(joining, column, &joining->benches[member], &error);
        pthread_mutex_lock(&joining->synced.lock);
        if (status && !joining->synced.status) {
            joining->synced.status = status;
            joining->synced.error = error;
        }
        pthread_mutex_unlock(&joining->synced.lock);
    }
}

static enum hw_status column_do(struct joining *joining, size_t column, struct hw_run_rows_bench *bench,
                                struct hw_error *err) {
    const struct hw_run_join *join = joining->join;
    const struct hw_sort_run_options *options = join->options;
    struct hw_run_rows rows = {
        .runs = join->runs,
        .runs_count = join->runs_count,
        .column = column,
        .order = &joining->order,
        .from = join->from,
        .order_from = join->to,
        .bench = bench,
        .left = joining->order.rows.rows,
    };
    HW_TRY(hw_run_rows_begin(&rows, 0, 0, err));
    while (rows.left > 0) {
        if (options->cancelled && options->cancelled(options->ctx)) {
            return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
        }
        HW_TRY(hw_run_rows_next(&rows, SIZE_MAX, options->block_bytes, err));
        HW_TRY(hw_spilled_column_add(&joining->run.columns[column], join->to, &bench->rows, &bench->spill, err));
    }
    return HW_OK;
}
