/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that send requests: the service and its clock, and what may be done in a bucket. */
#ifndef HW_OBJECTS_DOCTOR_SERVICE_H
#define HW_OBJECTS_DOCTOR_SERVICE_H

#include "objects/doctor_check.h"
#include "s3/client.h"

/*
 * Sends a listing of one key below `prefix`, or of the buckets if the client has none, and tells
 * what it shows: TLS, the clock, whether the signature is accepted, the bucket and its region,
 * whether it may be listed. Returns false where no further request makes sense. `region` is the one
 * of the settings.
 */
bool hw_doctor_service(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix,
                       const char *region);

/* Tells whether objects below `prefix` may be read, by asking for one that is not there. */
void hw_doctor_read(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix);

/*
 * Writes an object below `prefix`, and tells whether it can be written, keeps its checksum, reads
 * back, is not replaced where that was ruled out, and whether large ones can be begun. It is
 * removed in the end, and that is told too.
 */
void hw_doctor_write(struct hw_doctor_call *call, struct hw_s3_client *client, const char *prefix);

#endif
