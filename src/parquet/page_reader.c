/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_reader.h"

#include "codec/checksum.h"

/* The bytes that are asked for when a header is read; most have fewer. */
enum { HEAD_BYTES = 512, PADDING = 64 };

static const enum hw_codec codecs[HW_PAGE_CODEC_COUNT] = {
    [HW_PAGE_CODEC_NONE] = HW_CODEC_NONE,     [HW_PAGE_CODEC_SNAPPY] = HW_CODEC_SNAPPY,
    [HW_PAGE_CODEC_GZIP] = HW_CODEC_GZIP,     [HW_PAGE_CODEC_LZO] = HW_CODEC_COUNT,
    [HW_PAGE_CODEC_BROTLI] = HW_CODEC_BROTLI, [HW_PAGE_CODEC_LZ4] = HW_CODEC_LZ4_RAW,
    [HW_PAGE_CODEC_ZSTD] = HW_CODEC_ZSTD,     [HW_PAGE_CODEC_LZ4_RAW] = HW_CODEC_LZ4_RAW,
};

void hw_page_reader_release(struct hw_page_reader *reader) {
    hw_buf_release(&reader->plain);
}

void hw_page_reader_go(struct hw_page_reader *reader, struct hw_page_place place) {
    reader->next = place;
}

enum hw_codec hw_page_codec_of(int32_t number) {
    return number < 0 || number >= HW_PAGE_CODEC_COUNT ? HW_CODEC_COUNT : codecs[number];
}

enum hw_status hw_page_codec_check(int32_t number, struct hw_error *err) {
    if (hw_page_codec_of(number) != HW_CODEC_COUNT) {
        return HW_OK;
    }
    if (number == HW_PAGE_CODEC_LZO) {
        return hw_fail(err, HW_EUNSUPPORTED, "its pages are compressed with LZO, which cannot be read");
    }
    return hw_fail(err, HW_EUNSUPPORTED, "its pages are compressed with codec %d, which is not known", (int)number);
}

static enum hw_status page_next(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err);

enum hw_status hw_page_reader_next(struct hw_page_reader *reader, struct hw_page *out_page, bool *out_more,
                                   struct hw_error *err) {
    const enum hw_status status = hw_page_reader_try(reader, out_page, out_more, err);
    if (status) {
        const struct hw_page failed = {.at = reader->current.at, .number = reader->current.number};
        hw_page_name(&failed, err);
    }
    return status;
}

enum hw_status hw_page_reader_try(struct hw_page_reader *reader, struct hw_page *out_page, bool *out_more,
                                  struct hw_error *err) {
    while (reader->next.at < reader->chunk.range.end) {
        struct hw_page page = {.at = reader->next.at, .number = reader->next.number};
        reader->current = reader->next;
        HW_TRY(page_next(reader, &page, err));
        if (page.head.type != HW_PAGE_INDEX) {
            *out_page = page;
            *out_more = true;
            return HW_OK;
        }
    }
    *out_more = false;
    return HW_OK;
}

void hw_page_name(const struct hw_page *page, struct hw_error *err) {
    hw_error_prefix(err, "page %zu", page->number);
    if (err && err->offset == HW_NO_POSITION) {
        err->offset = (int64_t)page->at;
    }
}

static enum hw_status head_read(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err);
static enum hw_status head_judge(struct hw_page_reader *reader, const struct hw_page *page, struct hw_error *err);
static enum hw_status body_read(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err);

static enum hw_status page_next(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err) {
    reader->look = HW_PAGE_LOOK_HEADER;
    HW_TRY(head_read(reader, page, err));
    reader->next.at = page->at + page->head.header_bytes + page->head.compressed;
    reader->next.number++;
    reader->pages++;
    reader->without_crc += !page->head.has_crc;
    HW_TRY(head_judge(reader, page, err));
    return page->head.type == HW_PAGE_INDEX ? HW_OK : body_read(reader, page, err);
}

uint32_t hw_page_values(const struct hw_page_head *head) {
    return head->type == HW_PAGE_DICTIONARY || head->type == HW_PAGE_INDEX ? 0 : head->values;
}

enum hw_status hw_page_reader_pass(struct hw_page_reader *reader, uint64_t values_max, struct hw_page_head *out_head,
                                   bool *out_passed, struct hw_error *err) {
    struct hw_page page = {.at = reader->next.at, .number = reader->next.number};
    *out_passed = false;
    if (reader->next.at >= reader->chunk.range.end) {
        return HW_OK;
    }
    reader->current = reader->next;
    reader->look = HW_PAGE_LOOK_HEADER;
    enum hw_status status = head_read(reader, &page, err);
    status = status ? status : head_judge(reader, &page, err);
    if (status) {
        hw_page_name(&page, err);
        return status;
    }
    *out_head = page.head;
    *out_passed = hw_page_values(&page.head) <= values_max;
    if (*out_passed) {
        reader->next.at = page.at + page.head.header_bytes + page.head.compressed;
        reader->next.number++;
    }
    return HW_OK;
}

/* ------ headers */

static enum hw_status head_check(const struct hw_page_reader *reader, const struct hw_page *page, struct hw_error *err);

static enum hw_status head_read(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err) {
    const struct hw_page_chunk *chunk = &reader->chunk;
    const uint64_t left = chunk->range.end - page->at;
    size_t want = HEAD_BYTES;
    bool more = true;
    while (more) {
        hw_view view;
        HW_TRY(hw_group_bytes_at(chunk->bytes, chunk->chunk, page->at, want, &view, err));
        HW_TRY(hw_page_head_read(view, page->at, &page->head, &more, err));
        if (more && (view.size >= left || view.size >= HW_PAGE_HEAD_BYTES_MAX)) {
            return hw_fail(err, HW_EDATA, "its header does not end within the %" PRIu64 " bytes that are left", left);
        }
        want = hw_max_size(view.size, want) * 4;
    }
    return head_check(reader, page, err);
}

static enum hw_status head_check(const struct hw_page_reader *reader, const struct hw_page *page,
                                 struct hw_error *err) {
    const struct hw_page_head *head = &page->head;
    const uint64_t left = reader->chunk.range.end - page->at - head->header_bytes;
    if (head->compressed > left) {
        return hw_fail(err, HW_EDATA,
                       "its header says that it has %" PRIu32 " bytes, but the column chunk has %" PRIu64 " left",
                       head->compressed, left);
    }
    return HW_OK;
}

/* Judges a header by which the next page can be found. */
static enum hw_status head_judge(struct hw_page_reader *reader, const struct hw_page *page, struct hw_error *err) {
    const struct hw_page_head *head = &page->head;
    const size_t largest = hw_max_size(head->compressed, head->uncompressed);
    if (largest > reader->chunk.page_bytes_max) {
        return hw_fail(err, HW_ELIMIT,
                       "it has %zu bytes, and a page may have %zu (--max-page-bytes, and what --memory leaves for it)",
                       largest, reader->chunk.page_bytes_max);
    }
    reader->look = HW_PAGE_LOOK_ORDER;
    if (head->type == HW_PAGE_DICTIONARY && page->number > 0) {
        return hw_fail(err, HW_EDATA, "it is a dictionary page, which may only be the first page of its column chunk");
    }
    return HW_OK;
}

/* ------ bodies */

static enum hw_status plain_make(struct hw_page_reader *reader, const struct hw_page_head *head, hw_view stored,
                                 hw_view *out_plain, struct hw_error *err);

/* Levels of v2 stand before the compressed bytes, and are not compressed themselves. */
static enum hw_status body_read(struct hw_page_reader *reader, struct hw_page *page, struct hw_error *err) {
    const struct hw_page_head *head = &page->head;
    const struct hw_page_chunk *chunk = &reader->chunk;
    hw_view stored;
    const size_t page_bytes = head->header_bytes + head->compressed;
    HW_TRY(hw_group_bytes_at(chunk->bytes, chunk->chunk, page->at, page_bytes, &stored, err));
    if (head->has_statistics) {
        /* They are views of the header, whose bytes may lie elsewhere now. */
        bool more;
        const hw_view header = {stored.data, head->header_bytes};
        HW_TRY(hw_page_head_read(header, page->at, &page->head, &more, err));
    }
    stored = (hw_view){stored.data + head->header_bytes, head->compressed};
    reader->look = HW_PAGE_LOOK_CRC;
    if (head->has_crc) {
        const uint32_t crc = hw_crc32(0, stored.data, stored.size);
        if (crc != head->crc) {
            return hw_fail(err, HW_EDATA, "its CRC is 0x%08" PRIx32 ", the header says 0x%08" PRIx32, crc, head->crc);
        }
    }
    const size_t levels = (size_t)head->rep_bytes + head->def_bytes;
    page->reps = (hw_view){stored.data, head->rep_bytes};
    page->defs = (hw_view){stored.data + head->rep_bytes, head->def_bytes};
    stored = (hw_view){stored.data + levels, stored.size - levels};
    return plain_make(reader, head, stored, &page->values, err);
}

static enum hw_status plain_make(struct hw_page_reader *reader, const struct hw_page_head *head, hw_view stored,
                                 hw_view *out_plain, struct hw_error *err) {
    const size_t size = head->uncompressed - head->rep_bytes - head->def_bytes;
    const bool packed = head->packed || reader->chunk.v2_packed;
    enum hw_codec codec = packed ? hw_page_codec_of(reader->chunk.codec) : HW_CODEC_NONE;
    if (stored.size == 0 && size == 0) {
        /* There is nothing to decompress, not even by a codec whose empty block has bytes. */
        *out_plain = stored;
        return HW_OK;
    }
    reader->look = HW_PAGE_LOOK_SIZE;
    if (codec == HW_CODEC_NONE) {
        if (stored.size != size) {
            return hw_fail(err, HW_EDATA, "it is not compressed and has %zu bytes, the header says %zu", stored.size,
                           size);
        }
        *out_plain = stored;
        return HW_OK;
    }
    reader->look = HW_PAGE_LOOK_UNPACK;
    reader->plain.limit = SIZE_MAX / 2; /* head_check has seen to its size */
    hw_buf_clear(&reader->plain);
    HW_TRY(hw_buf_reserve(&reader->plain, size + PADDING, err));
    HW_TRY(reader->chunk.codec == HW_PAGE_CODEC_LZ4
               ? hw_decompressor_run_lz4_hadoop(reader->chunk.decompressor, stored, reader->plain.data, size, err)
               : hw_decompressor_run(reader->chunk.decompressor, codec, stored, reader->plain.data, size, err));
    memset(reader->plain.data + size, 0, PADDING);
    reader->plain.size = size;
    *out_plain = hw_buf_view(&reader->plain);
    return HW_OK;
}
