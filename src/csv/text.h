/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CSV text as it lies in its source: plain bytes that can be cut anywhere, or a stream that can
 * only be read from its start (packed, or in another encoding), but as often as it is opened.
 */
#ifndef HW_CSV_TEXT_H
#define HW_CSV_TEXT_H

#include <hawser/csv.h>
#include <hawser/io.h>

#include "codec/unpack.h"
#include "core/buf.h"

struct hw_csv_text {
    struct hw_source *source; /* borrowed */
    struct hw_zip *zip;       /* borrowed; NULL unless the text is a member of a ZIP */
    size_t member;
    enum hw_packing packing;
    enum hw_csv_encoding encoding;
    /* The memory that unpacking zstd takes. A frame that asks for more is HW_ELIMIT. */
    uint64_t window_bytes;
    bool cuttable; /* Offsets of the text are offsets of the source. */
};

/*
 * Finds the packing of a source by its first bytes, and the memory that unpacking it takes (of
 * zstd, the first frame's window).
 */
HW_NODISCARD enum hw_status hw_csv_text_packing(struct hw_source *source, enum hw_packing *out_packing,
                                                uint64_t *out_window_bytes, struct hw_error *err);

/* Describes a text of `source`: its member `member` where `zip` is not NULL. */
struct hw_csv_text hw_csv_text_of(struct hw_source *source, enum hw_packing packing, struct hw_zip *zip, size_t member,
                                  enum hw_csv_encoding encoding);

/* A text that is read from its start, as UTF-8. Zeroed: none. */
struct hw_csv_stream {
    struct hw_stream *unpacked; /* or the source itself */
    struct hw_stream *text;     /* what to read: `unpacked`, or its transcoding */
};
HW_NODISCARD enum hw_status hw_csv_stream_open(const struct hw_csv_text *text, struct hw_csv_stream *out_stream,
                                               struct hw_error *err);
void hw_csv_stream_release(struct hw_csv_stream *stream);

/* Reads until `bytes` more are in `out`, or the text ends (`*out_end`). */
HW_NODISCARD enum hw_status hw_csv_stream_read(struct hw_csv_stream *stream, size_t bytes, struct hw_buf *out,
                                               bool *out_end, struct hw_error *err);

#endif
