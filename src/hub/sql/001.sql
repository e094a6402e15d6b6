-- Accounts. Passwords and outside identities lie in `credentials`; a person's name is also their namespace.
create table users (
  id text primary key,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  fullname text not null default '',
  image text,
  role text not null default 'reader' check (role in ('reader', 'steward', 'owner', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index users_by_name on users (lower(name));
create unique index users_by_email on users (lower(email));

create table credentials (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index credentials_by_user on credentials (user_id);

create table sessions (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_by_user on sessions (user_id);

create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_by_identifier on verifications (identifier);

-- Personal tokens: only their SHA-256 is kept. `scopes` of fine-grained ones: [{"dataset": "ns/name", "permissions": ["read", "write"]}].
create table tokens (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  display_name text not null,
  role text not null check (role in ('read', 'write', 'fineGrained')),
  scopes jsonb not null default '[]',
  hash text not null unique,
  ending text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index tokens_by_user on tokens (user_id);

-- Who may own datasets: every user, and organizations with members.
create table namespaces (
  name text primary key,
  user_id text references users (id) on delete set null,
  created_at timestamptz not null default now()
);
create unique index namespaces_by_lower_name on namespaces (lower(name));

create table members (
  namespace text not null references namespaces (name) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  role text not null check (role in ('steward', 'owner')),
  primary key (namespace, user_id)
);

create table secrets (name text primary key, value text not null);

-- Datasets and their history: real git object ids, so that a revision names its content.
create table datasets (
  id text primary key,
  namespace text not null references namespaces (name),
  name text not null,
  visibility text not null default 'public' check (visibility in ('public', 'private')),
  gated text not null default 'false' check (gated in ('false', 'auto', 'manual')),
  settings jsonb not null default '{}',
  downloads bigint not null default 0,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index datasets_by_name on datasets (lower(namespace), lower(name));

create table renames (
  namespace text not null,
  name text not null,
  dataset_id text not null references datasets (id) on delete cascade,
  primary key (namespace, name)
);

create table trees (oid text primary key, entries jsonb not null);

create table commits (
  dataset_id text not null references datasets (id) on delete cascade,
  id text not null,
  position bigint not null,
  parent text,
  tree text not null references trees (oid),
  title text not null,
  message text not null default '',
  author text not null,
  created_at timestamptz not null,
  primary key (dataset_id, id)
);

create table refs (
  dataset_id text not null references datasets (id) on delete cascade,
  kind text not null check (kind in ('branch', 'tag')),
  name text not null,
  target text not null,
  message text,
  primary key (dataset_id, kind, name)
);

-- Content that was uploaded to a dataset. Knowing a hash gives no right to the bytes: a commit can only name content of its own dataset.
create table contents (
  dataset_id text not null references datasets (id) on delete cascade,
  sha256 text not null,
  size_bytes bigint not null,
  uploaded_at timestamptz not null default now(),
  primary key (dataset_id, sha256)
);

-- Bytes that are promised to be gone: served as 410 with the reason, at every revision.
create table withdrawals (
  dataset_id text not null references datasets (id) on delete cascade,
  sha256 text not null,
  reason text not null,
  ticket text,
  withdrawn_at timestamptz not null,
  primary key (dataset_id, sha256)
);

-- The gate.
create table terms (
  dataset_id text not null references datasets (id) on delete cascade,
  level text not null check (level in ('release', 'raw')),
  version integer not null,
  heading text not null default '',
  text text not null default '',
  fields jsonb not null default '[]',
  created_at timestamptz not null,
  -- When set: grants under older versions stop at this time.
  reconsent_by timestamptz,
  primary key (dataset_id, level, version)
);

create table requests (
  id text primary key,
  dataset_id text not null references datasets (id) on delete cascade,
  level text not null check (level in ('release', 'raw')),
  user_id text not null references users (id) on delete cascade,
  status text not null check (status in ('pending', 'accepted', 'rejected', 'revoked')),
  fields jsonb not null default '{}',
  terms_version integer not null,
  by_hand boolean not null default false,
  reason text,
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  expires_at timestamptz,
  unique (dataset_id, level, user_id)
);
create index requests_by_status on requests (dataset_id, level, status, requested_at);

create table domain_rules (
  dataset_id text not null references datasets (id) on delete cascade,
  level text not null check (level in ('release', 'raw')),
  domain text not null,
  decision text not null check (decision in ('accept', 'reject')),
  days integer,
  primary key (dataset_id, level, domain)
);

create table raw_files (
  dataset_id text not null references datasets (id) on delete cascade,
  path text not null,
  sha256 text not null,
  size_bytes bigint not null,
  uploaded_at timestamptz not null,
  primary key (dataset_id, path)
);

-- The ledger: append-only, every entry carries the hash of the one before.
create table ledger (
  number bigint primary key,
  at text not null,
  actor text not null,
  action text not null,
  dataset text,
  revision text,
  path text,
  bytes bigint,
  detail jsonb not null default '{}',
  previous text not null,
  hash text not null unique
);
create index ledger_by_dataset on ledger (dataset, number);
create table ledger_head (is_only boolean primary key default true check (is_only), number bigint not null, hash text not null);
insert into ledger_head (number, hash) values (0, repeat('0', 64));
create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'the ledger is append-only'; end $$;
create trigger ledger_append_only before update or delete on ledger for each row execute function refuse_change();
create trigger ledger_not_emptied before truncate on ledger for each statement execute function refuse_change();
