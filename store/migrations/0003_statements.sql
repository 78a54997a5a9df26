-- What operators have ordered of the law and must outlast the process: a kind and its text, under
-- the key file. A number is not used again.
CREATE TABLE statements (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	kind   TEXT NOT NULL,
	sealed BLOB NOT NULL
) STRICT;

-- Values of which only the newest counts, each under a name and the key file.
CREATE TABLE kept (
	name   TEXT PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
