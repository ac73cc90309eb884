/* SPDX-License-Identifier: Apache-2.0 */
/* The main job: CSV objects, or the rows of a program, become Parquet, Avro and CSV. */
#ifndef HAWSER_CONVERT_H
#define HAWSER_CONVERT_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/batch.h>
#include <hawser/columns.h>
#include <hawser/csv.h>
#include <hawser/error.h>
#include <hawser/log.h>
#include <hawser/note.h>
#include <hawser/store.h>
#include <hawser/table.h>
#include <hawser/values.h>
#include <hawser/verify.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Formats to write, to be combined with `|`. */
enum hw_format { HW_FORMAT_PARQUET = 1, HW_FORMAT_AVRO = 2, HW_FORMAT_CSV = 4 };

/** Says how much work compression may take where no level is named. */
enum hw_effort {
    /** Takes a higher level for a column that gets smaller by 4 %, as its first page shows. */
    HW_EFFORT_NORMAL,
    HW_EFFORT_FAST, /**< Takes the lowest level. */
    HW_EFFORT_BEST  /**< Tries levels that take long too, and takes one that saves 1 %. */
};

/** Says which encodings Parquet may have. */
enum hw_encodings {
    HW_ENCODINGS_COMPACT, /**< The smallest of those that readers of today take. */
    HW_ENCODINGS_COMPAT,  /**< Dictionary and plain, which the oldest readers take. */
    /**
     * The smallest of all: also BYTE_STREAM_SPLIT for integers and fixed-length values, and
     * DELTA_BYTE_ARRAY. Readers of before 2026 may refuse the file.
     */
    HW_ENCODINGS_MAX
};

enum hw_overwrite {
    /**
     * Leaves alone what was made from the same source with the same options, and replaces all else.
     */
    HW_OVERWRITE_AUTO,
    HW_OVERWRITE_SKIP, /**< Leaves alone whatever is there. */
    HW_OVERWRITE_REPLACE,
    HW_OVERWRITE_FAIL /**< HW_EEXISTS where something is there. */
};

/* ------ what callbacks are told; everything is borrowed, for the callback only */

enum hw_convert_outcome {
    HW_CONVERTED,
    HW_SKIPPED,
    HW_PLANNED, /**< The run is a dry one. */
    HW_CONVERT_FAILED
};

/** Why an object is converted, or left alone: every reason in one table, X(name, word, text). */
#define HW_REASON_TABLE(X)                                                   \
    /* It is not known: the object has failed. */                            \
    X(HW_REASON_UNKNOWN, "unknown", "unknown")                               \
    /* There is no output yet. */                                            \
    X(HW_REASON_NEW, "new", "new")                                           \
    /* The output was made of another version of the source. */              \
    X(HW_REASON_SOURCE, "source_changed", "the source has changed")          \
    /* The output was made with other options. */                            \
    X(HW_REASON_OPTIONS, "options_changed", "the options have changed")      \
    /* With one_schema: others of its types; the options are the same. */    \
    X(HW_REASON_TYPES, "types_changed", "the types have changed")            \
    /* The output is not what an earlier run has made. */                    \
    X(HW_REASON_OUTPUT, "output_changed", "the output has changed")          \
    /* An earlier run did not end with this source. */                       \
    X(HW_REASON_UNFINISHED, "unfinished", "an earlier run was not finished") \
    /* Something is there, of which no manifest tells. */                    \
    X(HW_REASON_EXISTS, "exists", "the output exists")                       \
    /* HW_OVERWRITE_REPLACE asks for it. */                                  \
    X(HW_REASON_REPLACE, "replace", "the output is to be replaced")          \
    /* The output was made of this very source with these options. */        \
    X(HW_REASON_CURRENT, "up_to_date", "up to date")

enum hw_convert_reason {
#define HW_REASON_ENUM(name, word, text) name,
    HW_REASON_TABLE(HW_REASON_ENUM)
#undef HW_REASON_ENUM
        HW_REASON_COUNT
};

/**
 * One output file of one source; there are many where files have a size or partitions. Of a dry run
 * only path and format are set, and the path is a pattern, "out/a-*.parquet", where only the rows
 * would tell.
 */
struct hw_convert_output {
    const char *path;
    const char *format; /**< "parquet", "avro", "csv". */
    uint64_t bytes;
    char sha256[65];    /**< Hex. */
    char crc64nvme[17]; /**< Hex. */
    const char *etag;   /**< "" where the store has none. */
};

/** A column, and what is known of its values. */
struct hw_convert_column {
    const char *name;
    struct hw_type type;
    uint64_t nulls;
    /**
     * The number of different values, estimated: within 5 % nearly always, within 10 % in
     * tables of more than 256 columns. 0 of lists, structs and maps.
     */
    uint64_t distinct;
    /**
     * The least value, as CSV has it. Texts are compared by bytes, and cut to 64 of them and at a
     * NUL. NULL: there are no values but nan, or columns of this type are not compared.
     */
    const char *min;
    const char *max; /**< The greatest value, likewise. */
    /** The type that the sample gave the column, where it had to widen. NULL: that type stood. */
    const struct hw_type *widened_from;
    /**
     * The first value that did not fit `widened_from`, cut as the bounds are. NULL: there is none.
     */
    const char *misfit;
    uint64_t misfit_line;   /**< Its physical line, from 1. */
    uint64_t misfit_offset; /**< Its byte offset in the text, from 0, after unpacking. */
    /** The text that it stands in, where texts were merged; else NULL. */
    const char *misfit_source;
};

/** One of the texts that were merged. */
struct hw_convert_source {
    const char *name;
    uint64_t bytes; /**< A member of a ZIP has those of the ZIP. */
    uint64_t rows;
};

/** A reason, and the number of records that were rejected for it. */
struct hw_convert_reject {
    const char *reason; /**< As in the rejects file: "too_few_fields", "below_min". */
    uint64_t records;
};

/** One text, or all that were merged, and what became of it. */
struct hw_convert_object {
    const char *source; /**< Its name; a merge has that of its first source, and how many more. */
    /** Every text of a merge that was converted, in order. Else NULL. */
    const struct hw_convert_source *sources;
    /** The number of texts of a merge or, as long as they are not known, of objects. Else 0. */
    size_t sources_count;
    enum hw_convert_outcome outcome;
    /** Why it has this outcome; with several formats that of the first one that is written. */
    enum hw_convert_reason reason;
    uint64_t source_bytes;
    /** Records that were read, without the header. Always rows_out + rejected. */
    uint64_t rows_in;
    uint64_t rows_out;
    uint64_t rejected;
    size_t columns;
    double seconds;
    /** Not all of it was read, because it had as many rows as `limit_rows`. */
    bool limited;
    bool restarted;                 /**< It was read a second time, because a type had to widen. */
    uint64_t bytes_left_out;        /**< Bytes behind packed ones that were no part of them. */
    const struct hw_schema *schema; /**< NULL where it is not known. */
    /** One for each column, where report_path is set and the object was converted. Else NULL. */
    const struct hw_convert_column *column_facts;
    const struct hw_convert_reject *rejects; /**< The reasons that occurred. */
    size_t rejects_count;
    const struct hw_convert_output *outputs;
    size_t outputs_count;
    const char *rejects_path; /**< NULL without rejects. */
    /**
     * The checksum of the store that every byte of the source was compared with: "crc64nvme",
     * "crc32c", "crc32", "sha256", "sha1", or "none" where there was nothing to compare with, or
     * not all was read; "mixed" where the sources of a merge have several. NULL: the source is
     * local, or was not converted.
     */
    const char *source_checksum;
    /** Notes on how it was read: one of each kind that there is. */
    const struct hw_note *notes;
    size_t notes_count;
    const struct hw_error *error; /**< NULL unless the object failed. */
};

struct hw_convert_progress {
    uint64_t objects_total; /**< Grows while the sources are being listed. */
    uint64_t objects_done;
    /**
     * The sizes of the sources, packed as they are, but of those that need not be read; twice these
     * with `one_schema`.
     */
    uint64_t bytes_total;
    /** Text that was read, in bytes: more than bytes_total where texts are packed. */
    uint64_t bytes_done;
    uint64_t rows_done;
    bool listing; /**< The sources are still being listed. */
};

/* ------ what a run is asked for */

/**
 * Everything that a run may be asked for. {0} writes Parquet with the defaults of the command line.
 * What the pointers name is borrowed for the call.
 */
struct hw_convert_options {
    size_t size; /**< sizeof(struct hw_convert_options). 0 stands for that of version 0.1. */
    /**
     * Bits of enum hw_format. 0: what the name of the destination says where that is one object,
     * as ".avro", ".csv", ".tsv.gz"; else HW_FORMAT_PARQUET. HW_EUSAGE for a name of a format that
     * is not written; asked for a format, it is a warning.
     */
    unsigned formats;
    struct hw_csv_options csv;

    /**
     * Globs of objects below a folder or a glob that are sources, whatever they are called; none:
     * those that are CSV by their names. One without `/` is compared with an object's last name,
     * any other with its path below the folder; `/` at the front ties it to the folder, and at the
     * end it means all in folders of that name.
     */
    const char *const *include;
    size_t include_count;
    const char *const *exclude; /**< Globs likewise of objects that are no sources. */
    size_t exclude_count;
    /**
     * A file or object, or `-` for `input_fd`, with paths of more sources, one a line, in which no
     * character has a meaning. Where one source is named beside it, that is a folder, and the paths
     * are below it. NULL: none.
     */
    const char *files_from;
    bool files_from_nul; /**< Paths of `files_from` end with NUL, not with a line end. */
    /**
     * Hidden and temporary objects (.*, _*, ~$*, __MACOSX/) and those called .txt are sources too,
     * in folders and ZIPs.
     */
    bool all_files;
    /** Outputs are called after the whole name of the source: "a.csv.gz.parquet". */
    bool keep_extension;

    /**
     * The codec of Parquet, "zstd:3"; in a run without Parquet that of Avro, else of CSV. NULL: the
     * defaults below.
     */
    const char *compression;
    /** The codec of Avro. NULL: deflate; Parquet's default is zstd. */
    const char *avro_codec;
    /**
     * The codec of CSV: none, gzip or zstd; names then end in .csv.gz or .csv.zst. NULL: none.
     */
    const char *csv_compression;
    /** Puts an apostrophe before texts in CSV that begin with = + - @ tab or CR. */
    bool csv_formula_guard;
    enum hw_encodings encodings; /**< Is for Parquet. */
    /**
     * Is for Parquet. FAST and BEST are HW_EUSAGE without Parquet, and with a level in
     * `compression`.
     */
    enum hw_effort effort;

    /** The choice of columns. `csv.schema_path` and `partition_by` name them as written. */
    struct hw_columns_options columns;
    /**
     * Rows of a table at most: of each text, or of all that are merged. What comes after them is
     * not read, so nothing is proved of the whole. 0: no limit.
     */
    uint64_t limit_rows;

    uint64_t row_group_bytes; /**< Bytes of CSV text that make one row group at most. 0: 64 MiB. */
    uint64_t row_group_rows;  /**< Rows of a row group at most. 0: 1,048,576. */
    /**
     * Bytes of a data page before compression. 0: 1 MiB, and 4 MiB for columns that get smaller by
     * it.
     */
    uint64_t page_bytes;
    /**
     * Bytes of an output file, about: one ends where the next row group or run of blocks would make
     * it longer. Files are then numbered, "x-00000.parquet", however many there are. 0: one file,
     * without a number.
     */
    uint64_t max_file_bytes;
    /**
     * Columns whose values say which folder a row goes to, as Hive has it:
     * "day=2024-02-29/kind=a/x-00000.parquet" below the destination, which must be a folder. They
     * are not in the files.
     */
    const char *const *partition_by;
    size_t partition_by_count; /**< 0: no partitions. */
    /**
     * All sources become one table, in the order of `sources` and within a folder of the keys.
     * Columns are joined by name, in the order in which they first appear, and are null where a
     * source has none. One object of each format comes of it, or none. A destination that is a
     * folder gets it under the name of the single source, else "merged".
     */
    bool merge;
    /**
     * All sources whose columns have the same names get one set of types, which holds for all of
     * their values: every source is read for its values first, and is then converted once. The
     * order of columns does not matter. A source that changes in between fails with HW_ECHANGED.
     * What was made with other types is not left alone by HW_OVERWRITE_AUTO. A dry run reads the
     * values too. HW_EUSAGE with a source of `-`. It changes nothing for a merge, with a schema
     * file, and where every column is text.
     */
    bool one_schema;
    enum hw_overwrite overwrite;

    /** Memory to stay within. 0: the cgroup's limit less a tenth, else a quarter of RAM. */
    uint64_t memory_bytes;
    uint32_t threads; /**< 0: one for each core that the process may run on. */
    /**
     * Objects in work at once. 0: the number of threads; on S3 four times that. Then objects that
     * only wait for disks or services, to be published or opened, are not counted.
     */
    uint32_t jobs;
    /**
     * No object is begun once so many have failed; those in work are finished. What was found and
     * not begun is counted in `not_tried`. 0: all are tried.
     */
    uint64_t errors_max;
    /**
     * Plans and opens the sources, and writes nothing. on_object tells of them in their order.
     */
    bool dry_run;
    /**
     * A file or object for the JSON of what the run did, or `-` for `output_fd`. NULL: none.
     */
    const char *report_path;

    struct hw_store_options source_store;
    struct hw_store_options target_store;
    int input_fd; /**< The descriptor that a source of `-` is read from. 0 is standard input. */
    /** The descriptor that a destination of `-` is written to. 0: 1, standard output. */
    int output_fd;

    /**
     * Called for every object, in no order, by whichever thread of the run has ended it. One call
     * at a time: a callback that takes long keeps the run from ending other objects. NULL: never.
     */
    void (*on_object)(void *ctx, const struct hw_convert_object *object);
    /**
     * Called for what stops nothing but should be known: a file of an earlier run that was left
     * because it is another by now. By any thread of the run, never at the same time as on_object.
     * NULL: never.
     */
    void (*on_warning)(void *ctx, const struct hw_error *warning);
    /**
     * Called five times a second, by the clock, by the thread that has called hw_convert: while
     * sources are being listed, too. NULL: never.
     */
    void (*on_progress)(void *ctx, const struct hw_convert_progress *progress);
    /**
     * Asked often, by any thread; true ends the run with HW_ECANCELLED and nothing left behind.
     * NULL: never.
     */
    bool (*cancelled)(void *ctx);
    void *ctx; /**< For the four above. */
    /**
     * It is told of the run and of its objects, and of requests where the stores' options have no
     * log of their own. NULL: nobody is.
     */
    const struct hw_log *log;
    /**
     * Says how outputs are kept: metadata, storage class, encryption and their like. The manifest
     * and files of rejects have storage class, ACL, encryption and kind of checksum of them. It
     * decides nothing about which outputs are current. HW_EUSAGE where the destination cannot keep
     * it. NULL: {0}.
     */
    const struct hw_write_options *write;

    /**
     * Bits of enum hw_format: the formats that objects of folders and globs are sources by, if
     * their names say that they have them. 0: CSV, and of the others those that are not written.
     * What one object is that is named itself is found in its first bytes; the single bit says it
     * of those whose names say nothing.
     */
    unsigned from;
    enum hw_int96 int96;
    /** The most bytes of a page of Parquet that is read. 0: 256 MiB. */
    uint64_t page_bytes_max;
    /**
     * A condition, as docs/columns.md has them: only the rows of Parquet and Avro for which it is
     * true are taken, and only they are counted. It names columns as the sources do. HW_EUSAGE
     * where it is none, where a source lacks one of its columns, or is CSV. NULL: all rows.
     */
    const char *where;
    /**
     * Reads each output again before it is published, as hw_verify does at this level, and compares
     * its bytes and rows with those that were written. HW_ECHECKSUM where one is wrong; nothing of
     * its source is published then. What a store cannot read before that, as an upload to S3, is
     * copied to a temporary file meanwhile. It takes a quarter of the memory. Outputs that are left
     * alone are not read. HW_VERIFY_DEFAULT: none are.
     */
    enum hw_verify_level verify;
    /** The form of binaries in CSV. HW_EUSAGE without HW_FORMAT_CSV, unless it is the default. */
    enum hw_binary_text binary;
    /**
     * The form of structs, lists and maps in CSV. Fields of a struct that are columns of their own
     * are null where the struct is; HW_EDATA where two columns would have one name. HW_EUSAGE with
     * other formats than HW_FORMAT_CSV, unless it is the default.
     */
    enum hw_nested_text nested;
    /**
     * The columns of Parquet and Avro to take, "a,b.c": names of columns, and paths to fields of
     * structs, in this order. Of others nothing is read. A name with a comma stands in double
     * quotes. The renames of `columns` are for columns that are taken. HW_EUSAGE together with
     * `columns.select` or `columns.drop`, for a name that a source does not have, which tells the
     * nearest, for one that is listed twice, and where a source is CSV. NULL: all columns.
     */
    const char *column_list;
};

struct hw_convert_result {
    uint64_t objects; /**< That were told to on_object: a merge is one. */
    uint64_t converted;
    uint64_t skipped;
    uint64_t failed;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t rows_in;
    uint64_t rows_out;
    uint64_t rejected;
    double seconds;
    /** Hidden and temporary objects and members of ZIPs that are CSV by name, and were left out. */
    uint64_t junk_left_out;
    uint64_t texts_left_out; /**< Those called .txt that were left out. */
    uint64_t not_tried;      /**< Objects that were found and not begun, by `errors_max`. */
    uint64_t restarted;      /**< Converted objects that were read a second time. */
    uint64_t limited;        /**< Objects of which not all was read: see `limit_rows`. */
    uint64_t reserved[3];    /**< 0. Later versions may give them a meaning. */
};

/**
 * Converts every object under `sources` to `destination`. The paths are those of the command line:
 * a file, a folder or prefix that ends in `/`, a glob, `-`. There may be none where
 * `options->files_from` names them. One failing object does not stop the others: the call then
 * returns HW_EPARTIAL, or the object's own status when none succeeded. Of two objects that would
 * have the same output both fail. At a final name there is the old object or the whole new one,
 * whatever happens. HW_EEXISTS where a destination for one object is there already and is named
 * like a source ("a.csv"), unless HW_FORMAT_CSV or HW_OVERWRITE_REPLACE is asked for.
 *
 * Borrows every argument for the call; `options` may be NULL for {0}. `out_result` is filled on
 * failure too, as far as the run got. Blocks; several calls may run at once.
 */
HW_API HW_NODISCARD enum hw_status hw_convert(const char *const *sources, size_t sources_count, const char *destination,
                                              const struct hw_convert_options *options,
                                              struct hw_convert_result *out_result, struct hw_error *err);

/**
 * Writes the rows of a stream as hw_convert writes those of one source: one table, in the order in
 * which they come, with all that `options` say of outputs. hw_arrow_stream_import makes a stream of
 * what another library has.
 *
 * `name` is what messages, report and manifest call the source, and outputs in a folder are called
 * after: "trades" becomes "trades.parquet". HW_EUSAGE where no file can be called so. HW_EUSAGE,
 * naming it, for an option that is about reading sources: of `csv` and `source_store`, `merge`,
 * `one_schema` and `input_fd`. HW_OVERWRITE_AUTO replaces what is there, because nobody knows
 * whether a stream is the same as before. Sizes of the source are 0, and `row_group_bytes` counts
 * bytes of values.
 *
 * Takes `batches`, also on failure: `free` is called by the calling thread before this returns.
 * `next` is called by threads of the run, one at a time, and never after it has failed or come to
 * the end; a dry run calls it not at all. As long as it does not return, the run cannot be
 * cancelled. A batch is released, and one without an owner is used no more, before `next` is called
 * again, or `free`. Batches are copied, and where they begin and end changes no byte of what is
 * written.
 *
 * What a stream says is checked: HW_EDATA where a schema or a batch is not what hawser/batch.h
 * says. A failure of `next` is the call's own. All kinds of hawser/table.h go to Parquet, Avro and
 * CSV, with the limits of these formats; CSV has lists, structs and maps as JSON. Dictionaries are
 * written as their values. At a final name there is the old object or the whole new one, whatever
 * happens, and nothing new where the stream fails.
 *
 * Borrows all other arguments for the call. `out_result` is filled on failure too. Blocks; several
 * calls, each with its stream, may run at once.
 */
HW_API HW_NODISCARD enum hw_status hw_convert_batches(struct hw_batch_stream *batches, const char *name,
                                                      const char *destination, const struct hw_convert_options *options,
                                                      struct hw_convert_result *out_result, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
