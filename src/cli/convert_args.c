/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/convert_args.h"
#include "cli/parquet_choices.h"

#include "cli/values_args.h"
#include "cli/verify_text.h"
#include "core/object_name.h"

static_assert(sizeof(enum hw_overwrite) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_verify_level) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_int96) == sizeof(unsigned), "choices are written as unsigned");

static const struct hw_choice format_choices[] = {
    {"parquet", HW_FORMAT_PARQUET}, {"avro", HW_FORMAT_AVRO}, {"csv", HW_FORMAT_CSV}, {NULL, 0}};
static const struct hw_choice int96_choices[] = {
    {"auto", HW_INT96_AUTO}, {"ns", HW_INT96_NANOS}, {"us", HW_INT96_MICROS}, {"text", HW_INT96_TEXT}, {NULL, 0}};
static const struct hw_choice overwrite_choices[] = {{"auto", HW_OVERWRITE_AUTO},
                                                     {"skip", HW_OVERWRITE_SKIP},
                                                     {"replace", HW_OVERWRITE_REPLACE},
                                                     {"fail", HW_OVERWRITE_FAIL},
                                                     {NULL, 0}};

#define CONVERT_FIELD(field) HW_OPTION_FIELD(struct hw_convert_args, field)

static const struct hw_option output_rows[] = {
    {.name = "to",
     .letter = 't',
     .type = HW_OPTION_CHOICES,
     CONVERT_FIELD(convert.formats),
     .choices = format_choices,
     .fallback = "parquet, or what the name of DST says: .avro, .csv, .tsv, .csv.gz, .csv.zst",
     .help = "Writes these formats, all from one pass over the sources, whatever the name of DST says."},
    {.name = "from",
     .type = HW_OPTION_CHOICES,
     CONVERT_FIELD(convert.from),
     .choices = format_choices,
     .fallback = "csv, and of parquet and avro those that are not written",
     .help = "Takes objects of these formats from folders and globs, by their names. What a single object is, its "
             "first bytes say."},
    {.name = "compression",
     .letter = 'c',
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(convert.compression),
     .arg = "CODEC[:LEVEL]",
     .fallback = "zstd for Parquet, deflate for Avro, none for CSV",
     .help = "Compresses Parquet: none, snappy, zstd, gzip, lz4_raw or brotli. Where no Parquet is written, the "
             "option stands for --avro-codec, and where no Avro is either, for --csv-codec."},
    {.name = "effort",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.effort),
     .choices = hw_effort_choices,
     .fallback = "normal",
     .help = "Chooses the level for each column of Parquet where --compression names none: the lowest, a higher one "
             "where that saves 4 %, or also those that take long."},
    {.name = "avro-codec",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(convert.avro_codec),
     .arg = "CODEC[:LEVEL]",
     .fallback = "deflate",
     .help = "Compresses Avro: none, deflate, snappy or zstd."},
    {.name = "csv-codec",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(convert.csv_compression),
     .arg = "CODEC[:LEVEL]",
     .fallback = "none, or what the name of DST says: .csv.gz, .csv.zst",
     .help = "Compresses CSV: none, gzip or zstd. In a folder, names of files then end in .csv.gz or .csv.zst."},
    {.name = "formula-guard",
     .type = HW_OPTION_FLAG,
     CONVERT_FIELD(convert.csv_formula_guard),
     .help = "Puts an apostrophe before texts in CSV that begin with = + - @ tab or CR, because spreadsheets would "
             "run them as formulas. This changes values."},
    {.name = "binary",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.binary),
     .choices = hw_binary_text_choices,
     .fallback = "base64",
     .help = "Writes binary values in CSV in this form. With text they must be UTF-8."},
    {.name = "nested",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.nested),
     .choices = hw_nested_text_choices,
     .fallback = "json",
     .help = "Says what CSV has of structs, lists and maps: their JSON, with flatten a column for each field of a "
             "struct, with fail an error. Nothing but CSV is written then."},
    {.name = "encodings",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.encodings),
     .choices = hw_encodings_choices,
     .fallback = "compact",
     .help = "Chooses the encodings of Parquet: the smallest that readers of today know, only those that the oldest "
             "know, or the smallest of all, which readers of before 2026 may refuse."},
    {.name = "merge",
     .type = HW_OPTION_FLAG,
     CONVERT_FIELD(convert.merge),
     .help = "Makes one output of all sources. Columns are joined by name, and are null where a source lacks them."},
    {.name = "one-schema",
     .type = HW_OPTION_FLAG,
     CONVERT_FIELD(convert.one_schema),
     .help = "Gives all sources whose columns have the same names one set of types, which holds for all of their "
             "values, so that their outputs are one dataset. Every source is read twice."},
    {.name = "row-group-bytes",
     .type = HW_OPTION_SIZE,
     CONVERT_FIELD(convert.row_group_bytes),
     .arg = "SIZE",
     .min = 1,
     .fallback = "64MiB",
     .help = "Ends a row group after so much CSV text."},
    {.name = "row-group-rows",
     .type = HW_OPTION_COUNT,
     CONVERT_FIELD(convert.row_group_rows),
     .arg = "N",
     .min = 1,
     .fallback = "1048576",
     .help = "Ends a row group after so many rows."},
    {.name = "page-bytes",
     .type = HW_OPTION_SIZE,
     CONVERT_FIELD(convert.page_bytes),
     .arg = "SIZE",
     .min = 1,
     .fallback = "1MiB, 4MiB for columns that get smaller by it",
     .help = "Ends a data page of Parquet at this size, before compression."},
    {.name = "max-file-bytes",
     .type = HW_OPTION_SIZE,
     CONVERT_FIELD(convert.max_file_bytes),
     .arg = "SIZE",
     .min = 1,
     .fallback = "one file, without a number",
     .help = "Makes several files of about this size at most: x-00000.parquet, x-00001.parquet and so on. A file "
             "ends between two row groups or blocks."},
    {.name = "partition-by",
     .type = HW_OPTION_LIST,
     CONVERT_FIELD(partition_by),
     .arg = "COL,...",
     .help = "Puts rows in folders by the values of these columns, as Hive does: DST/COL=VALUE/x-00000.parquet. The "
             "files themselves do without these columns."},
    {.name = "schema",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(csv.csv.schema_path),
     .arg = "FILE",
     .help = "Takes from this JSON file the types of columns, of some or of all, and what their values must be. hawser "
             "infer writes such a file."},
    {.name = "add-source",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(add_source),
     .arg = "COL",
     .fallback = "none",
     .help = "Adds a text column of this name, the last one, with the name of the source that each row came from."},
    {.name = "limit",
     .type = HW_OPTION_COUNT,
     CONVERT_FIELD(convert.limit_rows),
     .arg = "N",
     .min = 1,
     .fallback = "all rows",
     .help = "Writes at most so many rows of each text, or of all that are merged, and reads no further. Nothing is "
             "proved of the rest."},
    {.name = "max-rejects",
     .type = HW_OPTION_LIMIT,
     CONVERT_FIELD(csv.max_rejects),
     .arg = "N|P%",
     .fallback = "no limit",
     .help = "Fails where more records are rejected than this number, or than this share of all. Needs --bad-rows "
             "reject."},
    {.name = "columns",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(convert.column_list),
     .arg = "LIST",
     .fallback = "all",
     .help = "Takes these columns of Parquet and Avro, in this order, and reads no others. A comma separates them; a.b "
             "is the field b of the struct a. A name with a comma in it stands in double quotes."},
    {.name = "where",
     .type = HW_OPTION_TEXT,
     CONVERT_FIELD(convert.where),
     .arg = "CONDITION",
     .fallback = "all rows",
     .help =
         "Takes only the rows of Parquet and Avro for which this is true: \"price >= 10 AND NOT name IN ('a', 'b')\". "
         "Parts of a file that cannot have such rows are not read."},
    {.name = "int96",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.int96),
     .choices = int96_choices,
     .fallback = "auto",
     .help = "Reads old timestamps of Parquet (INT96) in nanoseconds, in microseconds, or as text. auto takes "
             "nanoseconds, and microseconds where a year is outside of 1677 to 2262."},
    {.name = "max-page-bytes",
     .type = HW_OPTION_SIZE,
     CONVERT_FIELD(convert.page_bytes_max),
     .arg = "SIZE",
     .min = 1,
     .fallback = "256MiB, and what --memory leaves for a page",
     .help = "Refuses Parquet with larger pages."},
    {.name = "verify",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.verify),
     .choices = hw_verify_level_choices,
     .fallback = "nothing is read again",
     .help = "Reads each output again before it is published, as hawser verify --level does, and fails where it is not "
             "what was written. Of outputs on S3 a copy is in TMPDIR meanwhile."},
    {.name = "overwrite",
     .type = HW_OPTION_CHOICE,
     CONVERT_FIELD(convert.overwrite),
     .choices = overwrite_choices,
     .fallback = "auto",
     .help = "Says what happens where an output exists: auto leaves it if it was made from the same source with the "
             "same options and replaces it otherwise, skip leaves it, replace replaces it, and fail is an error."},
};

static const struct hw_option_group output_group = {"Conversion", output_rows, COUNT_OF(output_rows)};

static const struct hw_option_part parts[] = {
    {&output_group, 0, 0},
    {&hw_source_option_rows, offsetof(struct hw_convert_args, sources), 0},
    {&hw_columns_option_group, offsetof(struct hw_convert_args, columns), 0},
    {&hw_csv_option_group, offsetof(struct hw_convert_args, csv), 0},
    {&hw_run_option_group, offsetof(struct hw_convert_args, run), HW_RUN_ALL & ~(uint32_t)HW_RUN_PRICES},
    {&hw_store_option_group, offsetof(struct hw_convert_args, store), 0},
    {&hw_source_option_group, offsetof(struct hw_convert_args, store), 0},
    {&hw_read_option_group, offsetof(struct hw_convert_args, write), 0},
    {&hw_write_option_group, offsetof(struct hw_convert_args, write), 0},
    {&hw_common_options, 0, 0},
};

const struct hw_option_set hw_convert_option_set = {parts, COUNT_OF(parts)};

static enum hw_status codecs_settle(struct hw_convert_options *options, const char *destination, struct hw_error *err);
static enum hw_status csv_settle(const struct hw_convert_options *options, unsigned formats, struct hw_error *err);
static enum hw_status destination_check(const struct hw_convert_args *args, const struct hw_convert_options *options,
                                        const char *destination, struct hw_error *err);

enum hw_status hw_convert_args_options(const struct hw_convert_args *args, const char *destination,
                                       struct hw_arena *arena, struct hw_convert_options *out_options,
                                       struct hw_error *err) {
    struct hw_convert_options options = args->convert;
    options.size = sizeof(options);
    HW_TRY(hw_columns_args_options(&args->columns, arena, &options.columns, err));
    options.columns.add_source = args->add_source;
    options.partition_by = args->partition_by.items;
    options.partition_by_count = args->partition_by.count;
    options.include = args->sources.include.items;
    options.include_count = args->sources.include.count;
    options.exclude = args->sources.exclude.items;
    options.exclude_count = args->sources.exclude.count;
    options.files_from = args->sources.files_from;
    options.files_from_nul = args->sources.files_from_nul;
    options.all_files = args->sources.all_files;
    options.keep_extension = args->sources.keep_extension;
    options.memory_bytes = args->run.memory_bytes;
    options.threads = args->run.threads;
    options.jobs = args->run.jobs;
    options.dry_run = args->run.dry_run;
    options.errors_max = args->run.fail_fast ? 1 : args->run.max_errors;
    options.report_path = args->run.report_path;
    HW_TRY(hw_csv_args_options(&args->csv, &options.csv, err));
    HW_TRY(hw_source_args_check(&args->sources, err));
    HW_TRY(codecs_settle(&options, destination, err));
    HW_TRY(destination_check(args, &options, destination, err));
    options.source_store = hw_store_args_source(&args->store);
    options.target_store = hw_store_args_target(&args->store);
    struct hw_write_options *write = hw_arena_alloc(arena, sizeof(*write));
    if (!write) {
        return hw_fail_nomem(err, sizeof(*write));
    }
    HW_TRY(hw_write_args_options(&args->write, arena, write, err));
    options.write = write;
    *out_options = options;
    return HW_OK;
}

/* Returns the formats that will be written: what is asked for, else what the name says. */
static unsigned formats_of(const struct hw_convert_options *options, const char *destination) {
    const enum hw_name_format named = hw_name_look(destination).format;
    const unsigned by_name = named == HW_NAME_AVRO ? HW_FORMAT_AVRO : named == HW_NAME_CSV ? HW_FORMAT_CSV : 0;
    return options->formats ? options->formats : by_name ? by_name : HW_FORMAT_PARQUET;
}

/*
 * Settles whose codec is meant: the library takes Avro's as the main one where only Avro is
 * written.
 */
static enum hw_status codecs_settle(struct hw_convert_options *options, const char *destination, struct hw_error *err) {
    const unsigned formats = formats_of(options, destination);
    HW_TRY(csv_settle(options, formats, err));
    if (options->effort != HW_EFFORT_NORMAL && !(formats & HW_FORMAT_PARQUET)) {
        return hw_fail(err, HW_EUSAGE, "--effort needs --to parquet");
    }
    if (!options->avro_codec) {
        return HW_OK;
    }
    if (!(formats & HW_FORMAT_AVRO)) {
        return hw_fail(err, HW_EUSAGE, "--avro-codec needs --to avro");
    }
    if (!(formats & HW_FORMAT_PARQUET)) {
        if (options->compression) {
            return hw_fail(err, HW_EUSAGE, "--compression and --avro-codec both name the codec of the Avro file");
        }
        options->compression = options->avro_codec;
        options->avro_codec = NULL;
    }
    return HW_OK;
}

static enum hw_status csv_settle(const struct hw_convert_options *options, unsigned formats, struct hw_error *err) {
    if (!(formats & HW_FORMAT_CSV)) {
        const char *needing = options->csv_compression ? "--csv-codec" : "--formula-guard";
        bool asked = options->csv_compression || options->csv_formula_guard;
        return asked ? hw_fail(err, HW_EUSAGE, "%s needs --to csv", needing) : HW_OK;
    }
    if (formats == HW_FORMAT_CSV && options->compression && options->csv_compression) {
        return hw_fail(err, HW_EUSAGE, "--compression and --csv-codec both name the codec of the CSV file");
    }
    return HW_OK;
}

static enum hw_status destination_check(const struct hw_convert_args *args, const struct hw_convert_options *options,
                                        const char *destination, struct hw_error *err) {
    if (args->run.fail_fast && args->run.max_errors > 0) {
        return hw_fail(err, HW_EUSAGE, "--fail-fast and --max-errors both say how many objects may fail");
    }
    if (args->run.json && options->report_path && strcmp(options->report_path, "-") == 0) {
        return hw_fail(err, HW_EUSAGE, "--json and a report of - both want standard output");
    }
    if (strcmp(destination, "-") != 0) {
        return HW_OK;
    }
    if (args->run.json) {
        return hw_fail(err, HW_EUSAGE, "--json and a destination of - both want standard output");
    }
    if ((options->formats & (options->formats - 1)) != 0) {
        return hw_fail(err, HW_EUSAGE, "a destination of - takes one format, not several");
    }
    return HW_OK;
}
