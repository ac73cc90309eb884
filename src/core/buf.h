/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte buffer that grows. Start it zeroed, or with a limit. Functions that make it grow fail with
 * HW_ELIMIT beyond the limit, and with HW_ENOMEM; they leave it as it was. One thread at a time.
 */
#ifndef HW_CORE_BUF_H
#define HW_CORE_BUF_H

#include "core/error.h"
#include "core/view.h"

#define HW_BUF_LIMIT HW_MIB(1024)

struct hw_buf {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t limit; /* bytes that it may hold; 0: HW_BUF_LIMIT */
};

void hw_buf_release(struct hw_buf *buf);
/* Makes room for `bytes` more. The size stays. */
HW_NODISCARD enum hw_status hw_buf_reserve(struct hw_buf *buf, size_t bytes, struct hw_error *err);
/* Sets the size. New bytes are unspecified. */
HW_NODISCARD enum hw_status hw_buf_resize(struct hw_buf *buf, size_t size, struct hw_error *err);
HW_NODISCARD enum hw_status hw_buf_append(struct hw_buf *buf, const void *data, size_t bytes, struct hw_error *err);
HW_NODISCARD enum hw_status hw_buf_append_byte(struct hw_buf *buf, uint8_t byte, struct hw_error *err);
HW_NODISCARD enum hw_status hw_buf_append_text(struct hw_buf *buf, const char *text, struct hw_error *err);
HW_NODISCARD enum hw_status hw_buf_printf(struct hw_buf *buf, struct hw_error *err, const char *format, ...)
    HW_PRINTF(3, 4);
/* Ends the text with a NUL that does not count in `size`. */
HW_NODISCARD enum hw_status hw_buf_end_text(struct hw_buf *buf, struct hw_error *err);

/*
 * Returns the bytes of the buffer. The view's data is never NULL, because neither memchr nor
 * pointer arithmetic may have a null pointer, even for no bytes.
 */
static inline hw_view hw_buf_view(const struct hw_buf *buf) {
    return (hw_view){buf->data ? (const char *)buf->data : "", buf->size};
}

/* Empties the buffer and keeps its memory. */
static inline void hw_buf_clear(struct hw_buf *buf) {
    buf->size = 0;
}

#endif
