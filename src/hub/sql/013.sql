-- Searches that people gave a name: the address of a view of a dataset.
create table saved_searches (
  user_id text not null references users (id) on delete cascade,
  dataset text not null,
  name text not null,
  href text not null,
  saved_at timestamptz not null,
  primary key (user_id, dataset, name)
);
