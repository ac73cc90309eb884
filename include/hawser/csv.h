/* SPDX-License-Identifier: Apache-2.0 */
/* Reading CSV text as batches, and the schema that its values have. */
#ifndef HAWSER_CSV_H
#define HAWSER_CSV_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/batch.h>
#include <hawser/columns.h>
#include <hawser/error.h>
#include <hawser/note.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_csv_header {
    /**
     * The first record holds the names, unless each of its fields is a number, a time, true, false
     * or empty, and one at least is not empty. Where it is the only record, any such field is
     * enough.
     */
    HW_CSV_HEADER_AUTO,
    HW_CSV_HEADER_YES, /**< The first record holds the names. */
    HW_CSV_HEADER_NO   /**< Names are column_1, column_2 and so on. */
};

enum hw_csv_record_end {
    HW_CSV_RECORD_END_AUTO,
    HW_CSV_RECORD_END_LF, /**< LF and CRLF. */
    HW_CSV_RECORD_END_CR
};

enum hw_csv_types {
    HW_CSV_TYPES_INFER,
    HW_CSV_TYPES_TEXT /**< Every column is text. */
};

enum hw_csv_decimals {
    /** A column is decimal only where it has digits that no double keeps. */
    HW_CSV_DECIMALS_EXACT,
    /** A column is decimal wherever a fixed number of decimal places holds. */
    HW_CSV_DECIMALS_PREFER,
    HW_CSV_DECIMALS_NEVER /**< A column that would be decimal is text. */
};

/** The meanings of the character after an escape. */
enum hw_csv_escapes {
    /** The character itself; a letter or a digit makes its record bad: programs differ in those. */
    HW_CSV_ESCAPES_SAFE,
    HW_CSV_ESCAPES_LITERAL, /**< The character itself, whatever it is. */
    /** \0 \b \n \r \t \Z are control characters, \N alone is null, as MySQL has it. */
    HW_CSV_ESCAPES_MYSQL,
    /** \b \f \n \r \t \v, \101 and \x41 are bytes, \N alone is null: COPY of Postgres. */
    HW_CSV_ESCAPES_POSTGRES
};

/** Options for reading CSV text. {0} reads RFC 4180 with the delimiter found from a sample. */
struct hw_csv_options {
    char delimiter;     /**< 0: found among comma, semicolon, tab, bar, runs of blanks. */
    char quote;         /**< 0: the double quote. */
    bool no_quotes;     /**< No byte quotes. */
    char escape;        /**< A byte that takes the next one as it is, inside quotes. 0: none. */
    char comment;       /**< Records that begin with this byte are left out. 0: none. */
    bool trim;          /**< Blanks and tabs around fields are no part of them. */
    bool decimal_comma; /**< A comma stands for the point of numbers. */
    /** Stands between groups of three digits: one of , . ' _ or a space. 0: nothing does. */
    char thousands;
    uint32_t skip_lines; /**< Physical lines before the header that are left out. */
    enum hw_csv_header header;
    enum hw_csv_record_end record_end;
    enum hw_csv_types types;
    enum hw_csv_decimals decimals;
    /**
     * Unquoted fields that are null besides the empty one. The word "common" stands for NA, N/A,
     * n/a, NULL, null, None, nil, -, . and \N, and for NaN in all columns but those of texts.
     */
    const char *const *null_values;
    size_t null_values_count;
    /**
     * A schema file, as hw_infer writes it, for some columns or all: a local path or a store path.
     * The types of others are inferred. NULL: those of all.
     */
    const char *schema_path;
    /** Bad records go to the rejects file. Without it the first one is an error. */
    bool bad_rows_reject;
    bool bad_rows_pad;        /**< Records with too few fields get nulls. */
    uint64_t rejects_max;     /**< More rejects are an error. 0: no limit. */
    double rejects_max_ratio; /**< The same as a share of the records, 0 to 1. 0: no limit. */
    /**
     * A glob that chooses the members of a ZIP, or the name of one. NULL: those that are CSV by
     * their names and neither hidden nor temporary, or else the only one that is neither.
     */
    const char *zip_member;
    /** The names of the columns, in their order, whatever the header says. NULL: it says. */
    const char *const *names;
    size_t names_count;
    /**
     * The encoding of the text, by a name that iconv knows, in any case, with or without - and _:
     * "windows-1252", "shift-jis", "utf-16le". "latin1" reads as windows-1252 does. A byte order
     * mark of UTF-8, UTF-16 or UTF-32 at the start counts more; where the name says another order,
     * that is HW_EDATA. NULL: UTF-8.
     */
    const char *encoding;
    /** Fields that are true and false, besides "true" and "false". The case of letters counts. */
    const char *const *true_values;
    const char *const *false_values;
    uint32_t true_values_count;
    uint32_t false_values_count;
    /**
     * The format of dates and that of timestamps, as strftime has them; docs/types.md has the
     * directives. NULL: the common forms.
     */
    const char *date_format;
    const char *timestamp_format;
    /** The bytes of the delimiter behind its first one, 7 at most. NULL: it has one byte. */
    const char *delimiter_tail;
    const char *comment_tail; /**< The same of what begins comments. */
    /** With any but HW_CSV_ESCAPES_SAFE, and with `no_quotes`, the escape counts everywhere. */
    enum hw_csv_escapes escapes;
    bool quotes_lenient;        /**< A quote within quotes that closes no field is a byte of it. */
    bool trailing_delimiter;    /**< A delimiter at the end of a record begins no field. */
    bool delimiter_blanks;      /**< Runs of blanks and tabs separate fields, not `delimiter`. */
    bool null_quoted;           /**< The null values are null in quotes too. */
    uint32_t skip_after_header; /**< Records right after the header that are left out. */
    uint32_t columns_max;       /**< More columns are an error. 0: 16,384. At most 131,072. */
    const void *reserved[4];    /**< NULL. Later versions may give them a meaning. */
};

/** The records that a schema was inferred from. */
struct hw_infer_looked {
    bool every_record; /**< All records were looked at; else samples were. */
    uint64_t records;  /**< All records. 0 where samples were looked at. */
    uint64_t rejected; /**< Bad ones among these, which were left out. */
    uint64_t texts;    /**< Objects, and members of ZIPs. */
    uint64_t bytes;    /**< The sizes of the objects, packed as they are. */
};

/**
 * Options for inferring a schema. {0} looks at every record where all sources together have at most
 * 256 MiB, packed as they are, and at samples beyond that; and it reads standard input for `-`.
 */
struct hw_infer_options {
    size_t size; /**< sizeof(struct hw_infer_options). 0 stands for that of version 0.1. */
    struct hw_csv_options csv;
    /** The choice of columns; HW_EUSAGE for `add_source`. */
    struct hw_columns_options columns;
    bool every_record; /**< Looks at every record, however many there are. */
    /** Which objects of folders and globs are sources, as in struct hw_convert_options. */
    const char *const *include;
    size_t include_count;
    const char *const *exclude; /**< The same, as are the next four. */
    size_t exclude_count;
    const char *files_from;
    bool files_from_nul;
    bool all_files;
    /** As in struct hw_convert_options, as is the next one. */
    uint64_t memory_bytes;
    uint32_t threads;
    /** A file or object that the schema is written to as well. NULL: none. */
    const char *output_path;
    struct hw_store_options source_store;
    struct hw_store_options target_store;
    int input_fd; /**< The descriptor that a source of `-` is read from. 0 is standard input. */
    /**
     * Called for what is worth knowing of how texts were read, once for each kind, by the thread
     * that has called hw_infer. NULL: never.
     */
    void (*on_note)(void *ctx, const struct hw_note *note);
    /** Called once, in the same way, before a call succeeds. NULL: never. */
    void (*on_looked)(void *ctx, const struct hw_infer_looked *looked);
    void *ctx; /**< For these two. */
};

/**
 * Finds the schema that holds for every value of a source, which is the one that hw_convert would
 * use. Where the source is a folder, a glob or a ZIP with several members, it is that of
 * hw_infer_sources. Writes it as JSON, in the form that `csv.schema_path` takes, into `*out_json`,
 * which the caller releases with hw_text_free; it is untouched on failure. Bad records are left
 * out.
 *
 * Where every record was looked at, hw_convert rejects no record of these sources because of this
 * schema. Where samples were, a value that they do not show may not fit.
 *
 * Borrows every argument for the call; `options` may be NULL for {0}. Blocks; several calls may run
 * at once.
 */
HW_API HW_NODISCARD enum hw_status hw_infer(const char *source, const struct hw_infer_options *options, char **out_json,
                                            struct hw_error *err);

/**
 * Finds in the same way the one schema that holds for several sources, which are named as those of
 * hw_convert: files, folders, globs, `-`. There may be none where `options->files_from` names them.
 * Columns are joined by name, in the order in which they first appear, as by `merge` in
 * hw_convert_options. A single source that is not there, that cannot be read, or that changes
 * meanwhile, fails the call.
 */
HW_API HW_NODISCARD enum hw_status hw_infer_sources(const char *const *sources, size_t sources_count,
                                                    const struct hw_infer_options *options, char **out_json,
                                                    struct hw_error *err);

/** Releases a text that the library has handed out. NULL is allowed. */
HW_API void hw_text_free(char *text);

/** A record that was rejected. Everything is borrowed, for the callback only. */
struct hw_csv_reject {
    uint64_t line;      /**< The physical line that it begins in, from 1. */
    uint64_t offset;    /**< Its byte offset in the text, from 0, after unpacking. */
    const char *reason; /**< As in the rejects file: "too_few_fields", "below_min". */
    const char *column; /**< The column that it was rejected for. NULL: none in particular. */
    const char *record; /**< Its bytes as they stand in the text. */
    size_t record_bytes;
};

/**
 * Options for reading one CSV object as batches. {0} reads the text twice, so that the types hold
 * every value, and reads standard input for `-`.
 */
struct hw_csv_read_options {
    size_t size; /**< sizeof(struct hw_csv_read_options). 0 stands for that of version 0.1. */
    struct hw_csv_options csv;
    /** The choice of columns; HW_EUSAGE for `add_source`. */
    struct hw_columns_options columns;
    /**
     * Types come from samples alone, and the text is read once. A value that does not fit the type
     * of its column is then HW_EDATA.
     */
    bool sampled;
    size_t batch_rows; /**< Rows of a batch at most. 0: 65,536. */
    struct hw_store_options source_store;
    int input_fd; /**< The descriptor that a source of `-` is read from. 0 is standard input. */
    /**
     * Called by `next` for each rejected record, in order, where `csv.bad_rows_reject` is set.
     * NULL: rejected records only count for `csv.rejects_max` and `csv.rejects_max_ratio`.
     */
    void (*on_reject)(void *ctx, const struct hw_csv_reject *reject);
    /** Called by hw_csv_read for what is worth knowing of how the text is read. NULL: never. */
    void (*on_note)(void *ctx, const struct hw_note *note);
    void *ctx; /**< For the two above. */
};

/**
 * Opens one CSV object as a stream of batches. Columns and types are those that hw_convert finds in
 * the same text. The object is plain text or packed, up to three times. Of a ZIP the only member is
 * read, or the only one that `csv.zip_member` names; HW_EUSAGE where it names several. All that is
 * read belongs to one version of the object. Behind packed bytes, zeros and up to 8 other bytes
 * that are no member are left out.
 *
 * The schema of `*out_stream` is final: this call reads the whole text for its types. It reads only
 * samples where types are given, where every column is text, and where `sampled` is set.
 *
 * `next` reads the rows, in the thread of its caller. A batch has at most `batch_rows` rows and
 * comes from 256 KiB of text at most, more only where a single record is longer, so that the memory
 * in use does not depend on the size of the text. Batches own their memory and may outlive the
 * stream. The stream ends only when the whole text was read and agrees with the checksum that the
 * store keeps, if it keeps one; otherwise `next` fails.
 *
 * `source` and the texts of `options` are copied; stores of the program's own and the log must live
 * as long as the stream. `source_store.cancelled` is also asked between
 * blocks of text, by this call and by `next`; true ends them with HW_ECANCELLED. The caller may
 * free the stream at any time. On failure `*out_stream` is untouched. Several streams may be read
 * at once.
 */
HW_API HW_NODISCARD enum hw_status hw_csv_read(const char *source, const struct hw_csv_read_options *options,
                                               struct hw_batch_stream **out_stream, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
