/* SPDX-License-Identifier: Apache-2.0 */
/* Headers of pages, indexes of pages, and bloom filters: each is read of the same bytes. */
#include "fuzz/fuzz.h"
#include "parquet/bloom_read.h"
#include "parquet/page_index_read.h"
#include "parquet/page_read.h"

static void status_check(enum hw_status status, const struct hw_error *err) {
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED);
    FUZZ_CHECK(status == HW_OK || err->message[0]);
}

static void head_read(hw_view bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_page_head head;
    bool more = false;
    const enum hw_status status = hw_page_head_read(bytes, 0, &head, &more, &err);
    status_check(status, &err);
    if (status == HW_OK && !more) {
        FUZZ_CHECK(head.header_bytes <= bytes.size);
        FUZZ_CHECK((uint64_t)head.def_bytes + head.rep_bytes <= head.compressed);
        FUZZ_CHECK((uint64_t)head.def_bytes + head.rep_bytes <= head.uncompressed);
    }
}

static void indexes_read(hw_view bytes) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_offset_index) offsets = {0};
    HW_AUTO(hw_column_index) columns = {0};
    status_check(hw_offset_index_parse(&offsets, bytes, 0, &err), &err);
    FUZZ_CHECK(offsets.pages_count <= bytes.size);
    status_check(hw_column_index_parse(&columns, bytes, 0, &err), &err);
    for (size_t i = 0; i < columns.pages_count; i++) {
        FUZZ_CHECK(columns.mins[i].size <= bytes.size && columns.maxs[i].size <= bytes.size);
    }
}

static void bloom_read(hw_view bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_bloom_head head;
    const enum hw_status status = hw_bloom_head_read(bytes, 0, &head, &err);
    status_check(status, &err);
    if (status == HW_OK && head.bytes <= bytes.size - head.header_bytes) {
        (void)hw_bloom_may_have((hw_view){bytes.data + head.header_bytes, head.bytes}, "a", 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const hw_view bytes = {(const char *)data, size};
    head_read(bytes);
    indexes_read(bytes);
    bloom_read(bytes);
    return 0;
}
