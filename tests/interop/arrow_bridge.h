/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What arrow.py calls of the library, through ctypes: batches of another library in and out, and
 * into files.
 */
#ifndef HW_TESTS_ARROW_BRIDGE_H
#define HW_TESTS_ARROW_BRIDGE_H

#include <hawser/arrow.h>
#include <hawser/csv.h>

enum { BRIDGE_MESSAGE_BYTES = 1024 };

/* How a file is written. */
struct bridge_options {
    /* "parquet" or "avro". */
    const char *format;
    /* Batches that make a row group, or are taken together. */
    size_t group_batches;
    /* Of Parquet; 0: the default. */
    size_t page_bytes;
    size_t page_rows;
    int compat;
    int compressed;
};

/* Takes the array in and gives it out again. 0, or a status with its words in `message`. */
HW_API int bridge_batch(const struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowSchema *out_schema,
                        struct ArrowArray *out_array, char *message);
/* The same with a stream. */
HW_API int bridge_stream(struct ArrowArrayStream *stream, struct ArrowArrayStream *out_stream, char *message);
/* Writes all batches of the stream into a file. */
HW_API int bridge_write(struct ArrowArrayStream *stream, const char *path, const struct bridge_options *options,
                        char *message);
/*
 * Reads a CSV object as a stream. `null_value` is what stands for a null besides the empty field;
 * NULL: nothing does.
 */
HW_API int bridge_csv(const char *path, const char *null_value, size_t batch_rows, struct ArrowArrayStream *out_stream,
                      char *message);
/* How a Parquet file is read: members of struct hw_parquet_batches_options, and the form of INT96. */
struct bridge_read {
    unsigned threads;
    uint64_t memory_bytes;
    uint64_t page_bytes_max;
    size_t batch_rows;
    uint64_t skip_rows;
    uint64_t limit_rows;
    int int96;
};
/* Reads a Parquet file as a stream. */
HW_API int bridge_parquet(const char *path, const struct bridge_read *read, struct ArrowArrayStream *out_stream,
                          char *message);
/* Numbers of struct hw_parquet_stats. */
struct bridge_stats {
    uint64_t entries;
    int64_t nulls;
    int min_exact;
    int max_exact;
    int ordered;
};
/* Tells the statistics of a column chunk; its bounds are a batch. */
HW_API int bridge_parquet_stats(const char *path, size_t group, size_t leaf, struct bridge_stats *out_stats,
                                struct ArrowSchema *out_schema, struct ArrowArray *out_array, char *message);
/*
 * Converts the stream with hw_convert_batches, to name.parquet and name.avro in the folder, which
 * ends in '/', or as `partition` says (NULL: none).
 */
HW_API int bridge_convert(struct ArrowArrayStream *stream, const char *name, const char *folder, const char *partition,
                          size_t row_group_bytes, char *message);

#endif
