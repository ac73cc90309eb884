/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CSV text as it lies in its source. Plain UTF-8 can be read from anywhere, so it can be cut. A
 * text that is packed, or in another encoding, is a stream: it can only be read from its start,
 * each time that it is opened.
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
    /* Memory that unpacking zstd may take. A frame that asks for more fails with HW_ELIMIT. */
    uint64_t window_bytes;
    bool cuttable; /* offsets in the text are offsets in the source */
};

/*
 * Finds the packing of a source by its first bytes, and the memory that unpacking it takes (for
 * zstd the window of the first frame).
 */
HW_NODISCARD enum hw_status hw_csv_text_packing(struct hw_source *source, enum hw_packing *out_packing,
                                                uint64_t *out_window_bytes, struct hw_error *err);

/*
 * Returns the text that is all of `source`; or where `zip` is not NULL, its member number `member`.
 * Borrows both.
 */
struct hw_csv_text hw_csv_text_of(struct hw_source *source, enum hw_packing packing, struct hw_zip *zip, size_t member,
                                  enum hw_csv_encoding encoding);

/* Returns the name of a text: that of the member of a ZIP, else that of its source. Borrowed. */
const char *hw_csv_text_name(const struct hw_csv_text *text);

/* A text that is read from its start, as UTF-8. A zeroed one is not open. */
struct hw_csv_stream {
    struct hw_stream *unpacked; /* the bytes of the source, unpacked where they are packed */
    struct hw_stream *text;     /* the stream to read: `unpacked`, or its transcoding */
};

HW_NODISCARD enum hw_status hw_csv_stream_open(const struct hw_csv_text *text, struct hw_csv_stream *out_stream,
                                               struct hw_error *err);
void hw_csv_stream_release(struct hw_csv_stream *stream);

/* Appends the next `bytes` bytes to `out`, or fewer where the text ends: then sets `*out_end`. */
HW_NODISCARD enum hw_status hw_csv_stream_read(struct hw_csv_stream *stream, size_t bytes, struct hw_buf *out,
                                               bool *out_end, struct hw_error *err);

#endif
