/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/parts_sum.h"

#include "core/alloc.h"

static bool is_digest(const struct hw_parts_sum *sum) {
    return sum->wanted.kind != HW_CHECKSUM_NONE && !hw_checksum_is_crc(sum->wanted.kind);
}

enum hw_status hw_parts_sum_init(struct hw_parts_sum *sum, const struct hw_checksum *wanted, uint64_t size,
                                 uint64_t part_bytes, struct hw_error *err) {
    *sum = (struct hw_parts_sum){.wanted = *wanted, .size = size, .part_bytes = part_bytes};
    sum->parts_count = size / part_bytes + (size % part_bytes != 0);
    hw_in_turn_init(&sum->takes);
    hw_in_turn_init(&sum->adds);
    hw_checksum_run_init(&sum->run, wanted->kind);
    if (!is_digest(sum)) {
        sum->crcs = hw_alloc_zero(sum->parts_count, sizeof(*sum->crcs));
        return sum->crcs ? HW_OK : hw_fail_nomem(err, sum->parts_count * sizeof(*sum->crcs));
    }
    return HW_OK;
}

void hw_parts_sum_release(struct hw_parts_sum *sum) {
    hw_in_turn_release(&sum->takes);
    hw_in_turn_release(&sum->adds);
    hw_free(sum->crcs);
}

size_t hw_parts_sum_bytes(const struct hw_parts_sum *sum, uint64_t number) {
    const uint64_t left = sum->size - number * sum->part_bytes;
    return (size_t)(left < sum->part_bytes ? left : sum->part_bytes);
}

static enum hw_status broken_fail(struct hw_error *err) {
    return hw_fail(err, HW_ECANCELLED, "another part has failed");
}

enum hw_status hw_parts_sum_buffer(struct hw_parts_sum *sum, uint64_t number, struct hw_buffers *buffers,
                                   struct hw_buffer *out_buffer, struct hw_error *err) {
    if (!is_digest(sum)) {
        return hw_buffer_take(buffers, hw_parts_sum_bytes(sum, number), out_buffer, err);
    }
    if (!hw_in_turn_wait(&sum->takes, number)) {
        return broken_fail(err);
    }
    enum hw_status status = hw_buffer_take(buffers, hw_parts_sum_bytes(sum, number), out_buffer, err);
    hw_in_turn_done(&sum->takes);
    return status;
}

void hw_parts_sum_has_buffer(struct hw_parts_sum *sum, uint64_t number) {
    if (is_digest(sum) && hw_in_turn_wait(&sum->takes, number)) {
        hw_in_turn_done(&sum->takes);
    }
}

enum hw_status hw_parts_sum_add(struct hw_parts_sum *sum, uint64_t number, const struct hw_buffer *bytes,
                                uint64_t crc64nvme, struct hw_error *err) {
    const enum hw_checksum_kind kind = sum->wanted.kind;
    if (!is_digest(sum)) {
        const bool known = kind == HW_CHECKSUM_CRC64NVME;
        sum->crcs[number] = known ? crc64nvme : hw_checksum_add(kind, 0, bytes->data, bytes->bytes);
        return HW_OK;
    }
    if (!hw_in_turn_wait(&sum->adds, number)) {
        return broken_fail(err);
    }
    hw_checksum_run_add(&sum->run, bytes->data, bytes->bytes);
    hw_in_turn_done(&sum->adds);
    return HW_OK;
}

void hw_parts_sum_break(struct hw_parts_sum *sum) {
    hw_in_turn_break(&sum->takes);
    hw_in_turn_break(&sum->adds);
}

enum hw_status hw_parts_sum_compare(struct hw_parts_sum *sum, struct hw_error *err) {
    const enum hw_checksum_kind kind = sum->wanted.kind;
    struct hw_checksum got = {.kind = kind};
    if (is_digest(sum)) {
        hw_checksum_run_final(&sum->run, &got);
        return hw_checksums_compare(&got, &sum->wanted, err);
    }
    got.value = sum->crcs[0];
    for (uint64_t i = 1; i < sum->parts_count; i++) {
        got.value = hw_checksum_combine(kind, got.value, sum->crcs[i], hw_parts_sum_bytes(sum, i));
    }
    return hw_checksums_compare(&got, &sum->wanted, err);
}

enum hw_status hw_checksums_compare(const struct hw_checksum *got, const struct hw_checksum *wanted,
                                    struct hw_error *err) {
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (wanted->kind == HW_CHECKSUM_NONE || hw_checksum_equal(got, wanted)) {
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "the bytes that came have the %s %s, the store says %s",
                   hw_checksum_name(got->kind), hw_checksum_text(got, texts[0]), hw_checksum_text(wanted, texts[1]));
}
