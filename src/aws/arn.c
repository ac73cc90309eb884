/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/arn.h"

static const hw_view start = HW_VIEW_INIT("arn:");

bool hw_arn_like(hw_view text) {
    return hw_view_starts(text, start);
}

/* Takes the text up to a separator off `rest`, and the separator. False if there is none. */
static bool part_take(hw_view *rest, const char *separators, hw_view *out_part) {
    size_t bytes = 0;
    while (bytes < rest->size && !(rest->data[bytes] != '\0' && strchr(separators, rest->data[bytes]))) {
        bytes++;
    }
    *out_part = (hw_view){rest->data, bytes};
    const bool separated = bytes < rest->size;
    rest->data += bytes + separated;
    rest->size -= bytes + separated;
    return separated;
}

bool hw_arn_parse(hw_view text, struct hw_arn *out_arn) {
    struct hw_arn arn = {0};
    hw_view rest = {text.data + start.size, text.size - start.size};
    if (!hw_arn_like(text) || !part_take(&rest, ":", &arn.partition) || !part_take(&rest, ":", &arn.service) ||
        !part_take(&rest, ":", &arn.region) || !part_take(&rest, ":", &arn.account)) {
        return false;
    }
    if (arn.partition.size == 0 || arn.service.size == 0 || rest.size == 0) {
        return false;
    }
    bool more = true;
    while (more && arn.names_count < HW_ARN_NAMES_MAX - 1) {
        more = part_take(&rest, ":/", &arn.names[arn.names_count++]);
    }
    if (more) {
        arn.names[arn.names_count++] = rest;
    }
    *out_arn = arn;
    return true;
}

size_t hw_arn_span(hw_view text) {
    struct hw_arn arn;
    if (!hw_arn_parse(text, &arn)) {
        return 0;
    }
    const size_t names = hw_view_equal(arn.names[0], HW_VIEW("outpost")) ? 4 : 2;
    hw_view last = {0};
    for (size_t i = 0; i < names; i++) {
        last = arn.names[i];
        if (last.size == 0) {
            return 0;
        }
    }
    return (size_t)(last.data + last.size - text.data);
}
