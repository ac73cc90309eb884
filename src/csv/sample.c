/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/sample.h"

#include "core/alloc.h"
#include "core/io_ops.h"
#include "core/limits.h"
#include "csv/encoding_guess.h"
#include "csv/foreign.h"
#include "csv/scan.h"
#include "core/utf8_valid.h"

enum {
    HEAD_BYTES_MIN = 64 << 10,
    /*
     * The first bytes to look at are one part in so many of the text: a look at a small text must
     * not cost more than its conversion.
     */
    HEAD_PART = 32,
    PIECE_BYTES_MAX = 64 << 10,
    PIECE_BYTES_MIN = 4 << 10,
    PIECE_PART = 256,
    PIECES = 8,
    PIECES_REMOTE = 3,
};

static size_t head_bytes(const struct hw_csv_text *text);
/* Reads the first bytes of the text into `out`, with margins around them. */
static enum hw_status head_read(const struct hw_csv_text *text, size_t bytes, struct hw_buf *out, hw_view *out_head,
                                bool *out_whole, struct hw_error *err);
/* Fails where the text is none of CSV, or in UTF-16 without anything that says so. */
static enum hw_status head_check(const struct hw_csv_options *csv, hw_view head, bool whole, struct hw_error *err);
/* Returns the encoding that the head looks like, where it is no UTF-8 and that will be an error. */
static const char *head_looks_like(const struct hw_csv_options *csv, hw_view head);
static enum hw_status pieces_observe(const struct hw_csv_text *text, const struct hw_csv_options *csv,
                                     const struct hw_csv_layout *layout, struct hw_csv_profile *profiles,
                                     struct hw_error *err);

/* Notes where the object came from, if that is another place than was named. */
static enum hw_status moved_note(struct hw_source *source, struct hw_arena *arena, struct hw_notes *notes,
                                 struct hw_error *err) {
    const char *moved = HW_SOURCE_HAS(source, moved) ? source->ops->moved(source) : NULL;
    return moved ? hw_notes_add(notes, HW_NOTE_REDIRECTED, arena, err, "a redirect has led to %.400s", moved) : HW_OK;
}

enum hw_status hw_csv_sample_layout(const struct hw_csv_text *text, const struct hw_csv_options *csv,
                                    const struct hw_csv_sample_options *options, struct hw_arena *arena,
                                    struct hw_csv_layout *out_layout, struct hw_csv_profile **out_profiles,
                                    struct hw_error *err) {
    HW_AUTO(hw_buf) buf = {0};
    struct hw_csv_layout layout;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_ELIMIT;
    hw_view head;
    bool whole = false;
    bool longer = true; /* more of the text may show where its first record ends */
    size_t bytes = options->bytes ? options->bytes : head_bytes(text);
    const size_t bytes_max = (size_t)(options->record_bytes_max ? options->record_bytes_max : HW_CSV_RECORD_BYTES_MAX);

    const char *name = hw_csv_text_name(text);

    for (; longer && bytes <= 2 * bytes_max; bytes *= 4) {
        fault = (struct hw_error)HW_ERROR_INIT;
        HW_TRY(head_read(text, bytes, &buf, &head, &whole, err));
        HW_TRY(head_check(csv, head, whole, err));
        status = hw_csv_layout_find(&(struct hw_csv_head){head, whole, name}, csv, arena, &layout, &fault);
        /* An error of another limit has a place in the text, and more of the text does not help. */
        longer = status == HW_ELIMIT && !whole && fault.line == HW_NO_POSITION;
    }
    if (longer && bytes_max < HW_CSV_RECORD_BYTES_MAX) {
        hw_error_prefix(&fault, "this --memory allows records of %zu MiB, more allows longer ones", bytes_max >> 20);
    }
    if (status != HW_OK) {
        return hw_error_pass(err, status, &fault);
    }
    layout.looks_like = head_looks_like(csv, head);
    HW_TRY(moved_note(text->source, arena, &layout.notes, err));
    HW_TRY(hw_csv_choice_apply(&options->choice, arena, &layout, err));
    struct hw_csv_profile *profiles = hw_alloc(layout.schema.count * sizeof(*profiles));
    if (!profiles) {
        return hw_fail_nomem(err, layout.schema.count * sizeof(*profiles));
    }
    for (size_t i = 0; i < layout.schema.count; i++) {
        profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
    const bool types_known = layout.fixed || options->layout_only;
    if (!types_known) {
        hw_view body = {head.data + layout.body_offset, head.size - layout.body_offset};
        status = hw_csv_layout_observe(&layout, csv, body, whole, profiles, err);
    }
    const bool pieces = options->bytes == 0 && !types_known && !whole && text->cuttable;
    if (status == HW_OK && pieces && text->source->size > options->whole_bytes_max) {
        status = pieces_observe(text, csv, &layout, profiles, err);
    }
    if (status == HW_OK && !types_known) {
        status = hw_csv_layout_null_words(&layout, csv, profiles, arena, err);
    }
    if (status != HW_OK) {
        hw_free(profiles);
        return status;
    }
    *out_layout = layout;
    *out_profiles = profiles;
    return HW_OK;
}

static size_t head_bytes(const struct hw_csv_text *text) {
    if (!text->cuttable) {
        return HW_CSV_SAMPLE_BYTES; /* how long the text is, is not known */
    }
    return (size_t)hw_clamp(text->source->size / HEAD_PART, HEAD_BYTES_MIN, HW_CSV_SAMPLE_BYTES);
}

static enum hw_status head_read(const struct hw_csv_text *text, size_t bytes, struct hw_buf *out, hw_view *out_head,
                                bool *out_whole, struct hw_error *err) {
    struct hw_csv_stream stream;
    HW_TRY(hw_buf_resize(out, HW_CSV_BLOCK_MARGIN, err));
    memset(out->data, 0, HW_CSV_BLOCK_MARGIN);
    HW_TRY(hw_csv_stream_open(text, &stream, err));
    enum hw_status status = hw_csv_stream_read(&stream, bytes, out, out_whole, err);
    hw_csv_stream_release(&stream);
    HW_TRY(status);
    size_t size = out->size - HW_CSV_BLOCK_MARGIN;
    HW_TRY(hw_buf_reserve(out, HW_CSV_BLOCK_MARGIN, err));
    memset(out->data + out->size, 0, HW_CSV_BLOCK_MARGIN);
    *out_head = (hw_view){(const char *)out->data + HW_CSV_BLOCK_MARGIN, size};
    return HW_OK;
}

static enum hw_status head_check(const struct hw_csv_options *csv, hw_view head, bool whole, struct hw_error *err) {
    const char *wide = csv->encoding ? NULL : hw_csv_encoding_guess_wide(head);
    if (wide) {
        return hw_fail_at(err, HW_EDATA, 0,
                          "every second byte is NUL, as in UTF-16 without a byte order mark: --encoding %s reads it",
                          wide);
    }
    /* Whoever says that nothing quotes, and what separates, may want lines of JSON as they are. */
    return csv->no_quotes && csv->delimiter != '\0' ? HW_OK : hw_csv_foreign_text(head, whole, err);
}

static const char *head_looks_like(const struct hw_csv_options *csv, hw_view head) {
    const size_t character_bytes_max = 4; /* the head may end within one */
    size_t at;
    if (hw_utf8_valid(head, &at) || head.size - at < character_bytes_max || csv->bad_rows_reject) {
        return NULL;
    }
    const char *line = memrchr(head.data, '\n', at);
    const size_t start = line ? (size_t)(line - head.data) + 1 : 0;
    return hw_csv_encoding_guess((hw_view){head.data + start, head.size - start});
}

static enum hw_status pieces_observe(const struct hw_csv_text *text, const struct hw_csv_options *csv,
                                     const struct hw_csv_layout *layout, struct hw_csv_profile *profiles,
                                     struct hw_error *err) {
    struct hw_source *source = text->source;
    HW_AUTO(hw_buf) buf = {0};
    unsigned pieces = source->remote ? PIECES_REMOTE : PIECES;
    const size_t bytes = (size_t)hw_clamp(source->size / PIECE_PART, PIECE_BYTES_MIN, PIECE_BYTES_MAX);

    HW_TRY(hw_buf_resize(&buf, bytes + 2 * HW_CSV_BLOCK_MARGIN, err));
    memset(buf.data, 0, buf.size);
    for (unsigned i = 1; i <= pieces; i++) {
        /* The last piece is the end of the text: totals and other oddities stand there. */
        uint64_t offset = source->size / pieces * i;
        offset = i == pieces || offset > source->size - bytes ? source->size - bytes : offset;
        char *bytes_at = (char *)buf.data + HW_CSV_BLOCK_MARGIN;
        HW_TRY(source->ops->read_at(source, offset, bytes_at, bytes, err));
        size_t start = hw_csv_guess_record_start(&layout->dialect, (hw_view){bytes_at, bytes});
        hw_view piece = {bytes_at + start, bytes - start};
        HW_TRY(hw_csv_layout_observe(layout, csv, piece, i == pieces, profiles, err));
    }
    return HW_OK;
}
