/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/arena.h"
#include "core/bytes_text.h"
#include "core/clock.h"
#include "net/uri.h"

static_assert((int)HW_SIGV4A_KEY_BYTES == (int)HW_SHA256_BYTES, "both keys have the same place");

enum { DATE_BYTES = 8 }; /* 20150830 */

/* A header or a query parameter in its canonical form. */
struct pair {
    hw_view name;
    hw_view value;
    size_t order; /* where it stood */
};

struct pairs {
    struct pair *items;
    size_t count;
};

static enum hw_status path_append(const char *path, bool normalise, struct hw_buf *text, struct hw_error *err);
static enum hw_status query_append(const char *query, struct hw_buf *text, struct hw_error *err);
static enum hw_status headers_append(const struct hw_sigv4_request *request, struct hw_buf *text,
                                     struct hw_buf *signed_headers, struct hw_error *err);
static enum hw_status timestamp_check(const char *timestamp, struct hw_error *err);
static enum hw_status key_make(const struct hw_sigv4_scope *scope, const struct hw_credentials *credentials,
                               uint8_t out_key[HW_SHA256_BYTES], struct hw_error *err);

const char *hw_sigv4_algorithm(const struct hw_sigv4_scope *scope) {
    return scope->several_regions ? "AWS4-ECDSA-P256-SHA256" : "AWS4-HMAC-SHA256";
}

static void buf_move(struct hw_buf *from, struct hw_buf *out) {
    hw_buf_release(out);
    *out = *from;
    *from = (struct hw_buf){0};
}

void hw_sigv4_timestamp(int64_t us, char out[HW_SIGV4_TIMESTAMP_BYTES]) {
    char text[HW_CLOCK_TEXT_BYTES];
    hw_clock_format(us, text);
    for (const char *at = text; *at; at++) {
        /* 2015-08-30T12:36:00Z becomes 20150830T123600Z. */
        if (*at != '-' && *at != ':') {
            *out++ = *at;
        }
    }
    *out = '\0';
}

enum hw_status hw_sigv4_canonical_request(const struct hw_sigv4_request *request, const struct hw_sigv4_scope *scope,
                                          struct hw_buf *out_text, struct hw_buf *out_signed_headers,
                                          struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) signed_headers = {0};

    HW_TRY(hw_buf_printf(&text, err, "%s\n", request->method));
    HW_TRY(path_append(request->path, scope->normalise_path, &text, err));
    HW_TRY(hw_buf_append_byte(&text, '\n', err));
    HW_TRY(query_append(request->query, &text, err));
    HW_TRY(hw_buf_append_byte(&text, '\n', err));
    HW_TRY(headers_append(request, &text, &signed_headers, err));
    HW_TRY(hw_buf_append_byte(&text, '\n', err));
    HW_TRY(hw_buf_append(&text, signed_headers.data, signed_headers.size, err));
    HW_TRY(hw_buf_printf(&text, err, "\n%s", request->payload_sha256));

    buf_move(&text, out_text);
    buf_move(&signed_headers, out_signed_headers);
    return HW_OK;
}

enum hw_status hw_sigv4_string_to_sign(hw_view canonical_request, const struct hw_sigv4_scope *scope,
                                       struct hw_buf *out_text, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    uint8_t sum[HW_SHA256_BYTES];
    char hex[HW_SHA256_HEX_BYTES];

    HW_TRY(timestamp_check(scope->timestamp, err));
    hw_sha256_of(canonical_request.data, canonical_request.size, sum);
    hw_hex(sum, sizeof(sum), hex);
    HW_TRY(hw_buf_printf(&text, err, "%s\n%s\n", hw_sigv4_algorithm(scope), scope->timestamp));
    HW_TRY(hw_sigv4_scope_append(scope, &text, err));
    HW_TRY(hw_buf_printf(&text, err, "\n%s", hex));
    buf_move(&text, out_text);
    return HW_OK;
}

enum hw_status hw_sigv4_authorization(const struct hw_sigv4_request *request, const struct hw_sigv4_scope *scope,
                                      const struct hw_credentials *credentials, const struct hw_sigv4_key *key,
                                      struct hw_buf *out_value, struct hw_error *err) {
    HW_AUTO(hw_buf) canonical_request = {0};
    HW_AUTO(hw_buf) signed_headers = {0};
    HW_AUTO(hw_buf) string_to_sign = {0};
    HW_AUTO(hw_buf) value = {0};
    struct hw_sigv4_key own_key = {0};
    char signature[HW_SIGV4_SIGNATURE_BYTES];

    if (!credentials->access_key_id[0] || !credentials->secret_access_key[0]) {
        return hw_fail(err, HW_EAUTH, "there are no credentials to sign the request with");
    }
    HW_TRY(hw_sigv4_canonical_request(request, scope, &canonical_request, &signed_headers, err));
    HW_TRY(hw_sigv4_string_to_sign(hw_buf_view(&canonical_request), scope, &string_to_sign, err));
    if (!key) {
        HW_TRY(key_make(scope, credentials, own_key.bytes, err));
    }
    enum hw_status status = hw_sigv4_sign(scope, key ? key : &own_key, hw_buf_view(&string_to_sign), signature, err);
    hw_sigv4_key_wipe(&own_key);
    HW_TRY(status);
    HW_TRY(hw_buf_printf(&value, err, "%s Credential=%s/", hw_sigv4_algorithm(scope), credentials->access_key_id));
    HW_TRY(hw_sigv4_scope_append(scope, &value, err));
    HW_TRY(hw_buf_printf(&value, err, ", SignedHeaders=%.*s, Signature=%s", (int)signed_headers.size,
                         (const char *)signed_headers.data, signature));
    buf_move(&value, out_value);
    return HW_OK;
}

/* Appends the scope of the credentials, which has a region unless there are several. */
enum hw_status hw_sigv4_scope_append(const struct hw_sigv4_scope *scope, struct hw_buf *text, struct hw_error *err) {
    HW_TRY(hw_buf_printf(text, err, "%.*s/", DATE_BYTES, scope->timestamp));
    if (!scope->several_regions) {
        HW_TRY(hw_buf_printf(text, err, "%s/", scope->region));
    }
    return hw_buf_printf(text, err, "%s/aws4_request", scope->service);
}

enum hw_status hw_sigv4_sign(const struct hw_sigv4_scope *scope, const struct hw_sigv4_key *key, hw_view string_to_sign,
                             char out_signature[HW_SIGV4_SIGNATURE_BYTES], struct hw_error *err) {
    uint8_t sum[HW_SHA256_BYTES];
    if (scope->several_regions) {
        return hw_sigv4a_sign(key->bytes, string_to_sign, out_signature, err);
    }
    hw_hmac_sha256(key->bytes, sizeof(key->bytes), string_to_sign.data, string_to_sign.size, sum);
    hw_hex(sum, sizeof(sum), out_signature);
    return HW_OK;
}

static enum hw_status segments_append(hw_view path, struct hw_buf *out, struct hw_error *err);

static enum hw_status path_append(const char *path, bool normalise, struct hw_buf *text, struct hw_error *err) {
    HW_AUTO(hw_buf) normal = {0};

    if (!normalise) {
        return hw_buf_append_text(text, path[0] ? path : "/", err);
    }
    HW_TRY(segments_append(hw_view_of(path), &normal, err));
    return hw_uri_encode(hw_buf_view(&normal), true, text, err);
}

static void segment_drop(struct hw_buf *path);

/* Appends the path without empty, "." and ".." segments; a '/' at its end stays. */
static enum hw_status segments_append(hw_view path, struct hw_buf *out, struct hw_error *err) {
    bool ends_with_slash = hw_view_ends(path, HW_VIEW("/"));
    size_t at = 0;

    while (at < path.size) {
        const char *slash = memchr(path.data + at, '/', path.size - at);
        hw_view segment = {path.data + at, slash ? (size_t)(slash - path.data) - at : path.size - at};
        at += segment.size + 1;
        if (segment.size == 0 || hw_view_equal(segment, HW_VIEW("."))) {
            continue;
        }
        if (hw_view_equal(segment, HW_VIEW(".."))) {
            segment_drop(out);
            continue;
        }
        HW_TRY(hw_buf_append_byte(out, '/', err));
        HW_TRY(hw_buf_append(out, segment.data, segment.size, err));
    }
    if (out->size == 0 || ends_with_slash) {
        return hw_buf_append_byte(out, '/', err);
    }
    return HW_OK;
}

static void segment_drop(struct hw_buf *path) {
    bool dropped = path->size == 0;
    while (!dropped) {
        path->size--;
        dropped = path->data[path->size] == '/'; /* every segment begins with one */
    }
}

static enum hw_status pairs_new(size_t count_max, struct hw_arena *arena, struct pairs *out_pairs,
                                struct hw_error *err);
static enum hw_status parameter_part(hw_view text, struct hw_arena *arena, hw_view *out_part, struct hw_error *err);
static int compare_name_value(const void *a, const void *b);
static int compare_name_order(const void *a, const void *b);

static enum hw_status query_append(const char *query, struct hw_buf *text, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct pairs pairs;
    size_t pieces = 1;

    for (const char *at = query; *at; at++) {
        pieces += *at == '&';
    }
    HW_TRY(pairs_new(pieces, &arena, &pairs, err));
    for (const char *at = query; *at;) {
        hw_view piece = {at, strcspn(at, "&")};
        at += piece.size + (at[piece.size] == '&');
        if (piece.size == 0) {
            continue; /* "a&&b" has two parameters */
        }
        const char *equals = memchr(piece.data, '=', piece.size);
        hw_view name = {piece.data, equals ? (size_t)(equals - piece.data) : piece.size};
        hw_view value = {equals ? equals + 1 : "", equals ? piece.size - name.size - 1 : 0};
        struct pair *pair = &pairs.items[pairs.count++];
        HW_TRY(parameter_part(name, &arena, &pair->name, err));
        HW_TRY(parameter_part(value, &arena, &pair->value, err));
    }
    qsort(pairs.items, pairs.count, sizeof(*pairs.items), compare_name_value);

    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.items[i];
        HW_TRY(hw_buf_printf(text, err, "%s%.*s=%.*s", i > 0 ? "&" : "", (int)pair->name.size, pair->name.data,
                             (int)pair->value.size, pair->value.data));
    }
    return HW_OK;
}

static enum hw_status pairs_new(size_t count_max, struct hw_arena *arena, struct pairs *out_pairs,
                                struct hw_error *err) {
    size_t bytes;
    struct pair *items = hw_mul(count_max, sizeof(*items), &bytes) ? hw_arena_alloc(arena, bytes) : NULL;
    if (!items) {
        return hw_fail_nomem(err, count_max * sizeof(*items));
    }
    *out_pairs = (struct pairs){.items = items};
    return HW_OK;
}

/*
 * Decoded and encoded again, so that every spelling of a name or value that means the same signs
 * the same.
 */
static enum hw_status parameter_part(hw_view text, struct hw_arena *arena, hw_view *out_part, struct hw_error *err) {
    HW_AUTO(hw_buf) plain = {0};
    HW_AUTO(hw_buf) encoded = {0};

    enum hw_status status = hw_uri_decode(text, &plain, err);
    if (status) {
        hw_error_prefix(err, "the query of the request");
        return status;
    }
    HW_TRY(hw_uri_encode(hw_buf_view(&plain), false, &encoded, err));
    char *copy = hw_arena_alloc(arena, encoded.size);
    if (!copy) {
        return hw_fail_nomem(err, encoded.size);
    }
    if (encoded.size > 0) {
        memcpy(copy, encoded.data, encoded.size);
    }
    *out_part = (hw_view){copy, encoded.size};
    return HW_OK;
}

static int compare_views(hw_view a, hw_view b) {
    int order = memcmp(a.data, b.data, hw_min_size(a.size, b.size));
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static int compare_name_value(const void *a, const void *b) {
    const struct pair *left = a;
    const struct pair *right = b;
    int order = compare_views(left->name, right->name);
    return order != 0 ? order : compare_views(left->value, right->value);
}

static int compare_name_order(const void *a, const void *b) {
    const struct pair *left = a;
    const struct pair *right = b;
    int order = compare_views(left->name, right->name);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static enum hw_status header_pair(const struct hw_sigv4_header *header, struct hw_arena *arena, struct pair *pair,
                                  struct hw_error *err);

static enum hw_status headers_append(const struct hw_sigv4_request *request, struct hw_buf *text,
                                     struct hw_buf *signed_headers, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct pairs pairs;

    HW_TRY(pairs_new(request->headers_count, &arena, &pairs, err));
    for (size_t i = 0; i < request->headers_count; i++) {
        pairs.items[i].order = i;
        HW_TRY(header_pair(&request->headers[i], &arena, &pairs.items[i], err));
        pairs.count++;
    }
    qsort(pairs.items, pairs.count, sizeof(*pairs.items), compare_name_order);

    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.items[i];
        bool repeats = i > 0 && hw_view_equal(pairs.items[i - 1].name, pair->name);
        bool last = i + 1 == pairs.count || !hw_view_equal(pairs.items[i + 1].name, pair->name);
        if (!repeats) {
            HW_TRY(hw_buf_printf(text, err, "%.*s:", (int)pair->name.size, pair->name.data));
            HW_TRY(
                hw_buf_printf(signed_headers, err, "%s%.*s", i > 0 ? ";" : "", (int)pair->name.size, pair->name.data));
        }
        HW_TRY(hw_buf_append(text, pair->value.data, pair->value.size, err));
        HW_TRY(hw_buf_append_byte(text, last ? '\n' : ',', err));
    }
    return HW_OK;
}

static bool name_lower(const char *name, char *out);
static bool value_tidy(const char *value, char *out);

static enum hw_status header_pair(const struct hw_sigv4_header *header, struct hw_arena *arena, struct pair *pair,
                                  struct hw_error *err) {
    char *name = hw_arena_strdup(arena, header->name);
    char *value = hw_arena_strdup(arena, header->value);

    if (!name || !value) {
        return hw_fail_nomem(err, strlen(header->name) + strlen(header->value) + 2);
    }
    if (!name_lower(header->name, name) || !value_tidy(header->value, value)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE,
                       "header %s cannot go on the wire: its name is no token or its value holds a control byte",
                       hw_quote(header->name, strlen(header->name), quoted, sizeof(quoted)));
    }
    pair->name = hw_view_of(name);
    pair->value = hw_view_of(value);
    return HW_OK;
}

/* False where the name is no token of RFC 9110 section 5.6.2. */
static bool name_lower(const char *name, char *out) {
    for (size_t i = 0; name[i]; i++) {
        char byte = name[i];
        bool upper = byte >= 'A' && byte <= 'Z';
        bool plain = upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (!plain && !strchr("!#$%&'*+-.^_`|~", byte)) {
            return false;
        }
        out[i] = upper ? (char)(byte - 'A' + 'a') : byte;
    }
    return name[0] != '\0';
}

/* Trims, and makes every run of blanks one space. False where a control byte is inside. */
static bool value_tidy(const char *value, char *out) {
    size_t used = 0;
    for (size_t i = 0; value[i]; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool blank = byte == ' ' || byte == '\t';
        if ((byte < ' ' && !blank) || byte == 0x7f) {
            return false;
        }
        if (!blank) {
            out[used++] = (char)byte;
        } else if (used > 0 && out[used - 1] != ' ') {
            out[used++] = ' ';
        }
    }
    used -= used > 0 && out[used - 1] == ' ';
    out[used] = '\0';
    return true;
}

static enum hw_status timestamp_check(const char *timestamp, struct hw_error *err) {
    static const char form[] = "dddddddd"
                               "T"
                               "dddddd"
                               "Z";
    bool valid = strlen(timestamp) == sizeof(form) - 1;

    for (size_t i = 0; valid && form[i]; i++) {
        valid = form[i] == 'd' ? timestamp[i] >= '0' && timestamp[i] <= '9' : timestamp[i] == form[i];
    }
    if (!valid) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "timestamp %s does not have the form 20150830T123600Z",
                       hw_quote(timestamp, strlen(timestamp), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

/*
 * HMACs chained over date, region and service make the key of the day; every step of it is
 * overwritten. Version 4A has one key for all days.
 */
static enum hw_status key_make(const struct hw_sigv4_scope *scope, const struct hw_credentials *credentials,
                               uint8_t out_key[HW_SHA256_BYTES], struct hw_error *err) {
    char start[4 + sizeof(credentials->secret_access_key)] = "AWS4";
    uint8_t keys[2][HW_SHA256_BYTES];
    size_t secret_bytes = strlen(credentials->secret_access_key);

    if (scope->several_regions) {
        return hw_sigv4a_key_derive(credentials, out_key, err);
    }
    memcpy(start + 4, credentials->secret_access_key, secret_bytes);
    hw_hmac_sha256(start, 4 + secret_bytes, scope->timestamp, DATE_BYTES, keys[0]);
    hw_hmac_sha256(keys[0], HW_SHA256_BYTES, scope->region, strlen(scope->region), keys[1]);
    hw_hmac_sha256(keys[1], HW_SHA256_BYTES, scope->service, strlen(scope->service), keys[0]);
    hw_hmac_sha256(keys[0], HW_SHA256_BYTES, "aws4_request", strlen("aws4_request"), out_key);
    OPENSSL_cleanse(start, sizeof(start));
    OPENSSL_cleanse(keys, sizeof(keys));
    return HW_OK;
}

enum hw_status hw_sigv4_key_for(struct hw_sigv4_key *key, const struct hw_sigv4_scope *scope,
                                const struct hw_credentials *credentials, uint64_t generation, struct hw_error *err) {
    if (key->generation == generation && strncmp(key->date, scope->timestamp, DATE_BYTES) == 0 &&
        strcmp(key->region, scope->region) == 0 && strcmp(key->service, scope->service) == 0 &&
        key->several_regions == scope->several_regions) {
        return HW_OK;
    }
    HW_TRY(key_make(scope, credentials, key->bytes, err));
    snprintf(key->date, sizeof(key->date), "%.*s", DATE_BYTES, scope->timestamp);
    snprintf(key->region, sizeof(key->region), "%s", scope->region);
    snprintf(key->service, sizeof(key->service), "%s", scope->service);
    key->several_regions = scope->several_regions;
    key->generation = generation;
    return HW_OK;
}

void hw_sigv4_key_wipe(struct hw_sigv4_key *key) {
    OPENSSL_cleanse(key, sizeof(*key));
}
