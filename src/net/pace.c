/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pace.h"

void hw_pace_start(struct hw_pace *pace, int64_t now_us, int64_t timeout_ms, unsigned windows, uint64_t to_send) {
    *pace = (struct hw_pace){.timeout_us = timeout_ms * 1000, .moved_us = now_us, .to_send = to_send};
    pace->window_us = pace->timeout_us * (windows > 0 ? windows : 1);
}

static void window_open(struct hw_pace *pace, int64_t now_us, uint64_t bytes) {
    pace->measured = true;
    pace->window_begin_us = now_us;
    pace->window_bytes = bytes;
}

enum hw_pace_verdict hw_pace_look(struct hw_pace *pace, int64_t now_us, uint64_t sent, uint64_t received) {
    const uint64_t bytes = sent + received;
    const bool moved = bytes != pace->sent + pace->received;
    const bool turned = received > 0 && pace->received == 0;
    if (moved && (!pace->measured || turned)) {
        window_open(pace, now_us, bytes);
    }
    pace->moved_us = moved ? now_us : pace->moved_us;
    pace->sent = sent;
    pace->received = received;
    if (now_us - pace->moved_us >= pace->timeout_us) {
        return HW_PACE_STALLED;
    }
    if (sent >= pace->to_send && received == 0) {
        pace->measured = false;
    }
    if (!pace->measured || now_us - pace->window_begin_us < pace->window_us) {
        return HW_PACE_GOOD;
    }
    const uint64_t floor = (uint64_t)(now_us - pace->window_begin_us) * HW_PACE_BYTES_PER_S / 1000000;
    if (bytes - pace->window_bytes < floor) {
        return HW_PACE_SLOW;
    }
    window_open(pace, now_us, bytes);
    return HW_PACE_GOOD;
}

void hw_pace_shift(struct hw_pace *pace, int64_t pause_us) {
    pace->moved_us += pause_us;
    pace->window_begin_us += pause_us;
}
