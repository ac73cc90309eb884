/* SPDX-License-Identifier: Apache-2.0 */
/* One CSV text to convert: plain bytes that can be cut in spans, or a stream that can be opened again (packed, or in another encoding). */
#ifndef HW_PIPELINE_INPUT_H
#define HW_PIPELINE_INPUT_H

#include <hawser/convert.h>
#include <hawser/io.h>

#include "codec/unpack.h"
#include "core/buf.h"

struct hw_input {
    struct hw_source *source; /* borrowed */
    struct hw_zip *zip;       /* borrowed; NULL unless the text is a member of a ZIP */
    size_t member;
    enum hw_packing packing;
    enum hw_csv_encoding encoding;
    uint64_t window_bytes; /* of memory that unpacking zstd takes; a frame that asks for more is HW_ELIMIT */
    bool cuttable;         /* offsets of the text are offsets of the source */
};

/* The packing of a source, by its first bytes, and the memory that unpacking it takes (of zstd, the first frame's window). */
HW_NODISCARD enum hw_status hw_input_packing(struct hw_source *source, enum hw_packing *out_packing,
                                             uint64_t *out_window_bytes, struct hw_error *err);

/* A text of `source`: of its member `member` where `zip` is not NULL. */
struct hw_input hw_input_of(struct hw_source *source, enum hw_packing packing, struct hw_zip *zip, size_t member,
                            enum hw_csv_encoding encoding);

/* The text from its start, as UTF-8. */
struct hw_input_stream {
    struct hw_stream *unpacked; /* or the source itself */
    struct hw_stream *text;     /* what to read: `unpacked`, or its transcoding */
};
HW_NODISCARD enum hw_status hw_input_open(const struct hw_input *input, struct hw_input_stream *out_stream,
                                          struct hw_error *err);
void hw_input_stream_release(struct hw_input_stream *stream);

/* Reads until `bytes` more are in `out` or the text ends (`*out_end`). */
HW_NODISCARD enum hw_status hw_input_read(struct hw_input_stream *stream, size_t bytes, struct hw_buf *out,
                                          bool *out_end, struct hw_error *err);

#endif
