-- Content that a deleted dataset or raw file named: erased from the store where nothing else names it.
create table erasures (sha256 text primary key);
