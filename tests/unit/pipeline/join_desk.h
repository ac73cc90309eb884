/* SPDX-License-Identifier: Apache-2.0 */
/* Sources in memory that are joined, as hw_optimize prepares them, and stores that fail. */
#ifndef HW_TESTS_JOIN_DESK_H
#define HW_TESTS_JOIN_DESK_H

#include "core/limits.h"
#include "parquet/writer.h"
#include "pipeline/optimize_join.h"
#include "unit/pipeline/optimize_desk.h"

enum { JOIN_SOURCES_MAX = 200, JOIN_GROUP_ROWS = 100000 };

/* The digest of options that stands in the files that are made. */
#define JOIN_DIGEST "of this test"

/* The calls of the store, from 1 on, that fail or do more; 0: none. There is one at a time. */
struct join_faults {
    int sink_at, settle_at, finish_at, stat_at;
    /* The key of a source that gets another version with `stat`; NULL: the call fails. */
    const char *newer;
};

static struct join_meddling {
    struct join_faults at;
    struct join_faults calls;
    struct hw_store *store;
    const struct hw_store_ops *real;
    const struct hw_sink_ops *real_sink;
    struct hw_store_ops ops;
    struct hw_sink_ops sink_ops;
} join_meddling;

static inline enum hw_status join_settle(struct hw_sink *sink, struct hw_error *err) {
    return ++join_meddling.calls.settle_at == join_meddling.at.settle_at ? hw_fail(err, HW_EIO, "injected")
                                                                         : join_meddling.real_sink->settle(sink, err);
}

static inline enum hw_status join_finish(struct hw_sink *sink, struct hw_error *err) {
    return ++join_meddling.calls.finish_at == join_meddling.at.finish_at ? hw_fail(err, HW_EIO, "injected")
                                                                         : join_meddling.real_sink->finish(sink, err);
}

static inline enum hw_status join_sink_open(struct hw_store *store, const char *key,
                                            const struct hw_sink_options *options, struct hw_sink **out_sink,
                                            struct hw_error *err) {
    if (++join_meddling.calls.sink_at == join_meddling.at.sink_at) {
        return hw_fail(err, HW_EAUTH, "injected");
    }
    HW_TRY(join_meddling.real->sink_open(store, key, options, out_sink, err));
    join_meddling.real_sink = (*out_sink)->ops;
    join_meddling.sink_ops = *(*out_sink)->ops;
    join_meddling.sink_ops.settle = join_settle;
    join_meddling.sink_ops.finish = join_finish;
    (*out_sink)->ops = &join_meddling.sink_ops;
    return HW_OK;
}

static inline enum hw_status join_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                       char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    if (++join_meddling.calls.stat_at == join_meddling.at.stat_at) {
        if (!join_meddling.at.newer) {
            return hw_fail(err, HW_EIO, "injected");
        }
        HW_TRY(hw_memory_store_put(store, join_meddling.at.newer, "newer", 5, err));
    }
    return join_meddling.real->stat(store, key, out_info, out_etag, err);
}

/* The store fails as is told, until the end. */
static inline void join_faults_begin(struct hw_store *store, struct join_faults at) {
    join_meddling = (struct join_meddling){.at = at, .store = store, .real = store->ops, .ops = *store->ops};
    join_meddling.ops.sink_open = join_sink_open;
    join_meddling.ops.stat = join_stat;
    store->ops = &join_meddling.ops;
}

static inline void join_faults_end(void) {
    join_meddling.store->ops = join_meddling.real;
}

struct join_desk {
    struct optimize_desk *files;
    struct hw_optimize_options options;
    struct hw_optimize_target target;
    struct hw_optimize_work work;
    struct hw_crew *crew;
    struct hw_source_place place;
    struct hw_arena arena;
    const struct hw_optimize_source *sources[JOIN_SOURCES_MAX];
    size_t count;
    struct hw_error err;
};

/* Prepares a call with a target, which may be NULL. The files are borrowed. */
static inline void join_desk_open(struct join_desk *desk, struct optimize_desk *files, const char *target,
                                  const struct hw_optimize_options *given) {
    *desk = (struct join_desk){.files = files, .options = *given, .err = HW_ERROR_INIT};
    struct hw_optimize_options *options = &desk->options;
    options->source_store.stores = options->target_store.stores = &files->files.store;
    options->source_store.stores_count = options->target_store.stores_count = 1;
    options->row_group_rows = options->row_group_rows ? options->row_group_rows : JOIN_GROUP_ROWS;
    options->row_group_bytes = HW_MIB(128);
    options->memory_bytes = options->memory_bytes ? options->memory_bytes : HW_MIB(256);
    options->page_bytes_max = HW_PARQUET_PAGE_BYTES_MAX;
    options->threads = options->threads ? options->threads : 2;
    desk->place = (struct hw_source_place){.store = files->files.store};
    assert_ok(hw_optimize_target_open(&desk->target, target, options->target_bytes > 0, options, &desk->err),
              desk->err);
    assert_ok(hw_crew_new(options->threads, &desk->crew, &desk->err), desk->err);
    desk->work = (struct hw_optimize_work){.options = options, .target = &desk->target, .digest = JOIN_DIGEST};
    const struct hw_parquet_options write = {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT};
    assert_ok(hw_parquet_options_fill(&write, &desk->work.write, &desk->err), desk->err);
}

static inline void join_desk_close(struct join_desk *desk) {
    hw_optimize_target_release(&desk->target);
    hw_crew_free(desk->crew);
    hw_arena_release(&desk->arena);
}

/* Adds an object as the next source. */
static inline void join_desk_add(struct join_desk *desk, const char *key) {
    struct hw_optimize_source *source = hw_arena_alloc(&desk->arena, sizeof(*source));
    assert_non_null(source);
    assert_true(desk->count < JOIN_SOURCES_MAX);
    *source = (struct hw_optimize_source){
        .at = &desk->place, .key = hw_arena_strdup(&desk->arena, key), .folder = desk->target.prefix};
    source->folder = source->folder ? source->folder : "";
    assert_ok(hw_optimize_place_find(&desk->target, &desk->place, source->key, &desk->options, &desk->arena,
                                     &source->place, &desk->err),
              desk->err);
    desk->sources[desk->count++] = source;
}

/* Adds the objects up to the first NULL. */
static inline void join_desk_add_all(struct join_desk *desk, const char *const *keys) {
    for (; *keys; keys++) {
        join_desk_add(desk, *keys);
    }
}

/* A file of one column, of so many rows, which tells no other file's columns. */
static inline void join_other_make(struct optimize_desk *files, const char *key) {
    HW_AUTO(hw_buf) path = {0};
    assert_int_equal(hw_buf_printf(&path, NULL, "mem://%s%c", key, '\0'), HW_OK);
    desk_make(&files->files, (const char *)path.data, "other\n1\n2\n3\n");
}

/* Adds to what is told of an output the sources, "  of mem://a mem://b", and its failure. */
static inline enum hw_status join_told(void *ctx, const struct hw_optimized *told, struct hw_error *err) {
    struct optimize_desk *desk = ctx;
    HW_TRY(optimize_told(desk, told, err));
    HW_TRY(hw_buf_append_text(&desk->told, "  of", err));
    for (size_t i = 0; i < told->sources_count; i++) {
        HW_TRY(hw_buf_printf(&desk->told, err, " %s", told->sources[i]));
    }
    return hw_buf_printf(&desk->told, err, "%s%s\n", told->error ? ": " : "", told->error ? told->error->message : "");
}

#endif
