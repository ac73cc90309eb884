/* SPDX-License-Identifier: Apache-2.0 */
/* What is encoded is decoded to itself; what is no escape is refused; URLs are taken apart or refused. */
#include "net/uri.h"

#include "fuzz/fuzz.h"

static void url_check(hw_view text) {
    struct hw_url url;
    char *copy = malloc(text.size + 1);
    FUZZ_CHECK(copy);
    memcpy(copy, text.size > 0 ? text.data : "", text.size);
    copy[text.size] = '\0';
    enum hw_status status = hw_url_parse(copy, &url, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG);
    if (status == HW_OK) {
        size_t path = strlen(url.path);
        FUZZ_CHECK(url.host[0] != '\0' && url.port > 0);
        FUZZ_CHECK(!strpbrk(url.host, "@/?# \t\r\n") && !strpbrk(url.path, "?# \t\r\n"));
        FUZZ_CHECK(path == 0 || (url.path[0] == '/' && url.path[path - 1] != '/'));
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_buf) encoded = {0};
    HW_AUTO(hw_buf) decoded = {0};
    hw_view text = {(const char *)data, size};
    for (int keep_slash = 0; keep_slash < 2; keep_slash++) {
        hw_buf_clear(&encoded);
        hw_buf_clear(&decoded);
        FUZZ_CHECK(hw_uri_encode(text, keep_slash, &encoded, NULL) == HW_OK);
        FUZZ_CHECK(hw_uri_decode(hw_buf_view(&encoded), &decoded, NULL) == HW_OK);
        FUZZ_CHECK(hw_view_equal(hw_buf_view(&decoded), text));
    }
    hw_buf_clear(&decoded);
    enum hw_status status = hw_uri_decode(text, &decoded, NULL);
    FUZZ_CHECK(status == HW_OK ? decoded.size <= size : status == HW_EPROTOCOL && decoded.size == 0);
    url_check(text);
    return 0;
}
