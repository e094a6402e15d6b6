-- Models, papers and other work that use a dataset. Who may read the release can add one; it is shown once an owner approves it.
create table uses (
  id text primary key,
  dataset_id text not null references datasets (id) on delete cascade,
  kind text not null check (kind in ('model', 'paper', 'other')),
  title text not null,
  url text not null,
  note text not null default '',
  status text not null check (status in ('pending', 'approved', 'declined')),
  added_by text not null references users (id) on delete cascade,
  added_at timestamptz not null,
  decided_by text,
  decided_at timestamptz
);
create index uses_by_dataset on uses (dataset_id, status, added_at);
create unique index uses_once on uses (dataset_id, url);
