/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952) by ISA-L: any number of members, then nothing or zero bytes, with which tapes and block devices
 * pad. ISA-L checks each member's CRC and size, and its header's CRC where there is one.
 */
#include <isa-l/igzip_lib.h>

#include "codec/unpack_stream.h"
#include "core/alloc.h"

enum { GZIP_RESERVED_FLAGS = 0xe0 };

enum gunzip_phase { GUNZIP_HEADER, GUNZIP_BODY, GUNZIP_BETWEEN, GUNZIP_PADDING, GUNZIP_END };

struct gunzip {
    enum gunzip_phase phase;
    uint64_t member_at; /* packed offset of the member */
    struct isal_gzip_header header;
    struct inflate_state inflate;
};

static enum hw_status header_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static enum hw_status body_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static enum hw_status between_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static enum hw_status padding_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static void input_give(struct gunzip *gunzip, struct hw_packed *packed);
static void input_take_back(struct gunzip *gunzip, struct hw_packed *packed);
static const char *fault_text(int result);

typedef enum hw_status step_fn(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);

static step_fn *const steps[] = {
    [GUNZIP_HEADER] = header_step,
    [GUNZIP_BODY] = body_step,
    [GUNZIP_BETWEEN] = between_step,
    [GUNZIP_PADDING] = padding_step,
};

static enum hw_status gunzip_open(void **out_state, struct hw_error *err) {
    struct gunzip *gunzip = hw_alloc_zero(1, sizeof(*gunzip));
    if (!gunzip) {
        return hw_fail_nomem(err, sizeof(*gunzip));
    }
    isal_inflate_init(&gunzip->inflate);
    isal_gzip_header_init(&gunzip->header);
    *out_state = gunzip;
    return HW_OK;
}

static enum hw_status gunzip_run(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    struct gunzip *gunzip = state;
    uint32_t room = (uint32_t)hw_min_size(capacity, HW_MIB(1024)); /* ISA-L counts in 32 bits */

    gunzip->inflate.next_out = out;
    gunzip->inflate.avail_out = room;
    while (gunzip->inflate.avail_out > 0 && gunzip->phase != GUNZIP_END) {
        HW_TRY(hw_packed_fill(packed, err));
        HW_TRY(steps[gunzip->phase](gunzip, packed, err));
    }
    *out_bytes = room - gunzip->inflate.avail_out;
    return HW_OK;
}

static enum hw_status header_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    if (hw_packed_left(packed) == 0) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "gzip: cut inside a member's header");
    }
    /* Resumes where the last block ended. */
    input_give(gunzip, packed);
    int result = isal_read_gzip_header(&gunzip->inflate, &gunzip->header);
    input_take_back(gunzip, packed);
    if (result == ISAL_END_INPUT) {
        return HW_OK;
    }
    if (result != ISAL_DECOMP_OK) {
        return hw_fail_at(err, HW_EDATA, gunzip->member_at, "gzip: invalid header: %s", fault_text(result));
    }
    if (gunzip->header.flags & GZIP_RESERVED_FLAGS) { /* RFC 1952 2.3.1.2: must be refused */
        return hw_fail_at(err, HW_EDATA, gunzip->member_at, "gzip: invalid header: reserved flags are set");
    }
    gunzip->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER;
    gunzip->phase = GUNZIP_BODY;
    return HW_OK;
}

static enum hw_status body_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    bool at_end = hw_packed_left(packed) == 0;
    uint32_t room = gunzip->inflate.avail_out;

    input_give(gunzip, packed);
    int result = isal_inflate(&gunzip->inflate);
    input_take_back(gunzip, packed);
    if (result != ISAL_DECOMP_OK) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "gzip: corrupt: %s", fault_text(result));
    }
    if (gunzip->inflate.block_state == ISAL_BLOCK_FINISH) {
        gunzip->phase = GUNZIP_BETWEEN;
        return HW_OK;
    }
    /* Without input, ISA-L may still hold output; when that has come too, the rest is missing. */
    if (at_end && gunzip->inflate.avail_out == room) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "gzip: cut inside a member's data");
    }
    return HW_OK;
}

static enum hw_status between_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    (void)err;
    if (hw_packed_left(packed) == 0) {
        gunzip->phase = GUNZIP_END;
        return HW_OK;
    }
    if (*hw_packed_next(packed) == 0) {
        gunzip->phase = GUNZIP_PADDING;
        return HW_OK;
    }
    isal_inflate_reset(&gunzip->inflate);
    isal_gzip_header_init(&gunzip->header);
    gunzip->member_at = hw_packed_offset(packed);
    gunzip->phase = GUNZIP_HEADER;
    return HW_OK;
}

static enum hw_status padding_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    if (hw_packed_left(packed) == 0) {
        gunzip->phase = GUNZIP_END;
        return HW_OK;
    }
    for (; hw_packed_left(packed) > 0; packed->at++) {
        if (*hw_packed_next(packed) != 0) {
            return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed),
                              "gzip: garbage after the padding of the last member");
        }
    }
    return HW_OK;
}

static void input_give(struct gunzip *gunzip, struct hw_packed *packed) {
    gunzip->inflate.next_in = packed->block + packed->at;
    gunzip->inflate.avail_in = (uint32_t)hw_packed_left(packed);
}

static void input_take_back(struct gunzip *gunzip, struct hw_packed *packed) {
    packed->at = packed->filled - gunzip->inflate.avail_in;
}

static const char *fault_text(int result) {
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

static void gunzip_close(void *state) {
    hw_free(state);
}

const struct hw_unpacker_ops hw_gunzip_ops = {gunzip_open, gunzip_run, gunzip_close};
