/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the header of an Avro file ("Object Container Files" of the specification). */
#ifndef HW_AVRO_FILE_HEAD_H
#define HW_AVRO_FILE_HEAD_H

#include <hawser/table.h>

#include "avro/schema_read.h"
#include "avro/sync.h"
#include "codec/packed.h"

/* The codecs that a header may name. */
enum hw_avro_codec {
    HW_AVRO_CODEC_NULL,
    HW_AVRO_CODEC_DEFLATE,
    HW_AVRO_CODEC_SNAPPY,
    HW_AVRO_CODEC_ZSTANDARD,
    HW_AVRO_CODEC_BZIP2,
    HW_AVRO_CODEC_XZ,
    HW_AVRO_CODECS
};

/* The part of the header that could not be read. */
enum hw_avro_head_part { HW_AVRO_HEAD_FRAME, HW_AVRO_HEAD_SCHEMA, HW_AVRO_HEAD_CODEC };

/* Start it zeroed. It is read only once it is made, and any thread may read it. */
struct hw_avro_head {
    struct hw_avro_schema_tree schema;
    /* The schema's JSON, as it stands in the file. */
    hw_view schema_text;
    enum hw_avro_codec codec;
    uint8_t sync[HW_AVRO_SYNC_BYTES];
    /* All of the metadata in the order of the file, the keys of Avro's own too. Keys are UTF-8. */
    const struct hw_key_value *metadata;
    size_t metadata_count;
    /* The bytes of the header: the offset of the first block. */
    uint64_t bytes;
    /* The part at fault, after a failure. */
    enum hw_avro_head_part part;
    struct hw_arena arena;
};

/* The first bytes of every Avro file. */
enum { HW_AVRO_MAGIC_BYTES = 4 };
bool hw_avro_magic(const void *data, size_t bytes);

/*
 * Reads the header and leaves the input at the first block. HW_EDATA where the file begins with
 * none, or one that is damaged; HW_EUNSUPPORTED for a codec that is not known, and where
 * hw_avro_schema_read says it; HW_ELIMIT where it has more than HW_AVRO_HEAD_BYTES_MAX. The release
 * is due on failure too.
 */
HW_NODISCARD enum hw_status hw_avro_head_read(struct hw_avro_head *head, struct hw_packed *input, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_head_release(struct hw_avro_head *head);

/* Returns the name that headers have for the codec. */
const char *hw_avro_codec_name(enum hw_avro_codec codec);

#endif
