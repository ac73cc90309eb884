/* SPDX-License-Identifier: Apache-2.0 */
/* What is encoded is decoded to itself; what is no escape is refused; URLs are taken apart or refused. */
#include "net/uri.h"

#include <strings.h>

#include "fuzz/fuzz.h"
#include "web/address.h"

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

/* Addresses on the web, and redirects from one to what a server says: never to http, never a user or a fragment. */
static void address_check(hw_view text) {
    HW_AUTO(hw_buf) copy = {0};
    HW_AUTO(hw_buf) name = {0};
    HW_AUTO(hw_buf) to = {0};
    FUZZ_CHECK(hw_buf_append(&copy, text.data, text.size, NULL) == HW_OK && hw_buf_end_text(&copy, NULL) == HW_OK);
    const char *address = (const char *)copy.data;
    enum hw_status status = hw_web_address_check(address, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EUSAGE);
    if (status == HW_OK) {
        FUZZ_CHECK(hw_web_address_name(address, &name, NULL) == HW_OK);
        FUZZ_CHECK(name.size > 0 && !strchr((const char *)name.data, '/'));
    }
    status = hw_web_address_follow("https://host/folder/name?query", text, &to, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EAUTH || status == HW_EPROTOCOL);
    if (status == HW_OK) {
        const char *host = (const char *)to.data + strlen("https://");
        FUZZ_CHECK(to.size > strlen("https://") && strncasecmp((const char *)to.data, "https://", 8) == 0);
        FUZZ_CHECK(!memchr(host, '@', strcspn(host, "/?")) && !strchr(host, '#'));
    }
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
    address_check(text);
    return 0;
}
