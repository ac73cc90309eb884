/* SPDX-License-Identifier: Apache-2.0 */
#include "web/address.h"

#include <strings.h>

#include "core/limits.h"
#include "core/utf8.h"
#include "net/uri.h"

static hw_view view_from(hw_view text, size_t offset) {
    return (hw_view){text.data + offset, text.size - offset};
}

/* Returns the bytes up to the first of `stops`, or all. */
static size_t span_until(hw_view text, const char *stops) {
    size_t bytes = 0;
    while (bytes < text.size && !strchr(stops, text.data[bytes])) {
        bytes++;
    }
    return bytes;
}

/* Returns the bytes of "https://" or "http://" where the text begins with it, else 0. */
static size_t scheme_bytes(hw_view text) {
    static const hw_view schemes[] = {HW_VIEW_INIT("https://"), HW_VIEW_INIT("http://")};
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (text.size >= schemes[i].size && strncasecmp(text.data, schemes[i].data, schemes[i].size) == 0) {
            return schemes[i].size;
        }
    }
    return 0;
}

static bool tls(hw_view address) {
    return scheme_bytes(address) == strlen("https://");
}

static enum hw_status host_check(hw_view address, size_t begin, size_t end, struct hw_error *err);
static enum hw_status bytes_check(hw_view address, struct hw_error *err);

/* Checks all but the name at the end of the path. */
static enum hw_status address_check(hw_view address, struct hw_error *err) {
    const size_t begin = scheme_bytes(address);
    if (begin == 0) {
        return hw_fail(err, HW_EUSAGE, "an address on the web begins with https:// or http://");
    }
    if (address.size > HW_WEB_ADDRESS_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "the address is longer than %d bytes", HW_WEB_ADDRESS_BYTES_MAX);
    }
    HW_TRY(bytes_check(address, err));
    return host_check(address, begin, begin + span_until(view_from(address, begin), "/?"), err);
}

static enum hw_status bytes_check(hw_view address, struct hw_error *err) {
    for (size_t i = 0; i < address.size; i++) {
        const unsigned char byte = (unsigned char)address.data[i];
        if (byte <= ' ' || byte >= 0x7f || strchr("\"<>\\^`{|}#", byte)) {
            const bool shown = byte > ' ' && byte < 0x7f;
            return hw_fail(err, HW_EUSAGE,
                           "an address cannot hold %s%c%s (byte %zu): percent-encode it, as a browser does",
                           shown ? "'" : "white space, control bytes and bytes beyond ASCII", shown ? byte : ',',
                           shown ? "'" : " as here", i + 1);
        }
    }
    return HW_OK;
}

static enum hw_status host_check(hw_view address, size_t begin, size_t end, struct hw_error *err) {
    HW_AUTO(hw_buf) site = {0};
    struct hw_url url;
    if (memchr(address.data + begin, '@', end - begin)) {
        return hw_fail(err, HW_EUSAGE,
                       "a user and a password in an address are not sent: everybody who lists processes reads them; "
                       "use a signed address, or pipe the object into hawser from a program that asks for them");
    }
    HW_TRY(hw_buf_printf(&site, err, "%.*s", (int)end, address.data));
    struct hw_error fault = HW_ERROR_INIT;
    if (hw_url_parse((const char *)site.data, &url, &fault) != HW_OK) {
        return hw_fail(err, HW_EUSAGE, "%s", fault.message);
    }
    return HW_OK;
}

/* Returns the path, without the query. */
static hw_view address_path(hw_view address) {
    const hw_view rest = view_from(address, scheme_bytes(address));
    const hw_view after = view_from(rest, span_until(rest, "/?"));
    return (hw_view){after.data, span_until(after, "?")};
}

enum hw_status hw_web_address_check(const char *address, struct hw_error *err) {
    const hw_view text = hw_view_of(address);
    HW_TRY(address_check(text, err));
    const hw_view path = address_path(text);
    if (path.size > 0 && memchr(path.data, '*', path.size)) {
        return hw_fail(err, HW_EUSAGE,
                       "globs find nothing over http and https, because nothing lists what is there: name each object, "
                       "or name a list of them with --files-from (a '*' in the name of an object is written %%2A)");
    }
    if (path.size == 0 || path.data[path.size - 1] == '/') {
        return hw_fail(err, HW_EUSAGE,
                       "this is a folder, and nothing lists folders over http and https: name each object, or name a "
                       "list of them with --files-from");
    }
    return HW_OK;
}

size_t hw_web_address_told_bytes(const char *address) {
    return strcspn(address, "?#");
}

/* Returns whether a file can have the name. */
static bool name_good(hw_view name) {
    bool good = name.size > 0 && name.size <= HW_PATH_NAME_BYTES_MAX && !hw_view_equal(name, HW_VIEW(".")) &&
                !hw_view_equal(name, HW_VIEW("..")) && hw_utf8_all(name.data, name.size);
    for (size_t i = 0; good && i < name.size; i++) {
        const unsigned char byte = (unsigned char)name.data[i];
        good = byte >= 0x20 && byte != 0x7f && byte != '/' && byte != '\\';
    }
    return good;
}

enum hw_status hw_web_address_name(const char *address, struct hw_buf *out, struct hw_error *err) {
    const hw_view path = address_path(hw_view_of(address));
    const char *slash = path.size > 0 ? memrchr(path.data, '/', path.size) : NULL;
    const hw_view name = slash ? view_from(path, (size_t)(slash - path.data) + 1) : path;
    HW_AUTO(hw_buf) decoded = {0};
    const bool whole = hw_uri_decode(name, &decoded, NULL) == HW_OK && name_good(hw_buf_view(&decoded));
    const hw_view chosen = whole ? hw_buf_view(&decoded) : name;
    HW_TRY(hw_buf_append(out, chosen.data, chosen.size, err));
    return hw_buf_end_text(out, err);
}

/* ------ redirects */

/* Makes an absolute address of the target: a path, "//host/path" or a whole one. */
static enum hw_status target_join(hw_view address, hw_view target, struct hw_buf *out, struct hw_error *err) {
    const size_t scheme = scheme_bytes(address);
    const size_t site = scheme + span_until(view_from(address, scheme), "/?");
    size_t kept = 0;
    if (hw_view_starts(target, HW_VIEW("//"))) {
        kept = scheme - 2;
    } else if (hw_view_starts(target, HW_VIEW("/"))) {
        kept = site;
    } else if (span_until(target, ":") >= span_until(target, "/?")) {
        const hw_view path = {address.data + site, span_until(view_from(address, site), "?")};
        const char *slash = path.size > 0 ? memrchr(path.data, '/', path.size) : NULL;
        kept = hw_view_starts(target, HW_VIEW("?")) ? site + path.size
                                                    : site + (slash ? (size_t)(slash - path.data) + 1 : path.size);
        HW_TRY(hw_buf_append(out, address.data, kept, err));
        if (!slash && !hw_view_starts(target, HW_VIEW("?"))) {
            HW_TRY(hw_buf_append(out, "/", 1, err));
        }
        return hw_buf_append(out, target.data, target.size, err);
    }
    HW_TRY(hw_buf_append(out, address.data, kept, err));
    return hw_buf_append(out, target.data, target.size, err);
}

enum hw_status hw_web_address_follow(const char *address, hw_view target, struct hw_buf *out, struct hw_error *err) {
    const hw_view from = hw_view_of(address);
    HW_AUTO(hw_buf) joined = {0};
    struct hw_error fault = HW_ERROR_INIT;
    target.size = span_until(target, "#");
    if (target.size == 0) {
        return hw_fail(err, HW_EPROTOCOL, "a redirect does not say where to");
    }
    HW_TRY(target_join(from, target, &joined, err));
    const hw_view to = hw_buf_view(&joined);
    if (scheme_bytes(to) == 0) {
        return hw_fail(err, HW_EAUTH, "a redirect to another scheme than https is not followed");
    }
    if (tls(from) && !tls(to)) {
        return hw_fail(err, HW_EAUTH, "a redirect from https to http is not followed");
    }
    if (address_check(to, &fault) != HW_OK) {
        return hw_fail(err, HW_EAUTH, "a redirect is not followed: %s", fault.message);
    }
    HW_TRY(hw_buf_append(out, to.data, to.size, err));
    return hw_buf_end_text(out, err);
}
