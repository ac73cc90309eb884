/* SPDX-License-Identifier: Apache-2.0 */
/* The first rows of a file, as text. */
#ifndef HAWSER_HEAD_H
#define HAWSER_HEAD_H

#include <hawser/csv.h>
#include <hawser/error.h>
#include <hawser/note.h>
#include <hawser/store.h>
#include <hawser/values.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_head_format {
    /** An object a row, on a line of its own, with the members in the order of the columns. */
    HW_HEAD_JSON,
    HW_HEAD_CSV, /**< The CSV that hw_convert writes. */
    /** Aligned columns below their names, for people; cells are cut after 40 characters. */
    HW_HEAD_TABLE
};

/** Stands for all rows. */
#define HW_HEAD_ALL UINT64_MAX

/** Options for showing rows. {0} shows the first 10 as JSON, and reads standard input for `-`. */
struct hw_head_options {
    size_t size;   /**< sizeof(struct hw_head_options). 0 stands for that of version 0.1. */
    uint64_t rows; /**< Rows at most. 0: 10. HW_HEAD_ALL: all. */
    bool no_rows;  /**< None at all: where a format has a header, that alone. */
    uint64_t skip; /**< Rows before the first one that is shown. */
    /**
     * The columns to show, in this order: names, and paths as "a.b" through structs and "m.value",
     * separated by commas. A name with a comma in it stands in double quotes. NULL: all.
     */
    const char *columns;
    enum hw_head_format format;
    enum hw_binary_text binary;
    enum hw_nested_text nested; /**< For HW_HEAD_CSV alone; HW_EUSAGE with others. */
    struct hw_csv_options csv;  /**< For a source that is CSV. */
    /** The most memory for pages, blocks and rows of Parquet and Avro. 0: as for hw_convert. */
    uint64_t memory_bytes;
    /** Threads that read columns or blocks of these. 0: as many as the process may use. */
    uint32_t threads;
    uint64_t page_bytes_max; /**< A larger page is HW_ELIMIT. 0: 256 MiB, and half of the memory. */
    struct hw_store_options source_store;
    int input_fd; /**< The descriptor that a source of `-` is read from. 0 is standard input. */
    /** Called for what is worth knowing of how the source is read. NULL: never. */
    void (*on_note)(void *ctx, const struct hw_note *note);
    void *ctx; /**< For the one above, and for `write`. */
    /** Takes the next bytes of the text. Any status but HW_OK ends the call, which returns it. */
    enum hw_status (*write)(void *ctx, const void *data, size_t bytes, struct hw_error *err);
};

/**
 * Shows rows of one source: a file, an object, or `-` for standard input. Its format is what its
 * first bytes say, whatever its name is: Parquet, Avro, or else CSV, packed or not. Of a Parquet
 * file only the pages that are needed are read, of an Avro file the blocks up to the last row. The
 * types of CSV come from a sample where at most 1,000 rows are gone through, else from the whole
 * text.
 *
 * Borrows every argument for the call. HW_EUSAGE for a column that is not there, with the nearest
 * name; HW_EDATA and HW_EUNSUPPORTED for a source that is damaged, or has something that is not
 * read. What was written before a failure are whole rows. Several calls may run at once.
 */
HW_API HW_NODISCARD enum hw_status hw_head(const char *source, const struct hw_head_options *options,
                                           struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
