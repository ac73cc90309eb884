/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/parts_sum.h"

#include "codec/checksum_crc64nvme.h"
#include "core/clock.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { SIZE = 1050, PART = 100, PARTS = 11 };

static uint8_t bytes[SIZE];

static int bytes_make(void **state) {
    (void)state;
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return 0;
}

static struct hw_parts_sum sum_of(const struct hw_checksum *wanted) {
    struct hw_parts_sum sum;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_parts_sum_init(&sum, wanted, SIZE, PART, &err), err);
    return sum;
}

struct adder {
    struct hw_parts_sum *sum;
    struct hw_buffers *buffers;
    uint64_t number;
    enum hw_status status;
};

/* Takes a buffer, fills it and adds it, as whoever moves a part does. */
static void *adder_run(void *arg) {
    struct adder *adder = arg;
    const uint64_t offset = adder->number * PART;
    struct hw_buffer buffer = {0};
    adder->status = hw_parts_sum_buffer(adder->sum, adder->number, adder->buffers, &buffer, NULL);
    if (adder->status == HW_OK) {
        memcpy(buffer.data, bytes + offset, buffer.bytes);
        const uint64_t crc = hw_crc64nvme(0, buffer.data, buffer.bytes);
        adder->status = hw_parts_sum_add(adder->sum, adder->number, &buffer, crc, NULL);
        hw_buffer_give_back(adder->buffers, &buffer);
    }
    return NULL;
}

/* All parts at once, the last one first; there is room for two of them. */
static void parts_add(struct hw_parts_sum *sum) {
    struct hw_buffers buffers;
    struct adder adders[PARTS];
    pthread_t threads[PARTS];
    hw_buffers_init(&buffers, PART, 2 * PART);
    for (uint64_t i = 0; i < PARTS; i++) {
        adders[i] = (struct adder){.sum = sum, .buffers = &buffers, .number = PARTS - 1 - i};
        assert_int_equal(pthread_create(&threads[i], NULL, adder_run, &adders[i]), 0);
    }
    for (size_t i = 0; i < PARTS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(adders[i].status, HW_OK);
    }
    hw_buffers_release(&buffers);
}

static void parts_in_any_order_make_the_sum_of_the_whole(void **state) {
    (void)state;
    static const enum hw_checksum_kind kinds[] = {HW_CHECKSUM_NONE,  HW_CHECKSUM_CRC64NVME, HW_CHECKSUM_CRC32C,
                                                  HW_CHECKSUM_CRC32, HW_CHECKSUM_SHA1,      HW_CHECKSUM_SHA256,
                                                  HW_CHECKSUM_MD5};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        for (size_t spoilt = 0; spoilt < 2; spoilt++) {
            const char *row = hw_checksum_name(kinds[i]);
            const struct hw_checksum wanted = hw_checksum_of(kinds[i], bytes, SIZE - spoilt);
            struct hw_error err = HW_ERROR_INIT;
            struct hw_parts_sum sum = sum_of(&wanted);
            assert_row_int(row, sum.parts_count, PARTS);
            assert_row_int(row, hw_parts_sum_bytes(&sum, 0), PART);
            assert_row_int(row, hw_parts_sum_bytes(&sum, PARTS - 1), SIZE % PART);
            parts_add(&sum);
            const bool differs = spoilt && kinds[i] != HW_CHECKSUM_NONE;
            assert_row_int(row, hw_parts_sum_compare(&sum, &err), differs ? HW_ECHECKSUM : HW_OK);
            assert_row_says(row, err.message, differs ? row : "");
            hw_parts_sum_release(&sum);
        }
    }
}

/* A part that has failed is waited for by nobody. */
static void a_part_that_fails_lets_the_others_go(void **state) {
    (void)state;
    const struct hw_checksum wanted = hw_checksum_of(HW_CHECKSUM_SHA256, bytes, SIZE);
    struct hw_parts_sum sum = sum_of(&wanted);
    struct hw_buffers buffers;
    struct hw_buffer first = {0};
    struct adder adders[2];
    pthread_t threads[2];
    struct hw_error err = HW_ERROR_INIT;
    hw_buffers_init(&buffers, PART, 2 * PART);
    assert_ok(hw_parts_sum_buffer(&sum, 0, &buffers, &first, &err), err);
    for (uint64_t i = 0; i < 2; i++) {
        adders[i] = (struct adder){.sum = &sum, .buffers = &buffers, .number = i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, adder_run, &adders[i]), 0);
    }
    hw_clock_sleep_ms(20);
    hw_parts_sum_break(&sum);
    hw_buffer_give_back(&buffers, &first);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(adders[i].status, HW_ECANCELLED);
    }
    hw_buffers_release(&buffers);
    hw_parts_sum_release(&sum);
}

/* The first part may have its buffer before the sum begins. */
static void a_part_brings_its_buffer(void **state) {
    (void)state;
    const struct hw_checksum wanted = hw_checksum_of(HW_CHECKSUM_MD5, bytes, SIZE);
    struct hw_parts_sum sum = sum_of(&wanted);
    struct hw_error err = HW_ERROR_INIT;
    hw_parts_sum_has_buffer(&sum, 0);
    for (uint64_t i = 0; i < PARTS; i++) {
        const struct hw_buffer buffer = {bytes + i * PART, hw_parts_sum_bytes(&sum, i)};
        if (i > 0) {
            hw_parts_sum_has_buffer(&sum, i);
        }
        assert_ok(hw_parts_sum_add(&sum, i, &buffer, 0, &err), err);
    }
    assert_ok(hw_parts_sum_compare(&sum, &err), err);
    hw_parts_sum_release(&sum);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    const struct hw_checksum wanted = {.kind = HW_CHECKSUM_CRC32};
    struct hw_parts_sum sum;
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_parts_sum_init(&sum, &wanted, SIZE, PART, NULL), HW_ENOMEM);
    hw_parts_sum_release(&sum);
    assert_true(alloc_fault_end(&fault));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_in_any_order_make_the_sum_of_the_whole),
        cmocka_unit_test(a_part_that_fails_lets_the_others_go),
        cmocka_unit_test(a_part_brings_its_buffer),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("transfer/parts_sum", tests, bytes_make, NULL);
}
