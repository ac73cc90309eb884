/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading Avro files: what they say of themselves, and their rows as batches.
 *
 *   hw_avro_open(path, &options, &file, &err)
 *   hw_avro_batches(file, &wanted, &stream, &err)
 *   stream->next(stream, &batch, &more, &err) ...
 *   stream->free(stream)
 *   hw_avro_close(file)
 *
 * With hawser/arrow.h the stream goes to any library that knows the Arrow C Stream Interface.
 */
#ifndef HAWSER_AVRO_H
#define HAWSER_AVRO_H

#include <hawser/batch.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An object container file whose header was read. */
struct hw_avro_file;

/** Options for opening a file. {0} reads standard input for `-`. */
struct hw_avro_open_options {
    size_t size; /**< sizeof(struct hw_avro_open_options). 0 stands for that of version 0.1. */
    struct hw_store_options source_store;
    int input_fd; /**< The descriptor that a path of `-` is read from. 0 is standard input. */
};

/**
 * Opens a file and reads its header: a local one, one on S3 or at an https address, or `-` for a
 * descriptor, which need not be able to seek. The codecs null, deflate, snappy, zstandard, bzip2
 * and xz are read.
 *
 * HW_EDATA where the header is damaged; HW_EUNSUPPORTED for another codec, and for a record that
 * contains itself; HW_ELIMIT for a header of more than 16 MiB and a schema of more than 64 types
 * within each other; HW_ENOTFOUND without the file.
 *
 * `path` and the texts of `options` are copied; stores of the program's own and the log must live
 * until hw_avro_close. `source_store.cancelled` is also asked while a descriptor is waited for.
 * `*out_file` is untouched on failure.
 */
HW_API HW_NODISCARD enum hw_status hw_avro_open(const char *path, const struct hw_avro_open_options *options,
                                                struct hw_avro_file **out_file, struct hw_error *err);

/** Closes a file that has no stream any more. Batches stay. NULL is allowed. */
HW_API void hw_avro_close(struct hw_avro_file *file);

/**
 * The columns of the file. They live until hw_avro_close, as do all texts below.
 *
 * The fields of a record are columns; a file of values that are no records has one, "value". A
 * union of null and one other type is an optional column. Any other union is a struct of optional
 * members "member0", "member1" and so on, one for each branch but null, whose metadata has
 * HW_META_UNION. docs/types.md lists the types.
 */
HW_API const struct hw_schema *hw_avro_schema(const struct hw_avro_file *file);

/** The JSON of the schema as it stands in the file, ended with NUL. */
HW_API const char *hw_avro_schema_json(const struct hw_avro_file *file);

/** The codec as the file calls it: "null", "deflate". */
HW_API const char *hw_avro_file_codec(const struct hw_avro_file *file);

/** The metadata in the order of the file, with Avro's own keys. Returns the number of pairs. */
HW_API size_t hw_avro_metadata(const struct hw_avro_file *file, const struct hw_key_value **out_pairs);

/** Options for reading rows. {0} reads all columns and rows. */
struct hw_avro_batches_options {
    size_t size; /**< sizeof(struct hw_avro_batches_options). 0 stands for that of version 0.1. */
    /** Threads that unpack and decode blocks side by side. 0: as many as the process may use. */
    uint32_t threads;
    /**
     * The most memory of blocks and batches. A block that unpacks to more than half of it is
     * HW_ELIMIT, and so is a row that takes more than all of it. 0: 256 MiB.
     */
    uint64_t memory_bytes;
    size_t batch_rows;   /**< Rows of a batch at most. 0: 65,536. */
    uint64_t skip_rows;  /**< Rows at the beginning that are left out. */
    uint64_t limit_rows; /**< Rows after these, at most. 0: all. */
    /**
     * The columns, separated by commas: "a,b.c" are the column a, and the field c of the struct b.
     * Others are left out, unread as far as the format allows it. NULL: all.
     */
    const char *columns;
    /**
     * JSON of the Avro schema as which the rows are read, by the rules of "Schema Resolution" in
     * the specification: fields by name or alias, defaults, promotions, symbols and branches of
     * unions. A type whose logical type differs from the file's does not match. NULL: the file's.
     */
    const char *reader_schema;
};

/**
 * Reads the rows of a file as a stream, block by block. Where batches end depends on the file and
 * the options, not on the threads. No row is given of a block that cannot be unpacked, or differs
 * from its checksum, but all before it are: `next` then fails with HW_EDATA, and says which block,
 * row, column and byte of the file. So it does for a value that its type does not allow, text that
 * is not UTF-8 among them; of such a block some rows may have been given. HW_ECHANGED where the
 * file is not the one any more that was opened.
 *
 * Options are borrowed for the call. HW_EUSAGE for a column that is not there, HW_EDATA for a
 * schema that does not match. Several streams of one file may be read at once by different threads,
 * but of `-` only one can be made.
 */
HW_API HW_NODISCARD enum hw_status hw_avro_batches(struct hw_avro_file *file,
                                                   const struct hw_avro_batches_options *options,
                                                   struct hw_batch_stream **out_stream, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
