/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of settings and credentials, and of the way to the host of the service. */
#ifndef HW_OBJECTS_DOCTOR_ACCESS_H
#define HW_OBJECTS_DOCTOR_ACCESS_H

#include "aws/endpoint.h"
#include "aws/settings.h"
#include "objects/doctor_check.h"

/* The settings, and the endpoint that they lead to. */
struct hw_doctor_access {
    struct hw_aws_settings settings;
    struct hw_endpoint endpoint;
};

/*
 * Checks settings, credentials, the name of the host and a connection to it. `bucket` is "" for the
 * service itself. Returns false where nothing can be sent, so that further checks make no sense.
 */
bool hw_doctor_access(struct hw_doctor_call *call, const char *bucket, struct hw_doctor_access *out_access);

enum { HW_DOCTOR_KEY_BYTES = 16 };
/* Writes the beginning and the end of an access key id, "AKIA...WXYZ". Returns `out`. */
char *hw_doctor_key_text(const char *access_key_id, char out[HW_DOCTOR_KEY_BYTES]);

#endif
