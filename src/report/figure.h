/* SPDX-License-Identifier: Apache-2.0 */
/* One figure of a report, which says how it was come by. */
#ifndef HW_REPORT_FIGURE_H
#define HW_REPORT_FIGURE_H

#include "core/json_write.h"

enum hw_figure_kind {
    HW_FIGURE_MEASURED,   /* counted in this run */
    HW_FIGURE_CALCULATED, /* made of measured numbers by arithmetic alone */
    HW_FIGURE_ESTIMATED   /* rests on an assumption, which `basis` names */
};

struct hw_figure {
    enum hw_figure_kind kind;
    bool unknown; /* there is no value, and `basis` says why */
    bool whole;   /* the value is `count`, not `real` */
    uint64_t count;
    double real;
    const char *unit;
    const char *basis;
    const char *basis_lead; /* what the basis begins with; NULL: nothing more */
};

/* Writes {"value", "unit", "kind", "basis"}. */
void hw_figure_write(struct hw_json_writer *json, const char *key, const struct hw_figure *figure);

#endif
