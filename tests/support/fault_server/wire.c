/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOW_PIECES_A_SECOND = 20, COPY_BYTES = 256 * 1024 };

static void sleep_ns(int64_t ns) {
    struct timespec wait = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (nanosleep(&wait, &wait) != 0 && errno == EINTR) {
    }
}

static ssize_t receive(struct wire *wire, void *out, size_t capacity) {
    ssize_t got = 0;
    if (wire->tls) {
        got = SSL_read(wire->tls, out, capacity > COPY_BYTES ? COPY_BYTES : (int)capacity);
    } else {
        do {
            got = recv(wire->fd, out, capacity, 0);
        } while (got < 0 && errno == EINTR);
    }
    if (got > 0) {
        atomic_fetch_add_explicit(wire->bytes_in, (unsigned long long)got, memory_order_relaxed);
    }
    return got < 0 ? -1 : got;
}

static bool buffer_fill(struct wire *wire) {
    ssize_t got = receive(wire, wire->buffer, sizeof(wire->buffer));
    wire->start = 0;
    wire->end = got > 0 ? (size_t)got : 0;
    return got > 0;
}

ssize_t wire_read(struct wire *wire, void *out, size_t capacity) {
    if (wire->end == wire->start && capacity >= WIRE_BUFFER_BYTES / 4) {
        return receive(wire, out, capacity);
    }
    if (wire->end == wire->start && !buffer_fill(wire)) {
        return 0;
    }
    size_t there = wire->end - wire->start;
    there = there < capacity ? there : capacity;
    memcpy(out, wire->buffer + wire->start, there);
    wire->start += there;
    return (ssize_t)there;
}

bool wire_read_line(struct wire *wire, char *out, size_t capacity) {
    size_t size = 0;
    while (size < capacity) {
        if (wire->start == wire->end && !buffer_fill(wire)) {
            return false;
        }
        char byte = wire->buffer[wire->start++];
        if (byte == '\n') {
            out[size - (size > 0 && out[size - 1] == '\r')] = '\0';
            return true;
        }
        out[size++] = byte;
    }
    return false;
}

static bool send_at_once(struct wire *wire, const char *data, size_t bytes, bool more) {
    while (bytes > 0) {
        ssize_t sent = 0;
        if (wire->tls) {
            sent = SSL_write(wire->tls, data, bytes > COPY_BYTES ? COPY_BYTES : (int)bytes);
        } else {
            sent = send(wire->fd, data, bytes, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
        }
        if (sent <= 0 && !(sent < 0 && !wire->tls && errno == EINTR)) {
            return false;
        }
        sent = sent > 0 ? sent : 0;
        atomic_fetch_add_explicit(wire->bytes_out, (unsigned long long)sent, memory_order_relaxed);
        data += sent;
        bytes -= (size_t)sent;
    }
    return true;
}

/* Sends in pieces, with a pause after each. Rates below a piece a pause send single bytes. */
static bool send_slowly(struct wire *wire, const char *data, size_t bytes) {
    size_t piece = wire->rate / SLOW_PIECES_A_SECOND ? wire->rate / SLOW_PIECES_A_SECOND : 1;
    while (bytes > 0) {
        piece = piece < bytes ? piece : bytes;
        if (!send_at_once(wire, data, piece, false)) {
            return false;
        }
        sleep_ns((int64_t)(piece * 1000000000 / wire->rate));
        data += piece;
        bytes -= piece;
    }
    return true;
}

bool wire_send(struct wire *wire, const void *data, size_t bytes, bool more) {
    return wire->rate ? send_slowly(wire, data, bytes) : send_at_once(wire, data, bytes, more);
}

static bool copy_file(struct wire *wire, int fd, uint64_t offset, uint64_t bytes) {
    char piece[COPY_BYTES / 4];
    while (bytes > 0) {
        ssize_t got = pread(fd, piece, bytes < sizeof(piece) ? bytes : sizeof(piece), (off_t)offset);
        if (got <= 0 || !wire_send(wire, piece, (size_t)got, bytes > (uint64_t)got)) {
            return false;
        }
        offset += (uint64_t)got;
        bytes -= (uint64_t)got;
    }
    return true;
}

bool wire_send_file(struct wire *wire, int fd, uint64_t offset, uint64_t bytes) {
    if (wire->tls || wire->rate) {
        return copy_file(wire, fd, offset, bytes);
    }
    off_t at = (off_t)offset;
    while (bytes > 0) {
        ssize_t sent = sendfile(wire->fd, fd, &at, bytes < (1 << 30) ? bytes : (1 << 30));
        if (sent <= 0 && !(sent < 0 && errno == EINTR)) {
            return false;
        }
        sent = sent > 0 ? sent : 0;
        atomic_fetch_add_explicit(wire->bytes_out, (unsigned long long)sent, memory_order_relaxed);
        bytes -= (uint64_t)sent;
    }
    return true;
}

void wire_stall(struct wire *wire, int64_t ms) {
    struct pollfd wait = {.fd = wire->fd, .events = POLLRDHUP};
    poll(&wait, 1, ms < INT_MAX ? (int)ms : INT_MAX);
}

void wire_make_reset(struct wire *wire) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

void wire_close(struct wire *wire) {
    if (wire->tls) {
        if (!wire->abrupt) {
            SSL_shutdown(wire->tls);
        }
        SSL_free(wire->tls);
    }
    close(wire->fd);
}
