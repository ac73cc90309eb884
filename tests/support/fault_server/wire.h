/* SPDX-License-Identifier: Apache-2.0 */
/* A connection: buffered reading, whole writes, TLS or not, slow rates, and abrupt ends. */
#ifndef FAULT_SERVER_WIRE_H
#define FAULT_SERVER_WIRE_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIRE_BUFFER_BYTES = 16 * 1024 };

struct wire {
    int fd;
    SSL *tls;     /* NULL: plain */
    size_t start; /* of what was read and not taken */
    size_t end;
    uint64_t rate; /* bytes a second that are sent; 0: as fast as it goes */
    bool abrupt;   /* TLS ends without its own word of the end */
    atomic_ullong *bytes_in;
    atomic_ullong *bytes_out;
    char buffer[WIRE_BUFFER_BYTES];
};

/* Reads what is there, at least a byte. Returns 0 at the end and -1 on an error. */
ssize_t wire_read(struct wire *wire, void *out, size_t capacity);
/* Reads a line without its end into `out` with a NUL. False at the end, or where it is longer. */
bool wire_read_line(struct wire *wire, char *out, size_t capacity);
/* Sends all of it. `more`: something follows at once. False where the peer is gone. */
bool wire_send(struct wire *wire, const void *data, size_t bytes, bool more);
/* Sends a part of a file. */
bool wire_send_file(struct wire *wire, int fd, uint64_t offset, uint64_t bytes);
/* Neither reads nor writes until the peer closes, for at most `ms` milliseconds. */
void wire_stall(struct wire *wire, int64_t ms);
/* Lets the closing of the connection be a reset. */
void wire_make_reset(struct wire *wire);
/* Ends TLS in order, unless it is to be abrupt, and closes the connection. */
void wire_close(struct wire *wire);

#endif
