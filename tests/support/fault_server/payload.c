/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/payload.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { PIECE_BYTES = 256 * 1024, LINE_BYTES = 1024, SIGNED_CHUNK_BYTES_MIN = 8192, TRAILER_BYTES_MAX = 8192 };

/* The body while it is read. */
struct intake {
    const struct payload_job *job;
    struct payload *out;
    struct http_body body;
    bool streamed; /* aws-chunked */
    bool chunks_signed;
    uint64_t chunk_left;
    uint64_t chunk_bytes;
    bool last_chunk;
    struct digest chunk_sha256;
    char chunk_signature[SIGV4_SIGNATURE_BYTES];
    char trailer_name[64]; /* that the header announces; "" for none */
    char given[128];       /* the checksum that the client gave, in base64 */
    struct digest sha256, md5, checksum;
    struct blob_writer writer;
    uint64_t bytes;
    char piece[PIECE_BYTES];
};

static enum payload_end refuse(struct payload *out, int status, const char *code, const char *message) {
    if (!out->status) { /* the first reason counts */
        out->status = status;
        out->code = code;
        out->message = message;
    }
    return PAYLOAD_REFUSED;
}

static const char *header(const struct payload_job *job, const char *name) {
    return fields_get(&job->request->headers, name);
}

static bool lengths_allowed(const struct payload_job *job, struct payload *out) {
    uint64_t bytes = 0;
    const char *length = header(job, "content-length"), *decoded = header(job, "x-amz-decoded-content-length");
    bool streamed = strncmp(job->signature->payload, "STREAMING-", 10) == 0;
    if ((!length && !decoded) || (streamed && !decoded)) {
        refuse(out, 411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        return false;
    }
    if (!number_read(streamed ? decoded : length ? length : decoded, &bytes)) {
        refuse(out, 400, "InvalidArgument", "The length is no number.");
        return false;
    }
    if (bytes > job->bytes_max) {
        refuse(out, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        return false;
    }
    return true;
}

/* The one checksum header of a request: its kind, DIGEST_NONE where there is none. */
static enum digest_kind checksum_header(const struct payload_job *job, const char **out_value, unsigned *out_count) {
    enum digest_kind found = DIGEST_NONE;
    *out_count = 0;
    for (unsigned kind = 0; kind < DIGEST_CHECKSUMS && !job->of_object; kind++) {
        char name[64];
        snprintf(name, sizeof(name), "x-amz-checksum-%s", digest_facts(kind)->name);
        const char *value = header(job, name);
        if (value) {
            found = (enum digest_kind)kind;
            *out_value = value;
            ++*out_count;
        }
    }
    return found;
}

static enum digest_kind trailer_kind(const struct payload_job *job) {
    const char *name = header(job, "x-amz-trailer");
    return name && strncasecmp(name, "x-amz-checksum-", 15) == 0 ? digest_find(name + 15) : DIGEST_NONE;
}

static bool checksums_allowed(const struct payload_job *job, struct payload *out) {
    const char *value = NULL, *wanted = header(job, "x-amz-sdk-checksum-algorithm");
    uint8_t bytes[DIGEST_BYTES_MAX];
    unsigned count = 0;
    enum digest_kind kind = checksum_header(job, &value, &count), trailer = trailer_kind(job);
    if (count + (trailer != DIGEST_NONE) > 1) {
        refuse(out, 400, "InvalidRequest",
               "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    } else if (header(job, "x-amz-trailer") && trailer == DIGEST_NONE) {
        refuse(out, 400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
    } else if (value && base64_bytes(value, bytes, sizeof(bytes)) != (int)digest_facts(kind)->bytes) {
        refuse(out, 400, "InvalidRequest", "Value for x-amz-checksum header is invalid.");
    } else if (wanted && digest_find(wanted) != (count ? kind : trailer)) {
        refuse(out, 400, "InvalidRequest",
               "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
               "headers were found.");
    }
    const char *md5 = header(job, "content-md5");
    if (md5 && base64_bytes(md5, bytes, sizeof(bytes)) != 16) {
        refuse(out, 400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    }
    return !out->status;
}

bool payload_allowed(const struct payload_job *job, struct payload *out) {
    *out = (struct payload){.kind = DIGEST_CRC64NVME};
    return lengths_allowed(job, out) && (!job->checks || checksums_allowed(job, out));
}

static void intake_begin(struct intake *in) {
    const char *value = NULL, *payload = in->job->signature->payload;
    unsigned count = 0;
    enum digest_kind kind = checksum_header(in->job, &value, &count), trailer = trailer_kind(in->job);
    in->streamed = strncmp(payload, "STREAMING-", 10) == 0;
    in->chunks_signed = in->streamed && strcmp(payload, PAYLOAD_UNSIGNED_TRAILER) != 0;
    in->writer.forgets = in->job->forgets;
    snprintf(in->given, sizeof(in->given), "%s", value ? value : "");
    if (in->streamed && trailer != DIGEST_NONE) {
        snprintf(in->trailer_name, sizeof(in->trailer_name), "x-amz-checksum-%s", digest_facts(trailer)->name);
    }
    in->out->given = count > 0 || trailer != DIGEST_NONE;
    in->out->kind = count > 0 ? kind : trailer != DIGEST_NONE ? trailer : DIGEST_CRC64NVME;
    if (in->job->checks) {
        digest_begin(&in->sha256, DIGEST_SHA256);
        digest_begin(&in->md5, DIGEST_MD5);
        digest_begin(&in->checksum, in->out->kind);
    }
}

static bool line_read(struct intake *in, char *out, size_t capacity) {
    for (size_t size = 0; size + 1 < capacity; size++) {
        if (http_body_read(&in->body, out + size, 1) != 1) {
            return false;
        }
        if (out[size] == '\n' && size > 0 && out[size - 1] == '\r') {
            out[size - 1] = '\0';
            return true;
        }
    }
    return false;
}

/* "1f4;chunk-signature=..." or "1f4" */
static bool chunk_begin(struct intake *in) {
    char line[LINE_BYTES], *end = NULL;
    if (!line_read(in, line, sizeof(line)) || !isxdigit((unsigned char)*line)) {
        return false;
    }
    in->chunk_left = strtoull(line, &end, 16);
    in->last_chunk = in->chunk_left == 0;
    if (in->chunks_signed && !in->last_chunk && in->bytes > 0 && in->chunk_bytes < SIGNED_CHUNK_BYTES_MIN) {
        refuse(in->out, 403, "InvalidChunkSizeError",
               "Only the last chunk is allowed to have a size less than 8192 bytes");
    }
    in->chunk_bytes = in->chunk_left;
    if (!in->chunks_signed) {
        return *end == '\0';
    }
    digest_begin(&in->chunk_sha256, DIGEST_SHA256);
    if (strncmp(end, ";chunk-signature=", 17) != 0) {
        return false;
    }
    snprintf(in->chunk_signature, sizeof(in->chunk_signature), "%s", end + 17);
    return true;
}

static bool chunk_end(struct intake *in) {
    char line[LINE_BYTES], hex[SIGV4_SIGNATURE_BYTES];
    uint8_t bytes[DIGEST_BYTES_MAX];
    if (in->chunks_signed) {
        digest_end(&in->chunk_sha256, bytes);
        hex_text(bytes, 32, hex);
        if (!sigv4_chunk_verify(&in->job->signature->chain, false, hex, in->chunk_signature)) {
            refuse(in->out, 403, "SignatureDoesNotMatch", "The signature of a chunk does not match.");
        }
    }
    return in->last_chunk || (line_read(in, line, sizeof(line)) && !*line);
}

static void trailer_verify(struct intake *in, const struct text *lines, const char *signature, bool found) {
    char hex[SIGV4_SIGNATURE_BYTES];
    uint8_t bytes[DIGEST_BYTES_MAX];
    if (*in->trailer_name && !found) {
        refuse(
            in->out, 400, "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to our published schema.");
    }
    if (strcmp(in->job->signature->payload, PAYLOAD_SIGNED_TRAILER) == 0) {
        digest_of(DIGEST_SHA256, text_of(lines), lines->size, bytes);
        hex_text(bytes, 32, hex);
        if (!sigv4_chunk_verify(&in->job->signature->chain, true, hex, signature)) {
            refuse(in->out, 403, "SignatureDoesNotMatch", "The signature of the trailer does not match.");
        }
    }
}

/* The lines behind the last chunk: the checksum, the signature, and an empty one. */
static bool trailer_read(struct intake *in) {
    char line[LINE_BYTES], signature[SIGV4_SIGNATURE_BYTES] = "";
    struct text lines = {0};
    bool found = false, whole = false;
    while (!whole && lines.size < TRAILER_BYTES_MAX && line_read(in, line, sizeof(line))) {
        char *value = strchr(line, ':');
        whole = !*line;
        if (!value) {
            continue;
        }
        *value++ = '\0';
        value += strspn(value, " ");
        if (strcasecmp(line, "x-amz-trailer-signature") == 0) {
            snprintf(signature, sizeof(signature), "%s", value);
        } else {
            text_printf(&lines, "%s:%s\n", line, value);
        }
        if (*in->trailer_name && strcasecmp(line, in->trailer_name) == 0) {
            found = true;
            snprintf(in->given, sizeof(in->given), "%s", value);
        }
    }
    if (whole) {
        trailer_verify(in, &lines, signature, found);
    }
    text_release(&lines);
    return whole;
}

/* Reads data of an aws-chunked body: 0 at its end, -1 where it is broken. */
static ssize_t chunked_read(struct intake *in) {
    if (in->last_chunk) {
        return 0;
    }
    if (in->chunk_left == 0) {
        if (!chunk_begin(in)) {
            return -1;
        }
        if (in->last_chunk) {
            return chunk_end(in) && trailer_read(in) ? 0 : -1;
        }
    }
    ssize_t got = http_body_read(&in->body, in->piece, in->chunk_left < PIECE_BYTES ? in->chunk_left : PIECE_BYTES);
    if (got <= 0) {
        return -1;
    }
    in->chunk_left -= (uint64_t)got;
    if (in->chunks_signed) {
        digest_add(&in->chunk_sha256, in->piece, (size_t)got);
    }
    return in->chunk_left == 0 && !chunk_end(in) ? -1 : got;
}

static bool piece_add(struct intake *in, size_t bytes) {
    int64_t flip = in->job->flip_at - (int64_t)in->bytes;
    if (flip >= 0 && flip < (int64_t)bytes) {
        in->piece[flip] ^= 1;
    }
    in->bytes += bytes;
    if (in->bytes > in->job->bytes_max) {
        refuse(in->out, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        return true;
    }
    if (in->job->checks) {
        digest_add(&in->sha256, in->piece, bytes);
        digest_add(&in->md5, in->piece, bytes);
        digest_add(&in->checksum, in->piece, bytes);
    }
    if (in->job->rate) {
        int64_t ns = (int64_t)(bytes * 1000000000 / in->job->rate);
        nanosleep(&(struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000}, NULL);
    }
    return blob_writer_add(&in->writer, in->piece, bytes);
}

static void digests_verify(struct intake *in) {
    struct payload *out = in->out;
    uint8_t sha256[DIGEST_BYTES_MAX], wanted[DIGEST_BYTES_MAX];
    char hex[SIGV4_SIGNATURE_BYTES];
    digest_end(&in->sha256, sha256);
    digest_end(&in->md5, out->md5);
    digest_end(&in->checksum, out->checksum);
    hex_text(sha256, 32, hex);
    if (strlen(in->job->signature->payload) == 64 && strcmp(hex, in->job->signature->payload) != 0) {
        refuse(out, 400, "XAmzContentSHA256Mismatch",
               "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    const char *md5 = header(in->job, "content-md5");
    if (md5 && (base64_bytes(md5, wanted, sizeof(wanted)) != 16 || memcmp(wanted, out->md5, 16) != 0)) {
        refuse(out, 400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    size_t bytes = digest_facts(out->kind)->bytes;
    if (*in->given &&
        (base64_bytes(in->given, wanted, sizeof(wanted)) != (int)bytes || memcmp(wanted, out->checksum, bytes) != 0)) {
        refuse(out, 400, "BadDigest", "The checksum you specified did not match the calculated checksum.");
    }
}

static enum payload_end intake_end(struct intake *in) {
    uint64_t decoded = 0;
    const char *text = header(in->job, "x-amz-decoded-content-length");
    if (in->streamed && (!number_read(text, &decoded) || decoded != in->bytes)) {
        refuse(in->out, 400, "IncompleteBody", "The request body terminated unexpectedly");
    }
    if (in->job->checks) {
        digests_verify(in);
    }
    if (in->out->status) {
        return PAYLOAD_REFUSED;
    }
    in->out->blob = blob_writer_end(&in->writer);
    return PAYLOAD_DONE;
}

static enum payload_end intake_run(struct intake *in) {
    const struct payload_job *job = in->job;
    for (;;) {
        size_t room = PIECE_BYTES;
        if (job->cut_after >= 0) {
            if (in->bytes >= (uint64_t)job->cut_after) {
                return PAYLOAD_CUT;
            }
            uint64_t left = (uint64_t)job->cut_after - in->bytes;
            room = left < room ? (size_t)left : room;
        }
        if (job->rate) {
            room = room < 1 + job->rate / 20 ? room : 1 + (size_t)job->rate / 20;
        }
        ssize_t got = in->streamed ? chunked_read(in) : http_body_read(&in->body, in->piece, room);
        if (got < 0) {
            return PAYLOAD_LOST;
        }
        if (got == 0) {
            /* Whatever follows an aws-chunked body within the same length is skipped. */
            while (in->streamed && http_body_read(&in->body, in->piece, PIECE_BYTES) > 0) {
            }
            return intake_end(in);
        }
        if (!piece_add(in, (size_t)got)) {
            refuse(in->out, 500, "InternalError", "The body could not be stored.");
        }
    }
}

enum payload_end payload_take(const struct payload_job *job, struct payload *out) {
    if (!payload_allowed(job, out)) {
        return payload_skip(job->wire, job->request) ? PAYLOAD_REFUSED : PAYLOAD_LOST;
    }
    struct intake *in = must_resize(NULL, sizeof(*in));
    memset(in, 0, offsetof(struct intake, piece));
    in->job = job;
    in->out = out;
    enum payload_end end = PAYLOAD_LOST;
    if (http_body_begin(&in->body, job->wire, job->request)) {
        intake_begin(in);
        end = intake_run(in);
    }
    EVP_MD_CTX_free(in->sha256.context);
    EVP_MD_CTX_free(in->md5.context);
    EVP_MD_CTX_free(in->checksum.context);
    EVP_MD_CTX_free(in->chunk_sha256.context);
    blob_writer_release(&in->writer);
    free(in);
    return end;
}

void payload_release(struct payload *payload) {
    blob_drop(payload->blob);
    payload->blob = NULL;
}

bool payload_skip(struct wire *wire, const struct http_request *request) {
    struct http_body body;
    char piece[16 * 1024];
    ssize_t got = http_body_begin(&body, wire, request) ? 1 : -1;
    while (got > 0) {
        got = http_body_read(&body, piece, sizeof(piece));
    }
    return got == 0;
}
