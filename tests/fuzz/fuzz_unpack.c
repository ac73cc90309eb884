/* SPDX-License-Identifier: Apache-2.0 */
/* Packed bytes of every kind unpack or are refused as data; never more than a bounded part is read. */
#include "codec/unpack.h"

#include "codec/unpack_zip.h"
#include "fuzz/fuzz.h"
#include "support/memory_io.h"

enum { MEMBERS = 8, UNPACKED_BYTES_MAX = 1 << 20 };

static bool refused(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EIO;
}

static void stream_drain(struct hw_stream *stream) {
    char block[4096];
    size_t got = 1;
    for (size_t all = 0; got > 0 && all < UNPACKED_BYTES_MAX; all += got) {
        enum hw_status status = stream->ops->read(stream, block, sizeof(block), &got, NULL);
        FUZZ_CHECK(status == HW_OK || refused(status));
        got = status == HW_OK ? got : 0;
        FUZZ_CHECK(got <= sizeof(block));
    }
    stream->ops->close(stream);
}

static void zip_drain(struct hw_source *source) {
    struct hw_zip *zip;
    enum hw_status status = hw_zip_open(source, &zip, NULL);
    FUZZ_CHECK(status == HW_OK || refused(status));
    if (status != HW_OK) {
        return;
    }
    for (size_t i = 0; i < hw_zip_count(zip) && i < MEMBERS; i++) {
        struct hw_stream *stream;
        FUZZ_CHECK(hw_zip_member(zip, i)->name);
        status = hw_zip_member_open(zip, i, &stream, NULL);
        FUZZ_CHECK(status == HW_OK || refused(status));
        if (status == HW_OK) {
            stream_drain(stream);
        }
    }
    hw_zip_close(zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory_source source = memory_source((hw_view){(const char *)data, size}, 0);
    enum hw_packing packing = hw_packing_detect(data, size);
    if (packing == HW_PACKING_ZIP) {
        zip_drain(&source.base);
    } else if (packing != HW_PACKING_NONE) {
        struct hw_stream *stream;
        enum hw_status status = hw_unpack_open(&source.base, packing, NULL, &stream, NULL);
        FUZZ_CHECK(status == HW_OK || refused(status));
        if (status == HW_OK) {
            stream_drain(stream);
        }
    }
    return 0;
}
