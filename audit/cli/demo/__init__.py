"""The demonstration: small sites of invented agencies, served on loopback and audited."""
