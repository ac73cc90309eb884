/* SPDX-License-Identifier: Apache-2.0 */
/* Files of made rows that are written anew in memory, and what readers find in the output. */
#ifndef HW_TESTS_OPTIMIZE_REWRITE_MAKE_H
#define HW_TESTS_OPTIMIZE_REWRITE_MAKE_H

#include "optimize/file_plan.h"
#include "optimize/file_rewrite.h"
#include "parquet/group_reader.h"
#include "unit/parquet/read_make.h"

enum { REWRITE_LEAVES_MAX = 16 };

/* A source, and all that a rewriting of it needs. */
struct rewrite_made {
    struct read_made source;
    struct hw_file_plan plan;
    struct hw_parquet_options options;
    struct memory_sink sink;
    struct hw_rewritten_column columns[REWRITE_LEAVES_MAX];
    uint64_t bytes;
};

/* A source of a row group for each of `sizes`; row groups of the plan have `group_rows` rows. */
static inline void rewrite_open(struct rewrite_made *made, const size_t *sizes, size_t groups,
                                const struct hw_parquet_options *written, uint64_t group_rows) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_read_file *file = &made->source.file;
    const struct hw_file_plan_options options = {.group_rows = group_rows, .group_bytes = HW_MIB(64)};
    memset(made, 0, sizeof(*made));
    read_made_open(&made->source, 0, sizes, groups, written);
    assert_ok(hw_file_plan_make(&made->plan, &file, 1, &options, &err), err);
    assert_in_range(made->plan.tree.count, 1, REWRITE_LEAVES_MAX);
    /* One level, as trials of several take long. */
    const struct hw_parquet_options wanted = {.codec = HW_CODEC_ZSTD, .level = 1, .page_rows = 100};
    assert_ok(hw_parquet_options_fill(&wanted, &made->options, &err), err);
}

static inline void rewrite_close(struct rewrite_made *made) {
    hw_file_plan_release(&made->plan);
    read_made_close(&made->source);
    hw_buf_release(&made->sink.bytes);
}

static inline struct hw_file_rewrite rewrite_of(struct rewrite_made *made) {
    return (struct hw_file_rewrite){
        .cuts = &made->plan.cuts,
        .tree = &made->plan.tree,
        .columns = made->plan.columns,
        .options = &made->options,
        .memory_bytes = HW_MIB(64),
        .page_bytes_max = HW_MIB(1),
        .sink = &made->sink.base,
    };
}

/* Writes the output anew; that of an earlier call goes. */
static inline enum hw_status rewrite_run(struct rewrite_made *made, const struct hw_file_rewrite *rewrite,
                                         int fail_on_write, struct hw_error *err) {
    hw_buf_release(&made->sink.bytes);
    made->sink = memory_sink(fail_on_write);
    return hw_file_rewrite(rewrite, made->columns, &made->bytes, err);
}

/* Reads all rows of a row group as text. */
static inline void group_drain(const struct hw_group_reader_options *options, size_t group, struct read_drained *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_group_reader *reader;
    bool more = true;
    assert_ok(hw_group_reader_new(options, group, &reader, &err), err);
    while (more) {
        struct hw_batch batch;
        assert_ok(hw_group_reader_next(reader, options->batch_rows_max, &batch, &more, &err), err);
        if (more) {
            read_drained_add(out, &batch);
        }
    }
    hw_group_reader_free(reader);
}

/* Checks that the output has the source's rows, in `groups` row groups. */
static inline void rewrite_check(const char *name, const struct rewrite_made *made, size_t groups) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    struct hw_read_columns columns = {0};
    struct read_drained got = {0};
    struct memory_source output = memory_source(hw_buf_view(&made->sink.bytes), 0);
    assert_ok(hw_read_file_open(&file, &output.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    assert_row_int(name, file.meta.groups_count, groups);
    assert_row_int(name, file.rows, made->source.rows);
    assert_ok(hw_read_columns_make(&columns, &file.schema, NULL, &err), err);
    const struct hw_group_reader_options options = {
        .source = &output.base,
        .meta = &file.meta,
        .data_bytes = file.tail.footer_at,
        .columns = &columns,
        .memory_bytes = HW_MIB(64),
        .page_bytes_max = HW_MIB(1),
        .batch_rows_max = 65536,
        .batch_bytes_max = HW_MIB(8),
    };
    for (size_t i = 0; i < groups; i++) {
        group_drain(&options, i, &got);
    }
    const hw_view want = read_made_text(&made->source, 0, made->source.rows);
    assert_row_bytes(name, got.text.data, got.text.size, want.data, want.size);
    hw_read_columns_release(&columns);
    hw_buf_release(&got.text);
    hw_read_file_release(&file);
}

/* Flips a bit in the source's column chunk, in the last bytes of its last page. */
static inline void rewrite_spoil(struct rewrite_made *made, size_t group, size_t column) {
    const struct hw_parquet_chunk *chunk = &made->source.file.meta.groups[group].chunks[column];
    const int64_t first = chunk->dictionary_offset > 0 && chunk->dictionary_offset < chunk->data_offset
                              ? chunk->dictionary_offset
                              : chunk->data_offset;
    made->source.sink.bytes.data[first + chunk->compressed - 1] ^= 1;
}

#endif
