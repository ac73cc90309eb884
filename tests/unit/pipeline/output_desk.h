/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source and the folder of its outputs, with a manifest that tells of earlier runs, for tests of
 * what decides about its files.
 */
#ifndef HW_TESTS_OUTPUT_DESK_H
#define HW_TESTS_OUTPUT_DESK_H

#include <hawser/store.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "pipeline/output_plan.h"
#include "store/store_file.h"
#include "support/rows.h"
#include "support/scratch.h"

#define DESK_TEXT "what was written"
#define DESK_OTHER "what is another"
#define DESK_OPTIONS "digest of options"

/* Warnings that were told, and the last one. */
struct desk_told {
    size_t count;
    struct hw_error last;
};

static inline void desk_tell(void *ctx, const struct hw_error *warning) {
    struct desk_told *told = ctx;
    told->count++;
    told->last = *warning;
}

struct desk {
    struct scratch scratch;
    struct hw_convert_options options;
    struct hw_output_options output;
    struct hw_plan plan;
    struct hw_manifest before;
    struct hw_journals journals;
    struct hw_target_keys target_keys;
    struct desk_told told;
    struct hw_warn warn;
    struct hw_arena arena;
    struct hw_output_plan_source source;
    struct hw_output_plan output_plan;
};

/* A source "in/a.csv" whose outputs go to the folder "out/". The test changes what it wants. */
static inline void desk_open(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    memset(desk, 0, sizeof(*desk));
    desk->scratch = scratch_make();
    desk->plan = (struct hw_plan){.options = &desk->options, .target_prefix = "out/"};
    pthread_mutex_init(&desk->plan.synced.lock, NULL);
    assert_ok(hw_store_file_open(desk->scratch.folder, &(struct hw_store_options){0}, &desk->plan.target, &err), err);
    desk->warn = (struct hw_warn){desk_tell, &desk->told};
    desk->source = (struct hw_output_plan_source){
        .plan = &desk->plan,
        .before = &desk->before,
        .journals = &desk->journals,
        .target_keys = &desk->target_keys,
        .warn = &desk->warn,
        .options = &desk->options,
        .output = &desk->output,
        .formats = HW_FORMAT_PARQUET,
        .options_digest = DESK_OPTIONS,
        .base = "a",
        .name = "in/a.csv",
        .bytes = 7,
        .mtime_us = 1234567,
        .etag = "tag",
        .arena = &desk->arena,
    };
}

static inline void desk_close(struct desk *desk) {
    hw_journals_release(&desk->journals);
    hw_target_keys_release(&desk->target_keys);
    hw_manifest_release(&desk->before);
    hw_arena_release(&desk->arena);
    hw_plan_release(&desk->plan);
    scratch_remove(&desk->scratch);
}

/* Writes a file below "out/". */
static inline void desk_write(const struct desk *desk, const char *path, const char *text) {
    char name[300];
    snprintf(name, sizeof(name), "out/%s", path);
    scratch_write(&desk->scratch, name, text, strlen(text));
}

/* Returns true where a file is below "out/". */
static inline bool desk_has(const struct desk *desk, const char *path) {
    struct hw_object_info info = {0};
    char name[300];
    char etag[128];
    snprintf(name, sizeof(name), "out/%s", path);
    return desk->plan.target->ops->stat(desk->plan.target, name, &info, etag, NULL) == HW_OK;
}

/*
 * Makes the entry of a file that an earlier run wrote of the source, as it is now: DESK_TEXT, if it
 * is there, with its time.
 */
static inline struct hw_manifest_entry desk_entry(const struct desk *desk, const char *path, const char *format,
                                                  uint32_t file) {
    const struct hw_output_plan_source *source = &desk->source;
    struct hw_object_info info = {0};
    char name[300];
    char etag[128];
    struct hw_manifest_entry entry = {.path = path,
                                      .format = format,
                                      .bytes = strlen(DESK_TEXT),
                                      .etag = "",
                                      .source = source->name,
                                      .source_bytes = source->bytes,
                                      .source_etag = source->etag,
                                      .source_mtime_us = source->mtime_us,
                                      .options = source->options_digest,
                                      .file = file};
    hw_sha256_of(DESK_TEXT, strlen(DESK_TEXT), entry.sha256);
    snprintf(name, sizeof(name), "out/%s", path);
    if (desk->plan.target->ops->stat(desk->plan.target, name, &info, etag, NULL) == HW_OK) {
        entry.mtime_us = info.mtime_us;
    }
    return entry;
}

#endif
