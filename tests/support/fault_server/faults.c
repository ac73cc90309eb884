/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTML "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the guest network</body></html>"
#define SOME_ETAG "\"0cc175b9c0f1b6a831c399e269772661\""

/*
 * Refuses with a status ("a") and a code ("b"). Arguments: status, code, message, region (the answer
 * names it), retry-after (seconds), retry-after-ms.
 */
static void refused(struct call *call, const char *a, const char *b) {
    const struct fault *fault = call->fault;
    int status = (int)fault_number(fault, "status", strtoull(a, NULL, 10));
    const char *region = fault_text(fault, "region", NULL), *seconds = fault_text(fault, "retry-after", NULL);
    const char *ms = fault_text(fault, "retry-after-ms", NULL);
    reply_error(&call->reply, status, fault_text(fault, "code", b), fault_text(fault, "message", "a scripted fault"),
                call->request_id);
    if (region) {
        struct text element = {0};
        reply_header(&call->reply, "x-amz-bucket-region", "%s", region);
        text_printf(&element, "<Region>%s</Region><RequestId>", region);
        char *at = strstr(text_of(&call->reply.body), "<RequestId>");
        if (at) {
            text_splice(&call->reply.body, (size_t)(at - call->reply.body.data), strlen("<RequestId>"), element.data,
                        element.size);
        }
        text_release(&element);
    }
    if (seconds) {
        reply_header(&call->reply, "Retry-After", "%s", seconds);
    }
    if (ms) {
        reply_header(&call->reply, "x-amz-retry-after", "%s", ms);
    }
}

/* Refuses, and repeats what the client must not print. "a" is the status. */
static void refused_with_secrets(struct call *call, const char *a, const char *b) {
    const char *token = call_header(call, "x-amz-security-token"), *signature = call_header(call, "authorization");
    struct text message = {0};
    text_printf(&message, "the token %s of %s may not do this", token ? token : "", signature ? signature : "");
    reply_error(&call->reply, (int)strtol(a, NULL, 10), b, message.data, call->request_id);
    text_release(&message);
}

/* Only the status changes, to "a"; a body stays. */
static void status_only(struct call *call, const char *a, const char *b) {
    (void)b;
    call->reply.status = (int)fault_number(call->fault, "status", strtoull(a, NULL, 10));
}

/* Another body with status "a", and the header "ETag" where the row's name says so. */
static void other_body(struct call *call, const char *a, const char *b) {
    reply_become(&call->reply, (int)strtol(a, NULL, 10));
    reply_header(&call->reply, "x-amz-request-id", "%s", call->request_id);
    if (*b == '<') {
        reply_header(&call->reply, "Content-Type", *b == '<' && b[1] == '!' ? "text/html" : "application/xml");
    }
    if (strstr(call->fault->kind->name, "etag")) {
        reply_header(&call->reply, "ETag", SOME_ETAG);
    }
    if (call->reply.status == 206) {
        reply_header(&call->reply, "Content-Range", "bytes 0-%zu/%zu", strlen(b) - 1, strlen(b));
    }
    text_puts(&call->reply.body, b);
}

/*
 * Sends the client elsewhere with status "a": "b" is "trap" for the port that nobody should call,
 * else the place; "{port}" and "{path}" in it are the server's.
 */
static void moved(struct call *call, const char *a, const char *b) {
    const char *place = fault_text(call->fault, "location", b);
    struct text where = {0};
    bool trap = strcmp(place, "trap") == 0;
    if (trap) {
        text_printf(&where, "http://127.0.0.1:%u%s", call->server->trap_port, call->request.target);
    }
    while (!trap && *place) {
        if (strncmp(place, "{port}", 6) == 0) {
            text_printf(&where, "%u", call->server->port);
            place += 6;
        } else if (strncmp(place, "{path}", 6) == 0) {
            text_puts(&where, call->request.path);
            place += 6;
        } else {
            text_add(&where, place++, 1);
        }
    }
    reply_become(&call->reply, (int)strtol(a, NULL, 10));
    reply_header(&call->reply, "x-amz-request-id", "%s", call->request_id);
    fields_set(&call->reply.headers, "Location", text_of(&where));
    text_release(&where);
}

/* Names a region that would lead to another host. */
static void region_evil(struct call *call, const char *a, const char *b) {
    reply_error(&call->reply, (int)strtol(a, NULL, 10), b, "use another region", call->request_id);
    reply_header(&call->reply, "x-amz-bucket-region", "evil@127.0.0.1:%u/", call->server->trap_port);
}

/* Sets the header "a" to "b"; a row without "b" drops it. Arguments: name, value. */
static void header_set(struct call *call, const char *a, const char *b) {
    const char *name = fault_text(call->fault, "name", a), *value = fault_text(call->fault, "value", b);
    if (value) {
        fields_set(&call->reply.headers, name, value);
    } else {
        fields_drop(&call->reply.headers, name);
    }
}

/* Drops headers whose names begin with "a", and the elements that say the same in XML. */
static void facts_dropped(struct call *call, const char *a, const char *b) {
    for (size_t i = call->reply.headers.count; i-- > 0;) {
        const char *name = call->reply.headers.items[i].name;
        if (strncmp(name, a, strlen(a)) == 0) {
            char *copy = must_copy(name);
            fields_drop(&call->reply.headers, copy);
            free(copy);
            i = call->reply.headers.count < i ? call->reply.headers.count : i;
        }
    }
    xml_drop(call, b, NULL);
}

/* Tells another checksum than the object's, where it tells one: in headers or in XML. */
static void checksum_other(struct call *call, const char *a, const char *b) {
    if (fields_get(&call->reply.headers, a)) {
        fields_set(&call->reply.headers, a, b);
    }
    xml_set(call, "ChecksumCRC64NVME", b);
}

/* Shifts the numbers of Content-Range. "a" is three signed numbers that are added. */
static void range_shifted(struct call *call, const char *a, const char *b) {
    unsigned long long first = 0, last = 0, total = 0;
    long long more[3] = {0};
    const char *range = fields_get(&call->reply.headers, "Content-Range");
    if (!range || sscanf(range, "bytes %llu-%llu/%llu", &first, &last, &total) != 3 ||
        sscanf(a, "%lld %lld %lld", &more[0], &more[1], &more[2]) != 3) {
        return;
    }
    total = b ? last : total + (unsigned long long)more[2];
    reply_header(&call->reply, "Content-Range", "bytes %llu-%llu/%llu", first + (unsigned long long)more[0],
                 last + (unsigned long long)more[1], total);
}

static void range_said(struct call *call, const char *a, const char *b) {
    (void)b;
    unsigned long long first = 0, last = 0, total = 0;
    const char *range = fields_get(&call->reply.headers, "Content-Range");
    if (range && sscanf(range, "bytes %llu-%llu/%llu", &first, &last, &total) == 3) {
        if (strcmp(a, "*") == 0) {
            reply_header(&call->reply, "Content-Range", "bytes %llu-%llu/*", first, last);
        } else {
            reply_header(&call->reply, "Content-Range", "%s", a);
        }
    }
}

static void partial_without_range(struct call *call, const char *a, const char *b) {
    (void)b;
    call->reply.status = (int)strtol(a, NULL, 10);
    fields_drop(&call->reply.headers, "Content-Range");
}

/*
 * Ends the reply: "a" is where (nothing, head, half, end), "b" how (close, reset, stall). Arguments:
 * bytes, of the body after which it ends; ms, of the stall.
 */
static void ended(struct call *call, const char *a, const char *b) {
    struct reply *reply = &call->reply;
    int64_t half = (int64_t)reply_bytes(reply) / 2;
    reply->cut = strcmp(a, "nothing") == 0 ? -1 : strcmp(a, "head") == 0 || reply->bodiless || half == 0 ? -41 : half;
    if (fault_text(call->fault, "bytes", NULL)) {
        reply->cut = (int64_t)fault_number(call->fault, "bytes", 0);
    }
    reply->stall_ms = (int64_t)fault_number(call->fault, "ms", (uint64_t)reply->stall_ms);
    reply->end = strcmp(b, "close") == 0 ? REPLY_CLOSES : strcmp(b, "reset") == 0 ? REPLY_RESETS : REPLY_STALLS;
}

/* Sends slowly: "a" bytes a second, the head too where "b" is "head". Argument: rate. */
static void slow(struct call *call, const char *a, const char *b) {
    call->reply.rate = fault_number(call->fault, "rate", strtoull(a, NULL, 10));
    call->reply.rate_of_head = b && strcmp(b, "head") == 0;
}

/* Waits before the reply. Argument: ms. */
static void delayed(struct call *call, const char *a, const char *b) {
    (void)b;
    call->reply.delay_ms = (int64_t)fault_number(call->fault, "ms", strtoull(a, NULL, 10));
}

/* Sends blanks for a while before the document, as S3 does. Argument: ms. "b": how it ends instead. */
static void blanks(struct call *call, const char *a, const char *b) {
    reply_load(&call->reply);
    call->reply.blanks_ms = (int64_t)fault_number(call->fault, "ms", strtoull(a, NULL, 10));
    if (b) {
        call->reply.cut = 0;
        call->reply.end = strcmp(b, "reset") == 0 ? REPLY_RESETS : REPLY_CLOSES;
    }
}

/* Something comes before the status line: "a" is a number of enum reply_before. */
static void preceded(struct call *call, const char *a, const char *b) {
    call->reply.before = (enum reply_before)strtol(a, NULL, 10);
    call->reply.end = b ? REPLY_CLOSES : REPLY_KEEPS;
}

/* "a" headers of "b" bytes. */
static void headers_many(struct call *call, const char *a, const char *b) {
    size_t count = strtoull(a, NULL, 10), bytes = strtoull(b, NULL, 10);
    char *value = must_zero(bytes + 1), name[32];
    memset(value, 'y', bytes);
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "x-more-%zu", i);
        fields_add(&call->reply.headers, name, value);
    }
    free(value);
}

/* Nothing is stored, and the reply tells the ETag and checksum of an empty object. */
static void stored_nothing(struct call *call, const char *a, const char *b) {
    reply_become(&call->reply, 200);
    reply_header(&call->reply, "x-amz-request-id", "%s", call->request_id);
    reply_header(&call->reply, "ETag", "%s", a);
    reply_header(&call->reply, "x-amz-checksum-crc64nvme", "%s", b);
}

/* The reply goes as it is; the kind does its work elsewhere. */
static void unchanged(struct call *call, const char *a, const char *b) {
    (void)call;
    (void)a;
    (void)b;
}

/* A range is asked for, and the whole object comes. */
static void whole_wanted(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    fields_drop(&call->request.headers, "range");
}

/* Neither ETag nor time nor checksum. */
static void validators_dropped(struct call *call, const char *a, const char *b) {
    static const char *const names[] = {"ETag", "Last-Modified", "x-amz-checksum-crc64nvme", "x-amz-checksum-type"};
    (void)a;
    (void)b;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        fields_drop(&call->reply.headers, names[i]);
    }
}

/* Only the time tells whether the object changed. */
static void times_only(struct call *call, const char *a, const char *b) {
    (void)b;
    fields_drop(&call->reply.headers, "ETag");
    fields_set(&call->reply.headers, "Last-Modified", a);
}

/* An ETag and an upload id of a size that nobody expects. */
static void etag_long(struct call *call, const char *a, const char *b) {
    size_t bytes = strtoull(a, NULL, 10);
    char *value = must_zero(bytes + 1);
    memset(value, 'a', bytes);
    if (b) {
        xml_set(call, b, value);
    } else {
        fields_set(&call->reply.headers, "ETag", value);
    }
    free(value);
}

/* The connection ends while the body comes up. Arguments: bytes (default 0). */
static void intake_cut(const struct fault *fault, struct payload_job *job) {
    job->cut_after = (int64_t)fault_number(fault, "bytes", 0);
}

/* What comes of such a request: nothing, and the end "b". Argument: ms, of a stall. */
static void upload_ended(struct call *call, const char *a, const char *b) {
    (void)a;
    call->reply.cut = -1;
    call->reply.stall_ms = (int64_t)fault_number(call->fault, "ms", (uint64_t)call->reply.stall_ms);
    call->reply.end = strcmp(b, "close") == 0 ? REPLY_CLOSES : strcmp(b, "reset") == 0 ? REPLY_RESETS : REPLY_STALLS;
}

/* A bit flips on the way up, before the server checks. Argument: at (default 0). */
static void intake_flip(const struct fault *fault, struct payload_job *job) {
    job->flip_at = (int64_t)fault_number(fault, "at", 0);
}

/* The body is read slowly. Argument: rate, of bytes a second. */
static void intake_slow(const struct fault *fault, struct payload_job *job) {
    job->rate = fault_number(fault, "rate", 100000);
}

#define REFUSAL(name, status, code) \
    { name, WORK_NEVER, refused, status, code, NULL, NULL, false }
#define CHANGE(name, change, a, b) \
    { name, WORK_FIRST, change, a, b, NULL, NULL, false }
#define INSTEAD(name, change, a, b) \
    { name, WORK_NEVER, change, a, b, NULL, NULL, false }
#define BEFORE(name, before, a) \
    { name, WORK_FIRST, unchanged, a, NULL, before, NULL, false }
#define INTAKE(name, change, b, intake) \
    { name, WORK_FIRST, change, NULL, b, NULL, intake, false }

static const struct fault_kind kinds[] = {
    /* Refusals. Each of these may have the arguments of refused(). */
    REFUSAL("status", "500", "InternalError"),
    REFUSAL("500", "500", "InternalError"),
    REFUSAL("502", "502", "BadGateway"),
    REFUSAL("503", "503", "ServiceUnavailable"),
    REFUSAL("504", "504", "GatewayTimeout"),
    REFUSAL("slow-down", "503", "SlowDown"),
    REFUSAL("429", "429", "TooManyRequests"),
    REFUSAL("400", "400", "InvalidRequest"),
    REFUSAL("request-timeout", "400", "RequestTimeout"),
    REFUSAL("expired-token", "400", "ExpiredToken"),
    REFUSAL("bad-digest", "400", "BadDigest"),
    REFUSAL("sha256-mismatch", "400", "XAmzContentSHA256Mismatch"),
    REFUSAL("entity-too-small", "400", "EntityTooSmall"),
    REFUSAL("entity-too-large", "400", "EntityTooLarge"),
    REFUSAL("invalid-part", "400", "InvalidPart"),
    REFUSAL("invalid-part-order", "400", "InvalidPartOrder"),
    REFUSAL("incomplete-body", "400", "IncompleteBody"),
    REFUSAL("region-400", "400", "AuthorizationHeaderMalformed"),
    REFUSAL("403", "403", "AccessDenied"),
    REFUSAL("signature-403", "403", "SignatureDoesNotMatch"),
    REFUSAL("key-id-403", "403", "InvalidAccessKeyId"),
    REFUSAL("skewed", "403", "RequestTimeTooSkewed"),
    REFUSAL("404", "404", "NoSuchKey"),
    REFUSAL("404-bucket", "404", "NoSuchBucket"),
    REFUSAL("404-upload", "404", "NoSuchUpload"),
    REFUSAL("405", "405", "MethodNotAllowed"),
    REFUSAL("407", "407", "ProxyAuthenticationRequired"),
    REFUSAL("409", "409", "ConditionalRequestConflict"),
    REFUSAL("409-aborted", "409", "OperationAborted"),
    REFUSAL("411", "411", "MissingContentLength"),
    REFUSAL("412", "412", "PreconditionFailed"),
    REFUSAL("416", "416", "InvalidRange"),
    REFUSAL("501", "501", "NotImplemented"),
    REFUSAL("error-200", "200", "InternalError"),
    REFUSAL("slow-down-200", "200", "SlowDown"),
    REFUSAL("region-301", "301", "PermanentRedirect"),
    INSTEAD("403-echoes-token", refused_with_secrets, "403", "AccessDenied"),
    INSTEAD("error-echoes-token-200", refused_with_secrets, "200", "InternalError"),

    /* The status alone. */
    CHANGE("200", status_only, "200", NULL),
    CHANGE("201", status_only, "201", NULL),
    CHANGE("202", status_only, "202", NULL),
    CHANGE("203", status_only, "203", NULL),
    CHANGE("204", status_only, "204", NULL),
    CHANGE("206", status_only, "206", NULL),
    CHANGE("299", status_only, "299", NULL),
    INSTEAD("200-with-nothing-done", status_only, "200", NULL),
    INSTEAD("201-with-nothing-done", status_only, "201", NULL),
    INSTEAD("202-with-nothing-done", status_only, "202", NULL),
    INSTEAD("203-with-nothing-done", status_only, "203", NULL),
    INSTEAD("204-with-nothing-done", status_only, "204", NULL),
    INSTEAD("206-with-nothing-done", status_only, "206", NULL),
    INSTEAD("299-with-nothing-done", status_only, "299", NULL),

    /* To other places. */
    INSTEAD("redirect-301", moved, "301", "trap"),
    INSTEAD("redirect-302", moved, "302", "trap"),
    INSTEAD("redirect-307", moved, "307", "trap"),
    INSTEAD("redirect-308", moved, "308", "trap"),
    INSTEAD("redirect-metadata", moved, "302", "http://169.254.169.254/latest/meta-data/"),
    INSTEAD("redirect-region", region_evil, "301", "PermanentRedirect"),
    INSTEAD("redirect-region-400", region_evil, "400", "AuthorizationHeaderMalformed"),
    INSTEAD("moved-in-circles", moved, "302", "{path}?sig=in-circles"),
    INSTEAD("moved-to-file", moved, "302", "file:///etc/passwd"),
    INSTEAD("moved-with-user", moved, "302", "http://somebody:else@127.0.0.1:{port}{path}"),
    INSTEAD("moved", moved, "302", "http://127.0.0.1:{port}{path}?sig=moved"),

    /* Bodies that are none of S3. */
    INSTEAD("html-200", other_body, "200", HTML),
    INSTEAD("html-200-etag", other_body, "200", HTML),
    INSTEAD("html-206", other_body, "206", HTML),
    INSTEAD("html-502", other_body, "502", HTML),
    INSTEAD("403-html", other_body, "403", HTML),
    INSTEAD("csv-200", other_body, "200", "id,name\n7,other\n"),
    INSTEAD("error-200-etag", other_body, "200", "<Error><Code>InternalError</Code><Message>no</Message></Error>"),
    INSTEAD("empty-200", other_body, "200", ""),
    INSTEAD("empty-503", other_body, "503", ""),
    INSTEAD("garbage-xml", other_body, "200", "\xff<<<&&>"),
    INSTEAD("wrong-root", other_body, "200",
            "<ListAllMyBucketsResult><Owner><ID>x</ID></Owner></ListAllMyBucketsResult>"),

    /* What a reply tells of the object. */
    CHANGE("header", header_set, "x-more", NULL),
    CHANGE("no-etag", facts_dropped, "ETag", "ETag"),
    CHANGE("no-checksum", facts_dropped, "x-amz-checksum-", "ChecksumCRC64NVME"),
    CHANGE("no-last-modified", header_set, "Last-Modified", NULL),
    CHANGE("other-etag", header_set, "ETag", "\"92eb5ffee6ae2fec3ad71c777531578f\""),
    CHANGE("long-etag", etag_long, "5000", NULL),
    CHANGE("no-validators", validators_dropped, NULL, NULL),
    CHANGE("times-only", times_only, "Thu, 01 Jan 2026 03:04:05 GMT", NULL),
    CHANGE("weak-etag", header_set, "ETag", "W/\"weak\""),
    CHANGE("bare-etag", header_set, "ETag", "0cc175b9c0f1b6a831c399e269772661"),
    CHANGE("other-checksum", checksum_other, "x-amz-checksum-crc64nvme", "AQEBAQEBAQE="),
    CHANGE("brotli", header_set, "Content-Encoding", "br"),
    CHANGE("no-length", length_said, "", NULL),
    CHANGE("length-garbage", length_said, "12x", NULL),
    CHANGE("length-negative", length_said, "-1", NULL),
    CHANGE("length-over-64-bits", length_said, "18446744073709551617", NULL),
    CHANGE("size-huge", length_said, "9223372036854775808", NULL),
    CHANGE("length-said", length_said, "0", NULL),
    CHANGE("size-other", length_shifted, NULL, NULL),
    CHANGE("length-twice", length_doubled, NULL, NULL),

    /* Ranges and bytes. */
    CHANGE("range-shifted", range_shifted, "1 1 2", NULL),
    CHANGE("range-longer", range_shifted, "0 5 5", NULL),
    CHANGE("range-other-total", range_shifted, "0 0 1000", NULL),
    CHANGE("range-total-is-less", range_shifted, "0 0 0", "last"),
    CHANGE("range-unknown-total", range_said, "*", NULL),
    CHANGE("range-garbage", range_said, "bytes all", NULL),
    CHANGE("206-without-range", partial_without_range, "206", NULL),
    BEFORE("200-ignores-range", state_forget_header, "range"),
    CHANGE("other-range", bytes_reordered, NULL, NULL),
    CHANGE("flipped-bit", bytes_flipped, NULL, NULL),
    CHANGE("zeros", bytes_zeroed, NULL, NULL),
    CHANGE("shorter", bytes_halved, NULL, NULL),
    CHANGE("shorter-than-said", bytes_halved_in_silence, NULL, NULL),
    CHANGE("longer", bytes_added, "8,more\n", NULL),
    CHANGE("longer-than-said", bytes_added_in_silence, "8,more\n", NULL),
    CHANGE("whole-cut", bytes_cut_short, NULL, NULL),

    /* Framing. */
    CHANGE("chunked", bytes_chunked, "0\r\n\r\n", NULL),
    CHANGE("chunked-cut", bytes_chunked, "", NULL),
    CHANGE("chunked-garbage", bytes_chunked, "", "zz\r\n"),
    CHANGE("gzip-on-the-fly", bytes_gzipped, "0\r\n\r\n", NULL),
    {"whole-chunked", WORK_FIRST, bytes_chunked, "0\r\n\r\n", NULL, whole_wanted, NULL, false},

    /* The connection. */
    INSTEAD("closed", ended, "nothing", "close"),
    CHANGE("closed-in-head", ended, "head", "close"),
    CHANGE("closed-in-middle", ended, "half", "close"),
    INSTEAD("rst", ended, "nothing", "reset"),
    CHANGE("rst-in-middle", ended, "half", "reset"),
    INSTEAD("stall", ended, "nothing", "stall"),
    CHANGE("stall-in-head", ended, "head", "stall"),
    CHANGE("stall-in-middle", ended, "half", "stall"),
    CHANGE("loris-2", slow, "2", NULL),
    CHANGE("loris-50", slow, "50", NULL),
    CHANGE("loris-50-head", slow, "50", "head"),
    CHANGE("slow", slow, "100000", NULL),
    CHANGE("delay", delayed, "500", NULL),
    CHANGE("blanks", blanks, "1000", NULL),
    CHANGE("blanks-then-closed", blanks, "1000", "close"),
    CHANGE("blanks-then-rst", blanks, "1000", "reset"),
    CHANGE("informational-few", preceded, "1", NULL),
    CHANGE("informational-flood", preceded, "2", "close"),
    CHANGE("headers-endless", preceded, "3", "close"),
    INSTEAD("not-http", preceded, "4", "close"),
    CHANGE("headers-many", headers_many, "60", "1000"),
    CHANGE("header-huge", headers_many, "1", "1000000"),

    /* The body of the request. */
    INTAKE("upload-closed", upload_ended, "close", intake_cut),
    INTAKE("upload-rst", upload_ended, "reset", intake_cut),
    INTAKE("upload-stall", upload_ended, "stall", intake_cut),
    INTAKE("upload-flipped", unchanged, NULL, intake_flip),
    INTAKE("upload-slow", unchanged, NULL, intake_slow),
    {"never-continue", WORK_FIRST, unchanged, NULL, NULL, NULL, NULL, true},

    /* What is stored. */
    CHANGE("stored-other-bytes", state_store_other, NULL, NULL),
    INSTEAD("stored-nothing", stored_nothing, "\"d41d8cd98f00b204e9800998ecf8427e\"", "AAAAAAAAAAA="),
    BEFORE("replaced", state_replace, NULL),
    BEFORE("deleted", state_delete, NULL),
    BEFORE("upload-vanishes", state_upload_vanishes, NULL),
    CHANGE("then-replaced", state_replace, NULL, NULL),
    CHANGE("then-deleted", state_delete, NULL, NULL),
    CHANGE("then-upload-vanishes", state_upload_vanishes, NULL, NULL),
    BEFORE("ignores-conditions", state_forget_header,
           "if-match,if-none-match,x-amz-copy-source-if-match,x-amz-copy-source-if-none-match"),
    BEFORE("ignores-prefix", state_forget_query, "prefix"),
    BEFORE("ignores-encoding", state_forget_query, "encoding-type"),
    BEFORE("page-again", state_forget_query, "continuation-token"),

    /* XML. run_delete_objects() plays delete-errors itself. Arguments: keys, code. */
    CHANGE("delete-errors", unchanged, NULL, NULL),
    CHANGE("replace", xml_replace, "", ""),
    CHANGE("drop-element", xml_drop, "ETag", NULL),
    CHANGE("set-element", xml_set, "ETag", ""),
    CHANGE("truncated-xml", xml_cut, NULL, NULL),
    INSTEAD("deep-xml", xml_deep, "ListBucketResult", "<a>"),
    INSTEAD("entity-xml", xml_bomb, "ListBucketResult", NULL),
    INSTEAD("entity-xml-complete", xml_bomb, "CompleteMultipartUploadResult", NULL),
    CHANGE("truncated-upper", xml_replace, "<IsTruncated>true", "<IsTruncated>TRUE"),
    CHANGE("truncated-one", xml_replace, "<IsTruncated>true", "<IsTruncated>1"),
    CHANGE("truncated-missing", xml_drop, "IsTruncated", NULL),
    CHANGE("truncated-empty", xml_replace, "<IsTruncated>true", "<IsTruncated>"),
    CHANGE("truncated-false", xml_replace, "<IsTruncated>true", "<IsTruncated>false"),
    CHANGE("token-missing", xml_drop, "NextContinuationToken", NULL),
    CHANGE("token-loops", xml_token_loops, "true", NULL),
    INSTEAD("empty-pages", xml_empty_page, NULL, NULL),
    CHANGE("no-keys", xml_drop, "Key", NULL),
    CHANGE("no-sizes", xml_drop, "Size", NULL),
    CHANGE("sizes-negative", xml_replace, "<Size>", "<Size>-"),
    CHANGE("sizes-other", xml_replace, "<Size>", "<Size>1"),
    CHANGE("sizes-huge", xml_replace, "<Size>", "<Size>99999999999999999999"),
    CHANGE("etags-other", xml_replace, "<ETag>", "<ETag>x"),
    CHANGE("key-outside", xml_replace, "<Key>raw/", "<Key>secret/"),
    CHANGE("key-shorter", xml_replace, "<Key>raw/", "<Key>ra/"),
    CHANGE("key-with-nul", xml_replace, "<Key>raw/", "<Key>raw/%00"),
    CHANGE("key-climbs", xml_replace, "<Key>raw/", "<Key>raw/../../"),
    CHANGE("keys-twice", xml_doubled, NULL, NULL),
    CHANGE("keys-falling", xml_reversed, NULL, NULL),
    CHANGE("no-upload-id", xml_set, "UploadId", ""),
    CHANGE("long-upload-id", etag_long, "100000", "UploadId"),
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

const struct fault_kind *fault_kind_find(const char *name) {
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

void fault_kinds_print(void) {
    for (size_t i = 0; i < KINDS; i++) {
        puts(kinds[i].name);
    }
}
