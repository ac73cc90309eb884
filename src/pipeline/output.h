/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outputs of a conversion: one a format, each of one file or of many. A file is a sibling of
 * its format's writer over a sink of its own, its bytes counted and summed as they leave. None is
 * visible before all of them are published.
 */
#ifndef HW_PIPELINE_OUTPUT_H
#define HW_PIPELINE_OUTPUT_H

#include <stdatomic.h>

#include <hawser/convert.h>

#include "codec/checksum_sha256.h"
#include "codec/compression.h"
#include "core/arena.h"
#include "core/intern.h"
#include "csv/writer.h"
#include "parquet/writer.h"
#include "pipeline/kept_options.h"
#include "pipeline/written_file.h"
#include "store/file_sync.h"
#include "store/store.h"
#include "table/writer.h"

/* Options that all outputs of a run have in common. */
struct hw_output_options {
    struct hw_parquet_options parquet;
    enum hw_codec avro_codec;
    int avro_level;
    struct hw_csv_writer_options csv;
    uint64_t file_bytes_max; /* a file is closed before a piece makes it longer; 0: no limit */
    /* of one conversion, over all formats; no fewer than one a format are open */
    size_t files_open_max;
    size_t files_held_max;   /* bytes that the writers of open files may hold */
    size_t footers_held_max; /* the same where there is no other file to close; 0: no limit */
    struct hw_written_options verify;
};

/* The table that goes to all outputs of a conversion. */
struct hw_output_table {
    const struct hw_schema *schema;
    /* Key-value metadata, for formats that have such. */
    struct hw_file_pairs pairs;
    uint64_t bytes; /* that a file may come to, about */
};

/* The names and the content type of objects of a format: ".parquet". */
struct hw_output_naming {
    const char *extension;
    const char *content_type;
};

/* One row a format; the table ends with a row without a name. */
struct hw_output_format {
    enum hw_format flag;
    bool pairs_last;  /* a file ends with its key-value metadata */
    const char *name; /* "parquet" */
    struct hw_output_naming (*naming)(const struct hw_output_options *options);
    /* Returns the bytes of memory that compressing takes in one encoder at most. */
    size_t (*compressor_bytes)(const struct hw_output_options *options);
    /* that one encoder holds for each column, however few its values are */
    size_t column_bytes;
    size_t piece_bytes;        /* that one encoded piece holds beside its rows */
    size_t piece_column_bytes; /* the same for each of its columns */
    /*
     * Bytes of rows, encoded or not yet, at which they are handed on as a piece. Of Parquet a piece
     * is a row group, of which readers want large ones; pieces of other formats leave no trace in
     * the file.
     */
    size_t content_bytes_max;
    /*
     * Makes a writer without a sink. `identity` tells the output apart from others, where the
     * format wants something that no other file has.
     */
    enum hw_status (*writer_new)(const struct hw_output_table *table, const struct hw_output_options *options,
                                 hw_view identity, struct hw_table_writer **out_writer, struct hw_error *err);
};
extern const struct hw_output_format hw_output_formats[];
enum {
    HW_OUTPUT_FORMATS_MAX = 4,
    HW_OUTPUT_FILE_BYTES = 600, /* of memory, that a file takes while it waits to be published */
};

/*
 * The names of the files of one output: `folder`, partition, `stem`, number and `extension`. Many
 * files are numbered, "x-00000.parquet", in each partition from 0.
 */
struct hw_output_names {
    const char *folder; /* ends in '/', or is empty */
    const char *stem;
    const char *extension;
};

struct hw_output_plan_source;

/* The places where the outputs of one table go. */
struct hw_output_plan {
    struct hw_store *store;
    const struct hw_kept_options *kept;
    const struct hw_output_format *formats[HW_OUTPUT_FORMATS_MAX];
    struct hw_output_names names[HW_OUTPUT_FORMATS_MAX]; /* one a format */
    /* files are numbered, however many there are */
    bool many;
    /* and made as their partitions turn up; else there is one, though nothing may be in it */
    bool partitioned;
    bool create_only; /* what is there already is an error */
    bool look;        /* of many: find out what is there already */
    /* nothing was there before; one a format, where there are not many files */
    bool fresh[HW_OUTPUT_FORMATS_MAX];
    char *rejects_key;
    /*
     * Whether a rejects file of an earlier run is looked for, and whether it is this source's, by
     * what the run is asked for or by the manifest. Of a single output there is no manifest.
     */
    bool rejects_expected;
    bool rejects_ours;
    /* Why they are written, or left alone where `count` is 0: that of the first one. */
    enum hw_convert_reason reason;
    /*
     * A text that no other outputs have: options, source and where they go. It is the same in every
     * run.
     */
    const char *identity;
    size_t count;
    /* Asked of every name of many, before it is opened. NULL: all may be. */
    enum hw_status (*may_open)(const struct hw_output_plan_source *source, const char *key, struct hw_error *err);
    const struct hw_output_plan_source *source; /* for may_open */
};

struct hw_outputs;

/* The part of a file that is there as long as it is open. */
struct hw_output_open {
    struct hw_sink sums; /* what the writer writes to: sums, then passes on */
    struct hw_table_writer *writer;
    struct hw_output_file *older, *newer; /* open ones, by their last use */
    size_t held_bytes;                    /* by the writer */
    struct hw_sha256 sha256;
    struct hw_written_file written; /* zeroed where files are not verified */
    struct hw_output_file *file;
};

/*
 * One file. There may be a hundred thousand of them that are closed, and wait to be published all
 * together.
 */
struct hw_output_file {
    struct hw_outputs *outputs;
    const struct hw_output_format *format;
    const char *key; /* the end of `path` */
    struct hw_sink *sink;
    struct hw_output_open *open; /* NULL once the file is closed */
    uint64_t rows;
    uint64_t bytes;
    uint64_t crc64nvme;
    uint8_t digest[HW_SHA256_BYTES]; /* once closed */
    bool fresh;                      /* nothing was there before */
    char path[];                     /* the store's root, then the key */
};

/* A partition of one output. */
struct hw_output_place {
    struct hw_output_file *open; /* NULL: the next rows begin another */
    uint32_t files;              /* so far */
};

/* All files of one format. */
struct hw_output {
    struct hw_table_writer *prototype; /* makes the encoders; all files are its siblings */
    struct hw_output_file **files;     /* in the order in which they were begun */
    size_t files_count;
    size_t files_capacity;
    struct hw_output_place *places; /* one a partition */
    size_t places_capacity;
    uint64_t rows;
};

/* All outputs of a conversion. One thread at a time. Zeroed: none are open. */
struct hw_outputs {
    const struct hw_output_plan *output_plan;
    const struct hw_output_options *options;
    uint64_t size_hint;   /* bytes that a file may come to */
    uint64_t pairs_bytes; /* of key-value metadata */
    /* the files: what they free earlier lies apart from them, in pages of its own */
    struct hw_arena arena;
    struct hw_output formats[HW_OUTPUT_FORMATS_MAX];
    struct hw_intern partitions;            /* their paths */
    struct hw_output_file *oldest, *newest; /* open files */
    atomic_size_t files_begun;              /* of all outputs; any thread may look */
    size_t open_count;
    size_t open_held;
    struct hw_store_sync sync; /* of partitions, whose files are small and many */
};

/*
 * Opens the outputs. Borrows all that is given and what the table refers to. `outputs` must not
 * move until it is released, which is due on failure too.
 */
HW_NODISCARD enum hw_status hw_outputs_open(struct hw_outputs *outputs, const struct hw_output_plan *output_plan,
                                            const struct hw_output_table *table,
                                            const struct hw_output_options *options, struct hw_error *err);
/*
 * Returns the bytes of memory that compressing takes for one worker at most, in these formats (of
 * enum hw_format).
 */
uint64_t hw_outputs_encoder_bytes(unsigned formats, const struct hw_output_options *options);
/*
 * Returns the bytes of memory that the encoders of these formats hold for each column of one
 * worker.
 */
uint64_t hw_outputs_column_bytes(unsigned formats);
/* Returns the sum of their content_bytes_max. */
uint64_t hw_outputs_content_bytes_max(unsigned formats);
/*
 * Returns the bytes of memory that the rows of one partition hold once they are encoded for all
 * outputs, beside what the rows themselves take.
 */
size_t hw_outputs_piece_bytes(const struct hw_outputs *outputs, size_t columns);
/* An encoder of output `i`. Any thread. */
HW_NODISCARD enum hw_status hw_outputs_encoder_new(struct hw_outputs *outputs, size_t i,
                                                   struct hw_encoder **out_encoder, struct hw_error *err);
/*
 * Gives the number of a partition, the same for all outputs: from 0, in the order in which they
 * come. HW_ELIMIT beyond HW_PARTITIONS_MAX of them.
 */
HW_NODISCARD enum hw_status hw_outputs_partition(struct hw_outputs *outputs, const char *partition,
                                                 uint32_t *out_number, struct hw_error *err);
/* Returns the path of a partition that has a number. Any thread, while no partition is added. */
const char *hw_outputs_partition_path(const struct hw_outputs *outputs, uint32_t number);
/*
 * Writes a piece of output `i`, which it takes, to a file of that partition ("" where there are
 * none).
 */
HW_NODISCARD enum hw_status hw_outputs_append(struct hw_outputs *outputs, size_t i, const char *partition,
                                              struct hw_encoded *encoded, struct hw_error *err);
/*
 * Ends all files that are open; all bytes are where they stay, but not visible. No rows may follow.
 */
HW_NODISCARD enum hw_status hw_outputs_close(struct hw_outputs *outputs, struct hw_error *err);
/* Returns the number of files that were begun, of all formats. */
size_t hw_outputs_files(const struct hw_outputs *outputs);
/*
 * Gives free memory back to the system where there are very many files: the report and the manifest
 * of so many take as much as their rows did.
 */
void hw_outputs_trim(const struct hw_outputs *outputs);
/* Makes closed ones visible, all of them or, as far as that can be undone, none. */
HW_NODISCARD enum hw_status hw_outputs_publish(struct hw_outputs *outputs, struct hw_error *err);
/* Releases all; what was not published disappears. Encoders and pieces must be freed before. */
void hw_outputs_release(struct hw_outputs *outputs);

#endif
