-- Attempts to log in, sign up and the like, counted for all servers together. What is counted is named by a keyed hash alone, and goes when its time is over.
-- Unlogged: no attempt waits for a disk, and after a crash of the database everybody begins anew.
create unlogged table attempts (
  key text primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index attempts_by_end on attempts (ends_at);
