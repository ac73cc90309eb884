/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests ask of the server and tell it, on a port of its own. Every path begins with the token
 * that is printed at the start; other requests get 403.
 *
 *     GET    /T/state                 JSON: requests by operation, bytes, connections, open uploads,
 *                                     what was trapped, how often each fault was played
 *     GET    /T/log                   JSON lines: every request, without its secrets
 *     POST   /T/reset                 forgets counts, the log, and the faults
 *     POST   /T/faults                the body is a script (script.h), which takes the last one's place
 *     POST   /T/clock?ms=N            moves the clock to N milliseconds from the true time; "-N" too
 *     POST   /T/delay?ms=N            waits so long before every reply of S3
 *     POST   /T/account?id=&secret=&token=&expired=1
 *     PUT    /T/bucket/NAME?owner=&readers=&writers=&region=&versions=1&requester-pays=1&
 *                           no-checksums=1&copied-sums=none|whole|refused&keys=N&bytes=N
 *     PUT    /T/object/BUCKET/KEY     stores the body; ?made=SIZE makes bytes up instead; ?etag=E,
 *                                     ?checksum=crc32c|none, ?modified=SECONDS; headers x-amz-meta-... are kept
 *     GET    /T/object/BUCKET/KEY     its bytes
 *     DELETE /T/object/BUCKET/KEY
 *     GET    /T/list/BUCKET           JSON: every key with its size, ETag, SHA-256 and headers; ?sizes=1 leaves
 *                                     the SHA-256 out, which takes time where objects are huge
 */
#ifndef FAULT_SERVER_CONTROL_H
#define FAULT_SERVER_CONTROL_H

#include "support/fault_server/server.h"

/* Sets the token. To be called before the port is opened. */
void control_prepare(const char *token);
/* Makes a bucket by a text as "NAME?owner=...&keys=1000000&bytes=4096". False where it has no name. */
bool control_bucket(struct server *server, const char *text);

#endif
