"""The same index in Elasticsearch: see docs/decisions/0024. Nothing else imports its client."""
