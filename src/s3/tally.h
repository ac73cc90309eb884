/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the requests of a client by operation: every try that has left for the service, and what
 * it took. Start it zeroed. Any thread may use it.
 */
#ifndef HW_S3_TALLY_H
#define HW_S3_TALLY_H

#include <stdatomic.h>

#include "core/request_sums.h"
#include "net/http_response.h"
#include "s3/reply.h"

struct hw_s3_tally_row {
    atomic_uint_fast64_t count;
    atomic_uint_fast64_t retries;
    atomic_uint_fast64_t errors;
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t bytes_in;
    atomic_uint_fast64_t bytes_out;
    atomic_uint_fast64_t us;
};

struct hw_s3_tally {
    struct hw_s3_tally_row rows[HW_S3_OPERATIONS];
};

/*
 * Counts a try that has ended, unless it has never left. `rule` is that of its operation, `again`
 * says that the request had tries before, and `status` is that of the reply, 0 where none came. A
 * rule that is none of `hw_s3_reply_rules` is not counted.
 */
void hw_s3_tally_try(struct hw_s3_tally *tally, const struct hw_s3_reply_rule *rule, bool again, int status,
                     const struct hw_http_figures *figures);
/* Counts that a try has brought no good reply, unless it has never left. */
void hw_s3_tally_error(struct hw_s3_tally *tally, const struct hw_s3_reply_rule *rule,
                       const struct hw_http_figures *figures);
/* Adds what was counted so far to the sums of each operation, and names the operations. */
void hw_s3_tally_add(const struct hw_s3_tally *tally, struct hw_request_sums sums[HW_S3_OPERATIONS]);

#endif
