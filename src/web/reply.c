/* SPDX-License-Identifier: Apache-2.0 */
#include "web/reply.h"

#include <stdio.h>
#include <strings.h>

#include "net/date.h"

/* A Last-Modified is only proof where the server's clock is past the second that it names. */
#define MODIFIED_AGE_US_MIN (INT64_C(2) * 1000000)

static bool header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes) {
    const hw_view value = hw_http_header_find(response, name);
    const bool fits = value.data && value.size < out_bytes && !memchr(value.data, '\0', value.size);
    memcpy(out, fits ? value.data : "", fits ? value.size : 0);
    out[fits ? value.size : 0] = '\0';
    return fits;
}

static bool equal_nocase(hw_view value, const char *text) {
    return value.size == strlen(text) && strncasecmp(value.data, text, value.size) == 0;
}

static enum hw_status encoding_check(const struct hw_http_response *response, bool *out_packed, struct hw_error *err) {
    /* Whoever reads the bytes knows these by their first ones. */
    static const char *const known[] = {"", "identity", "gzip", "x-gzip", "zstd"};
    const hw_view encoding = hw_http_header_find(response, "Content-Encoding");
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (!encoding.data || equal_nocase(encoding, known[i])) {
            *out_packed = encoding.data && i >= 2;
            return HW_OK;
        }
    }
    return hw_fail(err, HW_EUNSUPPORTED,
                   "the server sends the object packed as %s, which was not asked for and is not unpacked",
                   hw_quote(encoding.data, encoding.size, quoted, sizeof(quoted)));
}

enum hw_status hw_web_facts_read(const struct hw_http_response *response, struct hw_web_facts *out_facts,
                                 struct hw_error *err) {
    struct hw_web_facts facts = {0};
    int64_t date_us = 0;
    HW_TRY(encoding_check(response, &facts.packed, err));
    header_copy(response, "ETag", facts.etag, sizeof(facts.etag));
    const size_t bytes = strlen(facts.etag);
    facts.strong = bytes >= 2 && facts.etag[0] == '"' && facts.etag[bytes - 1] == '"';
    if (header_copy(response, "Last-Modified", facts.modified, sizeof(facts.modified)) &&
        !hw_http_date_parse(hw_view_of(facts.modified), &facts.mtime_us)) {
        facts.modified[0] = '\0';
        facts.mtime_us = 0;
    }
    const hw_view date = hw_http_header_find(response, "Date");
    const bool dated = facts.mtime_us != 0 && date.data && hw_http_date_parse(date, &date_us);
    facts.pinned = facts.strong || (dated && date_us - facts.mtime_us >= MODIFIED_AGE_US_MIN);
    *out_facts = facts;
    return HW_OK;
}

bool hw_web_facts_same(const struct hw_web_facts *one, const struct hw_web_facts *other) {
    const bool tags = strcmp(one->etag, other->etag) == 0;
    if (one->packed != other->packed) {
        return false;
    }
    return one->strong ? tags : tags && strcmp(one->modified, other->modified) == 0;
}

bool hw_web_redirect(int http_status) {
    return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 || http_status == 308;
}

/* The HTTP statuses, as statuses; others are by their hundreds. */
static const struct {
    int http_status;
    enum hw_status status;
    const char *what;
} status_rows[] = {
    {401, HW_EAUTH, "the server wants to know who asks, which only a signed address can tell"},
    {403, HW_EAUTH, "the server refuses to hand the object out"},
    {404, HW_ENOTFOUND, "there is no such object"},
    {408, HW_ENETWORK, "the server has not waited for the request"},
    {410, HW_ENOTFOUND, "the object is there no more"},
    {412, HW_ECHANGED, "the object was replaced while it was read"},
    {416, HW_ECHANGED, "the object was replaced by a shorter one while it was read"},
    {429, HW_ETHROTTLED, "the server asks to be asked less often"},
};

enum hw_status hw_web_reply_fail(const struct hw_http_response *response, bool queried, struct hw_error *err) {
    enum hw_status status = response->status >= 500 ? HW_ESERVER : HW_EPROTOCOL;
    const char *what = response->status >= 500 ? "the server fails" : "the reply is no object";
    if (response->status >= 400 && response->status < 500) {
        status = HW_EFAILED;
        what = "the server refuses the request";
    }
    for (size_t i = 0; i < COUNT_OF(status_rows); i++) {
        if (status_rows[i].http_status == response->status) {
            status = status_rows[i].status;
            what = status_rows[i].what;
        }
    }
    const bool signature = queried && (status == HW_EAUTH || response->status == 400);
    hw_error_set(err, status, "%s%s", what,
                 signature ? ": where the address is signed, the signature may have expired, or be for another "
                             "method than GET"
                           : "");
    if (err) {
        err->http_status = response->status;
    }
    return status;
}

int64_t hw_web_retry_after_ms(const struct hw_http_response *response) {
    uint64_t seconds = 0;
    const bool told = hw_http_bytes_header(response, "Retry-After", &seconds) && seconds <= 24 * 60 * 60;
    return told ? (int64_t)seconds * 1000 : 0;
}
