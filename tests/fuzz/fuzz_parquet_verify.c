/* SPDX-License-Identifier: Apache-2.0 */
/* Whole Parquet files, with all of their pages, values and indexes: the input is one. */
#include "fuzz/fuzz.h"
#include "parquet/verify.h"
#include "support/memory_io.h"

static enum hw_status finding_check(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)ctx;
    (void)err;
    FUZZ_CHECK(finding->code && finding->message[0]);
    return HW_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const enum hw_verify_level levels[] = {HW_VERIFY_FOOTER, HW_VERIFY_PAGES, HW_VERIFY_VALUES};
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const struct hw_parquet_verify_options options = {
            .level = levels[i], .memory_bytes = 1 << 20, .page_bytes_max = 1 << 20, .sum = i == 1};
        struct memory_source source = memory_source((hw_view){(const char *)data, size}, 0);
        struct hw_parquet_verified verified;
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_parquet_verify(&source.base, &options, finding_check, NULL, &verified, &err);
        FUZZ_CHECK(status == HW_OK || status == HW_ELIMIT || status == HW_EUNSUPPORTED);
        FUZZ_CHECK(status == HW_OK || err.message[0]);
        FUZZ_CHECK(verified.pages >= verified.pages_without_crc);
    }
    return 0;
}
