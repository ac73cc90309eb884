/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_service.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/random.h"
#include "net/date.h"
#include "s3/multipart.h"
#include "s3/object.h"
#include "s3/request_bucket.h"

enum { CLOCK_WARNING_S = 60 };

static const char no_rights[] = "Ask for the right that the message names in the policy of the keys or the bucket.";

static enum hw_status listing_send(struct hw_s3_client *client, const char *prefix, int64_t *out_date_us,
                                   struct hw_error *err);
static void clock_tell(struct hw_doctor_call *call, struct hw_s3_client *client, int64_t date_us);
static bool bucket_tell(struct hw_doctor_call *call, struct hw_s3_client *client, const char *region,
                        const struct hw_error *error);

/* ------ the service */

/* The codes of replies that do not believe the signature or the keys. */
static bool unsigned_by(const struct hw_error *error) {
    static const char *const codes[] = {
        "SignatureDoesNotMatch", "InvalidAccessKeyId",          "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
        "RequestTimeTooSkewed",  "AuthorizationHeaderMalformed"};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (strcmp(codes[i], error->s3_code) == 0) {
            return true;
        }
    }
    return false;
}

bool hw_doctor_service(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix,
                       const char *region) {
    struct hw_error err = HW_ERROR_INIT;
    int64_t date_us = 0;
    const bool anonymous = call->options->store.no_sign_request;
    const enum hw_status status = listing_send(client, prefix, &date_us, &err);
    if (status && err.http_status == 0) {
        hw_doctor_fail(call, "service", "", &err);
        return false;
    }
    hw_doctor_say(call, "service", HW_DOCTOR_OK, "", "answers requests");
    clock_tell(call, client, date_us);
    if (unsigned_by(&err)) {
        hw_doctor_fail(call, "signature", "Look at the keys, and at whether they are those of this service.", &err);
        return false;
    }
    hw_doctor_say(call, "signature", anonymous ? HW_DOCTOR_SKIPPED : HW_DOCTOR_OK, "", "%s",
                  anonymous ? "requests are anonymous" : "accepted");
    if (hw_s3_client_bucket(client)[0] && !bucket_tell(call, client, region, &err)) {
        return false;
    }
    if (status) {
        hw_doctor_fail(call, "list", err.status == HW_EAUTH ? no_rights : "", &err);
    } else {
        hw_doctor_say(call, "list", HW_DOCTOR_OK, "", "%s",
                      hw_s3_client_bucket(client)[0] ? "objects may be listed" : "buckets may be listed");
    }
    return true;
}

static enum hw_status listing_send(struct hw_s3_client *client, const char *prefix, int64_t *out_date_us,
                                   struct hw_error *err) {
    const struct hw_s3_list_params params = {.prefix = prefix, .keys_max = 1};
    struct hw_s3_call request = {0};
    struct hw_http_response response = {0};
    enum hw_status status = hw_s3_client_bucket(client)[0] ? hw_s3_request_list(&request.request, &params, err)
                                                           : hw_s3_request_buckets(&request.request, NULL, err);
    status = status ? status : hw_s3_call_perform(client, &request, &response, err);
    const hw_view date = hw_http_header_find(&response, "date");
    if (status == HW_OK && (!date.data || !hw_http_date_parse(date, out_date_us))) {
        *out_date_us = 0;
    }
    hw_http_response_release(&response);
    hw_s3_call_release(&request);
    return status;
}

/* The client learns the service's time from a reply that refuses ours; a good one has it too. */
static void clock_tell(struct hw_doctor_call *call, struct hw_s3_client *client, int64_t date_us) {
    struct hw_s3_signer signer = {0};
    int64_t away_us = date_us > 0 ? date_us - hw_clock_now_us() : 0;
    if (hw_s3_client_signer(client, &signer, NULL) == HW_OK) {
        const int64_t learnt_us = signer.now_us - hw_clock_now_us();
        away_us = date_us > 0 ? away_us : learnt_us;
    }
    hw_credentials_wipe(&signer.keys);
    const int64_t seconds = (away_us < 0 ? -away_us : away_us) / 1000000;
    const bool far = seconds > CLOCK_WARNING_S;
    if (!far) {
        hw_doctor_say(call, "clock", HW_DOCTOR_OK, "", "that of the service, to a minute");
        return;
    }
    hw_doctor_say(call, "clock", HW_DOCTOR_WARNING,
                  "Set the clock of this machine (NTP): beyond 15 minutes each first request is refused.",
                  "%" PRId64 " s %s that of the service", seconds, away_us > 0 ? "behind" : "ahead of");
}

static bool bucket_tell(struct hw_doctor_call *call, struct hw_s3_client *client, const char *region,
                        const struct hw_error *error) {
    char actual[HW_S3_REGION_BYTES];
    if (strcmp(error->s3_code, "NoSuchBucket") == 0 || error->status == HW_EUSAGE) {
        hw_doctor_fail(call, "bucket", "Look at the name, the endpoint and the account.", error);
        return false;
    }
    hw_s3_client_region(client, actual);
    const bool elsewhere = strcmp(actual, region) != 0;
    hw_doctor_say(call, "bucket", elsewhere ? HW_DOCTOR_WARNING : HW_DOCTOR_OK,
                  elsewhere ? "Give this --region: it saves a request for each run." : "", "%s is in region %s",
                  hw_s3_client_bucket(client), actual);
    return true;
}

/* ------ objects */

/* Makes the key of an object that is not there. */
static enum hw_status key_make(struct hw_buf *key, const char *prefix, struct hw_error *err) {
    HW_TRY(hw_buf_printf(key, err, "%s.hawser-doctor-%016" PRIx64, prefix, hw_random_u64()));
    return hw_buf_end_text(key, err);
}

void hw_doctor_read(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix) {
    HW_AUTO(hw_buf) key = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object object;
    uint8_t byte;
    size_t bytes;
    enum hw_status status = key_make(&key, prefix, &err);
    const struct hw_s3_first first = {.key = (const char *)key.data, .data = &byte, .bytes = sizeof(byte)};
    status = status ? status : hw_s3_object_discover(client, &first, &object, &bytes, &err);
    if (status == HW_ENOTFOUND) {
        hw_doctor_say(call, "read", HW_DOCTOR_OK, "", "a request for an object is answered");
    } else if (status == HW_EAUTH) {
        hw_doctor_say(call, "read", HW_DOCTOR_WARNING, no_rights,
                      "a request for a missing object is refused: nothing may be read, or only not listed");
    } else if (status) {
        hw_doctor_fail(call, "read", "", &err);
    }
}

/* The object that is written. */
struct probe {
    struct hw_doctor_call *call;
    struct hw_s3_client *client;
    const char *key;
};

static const char probe_text[] = "This object was written by hawser doctor, which removes it.\n";
static const char other_text[] = "This one must not take its place.\n";

static enum hw_status probe_put(const struct probe *probe, const char *text, bool create_only, struct hw_error *err) {
    char etag[HW_S3_ETAG_BYTES];
    const struct hw_s3_put_params params = {
        .key = probe->key,
        .body = text,
        .body_bytes = strlen(text),
        .checksum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, text, strlen(text)),
        .content_type = "text/plain",
        .create_only = create_only,
    };
    return hw_s3_object_put(probe->client, &params, etag, err);
}

static void checksum_check(const struct probe *probe) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object object;
    if (hw_s3_object_head(probe->client, probe->key, NULL, &object, &err) != HW_OK) {
        hw_doctor_fail(probe->call, "checksum", err.status == HW_EAUTH ? no_rights : "", &err);
        return;
    }
    const bool kept = object.checksum.kind == HW_CHECKSUM_CRC64NVME;
    hw_doctor_say(probe->call, "checksum", kept ? HW_DOCTOR_OK : HW_DOCTOR_WARNING,
                  kept ? "" : "Nothing to do: objects are compared by their size and ETag.",
                  kept ? "the service keeps CRC64NVME" : "the service keeps no CRC64NVME");
}

static void bytes_check(const struct probe *probe) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object object;
    char got[sizeof(probe_text) - 1];
    size_t bytes;
    const struct hw_s3_first first = {.key = probe->key, .data = got, .bytes = sizeof(got)};
    enum hw_status status = hw_s3_object_discover(probe->client, &first, &object, &bytes, &err);
    const bool whole = status == HW_OK && object.size == sizeof(got) && bytes == sizeof(got);
    const bool same = whole && memcmp(got, probe_text, sizeof(got)) == 0;
    if (status == HW_OK && !same) {
        status = hw_fail(&err, HW_ECHECKSUM, "the bytes that were read are not those that were written");
    }
    if (status) {
        hw_doctor_fail(probe->call, "get", status == HW_EAUTH ? no_rights : "", &err);
    } else {
        hw_doctor_say(probe->call, "get", HW_DOCTOR_OK, "", "the object reads back as it was written");
    }
}

static void conditional_check(const struct probe *probe) {
    struct hw_error err = HW_ERROR_INIT;
    const enum hw_status status = probe_put(probe, other_text, true, &err);
    if (status == HW_EEXISTS) {
        hw_doctor_say(probe->call, "conditional-writes", HW_DOCTOR_OK, "", "an object that is there is not replaced");
    } else {
        hw_doctor_say(probe->call, "conditional-writes", HW_DOCTOR_WARNING,
                      "Let no two runs write to the same names at once: --no-clobber cannot rule that out.",
                      "the service does not heed If-None-Match");
    }
}

static void multipart_check(const struct probe *probe) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_s3_create_params params = {.key = probe->key, .checksum = HW_CHECKSUM_CRC64NVME};
    const enum hw_status status = hw_s3_upload_prove(probe->client, &params, &err);
    if (status) {
        hw_doctor_fail(probe->call, "multipart", status == HW_EAUTH ? no_rights : "", &err);
        return;
    }
    hw_doctor_say(probe->call, "multipart", HW_DOCTOR_OK, "", "uploads in parts are begun and aborted");
}

static void removal_check(const struct probe *probe) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object object;
    enum hw_status status = hw_s3_object_delete(probe->client, probe->key, &err);
    if (status == HW_OK && hw_s3_object_head(probe->client, probe->key, NULL, &object, NULL) == HW_OK) {
        status = hw_fail(&err, HW_EPROTOCOL, "the object is still there after it was deleted");
    }
    if (status) {
        hw_error_object(&err, probe->key);
        hw_doctor_fail(probe->call, "delete", "Remove the object that is named by other means.", &err);
        return;
    }
    hw_doctor_say(probe->call, "delete", HW_DOCTOR_OK, "", "the object is gone");
}

void hw_doctor_write(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix) {
    HW_AUTO(hw_buf) key = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct probe probe = {.call = call, .client = client};
    enum hw_status status = key_make(&key, prefix, &err);
    probe.key = (const char *)key.data;
    status = status ? status : probe_put(&probe, probe_text, false, &err);
    if (status) {
        hw_doctor_fail(call, "put", status == HW_EAUTH ? no_rights : "", &err);
        return;
    }
    hw_doctor_say(call, "put", HW_DOCTOR_OK, "", "%s is written", probe.key);
    checksum_check(&probe);
    bytes_check(&probe);
    conditional_check(&probe);
    multipart_check(&probe);
    removal_check(&probe);
}
