-- Promises after release: requests for deletion, and the licence's duty to delete all copies.
create table deletion_requests (
  id text primary key,
  dataset_id text not null references datasets (id) on delete cascade,
  kind text not null check (kind in ('conversation', 'person')),
  -- The conversation's id or the person's keyed hash; emptied once the request is settled, when only its SHA-256 stays.
  subject text,
  subject_hash text not null,
  requested_by text not null,
  reason text not null default '',
  status text not null check (status in ('open', 'accepted', 'declined', 'done')),
  note text,
  opened_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  revision text
);
create index deletion_requests_by_dataset on deletion_requests (dataset_id, status, opened_at);

create table licence_demands (
  id text primary key,
  dataset_id text not null references datasets (id) on delete cascade,
  text text not null,
  issued_at timestamptz not null,
  issued_by text not null,
  due_at timestamptz not null
);

create table licence_confirmations (
  demand_id text not null references licence_demands (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  confirmed_at timestamptz,
  words text,
  primary key (demand_id, user_id)
);
