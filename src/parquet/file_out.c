/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_out.h"

#include "codec/checksum.h"

/* The bytes that are gathered before the sink sees them. */
enum { WRITE_BYTES = 1 << 20 };

static enum hw_status bytes_write(void *ctx, const void *data, size_t bytes, struct hw_error *err);
static enum hw_status log_write(struct hw_file_out *out, const struct hw_page_log *log, uint64_t at, size_t bytes,
                                struct hw_error *err);

void hw_file_out_release(struct hw_file_out *out) {
    hw_buf_release(&out->gathered);
}

enum hw_status hw_file_out_begin(struct hw_file_out *out, struct hw_error *err) {
    return out->at == 0 ? bytes_write(out, "PAR1", 4, err) : HW_OK;
}

void hw_file_out_blooms_begin(struct hw_file_out *out, uint64_t chunks_bytes) {
    out->bloom_at = out->at + chunks_bytes;
}

enum hw_status hw_file_out_chunk(struct hw_file_out *out, struct hw_footer *footer, const struct hw_leaf *leaf,
                                 const struct hw_row_group *group, size_t column, enum hw_codec codec,
                                 struct hw_error *err) {
    const struct hw_chunk_facts *facts = &group->chunks[column];
    struct hw_chunk_place place = {.codec = codec,
                                   .level_counts = leaf->nested ? group->level_counts + leaf->counts_at : NULL};

    if (facts->dictionary_size > 0) {
        place.dictionary_page = out->at;
        HW_TRY(log_write(out, &group->log, facts->dictionary_at, facts->dictionary_size, err));
    }
    place.first_data_page = out->at;
    for (uint32_t i = facts->first_page; i != HW_NO_PAGE; i = group->pages[i].next) {
        HW_TRY(log_write(out, &group->log, group->pages[i].at, group->pages[i].size, err));
    }
    place.bloom_at = out->bloom_at;
    place.bloom_bytes = facts->bloom.size;
    out->bloom_at += facts->bloom.size;
    return hw_footer_add_chunk(footer, leaf, group, column, &place, err);
}

enum hw_status hw_file_out_bloom(struct hw_file_out *out, const struct hw_chunk_facts *facts, struct hw_error *err) {
    return facts->bloom.size > 0 ? bytes_write(out, facts->bloom.data, facts->bloom.size, err) : HW_OK;
}

enum hw_status hw_file_out_end(struct hw_file_out *out, const struct hw_footer *footer, const struct hw_tree *tree,
                               const struct hw_parquet_options *options, struct hw_error *err) {
    const struct hw_footer_out bytes = {bytes_write, out, &out->sum};
    HW_TRY(hw_file_out_begin(out, err));
    HW_TRY(hw_footer_write(footer, tree, options, out->at, &bytes, err));
    return hw_file_out_flush(out, err);
}

static enum hw_status log_write(struct hw_file_out *out, const struct hw_page_log *log, uint64_t at, size_t bytes,
                                struct hw_error *err) {
    while (bytes > 0) {
        const uint8_t *data;
        size_t part = hw_page_log_read(log, at, bytes, &data);
        HW_TRY(bytes_write(out, data, part, err));
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static enum hw_status bytes_write(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    struct hw_file_out *out = ctx;

    if (out->gathered.size + bytes > WRITE_BYTES) {
        HW_TRY(hw_file_out_flush(out, err));
    }
    if (bytes >= WRITE_BYTES) {
        HW_TRY(out->sink->ops->write(out->sink, data, bytes, err));
    } else {
        HW_TRY(hw_buf_append(&out->gathered, data, bytes, err));
    }
    out->at += bytes;
    out->sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, out->sum, data, bytes);
    return HW_OK;
}

enum hw_status hw_file_out_flush(struct hw_file_out *out, struct hw_error *err) {
    if (out->gathered.size == 0) {
        return HW_OK;
    }
    HW_TRY(out->sink->ops->write(out->sink, out->gathered.data, out->gathered.size, err));
    hw_buf_clear(&out->gathered);
    return HW_OK;
}
