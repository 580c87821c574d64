"""
Sign-in at an institution, by OpenID Connect.

allauth keeps the identities and takes people through the steps of signing in;
the exchange with the institution is the portal's own, because every token is
checked in full: signature, issuer, audience, nonce, time.
"""
