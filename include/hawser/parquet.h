/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading Parquet files: what they say of themselves, and their rows as batches.
 *
 *   hw_parquet_open(path, &options, &file, &err)
 *   hw_parquet_batches(file, &wanted, &stream, &err)
 *   stream->next(stream, &batch, &more, &err) ...
 *   stream->free(stream)
 *   hw_parquet_close(file)
 *
 * What the footer says of the values of a column chunk comes by hw_parquet_chunk_stats.
 *
 * With hawser/arrow.h the stream goes to any library that knows the Arrow C Stream Interface.
 */
#ifndef HAWSER_PARQUET_H
#define HAWSER_PARQUET_H

#include <hawser/batch.h>
#include <hawser/note.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A file whose footer was read. */
struct hw_parquet_file;

/** Options for opening a file. */
struct hw_parquet_open_options {
    size_t size; /**< sizeof(struct hw_parquet_open_options). 0 stands for that of version 0.1. */
    struct hw_store_options source_store;
    enum hw_int96 int96; /**< HW_INT96_AUTO is HW_INT96_NANOS here. */
    /** Called for what is worth knowing of the file's schema. NULL: never. */
    void (*on_note)(void *ctx, const struct hw_note *note);
    void *ctx; /**< For the one above. */
};

/**
 * Opens a file, local, on S3 or at an https address, and reads its footer. Columns have the types
 * that the file's own schema gives them; docs/types.md lists these. A logical type that is not
 * known is the physical type, and a note. HW_EDATA where the footer is damaged, HW_EUNSUPPORTED for
 * an encrypted one, HW_ENOTFOUND without the file.
 *
 * `path` and the texts of `options` are copied; stores of the program's own and the log must live
 * until hw_parquet_close. `*out_file` is untouched on failure.
 */
HW_API HW_NODISCARD enum hw_status hw_parquet_open(const char *path, const struct hw_parquet_open_options *options,
                                                   struct hw_parquet_file **out_file, struct hw_error *err);

/** Closes a file that has no stream any more. Batches stay. NULL is allowed. */
HW_API void hw_parquet_close(struct hw_parquet_file *file);

/** The columns of the file. They live until hw_parquet_close, as do all texts below. */
HW_API const struct hw_schema *hw_parquet_schema(const struct hw_parquet_file *file);

/** The number of rows in all row groups. */
HW_API uint64_t hw_parquet_rows(const struct hw_parquet_file *file);

/** The number of row groups. */
HW_API size_t hw_parquet_groups(const struct hw_parquet_file *file);

/** The number of rows in a row group, which are counted from 0. */
HW_API uint64_t hw_parquet_group_rows(const struct hw_parquet_file *file, size_t group);

/** Options for reading rows. {0} reads all columns and rows. */
struct hw_parquet_batches_options {
    /** sizeof(struct hw_parquet_batches_options). 0 stands for that of version 0.1. */
    size_t size;
    /** Threads that read columns side by side. 0: as many as the process may use. */
    uint32_t threads;
    /** The most memory of pages, dictionaries and one batch. 0: 256 MiB. */
    uint64_t memory_bytes;
    /** A larger page is HW_ELIMIT. 0: 256 MiB. Half of `memory_bytes` is a limit as well. */
    uint64_t page_bytes_max;
    size_t batch_rows;   /**< Rows of a batch at most. 0: 65,536. */
    uint64_t skip_rows;  /**< Rows at the beginning that are left out. */
    uint64_t limit_rows; /**< Rows after these, at most. 0: all. */
    /**
     * The columns to read, "a,b.c": names of columns, and paths to fields of structs, in this
     * order. Of others no byte is read. A name with a comma stands in quotes. HW_EUSAGE for one
     * that is not there. NULL: all.
     */
    const char *columns;
};

/**
 * Reads the rows of a file as a stream, from the first row group to the last. Every checksum that
 * the file has of its pages is compared, and no row of a damaged page is given: `next` fails with
 * HW_EDATA, and says which row group, column, page and byte of the file. HW_ECHANGED where the file
 * is not the one any more that was opened.
 *
 * Several streams of one file may be read at once by different threads.
 */
HW_API HW_NODISCARD enum hw_status hw_parquet_batches(const struct hw_parquet_file *file,
                                                      const struct hw_parquet_batches_options *options,
                                                      struct hw_batch_stream **out_stream, struct hw_error *err);

/* ------ statistics */

/**
 * The number of leaves: columns with values of their own, at the top or below structs, lists and
 * maps. Each row group has a column chunk for each of them. They stand in the order of the schema,
 * depth first.
 */
HW_API size_t hw_parquet_leaves(const struct hw_parquet_file *file);

/**
 * Writes the path of a leaf as the file has it, "a.list.element", to `out`, which has `bytes` bytes
 * and is ended with NUL; what is too long is cut. Returns `out`: "" for a number that is no leaf's.
 */
HW_API const char *hw_parquet_leaf_path(const struct hw_parquet_file *file, size_t leaf, char *out, size_t bytes);

/** A number that a file does not tell. */
#define HW_PARQUET_UNTOLD INT64_C(-1)

/**
 * Statistics of a column chunk, as the footer has them. Nothing proves that they are true, as
 * hw_verify does at the level of values.
 */
struct hw_parquet_stats {
    /** Values, nulls, and what stands for empty lists and for what is null above the leaf. */
    uint64_t entries;
    int64_t nulls;    /**< Entries without a value. HW_PARQUET_UNTOLD where it is not told. */
    int64_t distinct; /**< Different values, likewise. */
    int64_t nans;     /**< Values that are NaN, likewise. They are outside of the bounds. */
    /**
     * A batch of one column, which has the type of the leaf and may be null, and of two rows: the
     * least value, and the greatest. A row is null where the file tells no such bound, where its
     * bytes are no value of the type, where it is NaN, and where the type has no order, as INT96
     * and intervals. A zero of floats stands for both zeros. Release it with hw_batch_release; it
     * may outlive the file.
     */
    struct hw_batch bounds;
    /**
     * 1: the bound is a value of the chunk. 0: it may be a shorter text below or above all of them,
     * and need not be UTF-8. -1: the file does not tell, so it may be either.
     */
    int min_exact;
    int max_exact; /**< Likewise. */
    /**
     * The format defines by which order the bounds are the least and the greatest, that of
     * hw_convert_options.where. False: an older writer has written them in an order of its own, the
     * type is not known, or the least value sorts behind the greatest, so that no row may be left
     * out by them.
     */
    bool ordered;
    uint64_t reserved[4]; /**< 0. Later versions may give them a meaning. */
};

/**
 * Tells the statistics of the chunk of a leaf in a row group, both counted from 0. Nothing is read
 * but the footer, which is there. A chunk without statistics has no facts but `entries`.
 *
 * HW_EUSAGE where the file has no such row group or leaf; HW_EDATA where the footer contradicts
 * itself about the chunk; HW_EUNSUPPORTED where the chunk cannot be read, as an encrypted one.
 * `*out_stats` is untouched on failure. Safe from several threads on one file.
 */
HW_API HW_NODISCARD enum hw_status hw_parquet_chunk_stats(const struct hw_parquet_file *file, size_t group, size_t leaf,
                                                          struct hw_parquet_stats *out_stats, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
