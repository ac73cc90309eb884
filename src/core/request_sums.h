/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of the requests of one operation, in the form in which reports take them. */
#ifndef HW_CORE_REQUEST_SUMS_H
#define HW_CORE_REQUEST_SUMS_H

#include "core/base.h"

/* The classes by which object stores charge for requests. */
enum hw_request_class {
    HW_REQUEST_PUT,    /* PUT, COPY and POST: whatever makes or changes something */
    HW_REQUEST_GET,    /* GET, HEAD and all that has no other class */
    HW_REQUEST_LIST,   /* what lists objects, versions, uploads, parts or buckets */
    HW_REQUEST_DELETE, /* what removes something, or ends an upload without an object */
    HW_REQUEST_CLASSES /* their number */
};

struct hw_request_sums {
    const char *operation; /* "GetObject" */
    enum hw_request_class charge;
    /* The tries that have left for the service, also those that were given up or sent again. */
    uint64_t count;
    uint64_t retries; /* those that were not the first of their request */
    uint64_t errors;  /* those that brought no good reply */
    /* Those that the service has answered with a 5xx status, for which nobody charges. */
    uint64_t refused;
    /* The bytes of bodies that came from the service, and that went to it. */
    uint64_t bytes_in;
    uint64_t bytes_out;
    /* The sum of their own times, many of which pass at once. */
    double seconds;
};

#endif
