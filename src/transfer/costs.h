/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The costs of a run: its table of prices, the objects that services have copied by themselves, and
 * at the end the requests of all of its stores. One thread at a time.
 */
#ifndef HW_TRANSFER_COSTS_H
#define HW_TRANSFER_COSTS_H

#include "objects/store_set.h"
#include "report/costs.h"
#include "s3/client.h"

/* Start it zeroed. */
struct hw_transfer_costs {
    const char *table; /* the path of the table, borrowed; NULL: the one that is built in */
    struct hw_prices prices;
    /* For each row of the prices: the run, the copies of services, and what these stand for. */
    struct hw_billed *run;
    struct hw_billed *copied;
    struct hw_billed *instead;
    uint64_t objects;
    uint64_t bytes;
    uint64_t part_bytes;
    uint64_t requests_instead;
    /* The requests that copies are going to take; 0 where they have been done. */
    uint64_t requests_planned;
    /* The rows of which the prices are needed. */
    bool *used;
    struct hw_buf basis;
    struct hw_request_sums sums[HW_S3_OPERATIONS];
};

/*
 * Reads the table at a path; NULL is the one that is built in. `part_bytes` is the size of the
 * parts of a download and an upload. HW_ECONFIG for what is no table. The costs are to be released
 * on failure too.
 */
HW_NODISCARD enum hw_status hw_transfer_costs_open(struct hw_transfer_costs *costs, const char *path,
                                                   const struct hw_store_options *store, uint64_t part_bytes,
                                                   struct hw_error *err);
void hw_transfer_costs_release(struct hw_transfer_costs *costs);

/*
 * Counts an object that the service has copied from bucket to bucket. `planned` is the number of
 * requests that this is going to take where it was not done yet, else 0; a run has only objects of
 * one kind.
 */
void hw_transfer_costs_copied(struct hw_transfer_costs *costs, struct hw_s3_client *source, struct hw_s3_client *target,
                              uint64_t bytes, uint64_t planned);

/*
 * Sums up the requests of the stores, once, when they have all ended. `streamed` says that objects
 * have gone through this process too. The sums point into `costs`.
 */
HW_NODISCARD enum hw_status hw_transfer_costs_sum(struct hw_transfer_costs *costs, const struct hw_store_set *sources,
                                                  const struct hw_store_set *targets, bool streamed,
                                                  struct hw_costs *out_costs, struct hw_error *err);

#endif
