"""Certificates of a test's own authority: good ones, and each kind of bad one."""

import datetime as dt
import ipaddress
import ssl
import warnings
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)
_PAST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Authority:
    """Signs certificates; `file` is what a client trusts it by."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    def context(self, name: str, host: str = "127.0.0.1", *, until: dt.datetime = _END) -> ssl.SSLContext:
        """A server's side with a certificate for this host that this authority signed."""
        key = ec.generate_private_key(ec.SECP256R1())
        return _context(self.folder / f"{name}.pem", key, _signed(host, key, self.certificate.subject, self.key, until))


def authority(folder: Path) -> Authority:
    """An authority that nobody trusts but who is given its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    made = Authority(key, _signed("authority.test", key, name, key, _END, subject=name, signs=True), folder)
    made.file.write_bytes(made.certificate.public_bytes(serialization.Encoding.PEM))
    return made


def good(signer: Authority) -> ssl.SSLContext:
    """A certificate without fault."""
    return signer.context("good")


def expired(signer: Authority) -> ssl.SSLContext:
    """A certificate that ended years ago."""
    return signer.context("expired", until=_PAST)


def wrong_host(signer: Authority) -> ssl.SSLContext:
    """A certificate for another host."""
    return signer.context("wrong-host", "other.example")


def self_signed(signer: Authority) -> ssl.SSLContext:
    """A certificate that nobody but its owner has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Myself")])
    return _context(signer.folder / "self.pem", key, _signed("127.0.0.1", key, name, key, _END, subject=name))


def old_version(signer: Authority) -> ssl.SSLContext:
    """A server that speaks nothing newer than TLS 1.1."""
    context = signer.context("old")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is what is to be refused
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def asking_for_a_certificate(signer: Authority) -> ssl.SSLContext:
    """A server that lets nobody in who has no certificate of his own."""
    context = signer.context("asking")
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # later ones tell it only when the page is asked for
    context.load_verify_locations(signer.file)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _signed(
    host: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, by: ec.EllipticCurvePrivateKey, until: dt.datetime,
    *, subject: x509.Name | None = None, signs: bool = False,
) -> x509.Certificate:  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject or x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([_general(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
        .sign(by, hashes.SHA256())
    )


def _context(file: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
