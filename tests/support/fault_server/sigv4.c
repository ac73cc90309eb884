/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "support/fault_server/digest.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* The pieces of a signature, from the header or from the query. */
struct claim {
    bool presigned;
    char *id, *day, *region, *service, *end;
    char *signed_headers;
    char *signature;
    const char *stamp; /* YYYYMMDDTHHMMSSZ */
    char *text;        /* that the pieces point into */
};

static bool refuse(struct sigv4_outcome *out, int status, const char *code, const char *message) {
    out->status = status;
    out->code = code;
    out->message = message;
    return false;
}

static void hmac(const void *key, size_t key_bytes, const char *text, uint8_t out[32]) {
    unsigned bytes = 32;
    HMAC(EVP_sha256(), key, (int)key_bytes, (const unsigned char *)text, strlen(text), out, &bytes);
}

static void sha256_hex(const char *text, char out[SIGV4_SIGNATURE_BYTES]) {
    uint8_t bytes[DIGEST_BYTES_MAX];
    digest_of(DIGEST_SHA256, text, strlen(text), bytes);
    hex_text(bytes, 32, out);
}

static bool same_secret(const char *a, const char *b) {
    return strlen(a) == strlen(b) && CRYPTO_memcmp(a, b, strlen(a)) == 0;
}

static bool credential_split(char *credential, struct claim *claim) {
    char **pieces[] = {&claim->end, &claim->service, &claim->region, &claim->day};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        char *slash = strrchr(credential, '/');
        if (!slash) {
            return false;
        }
        *slash = '\0';
        *pieces[i] = slash + 1;
    }
    claim->id = credential;
    return *claim->id != '\0';
}

/* "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." */
static bool header_split(char *text, struct claim *claim) {
    char *credential = NULL, *rest = text + strlen(ALGORITHM);
    while (rest) {
        char *item = strsep(&rest, ",");
        item += strspn(item, " ");
        if (strncmp(item, "Credential=", 11) == 0) {
            credential = item + 11;
        } else if (strncmp(item, "SignedHeaders=", 14) == 0) {
            claim->signed_headers = item + 14;
        } else if (strncmp(item, "Signature=", 10) == 0) {
            claim->signature = item + 10;
        } else {
            return false;
        }
    }
    return credential && claim->signed_headers && claim->signature && credential_split(credential, claim);
}

static bool claim_from_header(const struct http_request *request, const char *header, struct claim *claim,
                              struct sigv4_outcome *out) {
    if (strncmp(header, ALGORITHM " ", strlen(ALGORITHM) + 1) != 0) {
        return refuse(out, 400, "InvalidRequest",
                      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }
    claim->text = must_copy(header);
    if (!header_split(claim->text, claim)) {
        return refuse(out, 400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
    }
    claim->stamp = fields_get(&request->headers, "x-amz-date");
    if (!claim->stamp) {
        return refuse(out, 403, "AccessDenied", "AWS authentication requires a valid x-amz-date header");
    }
    const char *payload = fields_get(&request->headers, "x-amz-content-sha256");
    if (!payload) {
        return refuse(out, 400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
    }
    snprintf(out->payload, sizeof(out->payload), "%s", payload);
    return true;
}

static bool claim_from_query(const struct http_request *request, struct claim *claim, struct sigv4_outcome *out) {
    const char *algorithm = fields_get(&request->query, "X-Amz-Algorithm");
    const char *credential = fields_get(&request->query, "X-Amz-Credential");
    const char *headers = fields_get(&request->query, "X-Amz-SignedHeaders");
    claim->presigned = true;
    claim->stamp = fields_get(&request->query, "X-Amz-Date");
    if (!algorithm || strcmp(algorithm, ALGORITHM) != 0 || !credential || !headers || !claim->stamp ||
        !fields_get(&request->query, "X-Amz-Expires")) {
        return refuse(out, 400, "AuthorizationQueryParametersError",
                      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                      "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
    }
    struct text text = {0};
    text_printf(&text, "%s%c%s%c%s", credential, 0, headers, 0, fields_get(&request->query, "X-Amz-Signature"));
    claim->text = text.data;
    claim->signed_headers = claim->text + strlen(credential) + 1;
    claim->signature = claim->signed_headers + strlen(headers) + 1;
    snprintf(out->payload, sizeof(out->payload), "%s", PAYLOAD_UNSIGNED);
    return credential_split(claim->text, claim) ||
           refuse(out, 400, "AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter.");
}

static bool stamp_read(const char *stamp, int64_t *out) {
    struct tm tm = {0};
    const char *end = strptime(stamp, "%Y%m%dT%H%M%SZ", &tm);
    *out = timegm(&tm);
    return end && !*end && strlen(stamp) == 16;
}

static bool time_verify(const struct http_request *request, const struct claim *claim, int64_t now,
                        struct sigv4_outcome *out) {
    int64_t at = 0;
    uint64_t seconds = 0;
    if (!stamp_read(claim->stamp, &at) || strncmp(claim->stamp, claim->day, 8) != 0 || strlen(claim->day) != 8) {
        return refuse(out, 400, "AuthorizationHeaderMalformed",
                      "The date of the credential is not that of the request.");
    }
    if (!claim->presigned) {
        return llabs(at - now) <= SIGV4_SKEW_SECONDS_MAX ||
               refuse(out, 403, "RequestTimeTooSkewed",
                      "The difference between the request time and the current time is too large.");
    }
    if (!number_read(fields_get(&request->query, "X-Amz-Expires"), &seconds) || seconds > SIGV4_SECONDS_MAX) {
        return refuse(out, 400, "AuthorizationQueryParametersError",
                      "X-Amz-Expires must be less than a week (in seconds) that is 604800");
    }
    if (at > now + SIGV4_SKEW_SECONDS_MAX) {
        return refuse(out, 403, "AccessDenied", "Request is not valid yet");
    }
    return now <= at + (int64_t)seconds || refuse(out, 403, "AccessDenied", "Request has expired");
}

static bool is_signed(const char *list, const char *name) {
    size_t size = strlen(name);
    for (const char *at = list; at; at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL) {
        if (strncmp(at, name, size) == 0 && (at[size] == ';' || at[size] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool sorted_once(const char *list) {
    char *copy = must_copy(list), *rest = copy;
    const char *before = "";
    bool sorted = true;
    while (rest && sorted) {
        const char *name = strsep(&rest, ";");
        sorted = strcmp(before, name) < 0;
        before = name;
    }
    free(copy);
    return sorted;
}

static bool coverage_verify(const struct http_request *request, const struct claim *claim, struct sigv4_outcome *out) {
    if (!is_signed(claim->signed_headers, "host") || !sorted_once(claim->signed_headers)) {
        return refuse(out, 403, "SignatureDoesNotMatch", "SignedHeaders must be sorted and hold host.");
    }
    for (size_t i = 0; i < request->headers.count; i++) {
        const char *name = request->headers.items[i].name;
        if (strncmp(name, "x-amz-", 6) == 0 && !is_signed(claim->signed_headers, name)) {
            return refuse(out, 403, "AccessDenied", "There were headers present in the request which were not signed");
        }
    }
    return true;
}

static const struct account *account_find(const struct sigv4_rules *rules, const char *id) {
    for (size_t i = 0; i < rules->accounts_count; i++) {
        if (strcmp(rules->accounts[i]->id, id) == 0) {
            return rules->accounts[i];
        }
    }
    return NULL;
}

static bool account_verify(const struct http_request *request, const struct claim *claim,
                           const struct sigv4_rules *rules, struct sigv4_outcome *out) {
    const struct account *account = account_find(rules, claim->id);
    const char *token = fields_get(&request->headers, "x-amz-security-token");
    token = token ? token : fields_get(&request->query, "X-Amz-Security-Token");
    if (!account) {
        return refuse(out, 403, "InvalidAccessKeyId",
                      "The AWS Access Key Id you provided does not exist in our records.");
    }
    if (account->expired) {
        return refuse(out, 400, "ExpiredToken", "The provided token has expired.");
    }
    if (strcmp(account->token ? account->token : "", token ? token : "") != 0) {
        return refuse(out, account->token && !token ? 403 : 400,
                      account->token && !token ? "InvalidAccessKeyId" : "InvalidToken",
                      "The provided token is malformed or otherwise invalid.");
    }
    if (strcmp(claim->region, rules->region) != 0 || strcmp(claim->service, "s3") != 0 ||
        strcmp(claim->end, "aws4_request") != 0) {
        return refuse(out, 400, "AuthorizationHeaderMalformed",
                      "The authorization header is malformed; the region or the service is wrong");
    }
    out->account = account;
    return true;
}

struct pair {
    char *name;
    char *value;
};

static int pair_order(const void *a, const void *b) {
    const struct pair *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->value, right->value);
}

static void canonical_query(const struct fields *query, struct text *out) {
    struct pair *pairs = must_zero((query->count + 1) * sizeof(*pairs));
    size_t count = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (strcmp(query->items[i].name, "X-Amz-Signature") != 0) {
            struct text name = {0}, value = {0};
            text_percent(&name, query->items[i].name, "");
            text_percent(&value, query->items[i].value, "");
            pairs[count++] = (struct pair){must_copy(text_of(&name)), must_copy(text_of(&value))};
            text_release(&name);
            text_release(&value);
        }
    }
    qsort(pairs, count, sizeof(*pairs), pair_order);
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
        free(pairs[i].name);
        free(pairs[i].value);
    }
    free(pairs);
}

/* Values of one name are joined by commas; blanks in them are one each. */
static void canonical_header(const struct fields *headers, const char *name, struct text *out) {
    bool first = true;
    text_printf(out, "%s:", name);
    for (size_t i = 0; i < headers->count; i++) {
        if (strcmp(headers->items[i].name, name) == 0) {
            text_puts(out, first ? "" : ",");
            first = false;
            for (const char *at = headers->items[i].value; *at; at++) {
                if (at[0] != ' ' || at[1] != ' ') {
                    text_add(out, at, 1);
                }
            }
        }
    }
    text_puts(out, "\n");
}

static void canonical_request(const struct http_request *request, const struct claim *claim, const char *payload,
                              struct text *out) {
    text_printf(out, "%s\n", request->method);
    text_percent(out, request->path, "/");
    text_puts(out, "\n");
    canonical_query(&request->query, out);
    text_puts(out, "\n");
    char *copy = must_copy(claim->signed_headers), *rest = copy;
    while (rest) {
        canonical_header(&request->headers, strsep(&rest, ";"), out);
    }
    free(copy);
    text_printf(out, "\n%s\n%s", claim->signed_headers, payload);
}

static void signing_key(const char *secret, const struct claim *claim, uint8_t key[32]) {
    struct text start = {0};
    text_printf(&start, "AWS4%s", secret);
    hmac(start.data, start.size, claim->day, key);
    const char *pieces[] = {claim->region, claim->service, claim->end};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        hmac(key, 32, pieces[i], key);
    }
    text_release(&start);
}

static bool signature_verify(const struct http_request *request, const struct claim *claim, struct sigv4_outcome *out) {
    char digest[SIGV4_SIGNATURE_BYTES];
    uint8_t signature[32];
    struct sigv4_chain *chain = &out->chain;
    canonical_request(request, claim, out->payload, &out->canonical);
    sha256_hex(text_of(&out->canonical), digest);
    snprintf(chain->stamp, sizeof(chain->stamp), "%s", claim->stamp);
    snprintf(chain->scope, sizeof(chain->scope), "%s/%s/%s/%s", claim->day, claim->region, claim->service, claim->end);
    text_printf(&out->string_to_sign, ALGORITHM "\n%s\n%s\n%s", chain->stamp, chain->scope, digest);
    signing_key(out->account->secret, claim, chain->key);
    hmac(chain->key, 32, text_of(&out->string_to_sign), signature);
    hex_text(signature, 32, chain->signature);
    return same_secret(chain->signature, claim->signature) ||
           refuse(out, 403, "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided. Check your key and "
                  "signing method.");
}

static bool payload_verify(const struct claim *claim, const struct sigv4_rules *rules, struct sigv4_outcome *out) {
    static const char *const streaming[] = {PAYLOAD_SIGNED, PAYLOAD_SIGNED_TRAILER};
    const char *payload = out->payload;
    for (size_t i = 0; i < sizeof(streaming) / sizeof(*streaming); i++) {
        if (strcmp(payload, streaming[i]) == 0) {
            return true;
        }
    }
    if (strcmp(payload, PAYLOAD_UNSIGNED) == 0 || strcmp(payload, PAYLOAD_UNSIGNED_TRAILER) == 0) {
        return claim->presigned || rules->unsigned_allowed ||
               refuse(out, 400, "InvalidRequest", "An unsigned payload needs TLS.");
    }
    return (strlen(payload) == 64 && strspn(payload, "0123456789abcdef") == 64) ||
           refuse(out, 400, "InvalidArgument",
                  "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-..., or a valid sha256 value.");
}

bool sigv4_verify(const struct http_request *request, const struct sigv4_rules *rules, struct sigv4_outcome *out) {
    const char *header = fields_get(&request->headers, "authorization");
    bool presigned = fields_get(&request->query, "X-Amz-Signature");
    struct claim claim = {0};
    *out = (struct sigv4_outcome){0};
    if (!header && !presigned) {
        const char *payload = fields_get(&request->headers, "x-amz-content-sha256");
        snprintf(out->payload, sizeof(out->payload), "%s", payload ? payload : PAYLOAD_UNSIGNED);
        return true;
    }
    if (header && presigned) {
        return refuse(out, 400, "InvalidArgument", "Only one auth mechanism allowed");
    }
    bool good = (header ? claim_from_header(request, header, &claim, out) : claim_from_query(request, &claim, out)) &&
                account_verify(request, &claim, rules, out) && time_verify(request, &claim, rules->now, out) &&
                coverage_verify(request, &claim, out) && payload_verify(&claim, rules, out) &&
                signature_verify(request, &claim, out);
    free(claim.text);
    return good;
}

void sigv4_release(struct sigv4_outcome *outcome) {
    text_release(&outcome->canonical);
    text_release(&outcome->string_to_sign);
}

bool sigv4_chunk_verify(struct sigv4_chain *chain, bool trailer, const char *sha256, const char *signature) {
    struct text text = {0};
    uint8_t bytes[32];
    text_printf(&text, ALGORITHM "-%s\n%s\n%s\n%s\n", trailer ? "TRAILER" : "PAYLOAD", chain->stamp, chain->scope,
                chain->signature);
    text_printf(&text, "%s%s", trailer ? "" : EMPTY_SHA256 "\n", sha256);
    hmac(chain->key, 32, text_of(&text), bytes);
    hex_text(bytes, 32, chain->signature);
    text_release(&text);
    return same_secret(chain->signature, signature);
}
