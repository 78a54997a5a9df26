-- The network's own facts.
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- supi is the number of digits shifted left by 56, or'ed with the digits as a number.
CREATE TABLE subscribers (
	supi       INTEGER PRIMARY KEY,
	algorithm  INTEGER NOT NULL,
	method     INTEGER NOT NULL,
	amf        INTEGER NOT NULL, -- authentication management field
	plan       TEXT    NOT NULL,
	sqn_offset INTEGER NOT NULL,
	created    INTEGER NOT NULL, -- Unix seconds
	sealed     BLOB    NOT NULL  -- K, OPc and TUAK's sizes, under the key file
) STRICT;

-- What a registered device's loop needs to go on after a restart, opaque here.
CREATE TABLE contexts (
	supi   INTEGER PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT;
