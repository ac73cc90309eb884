/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_locate.h"

#include "parquet/page_reader.h"
#include "parquet/writer_version.h"

/* The bytes of "PAR1" at the start of a file. */
enum { MAGIC_BYTES = 4 };
/* PARQUET-816: parquet-mr before 1.2.9 left the header of the dictionary page out of the sum. */
enum { DICTIONARY_HEAD_BYTES_MAX = 100 };

static enum hw_status chunk_check(const struct hw_parquet_meta *meta, const struct hw_parquet_chunk *chunk,
                                  const struct hw_read_leaf *leaf, struct hw_error *err);
static enum hw_status values_check(const struct hw_parquet_chunk *chunk, int64_t rows, const struct hw_read_leaf *leaf,
                                   struct hw_error *err);
static enum hw_status range_find(const struct hw_parquet_meta *meta, const struct hw_parquet_chunk *chunk,
                                 uint64_t data_bytes, struct hw_chunk_range *out_range, struct hw_error *err);

enum hw_status hw_chunk_locate(const struct hw_parquet_meta *meta, const struct hw_parquet_group *group,
                               const struct hw_read_leaf *leaf, uint64_t data_bytes, struct hw_located_chunk *out_facts,
                               struct hw_error *err) {
    if (leaf->column >= group->chunks_count) {
        return hw_fail(err, HW_EDATA, "the row group has %zu column chunks, and this is column %zu of the schema",
                       group->chunks_count, leaf->column);
    }
    const struct hw_parquet_chunk *chunk = &group->chunks[leaf->column];
    struct hw_located_chunk facts = {.codec = chunk->codec, .entries = (uint64_t)chunk->values};
    HW_TRY(chunk_check(meta, chunk, leaf, err));
    HW_TRY(values_check(chunk, group->rows, leaf, err));
    HW_TRY(range_find(meta, chunk, data_bytes, &facts.range, err));
    *out_facts = facts;
    return HW_OK;
}

static enum hw_status chunk_check(const struct hw_parquet_meta *meta, const struct hw_parquet_chunk *chunk,
                                  const struct hw_read_leaf *leaf, struct hw_error *err) {
    if (chunk->encrypted) {
        return hw_fail(err, HW_EUNSUPPORTED, "the column is encrypted with %s, and there are no keys to read it",
                       meta->encryption && meta->encryption[0] ? meta->encryption : "an algorithm that is not named");
    }
    if (chunk->file_path.data) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUNSUPPORTED, "its column chunk is in another file, %s",
                       hw_quote(chunk->file_path.data, chunk->file_path.size, quoted, sizeof(quoted)));
    }
    if (!chunk->has_meta) {
        return hw_fail(err, HW_EDATA, "the footer does not describe its column chunk");
    }
    if (chunk->physical != (int32_t)leaf->physical) {
        return hw_fail(err, HW_EDATA, "its column chunk has type %d, the schema says %d", (int)chunk->physical,
                       (int)leaf->physical);
    }
    if (!hw_read_leaf_path_is(leaf, chunk->path, chunk->path_count)) {
        return hw_fail(err, HW_EDATA, "the footer has the column chunk of another column in its place");
    }
    return hw_page_codec_check(chunk->codec, err);
}

/* Each row has an entry at least, and exactly one where nothing repeats. */
static enum hw_status values_check(const struct hw_parquet_chunk *chunk, int64_t rows, const struct hw_read_leaf *leaf,
                                   struct hw_error *err) {
    if (rows < 0 || chunk->values < rows || (leaf->rep_max == 0 && chunk->values != rows)) {
        return hw_fail(err, HW_EDATA, "its column chunk has %" PRId64 " values, the row group %" PRId64 " rows",
                       chunk->values, rows);
    }
    return HW_OK;
}

static enum hw_status range_find(const struct hw_parquet_meta *meta, const struct hw_parquet_chunk *chunk,
                                 uint64_t data_bytes, struct hw_chunk_range *out_range, struct hw_error *err) {
    const int64_t start = hw_parquet_chunk_start(chunk);
    if (start < MAGIC_BYTES || chunk->compressed < 0 || (uint64_t)start > data_bytes ||
        (uint64_t)chunk->compressed > data_bytes - (uint64_t)start) {
        return hw_fail(err, HW_EDATA,
                       "its column chunk has %" PRId64 " bytes from byte %" PRId64 " on, the file %" PRIu64
                       " in front of the footer",
                       chunk->compressed, start, data_bytes);
    }
    struct hw_chunk_range range = {(uint64_t)start, (uint64_t)start + (uint64_t)chunk->compressed};
    const struct hw_writer_version writer = hw_writer_version_read(meta->created_by);
    if (hw_writer_version_before(&writer, "parquet-mr", 1, 2, 9)) {
        range.end += hw_clamp(data_bytes - range.end, 0, DICTIONARY_HEAD_BYTES_MAX);
    }
    *out_range = range;
    return HW_OK;
}
