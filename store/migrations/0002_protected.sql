-- Whether the subscriber's traffic must not cross, in the clear, equipment that nobody vouches for.
ALTER TABLE subscribers ADD COLUMN protected INTEGER NOT NULL DEFAULT 0;
