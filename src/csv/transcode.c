/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/transcode.h"

#include <errno.h>
#include <iconv.h>

#include "core/alloc.h"
#include "core/utf8_valid.h"

enum {
    INPUT_BYTES = 64 << 10,
    TEXT_BYTES = 64 << 10,
    /* No encoding has a longer character, together with what may stand before it to shift. */
    CHARACTER_BYTES_MAX = 64,
};

struct transcoder {
    struct hw_stream base;
    struct hw_stream *from;
    enum hw_csv_coding coding;
    iconv_t converter;
    char name[HW_CSV_ENCODING_NAME_BYTES_MAX + 1]; /* of the encoding */
    size_t skip;                                   /* bytes that are left out at the start */
    bool from_ended;
    bool ended;      /* all of the text was made */
    uint64_t offset; /* offset in `from` of input[at] */
    size_t at;
    size_t filled;
    size_t given; /* bytes of the made text that were handed out */
    size_t made;
    char input[INPUT_BYTES];
    char text[TEXT_BYTES];
};

static enum hw_status transcoder_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                      struct hw_error *err);
static void transcoder_close(struct hw_stream *base);
static const struct hw_stream_ops transcoder_ops = {transcoder_read, transcoder_close};

enum hw_status hw_transcode_open(struct hw_stream *from, const struct hw_csv_encoding *encoding, size_t skip,
                                 struct hw_stream **out_stream, struct hw_error *err) {
    HW_TRY(hw_csv_encoding_check(encoding->name, err));
    struct transcoder *coder = hw_alloc_zero(1, sizeof(*coder));
    if (!coder) {
        return hw_fail_nomem(err, sizeof(*coder));
    }
    coder->base.ops = &transcoder_ops;
    coder->from = from;
    coder->coding = encoding->coding;
    coder->skip = skip;
    memcpy(coder->name, encoding->name, strnlen(encoding->name, HW_CSV_ENCODING_NAME_BYTES_MAX));
    coder->converter = hw_csv_encoding_converter(encoding);
    if (coder->converter == (iconv_t)-1) {
        hw_free(coder);
        return hw_fail_errno(err, errno, "iconv cannot convert %s to UTF-8", encoding->name);
    }
    *out_stream = &coder->base;
    return HW_OK;
}

static void transcoder_close(struct hw_stream *base) {
    struct transcoder *coder = (struct transcoder *)base;
    iconv_close(coder->converter);
    hw_free(coder);
}

static enum hw_status text_make(struct transcoder *coder, struct hw_error *err);

static enum hw_status transcoder_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                      struct hw_error *err) {
    struct transcoder *coder = (struct transcoder *)base;
    while (coder->given == coder->made && !coder->ended) {
        HW_TRY(text_make(coder, err));
    }
    const size_t got = hw_min_size(bytes, coder->made - coder->given);
    memcpy(data, coder->text + coder->given, got);
    coder->given += got;
    *out_bytes = got;
    return HW_OK;
}

static enum hw_status input_fill(struct transcoder *coder, struct hw_error *err);
static enum hw_status character_bad(struct transcoder *coder, int fault, struct hw_error *err);

/* Converts what there is of the input, as far as there is room. May make nothing. */
static enum hw_status text_make(struct transcoder *coder, struct hw_error *err) {
    coder->given = coder->made = 0;
    HW_TRY(input_fill(coder, err));
    char *in = coder->input + coder->at;
    char *out = coder->text;
    size_t in_bytes = coder->filled - coder->at;
    size_t out_bytes = sizeof(coder->text);
    /* At the end iconv gives what it has kept, because the next character might belong to it. */
    const bool last = in_bytes == 0;
    const size_t result = iconv(coder->converter, last ? NULL : &in, &in_bytes, &out, &out_bytes);
    const int fault = result == (size_t)-1 ? errno : 0;
    const size_t taken = (size_t)(in - coder->input) - coder->at;
    coder->at += taken;
    coder->offset += taken;
    coder->made = sizeof(coder->text) - out_bytes;
    coder->ended = last;
    /* After progress, iconv finds the same fault again. */
    return fault == 0 || taken > 0 || coder->made > 0 ? HW_OK : character_bad(coder, fault, err);
}

/* Takes a character that iconv does not take, or fails. */
static enum hw_status character_bad(struct transcoder *coder, int fault, struct hw_error *err) {
    const uint8_t byte = (uint8_t)coder->input[coder->at];
    if (coder->coding == HW_CSV_CODING_WINDOWS_1252 && fault == EILSEQ) {
        coder->made = hw_utf8_encode(byte, coder->text);
        coder->at++;
        coder->offset++;
        return HW_OK;
    }
    if (fault == EINVAL) {
        return hw_fail_at(err, HW_EDATA, coder->offset, "the text ends within a character of %s", coder->name);
    }
    return hw_fail_at(err, HW_EDATA, coder->offset,
                      "the byte 0x%02x and those behind it are no character of %s: is the text in another encoding?",
                      byte, coder->name);
}

/* Leaves out the mark at the start. */
static void mark_skip(struct transcoder *coder) {
    const size_t bytes = hw_min_size(coder->skip, coder->filled - coder->at);
    coder->at += bytes;
    coder->offset += bytes;
    coder->skip -= bytes;
}

/* Keeps a whole character at hand, less only at the end. */
static enum hw_status input_fill(struct transcoder *coder, struct hw_error *err) {
    while (coder->filled - coder->at < CHARACTER_BYTES_MAX && !coder->from_ended) {
        size_t got = 0;
        memmove(coder->input, coder->input + coder->at, coder->filled - coder->at);
        coder->filled -= coder->at;
        coder->at = 0;
        HW_TRY(coder->from->ops->read(coder->from, coder->input + coder->filled, sizeof(coder->input) - coder->filled,
                                      &got, err));
        coder->filled += got;
        coder->from_ended = got == 0;
        mark_skip(coder);
    }
    return HW_OK;
}
