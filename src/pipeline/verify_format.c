/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify_format.h"

#include "avro/file_check.h"
#include "codec/checksum.h"
#include "core/object_name.h"
#include "parquet/file_tail.h"
#include "parquet/verify.h"
#include "pipeline/file_magic.h"
#include "pipeline/verify_csv.h"
#include "store/source_end.h"

/* The bytes that are read at once for a sum. */
#define SUM_BYTES HW_MIB(1)

/* A file that is open. */
struct looking {
    struct hw_verify_file *file;
    const struct hw_verify_file_options *options;
    struct hw_source *source;
};

typedef enum hw_status format_verify(struct looking *looking, struct hw_error *err);

struct verify_format {
    const char *name;
    format_verify *verify;
    bool has_columns; /* Some of its columns can be looked at by themselves. */
};

static enum hw_status file_open(struct hw_verify_file *file, struct hw_source **out_source, struct hw_error *err);
static enum hw_status file_sum(struct looking *looking, struct hw_error *err);
static enum hw_status format_find(const struct looking *looking, const struct verify_format **out_format,
                                  struct hw_error *err);

enum hw_status hw_verify_file_run(struct hw_verify_file *file, const struct hw_verify_file_options *options,
                                  struct hw_error *err) {
    struct looking looking = {.file = file, .options = options};
    const struct verify_format *format = NULL;
    file->findings_max = options->findings_max;
    file->errors_only = options->errors_only;
    HW_TRY(file_open(file, &looking.source, err));
    file->counts.size = looking.source->size;
    enum hw_status status = format_find(&looking, &format, err);
    if (status == HW_OK) {
        file->counts.format = format->name;
        status = options->columns && !format->has_columns
                     ? hw_fail(err, HW_EUSAGE, "it is looked at as a whole: --columns is for Parquet")
                     : format->verify(&looking, err);
    }
    if (status == HW_OK && options->sum && !options->columns && options->level > HW_VERIFY_FOOTER &&
        !file->counts.has_sum) {
        status = file_sum(&looking, err);
    }
    looking.source->ops->close(looking.source);
    return status;
}

/* Reads the file once more for its sum, which its format does not make on the way. */
static enum hw_status file_sum(struct looking *looking, struct hw_error *err) {
    HW_AUTO(hw_buf) block = {0};
    struct hw_source *source = looking->source;
    uint64_t sum = 0;
    for (uint64_t at = 0; at < source->size; at += block.size) {
        HW_TRY(hw_buf_resize(&block, (size_t)hw_clamp(source->size - at, 0, SUM_BYTES), err));
        HW_TRY(source->ops->read_at(source, at, block.data, block.size, err));
        sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, sum, block.data, block.size);
    }
    looking->file->counts.bytes_read += source->size;
    looking->file->counts.has_sum = true;
    looking->file->counts.sum = sum;
    return HW_OK;
}

static enum hw_status file_open(struct hw_verify_file *file, struct hw_source **out_source, struct hw_error *err) {
    const struct hw_object_info *known = file->known.key ? &file->known : NULL;
    if (hw_name_look(file->key).format == HW_NAME_PARQUET) {
        return hw_source_end_open(file->store, file->key, known, HW_PARQUET_TAIL_BYTES, out_source, err);
    }
    return known ? file->store->ops->source_open(file->store, file->key, known, out_source, err)
                 : hw_store_source_needed(file->store, file->key, out_source, err);
}

/* ------ formats */

static enum hw_status parquet_verify(struct looking *looking, struct hw_error *err) {
    struct hw_verify_file *file = looking->file;
    const struct hw_parquet_verify_options options = {
        .level = looking->options->level,
        .columns = looking->options->columns,
        .memory_bytes = (size_t)looking->options->memory_bytes,
        .page_bytes_max = looking->options->page_bytes_max,
        .sum = looking->options->sum,
    };
    struct hw_parquet_verified verified;
    const enum hw_status status =
        hw_parquet_verify(looking->source, &options, hw_verify_file_found, file, &verified, err);
    file->counts.rows = verified.rows;
    file->counts.pages = verified.pages;
    file->counts.pages_without_crc = verified.pages_without_crc;
    file->counts.bytes_read = verified.bytes_read;
    file->counts.reads = verified.reads;
    file->counts.has_sum = verified.has_sum;
    file->counts.sum = verified.sum;
    return status;
}

static enum hw_status avro_verify(struct looking *looking, struct hw_error *err) {
    struct hw_verify_file *file = looking->file;
    HW_AUTO(hw_packed) input = {0};
    struct hw_avro_checked checked = {0};
    HW_TRY(hw_packed_init(&input, looking->source, 0, err));
    const enum hw_status status =
        hw_avro_file_check(&input, looking->options->level, hw_verify_file_found, file, &checked, err);
    file->counts.rows = looking->options->level > HW_VERIFY_FOOTER ? (int64_t)checked.rows : -1;
    file->counts.pages = checked.blocks;
    file->counts.pages_without_crc = checked.unproved;
    file->counts.bytes_read = checked.bytes;
    return status;
}

static enum hw_status csv_verify(struct looking *looking, struct hw_error *err) {
    return looking->options->level == HW_VERIFY_FOOTER
               ? HW_OK
               : hw_verify_csv(looking->file, looking->source, looking->options, err);
}

static const struct verify_format parquet_format = {"parquet", parquet_verify, true};
static const struct verify_format avro_format = {"avro", avro_verify, false};

/* All else is a text, and what is none is told of. */
static const struct verify_format csv_format = {"csv", csv_verify, false};

/* Looks at the bytes at a place of the file. */
static enum hw_status magic_look(const struct looking *looking, uint64_t at, enum hw_name_format *out_format,
                                 struct hw_error *err) {
    struct hw_source *source = looking->source;
    char magic[HW_FILE_MAGIC_BYTES];
    HW_TRY(source->ops->read_at(source, at, magic, sizeof(magic), err));
    *out_format = hw_file_magic((hw_view){magic, sizeof(magic)});
    return HW_OK;
}

/*
 * A file is what its first bytes say. Where they say nothing, its name tells what is missing. The
 * last bytes of what is called Parquet are at hand, and say as much.
 */
static enum hw_status format_find(const struct looking *looking, const struct verify_format **out_format,
                                  struct hw_error *err) {
    const uint64_t size = looking->source->size;
    const enum hw_name_format name = hw_name_look(looking->file->key).format;
    enum hw_name_format format = HW_NAME_UNKNOWN;
    if (size >= HW_FILE_MAGIC_BYTES && name == HW_NAME_PARQUET) {
        HW_TRY(magic_look(looking, size - HW_FILE_MAGIC_BYTES, &format, err));
    }
    if (size >= HW_FILE_MAGIC_BYTES && format == HW_NAME_UNKNOWN) {
        HW_TRY(magic_look(looking, 0, &format, err));
    }
    format = format == HW_NAME_UNKNOWN ? name : format;
    *out_format = format == HW_NAME_PARQUET ? &parquet_format : format == HW_NAME_AVRO ? &avro_format : &csv_format;
    return HW_OK;
}
