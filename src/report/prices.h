/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of what services charge, JSON: a currency, the date and the source of the prices, and for
 * each region what requests and bytes cost (docs/copying.md). A calculation by it is an estimate:
 * contracts, free allowances and taxes are not in it.
 */
#ifndef HW_REPORT_PRICES_H
#define HW_REPORT_PRICES_H

#include "core/arena.h"
#include "core/error.h"
#include "core/request_sums.h"
#include "core/view.h"

enum {
    /* A price may have so many tiers, and a table so many regions. */
    HW_PRICE_TIERS_MAX = 16,
    HW_PRICE_REGIONS_MAX = 1000,
    HW_PRICE_SOURCE_BYTES_MAX = 200,
};
/* The most that a price may be, and a tier may reach to. */
#define HW_PRICE_MAX 1e6
#define HW_PRICE_GIB_MAX 1e12

/* Bytes cost `price` for each GiB up to `up_to_gib`, which is infinite in the last tier. */
struct hw_price_tier {
    double up_to_gib;
    double price;
};

struct hw_region_prices {
    const char *region;
    double per_1000[HW_REQUEST_CLASSES];
    double in_per_gib;
    double between_regions_per_gib;
    struct hw_price_tier out[HW_PRICE_TIERS_MAX];
    size_t out_count;
};

/* Start it zeroed. */
struct hw_prices {
    struct hw_arena texts;
    const char *currency; /* three capital letters */
    const char *date;     /* "2026-11-30" */
    const char *source;   /* whose prices they are */
    struct hw_region_prices *regions;
    size_t regions_count; /* at least one */
    /* The price of the machine that runs this, and the rate at which it moves bytes each way. */
    bool has_machine;
    double machine_per_hour;
    double machine_bytes_per_second;
};

/*
 * Reads a table. HW_ECONFIG for a text that is no such table, with the place of the fault: line and
 * column, or the keys that lead to it. The table is released on failure too.
 */
HW_NODISCARD enum hw_status hw_prices_read(hw_view text, struct hw_prices *prices, struct hw_error *err);
void hw_prices_release(struct hw_prices *prices);

/*
 * Returns the number of the row of a region. Row 0 stands for regions that have none, and
 * `*out_found` is false then.
 */
size_t hw_prices_row(const struct hw_prices *prices, const char *region, bool *out_found);

/* The things that are charged for. */
struct hw_billed {
    uint64_t requests[HW_REQUEST_CLASSES];
    uint64_t bytes_in;      /* that come to the service */
    uint64_t bytes_out;     /* that leave it for the internet */
    uint64_t bytes_between; /* that it sends to a region of its own */
};
struct hw_money {
    double requests;
    double transfer;
};
/* Returns what the use of services costs; `billed` has an entry for each row of the prices. */
struct hw_money hw_prices_money(const struct hw_prices *prices, const struct hw_billed *billed);

#endif
