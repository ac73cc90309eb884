/* SPDX-License-Identifier: Apache-2.0 */
#include "net/uri.h"

#include <arpa/inet.h>

#include "core/whole_number.h"

static const char hex_digits[] = "0123456789ABCDEF";

static bool unreserved(unsigned char byte);
static int hex_value(char digit);
static enum hw_status scheme_parse(hw_view *rest, struct hw_url *url, struct hw_error *err);
static enum hw_status bytes_check(hw_view text, struct hw_error *err);
static enum hw_status authority_parse(hw_view authority, struct hw_url *url, struct hw_error *err);
static enum hw_status path_parse(hw_view path, struct hw_url *url, struct hw_error *err);

enum hw_status hw_uri_encode(hw_view text, bool keep_slash, struct hw_buf *out, struct hw_error *err) {
    size_t bytes_max;

    if (text.size == 0) {
        return HW_OK;
    }
    if (!hw_mul(text.size, (size_t)3, &bytes_max)) {
        return hw_fail(err, HW_ELIMIT, "a text of %zu bytes is too long to encode", text.size);
    }
    HW_TRY(hw_buf_reserve(out, bytes_max, err));
    uint8_t *at = out->data + out->size;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (unreserved(byte) || (keep_slash && byte == '/')) {
            *at++ = byte;
        } else {
            *at++ = '%';
            *at++ = (uint8_t)hex_digits[byte >> 4];
            *at++ = (uint8_t)hex_digits[byte & 15];
        }
    }
    out->size = (size_t)(at - out->data);
    return HW_OK;
}

static bool letter_or_digit(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static bool unreserved(unsigned char byte) {
    return letter_or_digit(byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

enum hw_status hw_uri_decode(hw_view text, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, text.size, err));
    size_t size = out->size;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '%') {
            out->data[size++] = (uint8_t)text.data[i];
            continue;
        }
        int high = text.size - i > 2 ? hex_value(text.data[i + 1]) : -1;
        int low = text.size - i > 2 ? hex_value(text.data[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return hw_fail_at(err, HW_EPROTOCOL, i, "a %% is not followed by two hex digits");
        }
        out->data[size++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    out->size = size;
    return HW_OK;
}

static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

enum hw_status hw_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err) {
    struct hw_url url = {0};
    hw_view rest = hw_view_of(text);

    HW_TRY(bytes_check(rest, err));
    HW_TRY(scheme_parse(&rest, &url, err));
    const char *slash = memchr(rest.data, '/', rest.size);
    size_t authority_bytes = slash ? (size_t)(slash - rest.data) : rest.size;
    HW_TRY(authority_parse((hw_view){rest.data, authority_bytes}, &url, err));
    HW_TRY(path_parse((hw_view){rest.data + authority_bytes, rest.size - authority_bytes}, &url, err));

    *out_url = url;
    return HW_OK;
}

/*
 * Refuses bytes that no part of an endpoint's URL may hold. The user part is not quoted, because it
 * may be a password.
 */
static enum hw_status bytes_check(hw_view text, struct hw_error *err) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ' || byte == 0x7f) {
            return hw_fail_at(err, HW_ECONFIG, i, "a URL cannot hold white space or control bytes");
        }
        if (byte > 0x7f) {
            return hw_fail_at(
                err, HW_ECONFIG, i,
                "a URL cannot hold bytes beyond ASCII: percent-encode paths, write host names in punycode");
        }
        if (strchr("\"<>\\^`{|}", byte)) {
            return hw_fail_at(err, HW_ECONFIG, i, "a URL cannot hold '%c'", byte);
        }
        if (byte == '@') {
            return hw_fail_at(err, HW_ECONFIG, i, "the URL of an endpoint cannot hold a user or password ('@')");
        }
        if (byte == '?' || byte == '#') {
            return hw_fail_at(err, HW_ECONFIG, i, "the URL of an endpoint cannot hold a %s ('%c')",
                              byte == '?' ? "query" : "fragment", byte);
        }
    }
    return HW_OK;
}

static hw_view view_from(hw_view text, size_t offset) {
    return (hw_view){text.data + offset, text.size - offset};
}

static bool starts_with_nocase(hw_view text, hw_view start) {
    return text.size >= start.size && strncasecmp(text.data, start.data, start.size) == 0;
}

static enum hw_status scheme_parse(hw_view *rest, struct hw_url *url, struct hw_error *err) {
    static const struct {
        hw_view text;
        bool tls;
        uint16_t port;
    } schemes[] = {
        {HW_VIEW_INIT("https://"), true, 443},
        {HW_VIEW_INIT("http://"), false, 80},
    };

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (starts_with_nocase(*rest, schemes[i].text)) {
            url->tls = schemes[i].tls;
            url->port = schemes[i].port;
            *rest = view_from(*rest, schemes[i].text.size);
            return HW_OK;
        }
    }
    return hw_fail(err, HW_ECONFIG, "the URL of an endpoint begins with https:// or http://");
}

static enum hw_status port_parse(hw_view text, uint16_t *out_port, struct hw_error *err);
static enum hw_status ipv6_parse(hw_view *rest, struct hw_url *url, struct hw_error *err);
static enum hw_status host_parse(hw_view host, struct hw_url *url, struct hw_error *err);

static enum hw_status authority_parse(hw_view authority, struct hw_url *url, struct hw_error *err) {
    hw_view rest = authority;

    if (hw_view_starts(authority, HW_VIEW("["))) {
        HW_TRY(ipv6_parse(&rest, url, err));
    } else {
        const char *colon = authority.size > 0 ? memchr(authority.data, ':', authority.size) : NULL;
        size_t host_bytes = colon ? (size_t)(colon - authority.data) : authority.size;
        HW_TRY(host_parse((hw_view){authority.data, host_bytes}, url, err));
        rest = view_from(authority, host_bytes);
    }
    if (rest.size == 0) {
        return HW_OK;
    }
    if (rest.data[0] != ':') {
        return hw_fail(err, HW_ECONFIG, "only a port can follow the ']' of an IPv6 address");
    }
    return port_parse(view_from(rest, 1), &url->port, err);
}

static enum hw_status port_parse(hw_view text, uint16_t *out_port, struct hw_error *err) {
    enum { PORT_DIGITS_MAX = 5 };
    uint64_t port = 0;
    if (text.size > PORT_DIGITS_MAX || !hw_whole_number_read(text, &port) || port == 0 || port > UINT16_MAX) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "port %s is not a number from 1 to 65535",
                       hw_quote(text.data, text.size, quoted, sizeof(quoted)));
    }
    *out_port = (uint16_t)port;
    return HW_OK;
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static void host_copy(hw_view host, struct hw_url *url) {
    for (size_t i = 0; i < host.size; i++) {
        url->host[i] = lower(host.data[i]);
    }
    url->host[host.size] = '\0';
}

static enum hw_status ipv6_parse(hw_view *rest, struct hw_url *url, struct hw_error *err) {
    const char *end = memchr(rest->data, ']', rest->size);
    size_t bytes = end ? (size_t)(end - rest->data) + 1 : 0;
    char address[INET6_ADDRSTRLEN];
    struct in6_addr parsed;

    bool fits = end && bytes - 2 < sizeof(address);
    if (fits) {
        memcpy(address, rest->data + 1, bytes - 2);
        address[bytes - 2] = '\0';
    }
    if (!fits || inet_pton(AF_INET6, address, &parsed) != 1) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "%s is not an IPv6 address in brackets",
                       hw_quote(rest->data, rest->size, quoted, sizeof(quoted)));
    }
    host_copy((hw_view){rest->data, bytes}, url);
    url->host_is_address = true;
    *rest = view_from(*rest, bytes);
    return HW_OK;
}

static bool labels_valid(hw_view host, hw_view *out_last);
static bool label_numeric(hw_view label);

static enum hw_status host_parse(hw_view host, struct hw_url *url, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    struct in_addr parsed;
    hw_view last = {0};

    if (host.size == 0) {
        return hw_fail(err, HW_ECONFIG, "the URL has no host");
    }
    if (host.size > 253 || !labels_valid(host, &last)) {
        return hw_fail(err, HW_ECONFIG,
                       "host %s is no DNS name (labels of a-z, 0-9 and '-', 63 bytes each, 253 in all)",
                       hw_quote(host.data, host.size, quoted, sizeof(quoted)));
    }
    host_copy(host, url);
    /*
     * "127.1", "0x7f000001" and "2130706433" are addresses to some programs and names to others:
     * only the plain form is taken.
     */
    if (label_numeric(last)) {
        if (inet_pton(AF_INET, url->host, &parsed) != 1) {
            return hw_fail(err, HW_ECONFIG, "host %s is no IPv4 address of four numbers",
                           hw_quote(host.data, host.size, quoted, sizeof(quoted)));
        }
        url->host_is_address = true;
    }
    return HW_OK;
}

static bool labels_valid(hw_view host, hw_view *out_last) {
    for (;;) {
        const char *dot = memchr(host.data, '.', host.size);
        hw_view label = {host.data, dot ? (size_t)(dot - host.data) : host.size};
        if (!hw_dns_label_valid(label)) {
            return false;
        }
        if (!dot) {
            *out_last = label;
            return true;
        }
        host = view_from(host, label.size + 1);
    }
}

bool hw_dns_label_valid(hw_view label) {
    if (label.size < 1 || label.size > 63 || label.data[0] == '-' || label.data[label.size - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.size; i++) {
        if (!letter_or_digit((unsigned char)label.data[i]) && label.data[i] != '-') {
            return false;
        }
    }
    return true;
}

/*
 * Returns whether a label is digits only or a hex number, so that an address parser could take it
 * for the end of an IPv4 address.
 */
static bool label_numeric(hw_view label) {
    if (starts_with_nocase(label, HW_VIEW("0x"))) {
        for (size_t i = 2; i < label.size; i++) {
            if (hex_value(label.data[i]) < 0) {
                return false;
            }
        }
        return true;
    }
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] < '0' || label.data[i] > '9') {
            return false;
        }
    }
    return true;
}

static enum hw_status escapes_check(hw_view path, struct hw_error *err);
static enum hw_status segments_check(hw_view path, struct hw_error *err);

static enum hw_status path_parse(hw_view path, struct hw_url *url, struct hw_error *err) {
    while (path.size > 0 && path.data[path.size - 1] == '/') {
        path.size--;
    }
    if (path.size >= sizeof(url->path)) {
        return hw_fail(err, HW_ECONFIG, "the path of the URL is longer than %zu bytes", sizeof(url->path) - 1);
    }
    HW_TRY(escapes_check(path, err));
    HW_TRY(segments_check(path, err));
    if (path.size > 0) {
        memcpy(url->path, path.data, path.size);
    }
    url->path[path.size] = '\0';
    return HW_OK;
}

static enum hw_status escapes_check(hw_view path, struct hw_error *err) {
    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] != '%') {
            continue;
        }
        if (path.size - i <= 2 || hex_value(path.data[i + 1]) < 0 || hex_value(path.data[i + 2]) < 0) {
            return hw_fail(err, HW_ECONFIG, "a %% in the path of the URL is not followed by two hex digits");
        }
    }
    return HW_OK;
}

/* Clients and servers resolve "." and ".." at their own will, which would change what is signed. */
static enum hw_status segments_check(hw_view path, struct hw_error *err) {
    while (path.size > 0) {
        /* The segment begins after its '/'. */
        hw_view segment = view_from(path, 1);
        const char *slash = memchr(segment.data, '/', segment.size);
        if (slash) {
            segment.size = (size_t)(slash - segment.data);
        }
        if (hw_view_equal(segment, HW_VIEW(".")) || hw_view_equal(segment, HW_VIEW(".."))) {
            return hw_fail(err, HW_ECONFIG, "the path of the URL holds a '.' or '..' segment");
        }
        path = view_from(path, segment.size + 1);
    }
    return HW_OK;
}
