/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that a reply of a web server tells of an object, and the fault that it reports. Nothing
 * of a body is told, because it may hold what the server was sent. Pure functions.
 */
#ifndef HW_WEB_REPLY_H
#define HW_WEB_REPLY_H

#include "core/error.h"
#include "net/http_response.h"

enum { HW_WEB_ETAG_BYTES = 128, HW_WEB_DATE_BYTES = 40 };

struct hw_web_facts {
    /* The size of the whole object; 0 where the reply does not tell it. */
    uint64_t size;
    /* Last-Modified in microseconds since 1970, or 0; and as the server wrote it, or "". */
    int64_t mtime_us;
    char modified[HW_WEB_DATE_BYTES];
    /* The ETag as the server wrote it, with quotes and W/; "" where there is none. */
    char etag[HW_WEB_ETAG_BYTES];
    /* True if the ETag is one by which ranges can be asked for. */
    bool strong;
    /*
     * True if every range can be proved to be of one version: by a strong ETag, or by a
     * Last-Modified that was more than a second ago, so that a later change has another one
     * (RFC 9110, 8.8.2.2).
     */
    bool pinned;
    /* True if the server has packed the bytes (Content-Encoding). */
    bool packed;
};

/*
 * Reads the facts from the headers of a 200, 206 or 416, but for the size. HW_EUNSUPPORTED means
 * that the body comes in a Content-Encoding although none was asked for, and that it is none which
 * the bytes themselves tell (gzip and zstd).
 */
HW_NODISCARD enum hw_status hw_web_facts_read(const struct hw_http_response *response, struct hw_web_facts *out_facts,
                                              struct hw_error *err);

/* Returns whether two replies are of one version, as far as both tell. */
bool hw_web_facts_same(const struct hw_web_facts *one, const struct hw_web_facts *other);

/* Returns whether the status is that of a redirect that names another address. */
bool hw_web_redirect(int http_status);

/*
 * Fails with the status and the words for a reply that is neither an object nor a redirect.
 * `queried`: the address has a query, which may be a signature.
 */
HW_NODISCARD enum hw_status hw_web_reply_fail(const struct hw_http_response *response, bool queried,
                                              struct hw_error *err);

/*
 * Returns the milliseconds after which the server asks to be tried again; 0 where it does not say.
 */
int64_t hw_web_retry_after_ms(const struct hw_http_response *response);

#endif
