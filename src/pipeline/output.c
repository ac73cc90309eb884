/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/output.h"

#include "avro/writer.h"

static enum hw_status parquet_new(const struct hw_schema *schema, const struct hw_output_options *options,
                                  struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    return hw_parquet_writer_new(schema, &options->parquet, sink, out_writer, err);
}

static enum hw_status avro_new(const struct hw_schema *schema, const struct hw_output_options *options,
                               struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    const struct hw_avro_options avro = {.codec = options->avro_codec, .level = options->avro_level};
    return hw_avro_writer_new(schema, &avro, sink, out_writer, err);
}

static enum hw_status csv_new(const struct hw_schema *schema, const struct hw_output_options *options,
                              struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    return hw_csv_writer_new(schema, &options->csv, sink, out_writer, err);
}

static struct hw_output_naming parquet_naming(const struct hw_output_options *options) {
    (void)options;
    return (struct hw_output_naming){".parquet", "application/vnd.apache.parquet"};
}

static struct hw_output_naming avro_naming(const struct hw_output_options *options) {
    (void)options;
    return (struct hw_output_naming){".avro", "application/avro"};
}

static struct hw_output_naming csv_naming(const struct hw_output_options *options) {
    switch (options->csv.codec) {
    case HW_CODEC_GZIP:
        return (struct hw_output_naming){".csv.gz", "application/gzip"};
    case HW_CODEC_ZSTD:
        return (struct hw_output_naming){".csv.zst", "application/zstd"};
    default:
        return (struct hw_output_naming){".csv", "text/csv"};
    }
}

const struct hw_output_format hw_output_formats[] = {
    {HW_FORMAT_PARQUET, "parquet", parquet_naming, parquet_new},
    {HW_FORMAT_AVRO, "avro", avro_naming, avro_new},
    {HW_FORMAT_CSV, "csv", csv_naming, csv_new},
    {0, NULL, NULL, NULL},
};

static struct hw_output *output_of(struct hw_sink *sums) {
    return (struct hw_output *)((char *)sums - offsetof(struct hw_output, sums));
}

static enum hw_status sums_write(struct hw_sink *sums, const void *data, size_t bytes, struct hw_error *err) {
    struct hw_output *out = output_of(sums);
    HW_TRY(out->sink->ops->write(out->sink, data, bytes, err));
    hw_sha256_update(&out->sha256, data, bytes);
    out->crc64nvme = hw_crc64nvme(out->crc64nvme, data, bytes);
    sums->written += bytes;
    return HW_OK;
}

static enum hw_status sums_settle(struct hw_sink *sums, struct hw_error *err) {
    struct hw_output *out = output_of(sums);
    return out->sink->ops->settle(out->sink, err);
}

static enum hw_status sums_finish(struct hw_sink *sums, struct hw_error *err) {
    (void)sums;
    return hw_fail(err, HW_EFAILED, "a writer does not publish");
}

static void sums_free(struct hw_sink *sums) {
    (void)sums;
}

static const struct hw_sink_ops sums_ops = {sums_write, sums_settle, sums_finish, sums_free};

enum hw_status hw_output_open(struct hw_output *out, const struct hw_output_format *format,
                              const struct hw_schema *schema, const struct hw_output_options *options,
                              struct hw_sink *sink, struct hw_error *err) {
    *out = (struct hw_output){.format = format, .sink = sink, .sums = {.ops = &sums_ops}};
    if (!hw_sha256_init(&out->sha256)) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a checksum");
    }
    return format->writer_new(schema, options, &out->sums, &out->writer, err);
}

enum hw_status hw_output_close(struct hw_output *out, struct hw_error *err) {
    HW_TRY(out->writer->ops->finish(out->writer, err));
    hw_sha256_finish(&out->sha256, out->digest);
    if (out->sink->written != out->sums.written) {
        return hw_fail(err, HW_EFAILED, "wrote %" PRIu64 " bytes, the sink has %" PRIu64, out->sums.written,
                       out->sink->written);
    }
    return out->sums.ops->settle(&out->sums, err);
}

enum hw_status hw_output_publish(struct hw_output *out, struct hw_error *err) {
    return out->sink->ops->finish(out->sink, err);
}

void hw_output_release(struct hw_output *out) {
    if (out->writer) {
        out->writer->ops->free(out->writer);
    }
    if (out->sink) {
        out->sink->ops->free(out->sink);
    }
    hw_sha256_release(&out->sha256);
    *out = (struct hw_output){0};
}
