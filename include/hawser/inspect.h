/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inspection: the facts that the files of a data lake tell of themselves. These are schema,
 * metadata, row groups, column chunks, pages, statistics and indexes. Nothing is decoded, and of a
 * large file only its end is read.
 */
#ifndef HAWSER_INSPECT_H
#define HAWSER_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A number that a file does not tell. */
#define HW_INSPECT_ABSENT INT64_C(-1)

/** Bytes that a file holds. They need not be UTF-8, and no NUL ends them. */
struct hw_inspect_bytes {
    const char *data; /**< NULL: there are none. */
    size_t size;
};

/** A value as text. */
struct hw_inspect_value {
    const char *text; /**< UTF-8, not ended with NUL. NULL: there is no value. */
    size_t size;
    /** True: it is what a string of JSON holds; false: it is JSON as it stands, a number. */
    bool quoted;
};

/** A node of the schema, as the file has it. Texts are NULL where a file tells nothing. */
struct hw_inspect_node {
    const char *path; /**< "a.list.element" */
    const char *name;
    unsigned depth;         /**< 1 for columns of the table. */
    const char *repetition; /**< "required", "optional", "repeated" */
    const char *physical;   /**< "INT64"; NULL: it is a group. */
    int64_t type_length;    /**< The bytes of FIXED_LEN_BYTE_ARRAY. */
    const char *logical;    /**< "timestamp(us,utc)" */
    const char *converted;  /**< "TIMESTAMP_MICROS" */
    int64_t field_id;       /**< It may be any number where `has_field_id` is true. */
    bool has_field_id;
    /** The type as hw_type_format has it; NULL for the inner groups of lists and maps. */
    const char *type;
    bool leaf;
};

/** An entry of the file's key-value metadata. */
struct hw_inspect_pair {
    struct hw_inspect_bytes key;
    struct hw_inspect_bytes value;
};

/** Numbers are HW_INSPECT_ABSENT where a page does not tell them. */
struct hw_inspect_page {
    const char *kind; /**< "data_v1", "data_v2", "dictionary", "index" */
    int64_t offset;
    int64_t header; /**< Bytes of the header. */
    int64_t compressed;
    int64_t uncompressed;
    int64_t values;
    int64_t rows;
    int64_t nulls;
    const char *encoding; /**< NULL: the page has none. */
    bool has_crc;
    int64_t first_row; /**< Within the row group. */
};

/** A data page as the column index and the offset index describe it. */
struct hw_inspect_indexed {
    int64_t offset;
    int64_t size; /**< With its header. */
    int64_t first_row;
    bool null_page; /**< All of its values are null. */
    int64_t nulls;
    int64_t nans;
    struct hw_inspect_value min;
    struct hw_inspect_value max;
};

/** Statistics. A fact that may be absent is -1, else 0 or 1. */
struct hw_inspect_statistics {
    int64_t nulls;
    int64_t distinct;
    int64_t nans;
    struct hw_inspect_value min;
    struct hw_inspect_value max;
    int min_exact;
    int max_exact;
};

/** A column chunk. Offsets are HW_INSPECT_ABSENT where there is none. */
struct hw_inspect_chunk {
    const char *column; /**< Its path, "a.list.element". */
    const char *physical;
    const char *codec;
    const char *const *encodings;
    size_t encodings_count;
    bool encrypted; /**< Its facts may be encrypted too, and then are absent. */
    int64_t values; /**< Nulls included. */
    int64_t offset; /**< The offset of its first page. */
    int64_t compressed;
    int64_t uncompressed;
    int64_t dictionary_offset;
    int64_t data_offset;
    bool has_statistics;
    struct hw_inspect_statistics statistics;
    int64_t column_index_offset;
    int64_t offset_index_offset;
    int64_t bloom_offset;
    int64_t bloom_size;
    const struct hw_inspect_page *pages; /**< They need HW_INSPECT_PAGES. */
    size_t pages_count;
    const char *boundary_order;               /**< Told by the column index; NULL: none. */
    const struct hw_inspect_indexed *indexed; /**< They need HW_INSPECT_INDEX. */
    size_t indexed_count;
};

struct hw_inspect_sorting {
    const char *column;
    bool descending;
    bool nulls_first;
};

struct hw_inspect_group {
    int64_t rows;
    int64_t offset;
    int64_t compressed;
    int64_t uncompressed;
    const struct hw_inspect_sorting *sorting;
    size_t sorting_count;
    const struct hw_inspect_chunk *chunks;
    size_t chunks_count;
};

/** The sums of a column over all row groups. */
struct hw_inspect_column {
    const char *column;
    const char *type;
    const char *codec; /**< "mixed" where chunks differ. */
    const char *const *encodings;
    size_t encodings_count;
    int64_t values;
    int64_t nulls; /**< HW_INSPECT_ABSENT unless all chunks tell them. */
    int64_t compressed;
    int64_t uncompressed;
    struct hw_inspect_value min; /**< Absent unless all chunks with values have bounds. */
    struct hw_inspect_value max;
};

/** A block of an Avro file. */
struct hw_inspect_block {
    int64_t offset;
    int64_t compressed; /**< Bytes, without count, size and marker. */
    int64_t rows;
};

/** The facts that a file tells. All is borrowed for the call that hands it out. */
struct hw_inspected {
    const char *path;
    /** HW_OK, or why the file could not be read; then only `path` and `error` are set. */
    enum hw_status status;
    const struct hw_error *error;
    const char *format; /**< "parquet", "avro" */
    uint64_t size;      /**< Bytes of the file. */
    int64_t rows;
    int64_t version;
    struct hw_inspect_bytes created_by;
    int64_t footer_size;
    int64_t columns; /**< Leaves of the schema. */
    int64_t compressed;
    int64_t uncompressed;
    bool has_page_index;                  /**< Any chunk has one. */
    int has_crc;                          /**< All pages have one; -1: pages were not read. */
    const struct hw_inspect_node *schema; /**< In the file's order, without the root. */
    size_t schema_count;
    const struct hw_inspect_pair *metadata;
    size_t metadata_count;
    const struct hw_inspect_group *groups;
    size_t groups_count;
    const struct hw_inspect_column *column_sums;
    size_t column_sums_count;

    /** The following are of Avro alone; NULL, or absent, else. */
    const char *codec;                         /**< "zstandard" */
    const char *sync;                          /**< The marker of blocks, in hexadecimal. */
    struct hw_inspect_bytes avro_schema;       /**< The schema's JSON as the file has it. */
    int64_t blocks;                            /**< They need HW_INSPECT_ROWS. */
    const struct hw_inspect_block *block_list; /**< It needs HW_INSPECT_PAGES. */
    size_t block_list_count;
};
/** Takes a file. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_inspected_fn(void *ctx, const struct hw_inspected *file, struct hw_error *err);

/** Bits for `parts`: what is read beyond the end of a file. */
enum {
    HW_INSPECT_PAGES = 1 << 0, /**< The headers of all pages. */
    HW_INSPECT_INDEX = 1 << 1, /**< The column index and the offset index. */
    HW_INSPECT_ROWS = 1 << 2,  /**< The number of rows: of Avro only its blocks tell it. */
};

/** {0} means the documented defaults. Texts are borrowed for the call. */
struct hw_inspect_options {
    size_t size; /**< sizeof(struct hw_inspect_options). */
    struct hw_store_options store;
    unsigned parts;
    /**
     * Columns whose chunks, pages and sums are told, in this order, "a,b.c": names, or paths, in
     * which the groups that lists and maps are made of may be left out; a name with a comma stands
     * in double quotes. NULL: all.
     */
    const char *columns;
};

/**
 * Looks at each file that the sources name: files, objects, folders that end in `/`, prefixes and
 * globs. Of folders those are meant that are called .parquet, .parq, .pq or .avro. Files come one
 * after the other, in the order of the sources.
 *
 * HW_EUSAGE for a column that a file does not have, or that is named twice; HW_ENOTFOUND where
 * nothing is found. A file that cannot be read is told like others, with its status; the call then
 * returns HW_EPARTIAL where others could be read, else the status of the first, which `each` was
 * told of.
 */
HW_API HW_NODISCARD enum hw_status hw_inspect(const char *const *sources, size_t sources_count,
                                              const struct hw_inspect_options *options, hw_inspected_fn *each,
                                              void *ctx, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
