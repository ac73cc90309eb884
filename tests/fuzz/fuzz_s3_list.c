/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of listings of a service that may say anything. First byte: which kind of listing. */
#include "fuzz/fuzz.h"
#include "s3/list_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_s3_list_page) page = {0};
    struct hw_error err = HW_ERROR_INIT;
    const bool versions = fuzz_byte(&data, &size) % 2 == 1;
    const hw_view xml = {size > 0 ? (const char *)data : "", size};
    enum hw_status status =
        versions ? hw_s3_versions_page_read(xml, &page, &err) : hw_s3_list_page_read(xml, &page, &err);
    FUZZ_CHECK(status == HW_OK || (err.status == status && !strpbrk(err.message, "\r\n")));
    size_t prefixes = 0;
    for (size_t i = 0; status == HW_OK && i < page.entries_count; i++) {
        const struct hw_s3_entry *entry = &page.entries[i];
        FUZZ_CHECK(entry->key && entry->etag && entry->version_id && entry->size != UINT64_MAX);
        prefixes += entry->kind == HW_S3_ENTRY_PREFIX;
    }
    FUZZ_CHECK(status != HW_OK || prefixes == page.prefixes_count);
    return 0;
}
