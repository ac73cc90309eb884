/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys `requests`, `cost` and `efficiency` of a report: what a run asked of services and what
 * that cost, and what the objects that a service has copied by itself would have taken and cost by
 * download and upload.
 */
#ifndef HW_REPORT_COSTS_H
#define HW_REPORT_COSTS_H

#include "core/json_write.h"
#include "report/efficiency.h"

struct hw_costs {
    /* The requests by operation. */
    const struct hw_request_sums *requests;
    size_t requests_count;
    /* False if no service that charges has taken part, so that there is nothing to calculate. */
    bool charged;
    /* The use of services, for each row of the prices. */
    const struct hw_billed *billed;
    const struct hw_prices *prices;
    const char *table; /* the path of the table, or "built-in" */
    /* Whose prices they are, of which regions and of which day. */
    const char *basis;
    struct hw_efficiency efficiency;
};

/* Writes the keys into the JSON object that is open. */
void hw_costs_write(struct hw_json_writer *json, const struct hw_costs *costs);

#endif
