/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar's tables, and UUIDs as text. */
#include "csv/datetime.h"

#include "table/uuid.h"

enum { NIBBLE_NONE = 0xff };

const struct hw_month hw_months[2][128] = {
    {
        {0},
        {0, 31},
        {31, 28},
        {59, 31},
        {90, 30},
        {120, 31},
        {151, 30},
        {181, 31},
        {212, 31},
        {243, 30},
        {273, 31},
        {304, 30},
        {334, 31},
    },
    {
        {0},
        {0, 31},
        {31, 29},
        {60, 31},
        {91, 30},
        {121, 31},
        {152, 30},
        {182, 31},
        {213, 31},
        {244, 30},
        {274, 31},
        {305, 30},
        {335, 31},
    },
};

static uint8_t nibble_of(char hex);

bool hw_parse_uuid(const char *text, size_t size, uint8_t out[16]) {
    /* The places of each byte's two digits in 8-4-4-4-12. */
    static const uint8_t places[HW_UUID_BYTES] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
    uint8_t bytes[HW_UUID_BYTES];

    if (size != HW_UUID_TEXT_BYTES || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
        return false;
    }
    uint8_t seen = 0;
    for (size_t i = 0; i < HW_UUID_BYTES; i++) {
        uint8_t high = nibble_of(text[places[i]]);
        uint8_t low = nibble_of(text[places[i] + 1]);
        seen |= high | low; /* NIBBLE_NONE has bits that no digit has */
        bytes[i] = (uint8_t)(high << 4 | (low & 0x0f));
    }
    if (seen > 0x0f) {
        return false;
    }
    memcpy(out, bytes, sizeof(bytes));
    return true;
}

static uint8_t nibble_of(char hex) {
    if (hex >= '0' && hex <= '9') {
        return (uint8_t)(hex - '0');
    }
    char lower = (char)(hex | 0x20);
    return lower >= 'a' && lower <= 'f' ? (uint8_t)(lower - 'a' + 10) : NIBBLE_NONE;
}
