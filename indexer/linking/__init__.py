"""Linking: article to the officials, bodies and topics that it names."""
