/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/output.h"

#include "avro/writer.h"
#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "pipeline/partition.h"

/* Of fewer files, what is told of them takes a few MiB at most. */
enum { TRIM_FILES_MIN = 10000 };

static enum hw_status parquet_new(const struct hw_output_table *table, const struct hw_output_options *options,
                                  hw_view identity, struct hw_table_writer **out_writer, struct hw_error *err) {
    struct hw_parquet_options parquet = options->parquet;
    (void)identity;
    parquet.pairs = table->pairs;
    return hw_parquet_writer_new(table->schema, &parquet, NULL, out_writer, err);
}

/* Keys that describe the columns of Parquet do not describe those of Avro. */
static enum hw_status avro_new(const struct hw_output_table *table, const struct hw_output_options *options,
                               hw_view identity, struct hw_table_writer **out_writer, struct hw_error *err) {
    const struct hw_avro_options avro = {
        .codec = options->avro_codec,
        .level = options->avro_level,
        .identity = identity,
        .pairs = {table->pairs.items, table->pairs.count, false},
    };
    return hw_avro_writer_new(table->schema, &avro, NULL, out_writer, err);
}

static enum hw_status csv_new(const struct hw_output_table *table, const struct hw_output_options *options,
                              hw_view identity, struct hw_table_writer **out_writer, struct hw_error *err) {
    (void)identity;
    return hw_csv_writer_new(table->schema, &options->csv, NULL, out_writer, err);
}

static size_t parquet_compressor(const struct hw_output_options *options) {
    return hw_parquet_compressor_bytes(&options->parquet);
}

static size_t avro_compressor(const struct hw_output_options *options) {
    const struct hw_avro_options avro = {.codec = options->avro_codec, .level = options->avro_level};
    return hw_avro_compressor_bytes(&avro);
}

static size_t csv_compressor(const struct hw_output_options *options) {
    return hw_csv_compressor_bytes(&options->csv);
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
    {HW_FORMAT_PARQUET, true, "parquet", parquet_naming, parquet_compressor, 3584, 320, 384, 96 << 20, parquet_new},
    {HW_FORMAT_AVRO, false, "avro", avro_naming, avro_compressor, 256, 192, 0, 4 << 20, avro_new},
    {HW_FORMAT_CSV, false, "csv", csv_naming, csv_compressor, 256, 160, 0, 4 << 20, csv_new},
    {0, false, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};

uint64_t hw_outputs_encoder_bytes(unsigned formats, const struct hw_output_options *options) {
    uint64_t bytes = 0;
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        bytes += formats & format->flag ? format->compressor_bytes(options) : 0;
    }
    return bytes;
}

uint64_t hw_outputs_column_bytes(unsigned formats) {
    uint64_t bytes = 0;
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        bytes += formats & format->flag ? format->column_bytes : 0;
    }
    return bytes;
}

uint64_t hw_outputs_content_bytes_max(unsigned formats) {
    uint64_t bytes = 0;
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        bytes += formats & format->flag ? format->content_bytes_max : 0;
    }
    return bytes;
}

size_t hw_outputs_piece_bytes(const struct hw_outputs *outputs, size_t columns) {
    size_t bytes = 0;
    for (size_t i = 0; i < outputs->output_plan->count; i++) {
        const struct hw_output_format *format = outputs->output_plan->formats[i];
        bytes += format->piece_bytes + columns * format->piece_column_bytes;
    }
    return bytes;
}

/* ------ files */

static bool is_verified(const struct hw_output_file *file) {
    return file->outputs->options->verify.level != HW_VERIFY_DEFAULT;
}

static enum hw_status sums_write(struct hw_sink *sums, const void *data, size_t bytes, struct hw_error *err) {
    struct hw_output_open *open = (struct hw_output_open *)sums;
    struct hw_output_file *file = open->file;
    HW_TRY(file->sink->ops->write(file->sink, data, bytes, err));
    if (is_verified(file)) {
        HW_TRY(hw_written_file_add(&open->written, data, bytes, err));
    }
    hw_sha256_update(&open->sha256, data, bytes);
    file->crc64nvme = hw_crc64nvme(file->crc64nvme, data, bytes);
    file->bytes += bytes;
    sums->written += bytes;
    return HW_OK;
}

static enum hw_status sums_settle(struct hw_sink *sums, struct hw_error *err) {
    struct hw_output_file *file = ((struct hw_output_open *)sums)->file;
    return file->sink->ops->settle(file->sink, err);
}

static enum hw_status sums_finish(struct hw_sink *sums, struct hw_error *err) {
    (void)sums;
    return hw_fail(err, HW_EFAILED, "a writer does not publish");
}

static void sums_free(struct hw_sink *sums) {
    (void)sums;
}

static const struct hw_sink_ops sums_ops = {
    .size = sizeof(sums_ops), .write = sums_write, .settle = sums_settle, .finish = sums_finish, .free = sums_free};

static void open_remove(struct hw_output_file *file) {
    struct hw_outputs *outputs = file->outputs;
    struct hw_output_open *open = file->open;
    *(open->older ? &open->older->open->newer : &outputs->oldest) = open->newer;
    *(open->newer ? &open->newer->open->older : &outputs->newest) = open->older;
    open->older = open->newer = NULL;
    outputs->open_count--;
    outputs->open_held -= open->held_bytes;
}

static void open_add(struct hw_output_file *file) {
    struct hw_outputs *outputs = file->outputs;
    file->open->older = outputs->newest;
    *(outputs->newest ? &outputs->newest->open->newer : &outputs->oldest) = file;
    outputs->newest = file;
    outputs->open_count++;
    outputs->open_held += file->open->held_bytes;
}

static void open_free(struct hw_output_file *file) {
    if (file->open) {
        if (file->open->writer) {
            file->open->writer->ops->free(file->open->writer);
        }
        hw_sha256_release(&file->open->sha256);
        hw_written_file_release(&file->open->written);
        hw_free(file->open);
        file->open = NULL;
    }
}

static enum hw_status file_verify(struct hw_output_file *file, struct hw_error *err) {
    const struct hw_output_options *options = file->outputs->options;
    const struct hw_csv_options csv = {.delimiter = options->csv.delimiter ? options->csv.delimiter : ',',
                                       .header = HW_CSV_HEADER_YES,
                                       .columns_max = HW_CSV_COLUMNS_LIMIT};
    const struct hw_written_facts facts = {.rows = file->rows,
                                           .bytes = file->bytes,
                                           .crc64nvme = file->crc64nvme,
                                           .csv = file->format->flag == HW_FORMAT_CSV ? &csv : NULL};
    return hw_written_file_verify(&file->open->written, &options->verify, &facts, err);
}

/* Ends the file; all its bytes are where they stay. */
static enum hw_status file_end(struct hw_output_file *file, struct hw_error *err) {
    struct hw_output_open *open = file->open;
    HW_TRY(open->writer->ops->finish(open->writer, err));
    hw_sha256_finish(&open->sha256, file->digest);
    if (file->sink->written != file->bytes) {
        return hw_fail(err, HW_EFAILED, "wrote %s, the sink has %" PRIu64, HW_COUNT(file->bytes, "byte"),
                       file->sink->written);
    }
    HW_TRY(file->sink->ops->settle(file->sink, err));
    return is_verified(file) ? file_verify(file, err) : HW_OK;
}

/* Says which file failed, unless the error names its object already, which is then that file. */
static enum hw_status file_failed(const struct hw_output_file *file, enum hw_status status, struct hw_error *err) {
    if (err && err->object[0] == '\0') {
        hw_error_prefix(err, "%s", file->key);
    }
    return status;
}

static enum hw_status file_close(struct hw_output_file *file, struct hw_error *err) {
    assert(file->open); /* it is among the open ones */
    enum hw_status status = file_end(file, err);
    if (status != HW_OK) {
        return file_failed(file, status, err);
    }
    open_remove(file);
    open_free(file); /* it keeps nothing but what publishing it takes */
    return HW_OK;
}

static void file_release(struct hw_output_file *file) {
    open_free(file);
    if (file->sink) {
        file->sink->ops->free(file->sink);
    }
}

/* Which file is wanted: the next of an output in a partition. */
struct wanted {
    size_t output;
    const char *partition;
    uint32_t number;
};

static enum hw_status path_make(const struct hw_output_plan *output_plan, const struct wanted *wanted,
                                struct hw_buf *out, struct hw_error *err) {
    const struct hw_output_names *names = &output_plan->names[wanted->output];
    HW_TRY(
        hw_buf_printf(out, err, "%s%s%s%s", output_plan->store->root, names->folder, wanted->partition, names->stem));
    if (output_plan->many) {
        HW_TRY(hw_buf_printf(out, err, "-%05" PRIu32, wanted->number));
    }
    return hw_buf_append(out, names->extension, strlen(names->extension) + 1, err);
}

/* Of a single file the caller has looked already. */
static enum hw_status key_check(const struct hw_output_plan *output_plan, const char *key, bool *out_fresh,
                                struct hw_error *err) {
    struct hw_object_info info;
    struct hw_error stat_err = HW_ERROR_INIT;
    char etag[128];
    if (!output_plan->many) {
        return HW_OK;
    }
    if (output_plan->may_open) {
        HW_TRY(output_plan->may_open(output_plan->source, key, err));
    }
    if (!output_plan->look) {
        return HW_OK;
    }
    enum hw_status status = hw_store_look(output_plan->store, key, &info, etag, &stat_err);
    if (status == HW_OK && output_plan->create_only) {
        return hw_fail(err, HW_EEXISTS, "%.300s%.200s is there already", output_plan->store->root, key);
    }
    if (status != HW_OK && status != HW_ENOTFOUND) {
        return hw_error_pass(err, status, &stat_err);
    }
    *out_fresh = status == HW_ENOTFOUND;
    return HW_OK;
}

static enum hw_status file_prepare(struct hw_output_file *file, const struct hw_output *output,
                                   const struct wanted *wanted, struct hw_error *err) {
    struct hw_outputs *outputs = file->outputs;
    const struct hw_output_plan *output_plan = outputs->output_plan;
    const struct hw_sink_options options = {
        .size_hint = outputs->size_hint,
        .create_only = output_plan->create_only,
        .content_type = file->format->naming(outputs->options).content_type,
        .one_of_many = output_plan->many,
        .sync = output_plan->partitioned ? &outputs->sync : NULL,
        .write = output_plan->kept ? &output_plan->kept->outputs : NULL,
    };
    file->fresh = output_plan->fresh[wanted->output];
    HW_TRY(key_check(output_plan, file->key, &file->fresh, err));
    HW_TRY(output_plan->store->ops->sink_open(output_plan->store, file->key, &options, &file->sink, err));
    file->open = hw_alloc_zero(1, sizeof(*file->open));
    if (!file->open || !hw_sha256_init(&file->open->sha256)) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a checksum");
    }
    file->open->file = file;
    file->open->sums.ops = &sums_ops;
    if (is_verified(file)) {
        HW_TRY(hw_written_file_begin(&file->open->written, file->sink, file->key, err));
    }
    return output->prototype->ops->sibling(output->prototype, &file->open->sums, &file->open->writer, err);
}

static enum hw_status files_reserve(struct hw_output *output, struct hw_error *err) {
    if (output->files_count < output->files_capacity) {
        return HW_OK;
    }
    size_t capacity = hw_max_size(4, 2 * output->files_capacity);
    struct hw_output_file **files = hw_realloc_array(output->files, capacity, sizeof(struct hw_output_file *));
    if (!files) {
        return hw_fail_nomem(err, capacity * sizeof(struct hw_output_file *));
    }
    output->files = files;
    output->files_capacity = capacity;
    return HW_OK;
}

static enum hw_status file_open(struct hw_outputs *outputs, const struct wanted *wanted,
                                struct hw_output_file **out_file, struct hw_error *err) {
    struct hw_output *output = &outputs->formats[wanted->output];
    HW_AUTO(hw_buf) path = {0};
    HW_TRY(files_reserve(output, err));
    HW_TRY(path_make(outputs->output_plan, wanted, &path, err));
    struct hw_output_file *file = hw_arena_alloc(&outputs->arena, sizeof(*file) + path.size);
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file) + path.size);
    }
    *file = (struct hw_output_file){0};
    memcpy(file->path, path.data, path.size);
    file->key = file->path + strlen(outputs->output_plan->store->root);
    file->outputs = outputs;
    file->format = outputs->output_plan->formats[wanted->output];
    enum hw_status status = file_prepare(file, output, wanted, err);
    if (status != HW_OK) {
        file_release(file);
        return status;
    }
    output->files[output->files_count++] = file;
    atomic_fetch_add(&outputs->files_begun, 1);
    open_add(file);
    *out_file = file;
    return HW_OK;
}

/* ------ outputs */

static enum hw_status place_of(struct hw_outputs *outputs, size_t i, const char *partition,
                               struct hw_output_place **out_place, struct hw_error *err);
static enum hw_status place_open(struct hw_outputs *outputs, size_t i, const char *partition,
                                 struct hw_output_place *place, struct hw_error *err);

enum hw_status hw_outputs_open(struct hw_outputs *outputs, const struct hw_output_plan *output_plan,
                               const struct hw_output_table *table, const struct hw_output_options *options,
                               struct hw_error *err) {
    *outputs = (struct hw_outputs){
        .output_plan = output_plan, .options = options, .size_hint = table->bytes, .sync = HW_STORE_SYNC_INIT};
    for (size_t i = 0; i < table->pairs.count; i++) {
        outputs->pairs_bytes += table->pairs.items[i].key.size + table->pairs.items[i].value.size;
    }
    const hw_view identity = output_plan->identity ? hw_view_of(output_plan->identity) : (hw_view){0};
    for (size_t i = 0; i < output_plan->count; i++) {
        struct hw_output *output = &outputs->formats[i];
        struct hw_output_place *place;
        HW_TRY(output_plan->formats[i]->writer_new(table, options, identity, &output->prototype, err));
        if (!output_plan->partitioned) {
            HW_TRY(place_of(outputs, i, "", &place, err));
            HW_TRY(place_open(outputs, i, "", place, err));
        }
    }
    return HW_OK;
}

enum hw_status hw_outputs_encoder_new(struct hw_outputs *outputs, size_t i, struct hw_encoder **out_encoder,
                                      struct hw_error *err) {
    struct hw_table_writer *prototype = outputs->formats[i].prototype;
    return prototype->ops->encoder_new(prototype, out_encoder, err);
}

enum hw_status hw_outputs_partition(struct hw_outputs *outputs, const char *partition, uint32_t *out_number,
                                    struct hw_error *err) {
    HW_TRY(hw_intern_number(&outputs->partitions, hw_view_of(partition), HW_PARTITIONS_MAX, out_number, err));
    if (*out_number == HW_PARTITIONS_MAX) {
        hw_partitions_exceeded(err);
        return HW_ELIMIT;
    }
    return HW_OK;
}

const char *hw_outputs_partition_path(const struct hw_outputs *outputs, uint32_t number) {
    return hw_intern_key(&outputs->partitions, number).data;
}

/* The partition's place in the output, made where it is new. */
static enum hw_status place_of(struct hw_outputs *outputs, size_t i, const char *partition,
                               struct hw_output_place **out_place, struct hw_error *err) {
    struct hw_output *output = &outputs->formats[i];
    uint32_t number = 0;
    if (outputs->output_plan->partitioned) {
        HW_TRY(hw_outputs_partition(outputs, partition, &number, err));
    }
    if (number >= output->places_capacity) {
        size_t capacity = hw_max_size((size_t)number + 1, 2 * output->places_capacity);
        struct hw_output_place *places = hw_realloc_array(output->places, capacity, sizeof(*places));
        if (!places) {
            return hw_fail_nomem(err, capacity * sizeof(*places));
        }
        memset(places + output->places_capacity, 0, (capacity - output->places_capacity) * sizeof(*places));
        output->places = places;
        output->places_capacity = capacity;
    }
    *out_place = &output->places[number];
    return HW_OK;
}

static enum hw_status place_open(struct hw_outputs *outputs, size_t i, const char *partition,
                                 struct hw_output_place *place, struct hw_error *err) {
    const struct wanted wanted = {.output = i, .partition = partition, .number = place->files};
    HW_TRY(file_open(outputs, &wanted, &place->open, err));
    place->files++;
    return HW_OK;
}

/* True where the piece must not go to the file any more: it would make it too long. */
static bool file_full(const struct hw_outputs *outputs, const struct hw_output_file *file,
                      const struct hw_encoded *encoded) {
    const uint64_t pairs = file->format->pairs_last ? outputs->pairs_bytes : 0;
    uint64_t bytes = file->bytes + file->open->writer->held_bytes + encoded->file_bytes + pairs;
    return outputs->options->file_bytes_max > 0 && file->rows > 0 && bytes > outputs->options->file_bytes_max;
}

static enum hw_status file_append(struct hw_output_file *file, struct hw_encoded *encoded, struct hw_error *err);
static enum hw_status oldest_close(struct hw_outputs *outputs, const struct hw_output_file *but, struct hw_error *err);

static enum hw_status file_choose(struct hw_outputs *outputs, size_t i, const char *partition,
                                  const struct hw_encoded *encoded, struct hw_output_file **out_file,
                                  struct hw_error *err) {
    struct hw_output_place *place;
    HW_TRY(place_of(outputs, i, partition, &place, err));
    /* A file that was closed to make room for others is not gone on with. */
    if (place->open && place->open->open && file_full(outputs, place->open, encoded)) {
        HW_TRY(file_close(place->open, err));
    }
    if (!place->open || !place->open->open) {
        place->open = NULL;
        HW_TRY(place_open(outputs, i, partition, place, err));
    }
    *out_file = place->open;
    return HW_OK;
}

enum hw_status hw_outputs_append(struct hw_outputs *outputs, size_t i, const char *partition,
                                 struct hw_encoded *encoded, struct hw_error *err) {
    struct hw_output_file *file;
    uint64_t rows = encoded->rows;
    enum hw_status status = file_choose(outputs, i, partition, encoded, &file, err);
    if (status != HW_OK) {
        encoded->ops->free(encoded);
        return status;
    }
    HW_TRY(file_append(file, encoded, err));
    outputs->formats[i].rows += rows;
    HW_TRY(oldest_close(outputs, file, err));
    const size_t held_max = outputs->options->footers_held_max;
    if (held_max > 0 && outputs->open_held > held_max) {
        return hw_fail(err, HW_ELIMIT,
                       "what the footer says of the row groups so far takes %zu MiB, more than the %zu that --memory "
                       "allows: give more memory, larger row groups, or a --max-file-bytes",
                       outputs->open_held >> 20, held_max >> 20);
    }
    return HW_OK;
}

static enum hw_status file_append(struct hw_output_file *file, struct hw_encoded *encoded, struct hw_error *err) {
    open_remove(file);
    struct hw_table_writer *writer = file->open->writer;
    enum hw_status status = writer->ops->append(writer, encoded, err);
    file->rows = writer->rows;
    file->open->held_bytes = writer->held_bytes;
    open_add(file);
    return status == HW_OK ? HW_OK : file_failed(file, status, err);
}

/*
 * Closes files, beginning with the one that was used longest ago, until as many are open as may be.
 */
static enum hw_status oldest_close(struct hw_outputs *outputs, const struct hw_output_file *but, struct hw_error *err) {
    const struct hw_output_options *options = outputs->options;
    while (outputs->output_plan->partitioned && outputs->oldest != but &&
           outputs->open_count > outputs->output_plan->count &&
           (outputs->open_count > options->files_open_max || outputs->open_held > options->files_held_max)) {
        HW_TRY(file_close(outputs->oldest, err));
    }
    return HW_OK;
}

/* No more rows come: nobody will ask which file is whose. */
static void partitions_forget(struct hw_outputs *outputs) {
    hw_intern_release(&outputs->partitions);
    for (size_t i = 0; i < COUNT_OF(outputs->formats); i++) {
        hw_free(outputs->formats[i].places);
        outputs->formats[i].places = NULL;
        outputs->formats[i].places_capacity = 0;
    }
}

enum hw_status hw_outputs_close(struct hw_outputs *outputs, struct hw_error *err) {
    while (outputs->oldest) {
        HW_TRY(file_close(outputs->oldest, err));
    }
    partitions_forget(outputs);
    return hw_store_sync_run(&outputs->sync, err);
}

size_t hw_outputs_files(const struct hw_outputs *outputs) {
    size_t count = 0;
    for (size_t i = 0; i < outputs->output_plan->count; i++) {
        count += outputs->formats[i].files_count;
    }
    return count;
}

void hw_outputs_trim(const struct hw_outputs *outputs) {
    if (hw_outputs_files(outputs) >= TRIM_FILES_MIN) {
        hw_alloc_trim();
    }
}

static void files_unpublish(struct hw_outputs *outputs, size_t published);
static void file_unpublish(const struct hw_outputs *outputs, size_t i, const struct hw_output_file *file);

enum hw_status hw_outputs_publish(struct hw_outputs *outputs, struct hw_error *err) {
    size_t published = 0;
    for (size_t i = 0; i < outputs->output_plan->count; i++) {
        const struct hw_output *output = &outputs->formats[i];
        for (size_t k = 0; k < output->files_count; k++, published++) {
            struct hw_sink *sink = output->files[k]->sink;
            enum hw_status status = sink->ops->finish(sink, err);
            if (status != HW_OK) {
                files_unpublish(outputs, published);
                return status;
            }
        }
    }
    enum hw_status status = hw_store_sync_run(&outputs->sync, err);
    if (status != HW_OK) {
        files_unpublish(outputs, published);
    }
    return status;
}

/* Takes back the first ones, as far as nothing was there before them. */
static void files_unpublish(struct hw_outputs *outputs, size_t published) {
    for (size_t i = 0; i < outputs->output_plan->count; i++) {
        const struct hw_output *output = &outputs->formats[i];
        for (size_t k = 0; k < output->files_count && published > 0; k++, published--) {
            if (output->files[k]->fresh) {
                file_unpublish(outputs, i, output->files[k]);
            }
        }
    }
}

/* The fault that led here is the one to tell. */
static void file_unpublish(const struct hw_outputs *outputs, size_t i, const struct hw_output_file *file) {
    struct hw_store *store = outputs->output_plan->store;
    enum hw_status ignored = store->ops->remove(store, file->key, NULL);
    (void)ignored;
    if (outputs->output_plan->partitioned && store->ops->prune) {
        store->ops->prune(store, file->key, strlen(outputs->output_plan->names[i].folder));
    }
}

/*
 * From the last to the first: that one may have made the folder, which it can only take away again
 * once it is empty.
 */
void hw_outputs_release(struct hw_outputs *outputs) {
    for (size_t i = COUNT_OF(outputs->formats); i-- > 0;) {
        struct hw_output *output = &outputs->formats[i];
        for (size_t k = output->files_count; k-- > 0;) {
            file_release(output->files[k]);
        }
        if (output->prototype) {
            output->prototype->ops->free(output->prototype);
        }
        hw_free(output->files);
    }
    partitions_forget(outputs);
    hw_arena_release(&outputs->arena);
    if (outputs->output_plan) {
        hw_store_sync_release(&outputs->sync);
    }
    *outputs = (struct hw_outputs){0};
}
