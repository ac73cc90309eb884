/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made-up bytes become UTF-8, or are refused: however they are packed, marked or encoded. What looks
 * at them reads nothing behind them.
 */
#include "csv/text.h"

#include "csv/encoding_guess.h"
#include "csv/foreign.h"
#include "core/utf8_valid.h"
#include "fuzz/fuzz.h"
#include "support/memory_io.h"

enum { READ_BYTES = 4096, TEXT_BYTES_MAX = 1 << 20 };

/* The first byte of an input chooses one of them. */
static const char *const encodings[] = {NULL,           "latin1", "utf-16",    "utf-16be",   "utf-32",
                                        "windows-1251", "cp932",  "shift-jis", "gbk",        "gb18030",
                                        "big5",         "euc-kr", "utf-7",     "iso-2022-jp"};

static void looks_check(hw_view text) {
    FUZZ_CHECK(hw_csv_encoding_guess(text));
    (void)hw_csv_encoding_guess_wide(text);
    for (int whole = 0; whole < 2; whole++) {
        enum hw_status status = hw_csv_foreign_text(text, whole, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA);
    }
}

static void stream_check(struct hw_csv_stream *stream, bool decoded) {
    HW_AUTO(hw_buf) text = {0};
    bool end = false;
    enum hw_status status = HW_OK;
    while (status == HW_OK && !end && text.size < TEXT_BYTES_MAX) {
        status = hw_csv_stream_read(stream, READ_BYTES, &text, &end, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT);
    }
    FUZZ_CHECK(!decoded || !end || hw_utf8_valid(hw_buf_view(&text), NULL));
    hw_csv_stream_release(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const hw_view bytes = {(const char *)data + 1, size - 1};
    const char *encoding = encodings[data[0] % COUNT_OF(encodings)];
    struct memory_source source = memory_source(bytes, 0);
    struct hw_csv_wrapping wrapping;
    struct hw_csv_stream stream;
    looks_check(bytes);
    enum hw_status status = hw_csv_text_look(&source.base, &wrapping, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA);
    if (status != HW_OK || wrapping.packing == HW_PACKING_ZIP) {
        return 0;
    }
    const struct hw_csv_text text = hw_csv_text_of(&source.base, &wrapping, NULL, 0, encoding);
    status = hw_csv_stream_open(&text, &stream, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT);
    if (status == HW_OK) {
        stream_check(&stream, encoding != NULL && wrapping.mark.bytes == 0 && wrapping.packing == HW_PACKING_NONE);
    }
    return 0;
}
