# SPDX-License-Identifier: Apache-2.0
"""An S3 server that plays faults: path style, in memory, a thread a connection; signatures are not
verified.

It answers as S3 does (listings in pages, conditions, checksums, multipart uploads), counts requests
by operation, and knows which uploads are open. A Fault says which of an operation's requests are
answered wrongly, and how (s3_faults.py).

    python s3_server.py BUCKET=PATH...

serves files for rows that measure memory: what is put there is counted and forgotten. Its first
line is its URL.
"""

import base64
import collections
import dataclasses
import hashlib
import itertools
import pathlib
import re
import socket
import struct
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

import crc64nvme

REQUEST_ID = "4442587FB7D0A2F9"
SERVICE = "http://s3.amazonaws.com/doc/2006-03-01/"
PAGE_OBJECTS = 1000
PART_BYTES_MIN = 5 << 20
MODIFIED = "2026-01-02T03:04:05.000Z"


@dataclasses.dataclass
class Object:
    body: bytes
    etag: str
    crc: str  # base64; empty where the service keeps none
    path: pathlib.Path = None  # instead of a body

    @property
    def size(self):
        return self.path.stat().st_size if self.path else len(self.body)

    def read(self, start, stop):
        if not self.path:
            return self.body[start:stop]
        with open(self.path, "rb") as file:
            file.seek(start)
            return file.read(stop - start)


@dataclasses.dataclass
class Upload:
    bucket: str
    key: str
    parts: dict = dataclasses.field(default_factory=dict)  # number: Object
    done: object = None  # the reply of the Complete that succeeded; another one gets the same


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes
    operation: str = ""
    bucket: str = ""
    key: str = ""
    number: int = 0  # of this operation, from 1


@dataclasses.dataclass
class Reply:
    """What is sent, and how: faults change any of it."""

    status: int = 200
    headers: list = dataclasses.field(default_factory=list)
    body: bytes = b""
    bodiless: bool = False  # HEAD: the length is told, nothing is sent
    length: object = None  # what Content-Length says instead; "" for no such header
    before: object = ()  # bytes that go first, in pieces
    cut: object = None  # bytes of head and body after which it ends; negative: from the end
    end: str = "keep"  # keep, close, rst, stall
    rate: int = 0  # bytes a second; 0: all at once
    rate_of_body: bool = False  # the head comes at once

    def header(self, name):
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    def drop(self, *names):
        self.headers = [(n, v) for n, v in self.headers if n.lower() not in {name.lower() for name in names}]

    def set(self, name, value):
        self.drop(name)
        self.headers.append((name, value))


@dataclasses.dataclass(frozen=True)
class Fault:
    operation: str
    kind: str
    calls: str = "1-"  # which of them: "1" the first alone, "3-" from the third on, "1-2"
    key: str = ""  # only requests for keys that hold this; they alone are counted

    def hits(self, number):
        first, dash, last = self.calls.partition("-")
        return int(first) <= number <= (int(last) if last else float("inf") if dash else int(first))


class Refusal(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message or f"this is {code}"


def xml(root, inner, attributes=f' xmlns="{SERVICE}"'):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}{attributes}>{inner}</{root}>'.encode()


def error_reply(status, code, message="", request_id=REQUEST_ID):
    inner = f"<Code>{code}</Code><Message>{escape(message or 'this is ' + code)}</Message><RequestId>{request_id}</RequestId>"
    return Reply(status, [("Content-Type", "application/xml"), ("x-amz-request-id", request_id)], xml("Error", inner, ""))


def etag_of(data):
    return f'"{hashlib.md5(data).hexdigest()}"'


class Store:
    """The buckets, and what S3 does with requests that nothing is wrong with."""

    def __init__(self, page_objects=PAGE_OBJECTS, checksums=True):
        self.buckets = collections.defaultdict(dict)
        self.uploads = {}
        self.page_objects = page_objects
        self.checksums = checksums
        self.forgets = False  # bodies that are put are not kept
        self.ids = itertools.count(1)

    def put(self, bucket, key, data):
        crc = crc64nvme.text(data) if self.checksums and not self.forgets else ""
        self.buckets[bucket][key] = Object(b"" if self.forgets else bytes(data), etag_of(data), crc)
        return self.buckets[bucket][key]

    def open_uploads(self):
        return [u for u in self.uploads.values() if u.done is None]

    def perform(self, request):
        try:
            return getattr(self, "_" + request.operation)(request)
        except Refusal as refusal:
            reply = error_reply(refusal.status, refusal.code, refusal.message)
            reply.bodiless = request.method == "HEAD"
            return reply

    def _found(self, request):
        if request.key not in self.buckets[request.bucket]:
            raise Refusal(404, "NoSuchKey")
        return self.buckets[request.bucket][request.key]

    def _facts(self, request, found, whole=True):
        headers = [("ETag", found.etag), ("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT"), ("x-amz-request-id", REQUEST_ID), ("Accept-Ranges", "bytes")]
        if found.crc and whole and request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            headers += [("x-amz-checksum-crc64nvme", found.crc), ("x-amz-checksum-type", "FULL_OBJECT")]
        return headers

    def _HeadObject(self, request):
        found = self._found(request)
        return Reply(200, self._facts(request, found), bodiless=True, length=str(found.size))

    def _GetObject(self, request):
        found = self._found(request)
        wanted = request.headers.get("if-match")
        if wanted and wanted != "*" and wanted.strip('"') != found.etag.strip('"'):
            raise Refusal(412, "PreconditionFailed")
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not asked:
            return Reply(200, self._facts(request, found), found.read(0, found.size))
        start, stop = int(asked[1]), min(int(asked[2] or found.size) + 1, found.size)
        if start >= found.size:
            raise Refusal(416, "InvalidRange")
        facts = self._facts(request, found, whole=start == 0 and stop == found.size)
        return Reply(206, [*facts, ("Content-Range", f"bytes {start}-{stop - 1}/{found.size}")], found.read(start, stop))

    def _conditions(self, request):
        there = self.buckets[request.bucket].get(request.key)
        if request.headers.get("if-none-match") == "*" and there:
            raise Refusal(412, "PreconditionFailed")
        wanted = request.headers.get("if-match")
        if wanted and (not there or wanted.strip('"') != there.etag.strip('"')):
            raise Refusal(412 if there else 404, "PreconditionFailed" if there else "NoSuchKey")

    def _verify(self, request, data):
        """The sums that the client sent, over what has come."""
        sha = request.headers.get("x-amz-content-sha256", "")
        if re.fullmatch("[0-9a-f]{64}", sha) and request.body is data and hashlib.sha256(data).hexdigest() != sha:
            raise Refusal(400, "XAmzContentSHA256Mismatch")
        told = request.headers.get("x-amz-checksum-crc64nvme")
        if told and not self.forgets and told != crc64nvme.text(data):
            raise Refusal(400, "BadDigest")

    def _stored(self, found):
        headers = [("ETag", found.etag), ("x-amz-request-id", REQUEST_ID)]
        return headers + ([("x-amz-checksum-crc64nvme", found.crc)] if found.crc else [])

    def _PutObject(self, request):
        self._verify(request, request.body)
        self._conditions(request)
        return Reply(200, self._stored(self.put(request.bucket, request.key, request.body)))

    def _DeleteObject(self, request):
        self.buckets[request.bucket].pop(request.key, None)
        return Reply(204, [("x-amz-request-id", REQUEST_ID)])

    def _upload(self, request):
        upload = self.uploads.get(request.query.get("uploadId"))
        if not upload or (upload.bucket, upload.key) != (request.bucket, request.key):
            raise Refusal(404, "NoSuchUpload")
        return upload

    def _CreateMultipartUpload(self, request):
        name = f"upload-{next(self.ids)}"
        self.uploads[name] = Upload(request.bucket, request.key)
        inner = f"<Bucket>{escape(request.bucket)}</Bucket><Key>{escape(request.key)}</Key><UploadId>{name}</UploadId>"
        return Reply(200, [("Content-Type", "application/xml"), ("x-amz-request-id", REQUEST_ID)], xml("InitiateMultipartUploadResult", inner))

    def _UploadPart(self, request):
        upload = self._upload(request)
        if upload.done is not None:
            raise Refusal(404, "NoSuchUpload")
        self._verify(request, request.body)
        crc = crc64nvme.text(request.body) if self.checksums and not self.forgets else ""
        found = Object(b"" if self.forgets else request.body, etag_of(request.body), crc)
        upload.parts[int(request.query["partNumber"])] = found
        return Reply(200, self._stored(found))

    def _CompleteMultipartUpload(self, request):
        upload = self._upload(request)
        if upload.done is not None:
            return dataclasses.replace(upload.done, headers=list(upload.done.headers))
        listed = re.findall(r"<PartNumber>(\d+)</PartNumber>\s*<ETag>([^<]*)</ETag>", request.body.decode())
        parts = [upload.parts.get(int(number)) for number, _ in listed]
        if not parts or any(p is None or p.etag.strip('"') != e.replace("&quot;", "").strip('"') for p, (_, e) in zip(parts, listed)):
            raise Refusal(400, "InvalidPart")
        if not self.forgets and any(p.size < PART_BYTES_MIN for p in parts[:-1]):
            raise Refusal(400, "EntityTooSmall")
        whole = b"".join(p.body for p in parts)
        self._verify(request, whole)
        told = request.headers.get("x-amz-mp-object-size")
        if told and not self.forgets and int(told) != len(whole):
            raise Refusal(400, "InvalidRequest")
        self._conditions(request)
        found = self.put(request.bucket, request.key, whole)
        found.etag = f'"{hashlib.md5("".join(p.etag for p in parts).encode()).hexdigest()}-{len(parts)}"'
        inner = f"<Bucket>{escape(request.bucket)}</Bucket><Key>{escape(request.key)}</Key><ETag>{escape(found.etag)}</ETag>"
        inner += f"<ChecksumCRC64NVME>{found.crc}</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>" if found.crc else ""
        upload.done = Reply(200, [("Content-Type", "application/xml"), ("x-amz-request-id", REQUEST_ID)], xml("CompleteMultipartUploadResult", inner))
        return dataclasses.replace(upload.done, headers=list(upload.done.headers))

    def _AbortMultipartUpload(self, request):
        if self._upload(request).done is None:
            del self.uploads[request.query["uploadId"]]
        return Reply(204, [("x-amz-request-id", REQUEST_ID)])

    def _ListMultipartUploads(self, request):
        found = [(i, u) for i, u in self.uploads.items() if u.bucket == request.bucket and u.done is None and u.key.startswith(request.query.get("prefix", ""))]
        inner = "".join(f"<Upload><Key>{escape(u.key)}</Key><UploadId>{i}</UploadId><Initiated>{MODIFIED}</Initiated></Upload>" for i, u in found)
        return Reply(200, [("x-amz-request-id", REQUEST_ID)], xml("ListMultipartUploadsResult", f"<Bucket>{request.bucket}</Bucket><IsTruncated>false</IsTruncated>{inner}"))

    def _ListParts(self, request):
        parts = self._upload(request).parts
        inner = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{escape(p.etag)}</ETag><Size>{p.size}</Size></Part>" for n, p in sorted(parts.items()))
        return Reply(200, [("x-amz-request-id", REQUEST_ID)], xml("ListPartsResult", f"<IsTruncated>false</IsTruncated>{inner}"))

    def _ListObjectsV2(self, request):
        query, prefix = request.query, request.query.get("prefix", "")
        after = base64.b64decode(query["continuation-token"]).decode() if "continuation-token" in query else query.get("start-after", "")
        keys = sorted((k for k in self.buckets[request.bucket] if k.startswith(prefix) and k > after), key=str.encode)
        count = min(int(query.get("max-keys", PAGE_OBJECTS)), self.page_objects)
        page, more = keys[:count], len(keys) > count
        inner = f"<Name>{escape(request.bucket)}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(page)}</KeyCount><MaxKeys>{count}</MaxKeys>"
        inner += f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        if more:
            inner += f"<NextContinuationToken>{base64.b64encode(page[-1].encode()).decode()}</NextContinuationToken>"
        encoded = query.get("encoding-type") == "url"
        inner += "<EncodingType>url</EncodingType>" if encoded else ""
        for key in page:
            found = self.buckets[request.bucket][key]
            name = urllib.parse.quote(key, safe="/*-._") if encoded else escape(key)
            inner += f"<Contents><Key>{name}</Key><LastModified>{MODIFIED}</LastModified><ETag>{escape(found.etag)}</ETag>"
            inner += f"<Size>{found.size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        return Reply(200, [("Content-Type", "application/xml"), ("x-amz-request-id", REQUEST_ID)], xml("ListBucketResult", inner))


def operation_of(method, key, query):
    """The name that S3 has for a request; None where it is none that this server knows."""
    if not key and "session" in query:
        return "CreateSession"
    if not key:
        return {"GET": "ListMultipartUploads" if "uploads" in query else "ListObjectsV2"}.get(method)
    if method == "POST":
        return "CreateMultipartUpload" if "uploads" in query else "CompleteMultipartUpload" if "uploadId" in query else None
    if "uploadId" in query:
        return {"PUT": "UploadPart", "DELETE": "AbortMultipartUpload", "GET": "ListParts"}.get(method)
    return {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}.get(method)


class Server:
    """Listens on the loopback until it is closed. `kinds` maps a fault's kind to what it does
    (s3_faults.KINDS).
    """

    def __init__(self, store, faults=(), kinds=None, hook=None, port=0):
        self.store, self.faults, self.kinds, self.hook = store, faults, kinds or {}, hook
        self.counts = collections.Counter()  # by operation
        self._matched = collections.Counter()  # by fault
        self.log = []
        self.lock = threading.RLock()
        self.trapped = 0  # connections to the place that redirects lead to
        self._open = set()
        self._closing = threading.Event()
        self._listener, self.port = self._listen(self._serve, port)
        self._trap, self.trap_port = self._listen(self._serve_trap)
        self.url = f"http://127.0.0.1:{self.port}"

    def _listen(self, serve, port=0):
        listener = socket.create_server(("127.0.0.1", port), backlog=256)
        port = listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener, serve), daemon=True).start()
        return listener, port

    def _accept(self, listener, serve):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self._open.add(connection)
            threading.Thread(target=self._run, args=(connection, serve), daemon=True).start()

    def _run(self, connection, serve):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(connection)
        except (OSError, ValueError):
            pass  # the client has gone
        finally:
            with self.lock:
                self._open.discard(connection)
            connection.close()

    def close(self):
        self._closing.set()
        for listener in (self._listener, self._trap):
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self.lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def requests(self):
        return sum(self.counts.values())

    def _serve_trap(self, connection):
        with self.lock:
            self.trapped += 1
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"trap\"\r\n\r\nid\n1\n")

    def _serve(self, connection):
        reader = connection.makefile("rb", 1 << 16)
        while (request := self._read(reader, connection)) is not None:
            if "x-amz-checksum-crc64nvme" in request.headers and self.store.checksums and not self.store.forgets:
                crc64nvme.crc64nvme(request.body)  # remembered: nobody else waits for it
            with self.lock:
                self.counts[request.operation] += 1
                request.number = self.counts[request.operation]
                fault = self._fault_of(request)
                if self.hook:
                    self.hook("before", request)
                reply = self._answer(request, fault)
                self.log.append((request.operation, request.key, fault.kind if fault else reply.status))
                if self.hook:
                    self.hook("after", request)
            if not self._send(connection, reply):
                return

    def _fault_of(self, request):
        found = None
        for fault in self.faults:
            if fault.operation == request.operation and fault.key in request.key:
                self._matched[fault] += 1
                found = found or (fault if fault.hits(self._matched[fault]) else None)
        return found

    def _answer(self, request, fault):
        if not fault:
            return self.store.perform(request)
        kind = self.kinds[fault.kind]
        if kind.works:
            reply = self.store.perform(request)
        else:
            reply = Reply(200, [("x-amz-request-id", REQUEST_ID)], bodiless=request.method == "HEAD")
        kind.change(reply, request, self)
        return reply

    def _read(self, reader, connection):
        """The next request; None at the end of the connection."""
        first = reader.readline(1 << 16).split()
        if len(first) != 3:
            return None
        headers = {}
        while (line := reader.readline(1 << 16).strip()):
            name, _, value = line.partition(b":")
            headers[name.decode("latin1").lower()] = value.strip().decode("latin1")
        if headers.get("expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(headers.get("content-length", 0))
        body = reader.read(length)
        if len(body) < length:
            return None
        path, _, query = first[1].decode("latin1").partition("?")
        fields = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
        method = first[0].decode()
        request = Request(method, path, fields, headers, body, operation_of(method, key, fields), bucket, key)
        if request.operation is None:
            raise ValueError(f"{method} {path}")
        return request

    def _send(self, connection, reply):
        """Sends a reply as it says; whether the connection goes on."""
        lines = [f"HTTP/1.1 {reply.status} Said", "Date: Fri, 02 Jan 2026 03:04:05 GMT", *(f"{n}: {v}" for n, v in reply.headers)]
        length = str(len(reply.body)) if reply.length is None else reply.length
        if length and not (reply.status == 204 and reply.length is None):
            lines.append(f"Content-Length: {length}")
        head = "\r\n".join(lines).encode("latin1") + b"\r\n\r\n"
        data = head + (b"" if reply.bodiless else reply.body)
        for piece in reply.before:
            connection.sendall(piece)
        if reply.cut is not None:
            data = data[: reply.cut]
        if not self._send_slowly(connection, data, reply.rate, len(head) if reply.rate_of_body else 0):
            return False
        if reply.end == "stall":
            self._closing.wait()
        elif reply.end == "rst":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reply.end == "close":
            connection.shutdown(socket.SHUT_RDWR)
        return reply.end == "keep"


    def _send_slowly(self, connection, data, rate, at):
        """Sends all, from `at` on at a rate; false where the server is closed before."""
        connection.sendall(data[: at if rate else len(data)])
        step = max(1, rate // 2)
        for start in range(at, len(data) if rate else 0, step):
            connection.sendall(data[start : start + step])
            if self._closing.wait(step / rate):
                return False
        return True


def main():
    store = Store(checksums=False)
    store.forgets = True
    for argument in sys.argv[1:]:
        bucket, _, source = argument.partition("=")
        root = pathlib.Path(source)
        for path in root.rglob("*") if root.is_dir() else [root]:
            if path.is_file():
                name = str(path.relative_to(root if root.is_dir() else root.parent))
                store.buckets[bucket][name] = Object(b"", etag_of(f"{name} {path.stat()}".encode()), "", path)
    print(Server(store).url, flush=True)
    sys.stdin.read()  # until whoever has started it goes


if __name__ == "__main__":
    main()
