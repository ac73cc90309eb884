/* SPDX-License-Identifier: Apache-2.0 */
/* The main job: CSV objects become Parquet, Avro and CSV. */
#ifndef HAWSER_CONVERT_H
#define HAWSER_CONVERT_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>
#include <hawser/store.h>
#include <hawser/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Formats to write, to be combined with `|`. */
enum hw_format { HW_FORMAT_PARQUET = 1, HW_FORMAT_AVRO = 2, HW_FORMAT_CSV = 4 };

enum hw_csv_header {
    HW_CSV_HEADER_YES, /**< The first record holds the names. */
    HW_CSV_HEADER_NO,  /**< Names are column_1, column_2 ... */
    HW_CSV_HEADER_AUTO /**< No header when the first record's fields have the types of the rest already. */
};
enum hw_csv_encoding { HW_CSV_UTF8, HW_CSV_LATIN1, HW_CSV_UTF16 /**< byte order by its mark, little-endian without */ };
enum hw_csv_record_end { HW_CSV_RECORD_END_AUTO, HW_CSV_RECORD_END_LF /**< LF and CRLF */, HW_CSV_RECORD_END_CR };
enum hw_csv_types { HW_CSV_TYPES_INFER, HW_CSV_TYPES_TEXT };
enum hw_csv_decimals { HW_CSV_DECIMALS_EXACT /**< only where a double would lose digits */, HW_CSV_DECIMALS_PREFER };

/** How CSV text is read. {0} reads RFC 4180 with the delimiter found from a sample. */
struct hw_csv_options {
    char delimiter;      /**< 0: found among , ; tab |. */
    char quote;          /**< 0: ". */
    bool no_quotes;      /**< No byte quotes. */
    char escape;         /**< 0: none; a backslash, say, that takes the next byte as it is inside quotes. */
    char comment;        /**< 0: none; records that begin with it are left out. */
    uint32_t skip_lines; /**< Physical lines before the header that are left out. */
    enum hw_csv_header header;
    enum hw_csv_encoding encoding;
    enum hw_csv_record_end record_end;
    enum hw_csv_types types;
    enum hw_csv_decimals decimals;
    const char *const *null_values; /**< Unquoted fields that are null besides the empty one. */
    size_t null_values_count;
    const char *schema_path;  /**< A schema file, as `infer` writes it. NULL: inferred. */
    bool bad_rows_reject;     /**< Bad records go to the rejects file. */
    bool bad_rows_pad;        /**< Records with too few fields get nulls. */
    uint64_t rejects_max;     /**< More rejects are an error. 0: no limit. */
    double rejects_max_ratio; /**< The same as a share of the records, 0..1. 0: no limit. */
    const char *zip_member;   /**< Glob that chooses the members of a ZIP. NULL: every file. */
};

enum hw_overwrite {
    HW_OVERWRITE_AUTO, /**< Left alone when made from the same source with the same options, replaced otherwise. */
    HW_OVERWRITE_SKIP, /**< What is there is left alone. */
    HW_OVERWRITE_REPLACE,
    HW_OVERWRITE_FAIL /**< HW_EEXISTS where something is there. */
};

enum hw_convert_outcome { HW_CONVERTED, HW_SKIPPED, HW_PLANNED /**< dry run */, HW_CONVERT_FAILED };

/**
 * One output file of one source; many where files have a size or partitions. Texts live for the callback only. Of a
 * dry run only path and format are set, and the path is a pattern ("out/a-*.parquet") where rows would tell.
 */
struct hw_convert_output {
    const char *path;
    const char *format; /**< "parquet", "avro", "csv". */
    uint64_t bytes;
    char sha256[65];
    char crc64nvme[17]; /**< Hex. */
    const char *etag;
};

/** What is known of one column. Texts live for the callback only. */
struct hw_convert_column {
    const char *name;
    struct hw_type type;
    uint64_t nulls;
    uint64_t
        distinct; /**< Different values, estimated: within 5 % nearly always, 10 % in tables of more than 256 columns. */
    const char *
        min; /**< As CSV has it; texts are compared by bytes and cut to 64 of them, and at a NUL. NULL: no values but nan. */
    const char *max;
    const struct hw_type
        *widened_from; /**< The type that the sample gave it, where it had to widen. NULL: that type stood. */
    const char *
        misfit; /**< The first value that did not fit `widened_from`, cut as the bounds are. NULL where there is none. */
    uint64_t misfit_line;      /**< Physical line, from 1. */
    uint64_t misfit_offset;    /**< Byte offset in the text, from 0, after unpacking. */
    const char *misfit_source; /**< Of a merge: the text. Else NULL. */
};

/** One of the texts that were merged. */
struct hw_convert_source {
    const char *name;
    uint64_t bytes; /**< Of a member of a ZIP: of the ZIP. */
    uint64_t rows;
};

/** How many records were rejected for one reason. */
struct hw_convert_reject {
    const char *reason; /**< As in the rejects file: "too_few_fields", "below_min". */
    uint64_t records;
};

/** One text, or all that were merged, and what became of it. Everything is borrowed, for the callback only. */
struct hw_convert_object {
    const char *source;                      /**< Of a merge: the first one, and how many more. */
    const struct hw_convert_source *sources; /**< Of a merge that was converted: every text, in order. Else NULL. */
    size_t sources_count;                    /**< Of a merge: the texts, before they are known the objects. Else 0. */
    enum hw_convert_outcome outcome;
    uint64_t source_bytes;
    uint64_t rows_in; /**< Records read, header not counted. Always rows_out + rejected. */
    uint64_t rows_out;
    uint64_t rejected;
    size_t columns;
    double seconds;
    bool restarted;                 /**< Read a second time, because a type had to widen. */
    const struct hw_schema *schema; /**< NULL when not known. */
    const struct hw_convert_column
        *column_facts; /**< One a column, where report_path is set and the object was converted. Else NULL. */
    const struct hw_convert_reject *rejects; /**< Reasons that occurred. */
    size_t rejects_count;
    const struct hw_convert_output *outputs;
    size_t outputs_count;
    const char *rejects_path; /**< NULL without rejects. */
    /**
     * The checksum of the store that every byte of the source was compared with: "crc64nvme", "crc32c", "crc32", or
     * "none" where there was nothing to compare with; "mixed" where the sources of a merge have several. NULL: the
     * source is local, or was not converted.
     */
    const char *source_checksum;
    const struct hw_error *error; /**< NULL unless it failed. */
};

struct hw_convert_progress {
    uint64_t objects_total; /**< Grows while the sources are being listed. */
    uint64_t objects_done;
    uint64_t bytes_total;
    uint64_t bytes_done;
    uint64_t rows_done;
};

struct hw_convert_options {
    unsigned formats; /**< Of enum hw_format. 0: HW_FORMAT_PARQUET. */
    struct hw_csv_options csv;
    const char *compression;     /**< "zstd:3", for Parquet; without it for Avro, else for CSV. NULL: as below. */
    const char *avro_codec;      /**< Avro's. NULL: deflate, where Parquet has zstd and CSV none. */
    const char *csv_compression; /**< CSV's: none, gzip, zstd; names then end in .csv.gz, .csv.zst. NULL: none. */
    bool csv_formula_guard;      /**< Puts an apostrophe before texts in CSV that begin with = + - @ tab or CR. */
    bool encodings_compat;       /**< Dictionary and plain only. */
    uint64_t row_group_bytes;    /**< Bytes of CSV text that make one row group. 0: 64 MiB. */
    uint64_t row_group_rows;     /**< Rows of a row group at most. 0: 1,048,576. */
    uint64_t page_bytes;         /**< Data page before compression. 0: 1 MiB. */
    /**
     * Bytes of an output file, about: one ends where the next row group or run of blocks would make it longer. Files are then numbered, "x-00000.parquet",
     * however many there are. 0: one file, without a number.
     */
    uint64_t max_file_bytes;
    /**
     * Columns whose values say which folder a row goes to, as Hive has it: "day=2024-02-29/kind=a/x-00000.parquet" below the destination, which must
     * be a folder. They are not in the files. Borrowed.
     */
    const char *const *partition_by;
    size_t partition_by_count; /**< 0: no partitions. */
    /**
     * All sources become one table, in the order of `sources` and within a folder of the keys: columns are joined by name, in the order in which they first appear, null where a
     * source has none. One object (a format) comes of it, or none. A destination that is a folder gets it under the name of the single source, else "merged".
     */
    bool merge;
    enum hw_overwrite overwrite;
    uint64_t memory_bytes;   /**< Memory to stay within. 0: the cgroup's limit less a tenth, else a quarter of RAM. */
    uint32_t threads;        /**< 0: one a core that the process may run on. */
    uint32_t jobs;           /**< Objects in work at once. 0: the number of threads; on S3 four times that. */
    bool dry_run;            /**< Plans, opens sources, writes nothing. */
    const char *report_path; /**< JSON of what the run did. NULL: none. */
    struct hw_store_options source_store;
    struct hw_store_options target_store;
    int output_fd; /**< Where a destination of `-` goes. */
    int input_fd;  /**< Where a source of `-` comes from. */
    /** Called for every object, in no order, one call at a time. NULL: never. */
    void (*on_object)(void *ctx, const struct hw_convert_object *object);
    /**
     * Called for what stops nothing but should be known: a file of an earlier run that was left
     * because it is another by now. One call at a time, never at the same time as on_object.
     * NULL: never.
     */
    void (*on_warning)(void *ctx, const struct hw_error *warning);
    /** Called a few times a second at most. NULL: never. */
    void (*on_progress)(void *ctx, const struct hw_convert_progress *progress);
    /** Asked often; true ends the run with HW_ECANCELLED and nothing left behind. NULL: never. */
    bool (*cancelled)(void *ctx);
    void *ctx; /**< For the four above. */
};

struct hw_convert_result {
    uint64_t objects; /**< Told to on_object: a merge is one. */
    uint64_t converted;
    uint64_t skipped;
    uint64_t failed;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t rows_in;
    uint64_t rows_out;
    uint64_t rejected;
    double seconds;
};

/**
 * Converts every object under `sources` to `destination`; the store paths are those of the command line: a file, a folder or prefix that ends in
 * `/`, a glob, `-`. One failing object does not stop the others: the call then returns HW_EPARTIAL, or the object's own status when none
 * succeeded. At a final name there is the old object or the whole new one, whatever happens.
 *
 * Borrows every argument for the call. `out_result` is filled on failure too, as far as the run got. Blocking; several calls may run at once.
 */
HW_API HW_NODISCARD enum hw_status hw_convert(const char *const *sources, size_t sources_count, const char *destination,
                                              const struct hw_convert_options *options,
                                              struct hw_convert_result *out_result, struct hw_error *err);

/** {0} reads samples as hw_convert does, standard input for `-`. */
struct hw_infer_options {
    struct hw_csv_options csv;
    bool every_record;       /**< Looks at all records instead of samples. */
    const char *output_path; /**< A file or object that the schema is written to as well. NULL: none. */
    struct hw_store_options source_store;
    struct hw_store_options target_store;
    int input_fd; /**< Where a source of `-` comes from. */
};

/**
 * Finds the schema that hw_convert would use for one CSV object, of a ZIP for its only member or the only one that
 * `csv.zip_member` names (HW_EUSAGE for several), and writes it as JSON, the form that `schema_path` takes, into
 * `*out_json` (owned by the caller, release with hw_text_free).
 */
HW_API HW_NODISCARD enum hw_status hw_infer(const char *source, const struct hw_infer_options *options, char **out_json,
                                            struct hw_error *err);

/** Releases a text that the library handed out. NULL is allowed. */
HW_API void hw_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
