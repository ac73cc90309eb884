/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952) by ISA-L: any number of members, then nothing, or what hw_packed_more leaves out.
 * ISA-L checks each member's CRC and size, and its header's CRC where there is one.
 */
#include "codec/unpack_gzip.h"

#include "codec/inflate.h"
#include "core/alloc.h"

enum { GZIP_RESERVED_FLAGS = 0xe0 };

enum gunzip_phase { GUNZIP_HEADER, GUNZIP_BODY, GUNZIP_BETWEEN, GUNZIP_END };

struct gunzip {
    enum gunzip_phase phase;
    uint64_t member_at; /* packed offset of the member */
    struct isal_gzip_header header;
    struct inflate_state inflate;
};

static enum hw_status header_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static enum hw_status body_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);
static enum hw_status between_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);

typedef enum hw_status step_fn(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err);

static step_fn *const steps[] = {
    [GUNZIP_HEADER] = header_step,
    [GUNZIP_BODY] = body_step,
    [GUNZIP_BETWEEN] = between_step,
};

static enum hw_status gunzip_open(uint64_t window_bytes_max, void **out_state, struct hw_error *err) {
    (void)window_bytes_max; /* deflate's window has 32 KiB */
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
    uint32_t room = hw_inflate_room(&gunzip->inflate, out, capacity);

    while (gunzip->inflate.avail_out > 0 && gunzip->phase != GUNZIP_END) {
        HW_TRY(hw_packed_fill(packed, err));
        HW_TRY(steps[gunzip->phase](gunzip, packed, err));
    }
    *out_bytes = room - gunzip->inflate.avail_out;
    return HW_OK;
}

static enum hw_status header_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    if (hw_packed_left(packed) == 0) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "gzip: " HW_PACKED_CUT " a member's header");
    }
    /* Resumes where the last block ended. */
    hw_inflate_give(&gunzip->inflate, packed);
    int result = isal_read_gzip_header(&gunzip->inflate, &gunzip->header);
    hw_inflate_take_back(&gunzip->inflate, packed);
    if (result == ISAL_END_INPUT) {
        return HW_OK;
    }
    if (result != ISAL_DECOMP_OK) {
        return hw_fail_at(err, HW_EDATA, gunzip->member_at, "gzip: invalid header: %s", hw_inflate_fault(result));
    }
    if (gunzip->header.flags & GZIP_RESERVED_FLAGS) { /* RFC 1952 2.3.1.2: must be refused */
        return hw_fail_at(err, HW_EDATA, gunzip->member_at, "gzip: invalid header: reserved flags are set");
    }
    gunzip->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER;
    gunzip->phase = GUNZIP_BODY;
    return HW_OK;
}

static enum hw_status body_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    bool end;
    HW_TRY(hw_inflate_run(&gunzip->inflate, packed, "gzip", &end, err));
    gunzip->phase = end ? GUNZIP_BETWEEN : GUNZIP_BODY;
    return HW_OK;
}

static enum hw_status between_step(struct gunzip *gunzip, struct hw_packed *packed, struct hw_error *err) {
    bool more;
    HW_TRY(hw_packed_more(packed, HW_PACKING_GZIP, &more, err));
    if (!more) {
        gunzip->phase = GUNZIP_END;
        return HW_OK;
    }
    isal_inflate_reset(&gunzip->inflate);
    isal_gzip_header_init(&gunzip->header);
    gunzip->member_at = hw_packed_offset(packed);
    gunzip->phase = GUNZIP_HEADER;
    return HW_OK;
}

static void gunzip_close(void *state) {
    hw_free(state);
}

const struct hw_unpacker_ops hw_gunzip_ops = {NULL, gunzip_open, gunzip_run, gunzip_close};
