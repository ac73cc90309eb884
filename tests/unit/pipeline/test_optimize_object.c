/* SPDX-License-Identifier: Apache-2.0 */
/* One file of hw_optimize while others write, and while stores fail. */
#include "pipeline/optimize_object.h"

#include "unit/pipeline/optimize_desk.h"

static const char newer[] = "a newer version";

/* What a store does otherwise than the real one. There is one at a time. */
static struct meddling {
    struct hw_store_ops ops;
    const struct hw_store_ops *real;
    struct optimize_desk *desk;
    /* The object gets a newer version, or goes, with the call of `stat` that has this number. */
    int stat_at, stats;
    enum { NOTHING, PUT_BEFORE, PUT_BEHIND, REMOVE_BEFORE, FAIL_STAT } on_stat;
    /* The status with which sinks cannot be opened. */
    enum hw_status sink_fails;
    /* The question for cancelling, from 1, at which there is a newer version, or the call ends. */
    int asked_at, asked;
    bool cancels;
} meddling;

static enum hw_status newer_put(void) {
    return hw_memory_store_put(meddling.desk->files.store, "a.parquet", newer, sizeof(newer), NULL);
}

static enum hw_status meddling_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                    char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    const bool now = ++meddling.stats == meddling.stat_at;
    if (now && meddling.on_stat == FAIL_STAT) {
        return hw_fail(err, HW_EIO, "injected");
    }
    if (now && meddling.on_stat == PUT_BEFORE) {
        HW_TRY(newer_put());
    } else if (now && meddling.on_stat == REMOVE_BEFORE) {
        HW_TRY(store->ops->remove(store, "a.parquet", err));
    }
    HW_TRY(meddling.real->stat(store, key, out_info, out_etag, err));
    return now && meddling.on_stat == PUT_BEHIND ? newer_put() : HW_OK;
}

static enum hw_status meddling_sink(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                    struct hw_sink **out_sink, struct hw_error *err) {
    return meddling.sink_fails ? hw_fail(err, meddling.sink_fails, "injected")
                               : meddling.real->sink_open(store, key, options, out_sink, err);
}

static bool meddling_cancels(void *ctx) {
    (void)ctx;
    const bool now = ++meddling.asked == meddling.asked_at;
    if (now && !meddling.cancels) {
        assert_int_equal(newer_put(), HW_OK);
    }
    return now && meddling.cancels;
}

/* The store of a desk is one that meddles, until the end. */
static void meddling_begin(struct optimize_desk *desk, struct meddling given) {
    meddling = given;
    meddling.desk = desk;
    meddling.real = desk->files.store->ops;
    meddling.ops = *meddling.real;
    meddling.ops.stat = meddling_stat;
    meddling.ops.sink_open = meddling_sink;
    desk->files.store->ops = &meddling.ops;
}

static void meddling_end(struct optimize_desk *desk) {
    desk->files.store->ops = meddling.real;
}

static const struct {
    const char *name;
    const char *target;
    struct meddling meddling;
    struct hw_optimize_options options;
    enum hw_status want;
    const char *says;
    /* The source is the newer version afterwards, else what it was; true also where it is gone. */
    bool is_newer, is_gone;
} rows[] = {
    {"a newer version while it is read, in place",
     "mem://a.parquet",
     {.asked_at = 2},
     {0},
     HW_ECHANGED,
     "the source has changed while it was read",
     true,
     false},
    {"a newer version while it is read",
     "mem://out.parquet",
     {.asked_at = 3},
     {0},
     HW_ECHANGED,
     "the source has changed while it was read",
     true,
     false},
    {"a newer version once it was looked at, in place",
     "mem://a.parquet",
     {.stat_at = 1, .on_stat = PUT_BEHIND},
     {0},
     HW_ECHANGED,
     "has another version than the one that was to be replaced",
     true,
     false},
    {"a newer version once it was looked at is no fault elsewhere",
     "mem://out.parquet",
     {.stat_at = 1, .on_stat = PUT_BEHIND},
     {0},
     HW_OK,
     "",
     true,
     false},
    {"a newer version that force does not replace",
     "mem://a.parquet",
     {.asked_at = 1},
     {.force = true, .overwrite = HW_OVERWRITE_REPLACE},
     HW_ECHANGED,
     "the source has changed while it was read",
     true,
     false},
    {"a newer version in a dry run is no fault", NULL, {.asked_at = 1}, {.dry_run = true}, HW_OK, "", true, false},
    {"a source that goes",
     "mem://a.parquet",
     {.stat_at = 1, .on_stat = REMOVE_BEFORE},
     {0},
     HW_ENOTFOUND,
     "no such object",
     false,
     true},
    {"a store that fails",
     "mem://a.parquet",
     {.stat_at = 1, .on_stat = FAIL_STAT},
     {0},
     HW_EIO,
     "injected",
     false,
     false},
    {"a place that cannot be looked at",
     "mem://out.parquet",
     {.stat_at = 1, .on_stat = FAIL_STAT},
     {.overwrite = HW_OVERWRITE_SKIP},
     HW_EIO,
     "injected",
     false,
     false},
    {"a target that cannot be opened",
     "mem://out.parquet",
     {.sink_fails = HW_EIO},
     {0},
     HW_EIO,
     "injected",
     false,
     false},
    {"a place that cannot be looked at, and is to be free",
     "mem://out.parquet",
     {.stat_at = 1, .on_stat = FAIL_STAT},
     {.overwrite = HW_OVERWRITE_FAIL},
     HW_EIO,
     "injected",
     false,
     false},
    {"a call that is cancelled at once",
     "mem://a.parquet",
     {.cancels = true, .asked_at = 1},
     {0},
     HW_ECANCELLED,
     "stopped before it was done",
     false,
     false},
    {"a call that is cancelled late",
     "mem://out.parquet",
     {.cancels = true, .asked_at = 3},
     {0},
     HW_ECANCELLED,
     "stopped before it was done",
     false,
     false},
};

static void sources_stay_whatever_happens(void **state) {
    (void)state;
    static const char *const sources[] = {"mem://a.parquet", NULL};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optimize_desk desk;
        HW_AUTO(hw_buf) before = {0};
        struct hw_optimize_options options = rows[i].options;
        optimize_desk_init(&desk);
        optimize_make(&desk, "a.parquet", 1000, 0);
        optimize_copy(&desk, "a.parquet", &before);
        options.threads = 1;
        options.source_store.cancelled = meddling_cancels;
        meddling_begin(&desk, rows[i].meddling);
        assert_row_int(rows[i].name, optimize_run(&desk, sources, rows[i].target, &options), rows[i].want);
        meddling_end(&desk);
        assert_row_says(rows[i].name, desk.err.message, rows[i].says);
        assert_row_int(rows[i].name, optimize_size(&desk, "a.parquet") == 0, rows[i].is_gone);
        if (!rows[i].is_gone) {
            optimize_check_bytes(rows[i].name, &desk, "a.parquet",
                                 rows[i].is_newer ? (hw_view){newer, sizeof(newer)} : hw_buf_view(&before));
        }
        assert_row_int(rows[i].name, optimize_size(&desk, "out.parquet") > 0,
                       rows[i].want == HW_OK && rows[i].target != NULL);
        optimize_desk_release(&desk);
    }
}

/* A copy, of what is left alone, is held to the same rule: it is that of one version. */
static void a_copy_is_that_of_one_version(void **state) {
    (void)state;
    static const char *const sources[] = {"mem://a.parquet", NULL};
    static const struct {
        const char *name;
        struct meddling meddling;
        enum hw_status want;
        const char *says;
    } copies[] = {
        {"nothing happens", {.stat_at = 0}, HW_OK, ""},
        {"a newer version", {.stat_at = 1, .on_stat = PUT_BEFORE}, HW_ECHANGED, "the source has changed while"},
        {"a target that cannot be opened", {.sink_fails = HW_EIO}, HW_EIO, "injected"},
    };
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        struct optimize_desk desk;
        optimize_desk_init(&desk);
        optimize_make(&desk, "a.parquet", 1000, 0);
        assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
        meddling_begin(&desk, copies[i].meddling);
        assert_row_int(copies[i].name,
                       optimize_run(&desk, sources, "mem://out.parquet", &(struct hw_optimize_options){0}),
                       copies[i].want);
        meddling_end(&desk);
        assert_row_says(copies[i].name, desk.err.message, copies[i].says);
        assert_row_int(copies[i].name, optimize_size(&desk, "out.parquet") > 0, copies[i].want == HW_OK);
        optimize_desk_release(&desk);
    }
}

/* A store that has room for so many bytes, and no more: a write fails wherever they end. */
static void a_full_store_is_told(void **state) {
    (void)state;
    static const char *const sources[] = {"mem://a.parquet", NULL};
    const void *data;
    size_t size;
    HW_AUTO(hw_buf) bytes = {0};
    struct optimize_desk desk;
    optimize_desk_init(&desk);
    optimize_make(&desk, "a.parquet", 1000, 0);
    optimize_copy(&desk, "a.parquet", &bytes);
    assert_ok(optimize_run(&desk, sources, "mem://out.parquet", &(struct hw_optimize_options){0}), desk.err);
    const size_t needed = bytes.size + optimize_size(&desk, "out.parquet");
    for (size_t less = 0; less < 1200; less += 100) {
        const struct hw_memory_options options = {.bytes_max = needed - less};
        hw_memory_store_free(desk.files.store);
        assert_ok(hw_memory_store_new("mem://", &options, &desk.files.store, &desk.err), desk.err);
        desk_put(&desk.files, "a.parquet", bytes.data, bytes.size);
        assert_int_equal(optimize_run(&desk, sources, "mem://out.parquet", &(struct hw_optimize_options){0}),
                         less > 0 ? HW_ELIMIT : HW_OK);
        assert_int_equal(hw_memory_store_get(desk.files.store, "out.parquet", &data, &size, NULL),
                         less > 0 ? HW_ENOTFOUND : HW_OK);
        optimize_check_bytes("full", &desk, "a.parquet", hw_buf_view(&bytes));
    }
    optimize_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_stay_whatever_happens),
        cmocka_unit_test(a_copy_is_that_of_one_version),
        cmocka_unit_test(a_full_store_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_object", tests, NULL, NULL);
}
