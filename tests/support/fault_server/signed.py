# SPDX-License-Identifier: Apache-2.0
"""Requests of S3 that are signed by hand, so that a test can get anything in them wrong."""

import dataclasses
import datetime
import hashlib
import hmac
import http.client
import re
import ssl
import urllib.parse

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def code(self):
        """The code of an error document; "" where it is none."""
        found = re.search(rb"<Code>(.*?)</Code>", self.body)
        return found[1].decode() if found else ""

    def element(self, name):
        found = re.search(rf"<{name}>(.*?)</{name}>".encode(), self.body, re.S)
        return found[1].decode() if found else None


@dataclasses.dataclass
class Signer:
    """An account at a server; what is not said is right."""

    url: str
    key_id: str
    secret: str
    region: str = "us-east-1"
    shift_seconds: int = 0

    def stamp(self):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.shift_seconds)
        return now.strftime("%Y%m%dT%H%M%SZ")

    def key(self, day):
        key = ("AWS4" + self.secret).encode()
        for piece in (day, self.region, "s3", "aws4_request"):
            key = hmac.new(key, piece.encode(), hashlib.sha256).digest()
        return key

    def scope(self, stamp):
        return f"{stamp[:8]}/{self.region}/s3/aws4_request"

    def signature(self, stamp, canonical):
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{self.scope(stamp)}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        return hmac.new(self.key(stamp[:8]), text.encode(), hashlib.sha256).hexdigest()

    def headers(self, method, path, query, headers, payload, unsigned=()):
        """Adds the headers of a signature. `unsigned` are left out of it; `payload` is x-amz-content-sha256."""
        stamp = self.stamp()
        headers = {"host": urllib.parse.urlsplit(self.url).netloc, "x-amz-date": stamp, **{k.lower(): v for k, v in headers.items()}}
        if payload is not None:
            headers["x-amz-content-sha256"] = payload
        names = sorted(n for n in headers if n not in unsigned)
        canonical = "\n".join(
            [method, urllib.parse.quote(path, safe="/-_.~"), canonical_query(query), "".join(f"{n}:{headers[n]}\n" for n in names), ";".join(names), payload or EMPTY]
        )
        credential = f"Credential={self.key_id}/{self.scope(stamp)}, SignedHeaders={';'.join(names)}"
        headers["authorization"] = f"AWS4-HMAC-SHA256 {credential}, Signature={self.signature(stamp, canonical)}"
        return headers

    def presigned(self, method, path, seconds=60, query=()):
        stamp = self.stamp()
        query = [*query, ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", f"{self.key_id}/{self.scope(stamp)}"),
                 ("X-Amz-Date", stamp), ("X-Amz-Expires", str(seconds)), ("X-Amz-SignedHeaders", "host")]
        host = urllib.parse.urlsplit(self.url).netloc
        canonical = "\n".join([method, urllib.parse.quote(path, safe="/-_.~"), canonical_query(query), f"host:{host}\n", "host", "UNSIGNED-PAYLOAD"])
        return f"{urllib.parse.quote(path, safe='/-_.~')}?{canonical_query(query)}&X-Amz-Signature={self.signature(stamp, canonical)}"

    def send(self, method, path, query=(), headers=None, body=b"", payload="", unsigned=()):
        """A signed request and its answer. `payload` "" is the digest of the body."""
        payload = hashlib.sha256(body).hexdigest() if payload == "" else payload
        signed = self.headers(method, path, query, headers or {}, payload, unsigned)
        target = urllib.parse.quote(path, safe="/-_.~") + ("?" + canonical_query(query) if query else "")
        return send(self.url, method, target, signed, body)

    def chunked(self, path, chunks, headers=None, trailer=None, spoil=None):
        """A PUT in signed chunks; `trailer` is a name and value, and `spoil` the number of a chunk with a bad signature."""
        kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
        size = sum(map(len, chunks))
        headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(size), **(headers or {})}
        if trailer:
            headers["x-amz-trailer"] = trailer[0]
        signed = self.headers("PUT", path, (), headers, kind)
        stamp, before = signed["x-amz-date"], signed["authorization"][-64:]
        body = b""
        for number, chunk in enumerate([*chunks, b""]):
            before = self._chunk(stamp, before, "PAYLOAD", EMPTY + "\n" + hashlib.sha256(chunk).hexdigest())
            told = before if number != spoil else "0" * 64
            body += b"%x;chunk-signature=%s\r\n" % (len(chunk), told.encode()) + (chunk + b"\r\n" if chunk else b"")
        if trailer:
            before = self._chunk(stamp, before, "TRAILER", hashlib.sha256(f"{trailer[0]}:{trailer[1]}\n".encode()).hexdigest())
            body += f"{trailer[0]}:{trailer[1]}\r\nx-amz-trailer-signature:{before}\r\n".encode()
        return send(self.url, "PUT", urllib.parse.quote(path), signed, body + b"\r\n")

    def _chunk(self, stamp, before, kind, rest):
        text = f"AWS4-HMAC-SHA256-{kind}\n{stamp}\n{self.scope(stamp)}\n{before}\n{rest}"
        return hmac.new(self.key(stamp[:8]), text.encode(), hashlib.sha256).hexdigest()


def canonical_query(query):
    quoted = [(urllib.parse.quote(n, safe="-_.~"), urllib.parse.quote(v, safe="-_.~")) for n, v in query]
    return "&".join(f"{n}={v}" for n, v in sorted(quoted))


def send(url, method, target, headers, body=b""):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https":
        unproved = ssl.create_default_context()
        unproved.check_hostname, unproved.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(parts.netloc, timeout=30, context=unproved)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        headers = {"host": parts.netloc, **headers}
        if "content-length" not in headers and (body or method in ("PUT", "POST")):
            headers["content-length"] = str(len(body))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        reply = connection.getresponse()
        return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
    finally:
        connection.close()
