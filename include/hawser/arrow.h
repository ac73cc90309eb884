/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables to and from other libraries of the same process, without a copy: the Arrow C Data
 * Interface and the Arrow C Stream Interface. The three structs are those of the Arrow
 * specification; a program may have them from elsewhere already.
 *
 * Everything that comes in is checked before it is believed: formats, counts, lengths, offsets,
 * indices, UTF-8. What cannot be checked is how long the other side's buffers are.
 *
 * Extension types arrow.uuid and arrow.json are UUIDs and JSON texts; others are what they are
 * stored as and keep their metadata. Views, unions and run-end encoding are HW_EUNSUPPORTED. A
 * time's `utc`, and the labels enum and BSON, have no place in Arrow and are not exported.
 */
#ifndef HAWSER_ARROW_H
#define HAWSER_ARROW_H

#include <stdint.h>

#include <hawser/batch.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/** Describes the table as a struct of its columns. Everything is copied. */
HW_API HW_NODISCARD enum hw_status hw_arrow_schema_export(const struct hw_schema *schema,
                                                          struct ArrowSchema *out_schema, struct hw_error *err);

/**
 * Hands out the rows as a struct array that shares the batch's buffers and keeps its owner.
 * HW_EUSAGE for a batch without an owner.
 */
HW_API HW_NODISCARD enum hw_status hw_arrow_batch_export(const struct hw_batch *batch, struct ArrowArray *out_array,
                                                         struct hw_error *err);

/**
 * Makes a batch of a struct array, which is moved: `array->release` is NULL afterwards, and called
 * when the batch has lost its last reference. `schema` is only read. On failure both are as they
 * were.
 */
HW_API HW_NODISCARD enum hw_status hw_arrow_batch_import(const struct ArrowSchema *schema, struct ArrowArray *array,
                                                         struct hw_batch *out_batch, struct hw_error *err);

/** Hands out a stream. Takes `stream`, also on failure. */
HW_API HW_NODISCARD enum hw_status hw_arrow_stream_export(struct hw_batch_stream *stream,
                                                          struct ArrowArrayStream *out_stream, struct hw_error *err);

/**
 * Reads another library's stream, which is moved: `stream->release` is NULL afterwards. On failure
 * it is as it was.
 */
HW_API HW_NODISCARD enum hw_status hw_arrow_stream_import(struct ArrowArrayStream *stream,
                                                          struct hw_batch_stream **out_stream, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
