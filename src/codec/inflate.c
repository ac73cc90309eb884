/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/inflate.h"

static enum hw_status inflate_step(struct inflate_state *inflate, struct hw_packed *packed, const char *format,
                                   struct hw_error *err);

enum hw_status hw_inflate_run(struct inflate_state *inflate, struct hw_packed *packed, const char *format,
                              bool *out_end, struct hw_error *err) {
    while (inflate->avail_out > 0 && inflate->block_state != ISAL_BLOCK_FINISH) {
        HW_TRY(hw_packed_fill(packed, err));
        HW_TRY(inflate_step(inflate, packed, format, err));
    }
    *out_end = inflate->block_state == ISAL_BLOCK_FINISH;
    return HW_OK;
}

static enum hw_status inflate_step(struct inflate_state *inflate, struct hw_packed *packed, const char *format,
                                   struct hw_error *err) {
    bool no_input = hw_packed_left(packed) == 0;
    uint32_t room = inflate->avail_out;

    hw_inflate_give(inflate, packed);
    int result = isal_inflate(inflate);
    hw_inflate_take_back(inflate, packed);
    if (result != ISAL_DECOMP_OK) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "%s: corrupt: %s", format, hw_inflate_fault(result));
    }
    /* Without input, ISA-L may still hold output; when that has come too, the rest is missing. */
    if (no_input && inflate->avail_out == room && inflate->block_state != ISAL_BLOCK_FINISH) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "%s: " HW_PACKED_CUT " a member's data", format);
    }
    return HW_OK;
}

void hw_inflate_give(struct inflate_state *inflate, const struct hw_packed *packed) {
    inflate->next_in = packed->block + packed->at;
    inflate->avail_in = (uint32_t)hw_packed_left(packed);
}

void hw_inflate_take_back(const struct inflate_state *inflate, struct hw_packed *packed) {
    /* After a fault the count can have wrapped: then it is not known how far ISA-L came. */
    if (inflate->avail_in <= hw_packed_left(packed)) {
        packed->at = packed->filled - inflate->avail_in;
    }
}

const char *hw_inflate_fault(int result) {
    static const struct {
        int result;
        const char *text;
    } faults[] = {
        {ISAL_INVALID_BLOCK, "a block of no known type"},
        {ISAL_INVALID_SYMBOL, "a code that stands for nothing"},
        {ISAL_INVALID_LOOKBACK, "a reference to before the start"},
        {ISAL_INVALID_WRAPPER, "these bytes begin no gzip member"},
        {ISAL_UNSUPPORTED_METHOD, "the method is not deflate"},
        {ISAL_INCORRECT_CHECKSUM, "the stored CRC or size differs"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        if (faults[i].result == result) {
            return faults[i].text;
        }
    }
    return "unknown fault";
}
