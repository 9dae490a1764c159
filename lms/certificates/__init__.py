"""Certificates: signers, numbers, issuing, printing, revoking, the register and the public check."""
