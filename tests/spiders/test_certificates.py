"""Certificates are checked, also inside a tunnel through a proxy: Scrapy's own default is not to."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, Crawled, LoopbackSite
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from spiders.order import Seed


class TinyProxy:
    """Opens a tunnel for CONNECT and passes bytes on; `tunnels` are the places that were asked for."""

    def __init__(self) -> None:
        self.tunnels: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        place = head.split()[1].decode()
        self.tunnels.append(place)
        host, _, port = place.partition(":")
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[TinyProxy]:
    proxy = TinyProxy()
    yield proxy
    proxy.close()


@pytest.fixture
def certify(site: LoopbackSite, tmp_path: Path) -> Callable[..., Path]:
    """Puts the site behind a self-signed certificate, and returns the file to trust it with."""

    def certified(*, host: str = "127.0.0.1", days: int = 1) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - a certificate is valid from now on
        alternative: Any = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=9))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "site.pem"
        pem = serialization.Encoding.PEM
        file.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + certificate.public_bytes(pem)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        site.server.socket = context.wrap_socket(site.server.socket, server_side=True, do_handshake_on_connect=False)
        site.pages["/"] = Answer("<title>Safe</title><p>words")
        return file

    return certified


@pytest.mark.parametrize(
    ("trusted", "certificate", "tunnelled", "outcome"),
    [
        (True, {}, False, "Safe"),
        (True, {}, True, "Safe"),
        (False, {}, False, "tls"),
        (False, {}, True, "tls"),
        (True, {"host": "elsewhere.example"}, True, "tls"),
        (True, {"days": -1}, True, "tls"),
    ],
    ids=["trusted", "trusted, tunnelled", "self-signed", "self-signed, tunnelled", "another host's", "expired"],
)
def test_a_page_is_read_only_behind_a_valid_certificate(
    *,
    trusted: bool,
    certificate: dict[str, Any],
    outcome: str,
    tunnelled: bool,
    site: LoopbackSite,
    crawl: Callable[..., Crawled],
    certify: Callable[..., Path],
    proxy: TinyProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = certify(**certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(file) if trusted else "/dev/null")
    crawled = crawl(seeds=(Seed(f"https://{site.place}/", "service"),), proxy=proxy.address if tunnelled else "")
    page = crawled.pages["/"]
    assert (page.failure.kind.value if page.failure else page.title) == outcome
    assert site.paths() == (["/"] if outcome == "Safe" else [])
    assert proxy.tunnels == ([site.place] if tunnelled else [])
