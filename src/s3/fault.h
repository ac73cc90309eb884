/* SPDX-License-Identifier: Apache-2.0 */
/* The fault that a reply of S3 reports, and its remedy. Pure functions. */
#ifndef HW_S3_FAULT_H
#define HW_S3_FAULT_H

#include "core/error.h"
#include "net/http_response.h"

/* The change after which the same request may succeed. */
enum hw_s3_remedy {
    HW_S3_GIVE_UP,       /* There is none. */
    HW_S3_RETRY,         /* Sending it again after a short while. */
    HW_S3_SLOW_DOWN,     /* Sending it again after a longer while. */
    HW_S3_REFRESH_KEYS,  /* Signing it with credentials that were read again. */
    HW_S3_SET_CLOCK,     /* Signing it with the time of the service. */
    HW_S3_CHANGE_REGION, /* Sending it to the host of the fault's `region`. */
};

struct hw_s3_fault {
    enum hw_status status;
    enum hw_s3_remedy remedy;
    int http_status;
    /* The code of S3, as "NoSuchKey"; "" if the service gave none. */
    char code[64];
    /*
     * The region of the bucket, as the service says and nobody has checked; "" if it does not say.
     */
    char region[64];
    /* The words of the service; "" if there are none. */
    char message[256];
    char request_id[64];
    /* A body that is no error document of S3, borrowed from the reply; else empty. */
    hw_view alien;
};

/* Makes a fault that holds the HTTP status and request id of any reply, and status HW_OK. */
void hw_s3_fault_begin(const struct hw_http_response *response, struct hw_s3_fault *out_fault);

/*
 * Reads the fault from a reply that is not 2xx, or that has an error document inside. A 412 gets
 * the status `on_precondition`. A refusal or a "not found" whose body is not of S3 is HW_EPROTOCOL:
 * it comes from a proxy, not from the service.
 */
void hw_s3_fault_read(const struct hw_http_response *response, enum hw_status on_precondition,
                      struct hw_s3_fault *out_fault);

/*
 * Makes a fault of a code and words that stand inside a good reply, as those of one key among many
 * do.
 */
void hw_s3_fault_of_code(const struct hw_http_response *response, const char *code, const char *message,
                         struct hw_s3_fault *out_fault);

/*
 * Fails with the status, what the code means (s3/advice.h) and the words of the service:
 * "GetObject: not found: ...; the service says ...".
 */
HW_NODISCARD enum hw_status hw_s3_fault_fail(const struct hw_s3_fault *fault, const char *operation,
                                             struct hw_error *err);

/* Returns whether a failure says that a service does not have the operation at all. */
bool hw_s3_operation_missing(const struct hw_error *fault);

/* Puts the HTTP status, code and request id of the fault into an error. Accepts NULL. */
void hw_s3_fault_name(const struct hw_s3_fault *fault, struct hw_error *err);

#endif
