/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes Avro object container files (Avro 1.12 specification, "Object Container Files"). One
 * encoded piece is a run of blocks. Nullable fields are ["null", T] with the default null. Names
 * that Avro does not allow are changed as avro/schema.h says.
 */
#ifndef HW_AVRO_WRITER_H
#define HW_AVRO_WRITER_H

#include "codec/compression.h"
#include "core/view.h"
#include "table/file_pairs.h"
#include "table/writer.h"

struct hw_avro_options {
    /*
     * None, deflate, snappy or zstd; others are HW_EUSAGE. HW_CODEC_DEFAULT means deflate, at its
     * default level.
     */
    enum hw_codec codec;
    /* HW_LEVEL_DEFAULT means the default of the codec. */
    int level;
    /* The bytes of a block before compression, from which on it is ended. 0 means 256 KiB. */
    size_t block_bytes;
    /* The name of the record; NULL means "row". It is changed if Avro does not allow it. */
    const char *record_name;
    /* A text that tells files of one schema apart (avro/sync.h). It may be empty. */
    hw_view identity;
    /* The metadata of the file beside Avro's own (avro/metadata.h). */
    struct hw_file_pairs pairs;
};

/*
 * Makes the writer of a file. It borrows schema and sink until it is freed. `options` NULL means
 * the defaults, and their texts are not needed after the call; `sink` NULL makes a writer that only
 * has siblings. Siblings have the same sync marker. HW_EUSAGE and HW_ELIMIT mean that Avro does not
 * have the codec, that rows can be too long for a block, or that schema and metadata are longer
 * than headers may be.
 */
HW_NODISCARD enum hw_status hw_avro_writer_new(const struct hw_schema *schema, const struct hw_avro_options *options,
                                               struct hw_sink *sink, struct hw_table_writer **out_writer,
                                               struct hw_error *err);

/* Returns the most bytes of memory that the compressor of one encoder takes. */
size_t hw_avro_compressor_bytes(const struct hw_avro_options *options);

#endif
