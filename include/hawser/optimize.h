/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Optimising: Parquet files are written anew, smaller, with the same rows in the same order, the
 * same types and the same metadata. What was encoded is decoded again and compared before a file
 * becomes visible.
 */
#ifndef HAWSER_OPTIMIZE_H
#define HAWSER_OPTIMIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hawser/columns.h>
#include <hawser/convert.h>
#include <hawser/error.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Which columns may become of a narrower type: those of which every value, in all files of the
 * call, allows it.
 */
enum hw_downcast {
    HW_DOWNCAST_OFF,      /**< None. A column of which it would be exact says so. */
    HW_DOWNCAST_EXACT,    /**< DOUBLE to FLOAT, integers of 64 bits to 32, to the last bit. */
    HW_DOWNCAST_DECIMALS, /**< Also DOUBLE to DECIMAL, if each value is the nearest to one. */
    HW_DOWNCAST_TOLERANCE /**< DOUBLE to FLOAT where no value is off by more than `tolerance`. */
};

/** The forms of columns of INT96, timestamps that Parquet has deprecated. */
enum hw_optimize_int96 {
    HW_OPTIMIZE_INT96_KEEP, /**< They stay. A column that need not says so. */
    /**
     * They become TIMESTAMP on INT64, local as INT96 is, if all values in all files of the call
     * give the same bytes back: of microseconds, or of nanoseconds where a value has some.
     */
    HW_OPTIMIZE_INT96_TIMESTAMP
};

enum hw_optimize_outcome {
    HW_OPTIMIZE_REWRITTEN, /**< The output is new. */
    /** It would not have become 1 % smaller: in place it is untouched, elsewhere it is a copy. */
    HW_OPTIMIZE_KEPT,
    HW_OPTIMIZE_ALREADY, /**< An earlier run has made it with the same options; else as kept. */
    HW_OPTIMIZE_PLANNED, /**< A dry run: this is what it would come to. */
    HW_OPTIMIZE_SKIPPED, /**< Something is at the output's place, and stays. */
    HW_OPTIMIZE_FAILED
};

/** A column that has values: a leaf of the schema. Texts are borrowed for the call. */
struct hw_optimized_column {
    const char *name; /**< Its path, with dots: "a.list.element". */
    const char *type_before;
    const char *type_after;
    const char *encodings_before; /**< Names with commas: "PLAIN,RLE_DICTIONARY". */
    const char *encodings_after;
    const char *codec_before;
    const char *codec_after;
    uint64_t bytes_before; /**< Compressed, as the footer has them, of all row groups. */
    uint64_t bytes_after;
    const char *reason; /**< Why it is as it is, in words; "" where nothing is to be said. */
};

/** Bloom filters of a column, by which readers leave out row groups. Texts are borrowed. */
struct hw_optimize_bloom {
    const char *column; /**< Its name; a path with dots for a nested one. */
    /** The part of all values that are not there of which it says they may be; below 1. 0: 0.01. */
    double fpp;
};

/** A file that was optimised, or not. All is borrowed for the call. */
struct hw_optimized {
    const char *source;
    const char *output; /**< NULL: there is none. */
    enum hw_optimize_outcome outcome;
    enum hw_status status;
    const struct hw_error *error; /**< NULL where `status` is HW_OK. */
    uint64_t rows;
    uint64_t row_groups_before;
    uint64_t row_groups_after;
    uint64_t bytes_before;
    uint64_t bytes_after;
    bool proved; /**< The encoded bytes were decoded again, and are the same rows. */
    int64_t took_us;
    const struct hw_optimized_column *columns; /**< In the order of the output. */
    size_t columns_count;
    /** Sentences on what else is worth knowing, as metadata that was left out. */
    const char *const *notes;
    size_t notes_count;
    /** All files that it has rows of, where these are several; `source` is the first of them. */
    const char *const *sources;
    size_t sources_count;
    /**
     * The columns by which each of its row groups is proved to be sorted, the most significant
     * first, as "a" or "b:desc": those of `sort`, or else those by which the sources said that they
     * were.
     */
    const char *const *sorted;
    size_t sorted_count;
};

struct hw_optimize_sums {
    uint64_t files;
    uint64_t outcomes[HW_OPTIMIZE_FAILED + 1]; /**< By enum hw_optimize_outcome. */
    uint64_t rows;
    uint64_t bytes_before;
    uint64_t bytes_after;
};

/** A column by which rows are sorted: a path with dots. Columns of lists and maps are none. */
struct hw_optimize_sort {
    const char *column;
    bool descending; /**< Greater values come first. Nulls come last in any case. */
};

/** Takes each file, in the thread that has called. Any status but HW_OK ends the call. */
struct hw_optimize_listener {
    enum hw_status (*file)(void *ctx, const struct hw_optimized *file, struct hw_error *err);
    void *ctx;
};

/** The ways with key-value metadata on which the files of one output do not agree. */
enum hw_optimize_metadata {
    HW_OPTIMIZE_METADATA_EQUAL, /**< It is left out and told of: it may hold for one file alone. */
    HW_OPTIMIZE_METADATA_FIRST, /**< That of the first file is taken. */
    HW_OPTIMIZE_METADATA_FAIL   /**< HW_EDATA. */
};

/** {0} means the documented defaults. Texts are borrowed for the call. */
struct hw_optimize_options {
    size_t size; /**< sizeof(struct hw_optimize_options). */
    struct hw_store_options source_store;
    struct hw_store_options target_store;
    /** The way in which objects are kept that are written; NULL: {0}. */
    const struct hw_write_options *write;
    /**
     * Columns that are written, each at its place, and their names; paths with dots for nested
     * ones. `types`, `names_style` and `add_source` are HW_EUSAGE. HW_EUSAGE too for one that a
     * file does not have.
     */
    struct hw_columns_options columns;
    /** The codec, and with a colon its level: "zstd:9". NULL: zstd, at a level by trial. */
    const char *compression;
    enum hw_effort effort;
    enum hw_encodings encodings;
    enum hw_downcast downcast;
    /** With HW_DOWNCAST_TOLERANCE: the most that a value may be off, as a part of it; below 1. */
    double tolerance;
    /** Columns that keep their types, as keys of joins; paths with dots. */
    const char *const *keep;
    size_t keep_count;
    /**
     * Columns whose values all become null; paths with dots. HW_EUSAGE for one that is required.
     */
    const char *const *mask;
    size_t mask_count;
    uint64_t row_group_rows;  /**< The most rows of a row group. 0: 1,048,576. */
    uint64_t row_group_bytes; /**< About the most stored bytes of one. 0: 128 MiB. */
    /** Writes also what does not become smaller, and what was done before. */
    bool force;
    enum hw_overwrite overwrite; /**< For outputs elsewhere; in place the source is replaced. */
    bool dry_run;                /**< Nothing is written. */
    uint64_t memory_bytes;       /**< For pages, values and row groups. 0: the default budget. */
    size_t page_bytes_max;       /**< The most bytes of one page of a source. 0: 256 MiB. */
    uint32_t threads;            /**< 0: one a processor. */
    /** A file or object that gets what `listener` is told, a line of JSON each. NULL: none. */
    const char *report_path;
    /**
     * Makes one file, `destination`, of all sources, in the order of their names and of the keys
     * of folders. Their columns have to agree in name, type and order.
     */
    bool merge;
    /**
     * About the bytes that files shall have: those of a folder become files of one size, called
     * part-00000.parquet and so on, unless all are about as large already. 0: each file stays one.
     */
    uint64_t target_bytes;
    enum hw_optimize_metadata metadata;
    enum hw_optimize_int96 int96;
    /**
     * Columns that get bloom filters, one in each row group, as large as its values that differ ask
     * for, up to 128 MiB, which each thread may hold beside `memory_bytes`. HW_EUSAGE for a column
     * that has fields, is BOOLEAN, INT96 or an interval, becomes null or is left out. Filters that
     * a file has are made again without it, with 0.01.
     */
    const struct hw_optimize_bloom *bloom;
    size_t bloom_count;
    /**
     * The columns by which the rows of each output are sorted, the most significant first; rows
     * that are equal in all of them stay in their order. NaN is above all numbers, -0.0 is equal to
     * 0.0, texts and binary values compare byte by byte. Rows that do not fit in the memory are put
     * aside in the folder of the output, or in that of temporary files where the output is not
     * local.
     */
    const struct hw_optimize_sort *sort;
    size_t sort_count;
};

/**
 * Optimises each file that the sources name: files, objects, folders that end in `/`, prefixes and
 * globs. Of folders those are meant that end in .parquet, .pq or .parq. `destination` is a folder,
 * in which the path below the source's folder is kept, or, of a single file, its output. Where it
 * names the source, each file takes its own place once it is proved. With `dry_run` it may be NULL.
 *
 * Below a folder that has the destination in it, what lies in that one is left out: it is the
 * output of a call. Of two sources with one output the second is HW_EEXISTS.
 *
 * A manifest that hw_convert has written, in the folder of an output or in one above, is amended
 * once all files are done: its entries tell of the new files if they told of the sources. In place
 * one that cannot be read is an error, HW_EDATA or HW_EAUTH, before anything is written. Files that
 * are made of rows of several ones are none that a manifest tells of.
 *
 * Each file stands for itself: of several, HW_EPARTIAL where some failed, and the others are done.
 * HW_EDATA: a file is not what it says, or has something that is not read. HW_ECHANGED: the source
 * has changed meanwhile, and stays. HW_EUSAGE, HW_ENOMEM and HW_ECANCELLED end the call: files that
 * were done until then have been told. `out_sums` may be NULL; else it is set in any case.
 */
HW_API HW_NODISCARD enum hw_status hw_optimize(const char *const *sources, size_t sources_count,
                                               const char *destination, const struct hw_optimize_options *options,
                                               const struct hw_optimize_listener *listener,
                                               struct hw_optimize_sums *out_sums, struct hw_error *err);

/** Optimises one file with all defaults: hw_optimize, which is told of nothing. */
HW_API HW_NODISCARD enum hw_status hw_optimize_file(const char *path, const char *out, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
