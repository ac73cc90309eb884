/* SPDX-License-Identifier: Apache-2.0 */
#include "report/figure.h"

static const char *const kinds[] = {
    [HW_FIGURE_MEASURED] = "measured",
    [HW_FIGURE_CALCULATED] = "calculated",
    [HW_FIGURE_ESTIMATED] = "estimated",
};

void hw_figure_write(struct hw_json_writer *json, const char *key, const struct hw_figure *figure) {
    hw_json_object_begin(json, key);
    if (figure->unknown) {
        hw_json_null(json, "value");
    } else if (figure->whole) {
        hw_json_count(json, "value", figure->count);
    } else {
        hw_json_real(json, "value", figure->real);
    }
    hw_json_text(json, "unit", figure->unit);
    hw_json_text(json, "kind", kinds[figure->kind]);
    hw_json_joined(json, "basis", figure->basis_lead ? figure->basis_lead : "", figure->basis);
    hw_json_object_end(json);
}
