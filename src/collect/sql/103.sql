-- Token buckets that several processes share. Unlogged: worth nothing after a crash, and no taking waits for the disk.
create unlogged table collect_buckets (
  key text primary key,
  tokens double precision not null,
  at timestamptz not null,
  burst double precision not null,
  rate double precision not null
);
