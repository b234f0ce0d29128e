"""A month of a desk with alerts: papers that live, a service that is killed, sinks that fail, and
an oracle that reads the archive afterwards and says what should have been told.

`rules` what is asked for; `month` what happens; `oracle` what should have been told; `sinks` what
was.
"""
