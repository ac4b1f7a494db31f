-- When a request was sent last. What an earlier udsync left open may have been sent up to this moment.
ALTER TABLE tickets ADD COLUMN sent_at TEXT;
UPDATE tickets SET sent_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE closed_at IS NULL;
