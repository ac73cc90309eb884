/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CSV text as it lies in its source. Plain UTF-8 can be read from anywhere, so it can be cut. A
 * text that is packed, or in another encoding, is a stream: it can only be read from its start,
 * each time that it is opened. A byte order mark counts more than the encoding that was asked for.
 */
#ifndef HW_CSV_TEXT_H
#define HW_CSV_TEXT_H

#include <hawser/csv.h>
#include <hawser/io.h>

#include "codec/unpack.h"
#include "core/buf.h"
#include "core/limits.h"
#include "csv/encoding.h"

/* The wrapping of a text, as the first bytes of its source show it. */
struct hw_csv_wrapping {
    enum hw_packing packing;
    struct hw_csv_mark mark; /* none where it is packed: the text has its own then */
    /* Memory that unpacking takes: of zstd and xz, what the first frame or stream asks for. */
    uint64_t window_bytes;
};

struct hw_csv_text {
    struct hw_source *source; /* borrowed */
    struct hw_zip *zip;       /* borrowed; NULL unless the text is a member of a ZIP */
    size_t member;
    /* A window that asks for more memory than `window_bytes`, and than 8 MiB, is HW_ELIMIT. */
    struct hw_csv_wrapping wrapping;
    const char *encoding; /* the name that was asked for; NULL: none. Borrowed */
    bool cuttable;        /* offsets in the text are offsets in the source */
};

/*
 * Looks at the first bytes of a source. Fails with HW_EDATA where they are those of a format that
 * is no text (csv/foreign.h).
 */
HW_NODISCARD enum hw_status hw_csv_text_look(struct hw_source *source, struct hw_csv_wrapping *out_wrapping,
                                             struct hw_error *err);

/*
 * Returns the text that is all of `source`; or where `zip` is not NULL, its member number `member`.
 * Borrows both, and the name of the encoding, which may be NULL.
 */
struct hw_csv_text hw_csv_text_of(struct hw_source *source, const struct hw_csv_wrapping *wrapping, struct hw_zip *zip,
                                  size_t member, const char *encoding);

/* The source, and a look at it; each unpacking, with a look at what comes; a transcoding. */
enum { HW_CSV_LAYERS_MAX = 3 + 2 * HW_PACKED_DEPTH_MAX };

/* Returns the name of a text: that of the member of a ZIP, else that of its source. Borrowed. */
const char *hw_csv_text_name(const struct hw_csv_text *text);

/* A text that is read from its start, as UTF-8. A zeroed one is not open. */
struct hw_csv_stream {
    struct hw_stream *layers[HW_CSV_LAYERS_MAX]; /* each reads from the one before it */
    size_t layers_count;
    const struct hw_stream *unpackers[HW_PACKED_DEPTH_MAX]; /* those of them that unpack */
    size_t unpackers_count;
    struct hw_stream *text; /* the stream to read, which is the last of them */
};

/*
 * Opens the text. What is packed is unpacked, up to HW_PACKED_DEPTH_MAX times (HW_ELIMIT), of which
 * a ZIP is one. Fails with HW_EDATA where the unpacked bytes are those of a format that is no text,
 * or where their mark contradicts the encoding that was asked for; with HW_EUSAGE where nobody
 * knows this encoding.
 */
HW_NODISCARD enum hw_status hw_csv_stream_open(const struct hw_csv_text *text, struct hw_csv_stream *out_stream,
                                               struct hw_error *err);
void hw_csv_stream_release(struct hw_csv_stream *stream);

/*
 * Returns how many bytes behind the packed ones were left out so far: a few that are no member of
 * the packing, and not all zero (hw_packed_more). All of them are known once the stream has ended.
 */
size_t hw_csv_stream_garbage_bytes(const struct hw_csv_stream *stream);

/* Appends the next `bytes` bytes to `out`, or fewer where the text ends: then sets `*out_end`. */
HW_NODISCARD enum hw_status hw_csv_stream_read(struct hw_csv_stream *stream, size_t bytes, struct hw_buf *out,
                                               bool *out_end, struct hw_error *err);

#endif
