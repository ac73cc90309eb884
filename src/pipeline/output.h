/* SPDX-License-Identifier: Apache-2.0 */
/* One output of a conversion: a format's writer over a sink, its bytes counted and summed as they leave. */
#ifndef HW_PIPELINE_OUTPUT_H
#define HW_PIPELINE_OUTPUT_H

#include <hawser/convert.h>

#include "codec/checksum.h"
#include "codec/compression.h"
#include "csv/writer.h"
#include "parquet/writer.h"
#include "store/store.h"
#include "table/writer.h"

/* What all outputs of a run have in common. */
struct hw_output_options {
    struct hw_parquet_options parquet;
    enum hw_codec avro_codec;
    int avro_level;
    struct hw_csv_writer_options csv;
};

/* What objects of a format are called: ".parquet". */
struct hw_output_naming {
    const char *extension;
    const char *content_type;
};

/* One row a format; the table ends with a row without a name. */
struct hw_output_format {
    enum hw_format flag;
    const char *name; /* "parquet" */
    struct hw_output_naming (*naming)(const struct hw_output_options *options);
    enum hw_status (*writer_new)(const struct hw_schema *schema, const struct hw_output_options *options,
                                 struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err);
};
extern const struct hw_output_format hw_output_formats[];
enum { HW_OUTPUT_FORMATS_MAX = 4 };

struct hw_output {
    const struct hw_output_format *format;
    struct hw_sink sums; /* what the writer writes to: sums, then passes on */
    struct hw_sink *sink;
    struct hw_table_writer *writer;
    struct hw_sha256 sha256;
    uint64_t crc64nvme;
    uint8_t digest[HW_SHA256_BYTES]; /* once finished */
};

/* Opens the object `key` of `store` for writing. Borrows all but `out`, which must not move until released. */
HW_NODISCARD enum hw_status hw_output_open(struct hw_output *out, const struct hw_output_format *format,
                                           const struct hw_schema *schema, const struct hw_output_options *options,
                                           struct hw_sink *sink, struct hw_error *err);
/* Ends the file; all of its bytes are where they stay, but not visible. */
HW_NODISCARD enum hw_status hw_output_close(struct hw_output *out, struct hw_error *err);
/* Makes a closed one visible. */
HW_NODISCARD enum hw_status hw_output_publish(struct hw_output *out, struct hw_error *err);
/* Releases it; what was not published disappears. Encoders must be freed before. */
void hw_output_release(struct hw_output *out);

#endif
