/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Avro object container files (Avro 1.12 specification, "Object Container Files"). One encoded
 * piece is a run of blocks. Nullable fields are ["null", T] with default null. Names that Avro does
 * not take are mangled and unique; the original stands in the field's "doc".
 */
#ifndef HW_AVRO_WRITER_H
#define HW_AVRO_WRITER_H

#include "codec/compression.h"
#include "core/view.h"
#include "table/writer.h"

struct hw_avro_options {
    /* HW_CODEC_DEFAULT: deflate at its level. none, deflate, snappy, zstd; else HW_EUSAGE */
    enum hw_codec codec;
    int level;               /* HW_LEVEL_DEFAULT: the codec's */
    size_t block_bytes;      /* encoded bytes of a block before compression, 0: 256 KiB */
    const char *record_name; /* NULL: "row"; mangled where it is no Avro name */
    hw_view identity;        /* tells files of one schema apart, may be empty */
};

/*
 * Borrows schema and sink (NULL: for siblings only) until free; `options` NULL: the defaults. The
 * sync marker comes from schema and identity (avro/sync.h), and is that of the siblings too. The
 * identity is borrowed for the call.
 */
HW_NODISCARD enum hw_status hw_avro_writer_new(const struct hw_schema *schema, const struct hw_avro_options *options,
                                               struct hw_sink *sink, struct hw_table_writer **out_writer,
                                               struct hw_error *err);

/* Returns the bytes of memory that compressing takes in one encoder at most. */
size_t hw_avro_compressor_bytes(const struct hw_avro_options *options);

#endif
