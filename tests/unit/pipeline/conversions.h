/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversions as a library call: text in, the rows of an Avro file out, so that two runs can be
 * compared row for row.
 */
#ifndef HW_TESTS_CONVERSIONS_H
#define HW_TESTS_CONVERSIONS_H

#include <hawser/convert.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/compression.h"
#include "core/buf.h"
#include "core/io.h"
#include "support/corpus.h"
#include "support/rows.h"
#include "support/scratch.h"

/* What a run came to. Release with conversion_release. */
struct conversion_run {
    enum hw_status status;
    struct hw_error err;
    struct hw_convert_result result;
    struct hw_error object_err; /* of the object that was told last */
    bool restarted;
    bool limited;
    char schema[1024]; /* "a int64, b text" */
    int64_t avro_rows; /* as the block headers count them */
    /* the blocks' payloads, one after the other: the same however rows are cut in blocks */
    struct hw_buf rows;
    struct hw_buf rejects;
};

static inline void conversion_release(struct conversion_run *run) {
    hw_buf_release(&run->rows);
    hw_buf_release(&run->rejects);
}

static inline int quick_fsync(int fd) {
    (void)fd;
    return 0;
}

/* Files without waiting for the disk, for tests of many runs. */
static inline void quick_io(void) {
    static struct hw_io io;
    io = hw_io_system;
    io.fsync = quick_fsync;
    io.syncfs = quick_fsync;
    hw_io_set(&io);
}

static inline int64_t avro_long(const struct hw_buf *file, size_t *at) {
    uint64_t zigzag = 0;
    for (unsigned shift = 0; *at < file->size; shift += 7) {
        uint8_t byte = file->data[(*at)++];
        zigzag |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

/*
 * Avro 1.12, "Object Container Files", codec null: header, then blocks of a count, a size, rows and
 * the sync marker.
 */
static inline void avro_rows_read(const struct hw_buf *file, struct conversion_run *run) {
    enum { SYNC_BYTES = 16 };
    size_t at = 4;
    assert_true(file->size > 4 && memcmp(file->data, "Obj\1", 4) == 0);
    for (int64_t pairs = avro_long(file, &at); pairs > 0; pairs--) {
        at += (size_t)avro_long(file, &at);
        at += (size_t)avro_long(file, &at);
    }
    assert_int_equal(avro_long(file, &at), 0);
    const uint8_t *sync = file->data + at;
    at += SYNC_BYTES;
    while (at < file->size) {
        run->avro_rows += avro_long(file, &at);
        size_t bytes = (size_t)avro_long(file, &at);
        assert_true(bytes + SYNC_BYTES <= file->size - at);
        assert_int_equal(hw_buf_append(&run->rows, file->data + at, bytes, NULL), HW_OK);
        assert_memory_equal(file->data + at + bytes, sync, SYNC_BYTES);
        at += bytes + SYNC_BYTES;
    }
}

static inline void object_keep(void *ctx, const struct hw_convert_object *object) {
    struct conversion_run *run = ctx;
    size_t used = 0;
    run->restarted |= object->restarted;
    run->limited |= object->limited;
    run->object_err = object->error ? *object->error : (struct hw_error)HW_ERROR_INIT;
    for (size_t i = 0; object->schema && i < object->schema->count && used < sizeof(run->schema); i++) {
        const struct hw_field *field = &object->schema->fields[i];
        char type[64];
        hw_type_format(field->type, type, sizeof(type));
        used += (size_t)snprintf(run->schema + used, sizeof(run->schema) - used, "%s%s %s", i > 0 ? ", " : "",
                                 field->name, type);
    }
    if (object->outcome == HW_CONVERTED) {
        assert_int_equal(object->rows_in, object->rows_out + object->rejected);
    }
}

/* Packs a text to a file of the folder. */
static inline void packed_write(const struct scratch *scratch, const char *name, enum hw_codec codec, hw_view text) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor;
    size_t bytes;
    assert_ok(hw_compressor_new(codec, HW_LEVEL_DEFAULT, &compressor, &err), err);
    uint8_t *packed = malloc(hw_compressor_bound(compressor, text.size));
    assert_ok(hw_compressor_run(compressor, text.data, text.size, packed, hw_compressor_bound(compressor, text.size),
                                &bytes, &err),
              err);
    scratch_write(scratch, name, packed, bytes);
    free(packed);
    hw_compressor_free(compressor);
}

enum { CONVERSION_SOURCES_MAX = 16 };

/*
 * Converts files of the folder to rows.avro beside them. Formats, codec and callbacks are set here.
 */
static inline struct conversion_run convert_all_to_rows(const struct scratch *scratch, const char *const *names,
                                                        size_t count, const struct hw_convert_options *options) {
    struct conversion_run run = {.err = HW_ERROR_INIT, .object_err = HW_ERROR_INIT};
    struct hw_convert_options own = *options;
    char paths[CONVERSION_SOURCES_MAX][1024];
    const char *sources[CONVERSION_SOURCES_MAX];
    HW_AUTO(hw_buf) file = {0};
    own.formats = HW_FORMAT_AVRO;
    own.compression = "none";
    own.overwrite = HW_OVERWRITE_REPLACE;
    own.on_object = object_keep;
    own.ctx = &run;
    assert_true(count <= CONVERSION_SOURCES_MAX);
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof(paths[i]), "%s%s", scratch->folder, names[i]);
        sources[i] = strcmp(names[i], "-") == 0 ? names[i] : paths[i];
    }
    run.status = hw_convert(sources, count, scratch_path(scratch, "rows.avro"), &own, &run.result, &run.err);
    if (corpus_read(scratch_path(scratch, "rows.avro"), &file)) {
        avro_rows_read(&file, &run);
        remove(scratch_path(scratch, "rows.avro"));
    }
    corpus_read(scratch_path(scratch, "rows.rejects.jsonl"), &run.rejects);
    remove(scratch_path(scratch, "rows.rejects.jsonl"));
    assert_int_equal(run.result.rows_out, run.status == HW_OK ? run.avro_rows : 0);
    return run;
}

/* The same with one file. */
static inline struct conversion_run convert_to_rows(const struct scratch *scratch, const char *name,
                                                    const struct hw_convert_options *options) {
    return convert_all_to_rows(scratch, &name, 1, options);
}

/* Fails unless both runs came to the same rows, rejects and errors. */
static inline void assert_same_run(const char *row, const struct conversion_run *got,
                                   const struct conversion_run *want) {
    assert_row_int(row, got->status, want->status);
    assert_row_text(row, got->err.message, want->err.message);
    assert_row_int(row, got->err.line, want->err.line);
    assert_row_int(row, got->err.offset, want->err.offset);
    assert_row_text(row, got->schema, want->schema);
    assert_row_int(row, got->avro_rows, want->avro_rows);
    assert_row_int(row, got->result.rows_in, want->result.rows_in);
    assert_row_int(row, got->result.rejected, want->result.rejected);
    assert_row_bytes(row, got->rows.data, got->rows.size, want->rows.data, want->rows.size);
    assert_row_bytes(row, got->rejects.data, got->rejects.size, want->rejects.data, want->rejects.size);
}

#endif
