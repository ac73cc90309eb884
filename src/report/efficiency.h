/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key `efficiency` of a report: what the objects took that a service has copied by itself,
 * beside what download and upload of them would have taken.
 */
#ifndef HW_REPORT_EFFICIENCY_H
#define HW_REPORT_EFFICIENCY_H

#include "core/json_write.h"
#include "report/prices.h"

/* Bytes that requests of one kind have moved, and the sum of their own times. */
struct hw_rate_seen {
    uint64_t bytes;
    double seconds;
};

struct hw_efficiency {
    /* Nothing was copied yet: the counts are those that a copy is going to have. */
    bool planned;
    /* The objects that a service has copied. With none of them there is nothing to compare. */
    uint64_t objects;
    uint64_t bytes;
    /* The size of the parts of a download and an upload, bytes. */
    uint64_t part_bytes;
    /* The requests that these objects took, and what they are in words. */
    uint64_t requests;
    uint64_t client_bytes;
    double seconds; /* none where it is planned */
    const char *requests_are;
    /* The requests that download and upload would have taken. */
    uint64_t requests_instead;
    /* The use of services, and that of download and upload, for each row of the prices. */
    const struct hw_billed *billed;
    const struct hw_billed *billed_instead;
    /* The rates at which this run has downloaded and uploaded other objects. */
    struct hw_rate_seen down;
    struct hw_rate_seen up;
};

/* Writes the key; it is null where there is nothing to compare. `basis` is that of the prices. */
void hw_efficiency_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                         const struct hw_prices *prices, const char *basis);

#endif
