-- The collection site. Everything here but secrets, keys, votes and reports can be made from the event log again.
create table collect_secrets (name text primary key, value text not null);

-- A person: a keyed hash, the `user` of the event log. `receipt`: SHA-256 of the code that withdraws everything.
create table collect_people (
  id text primary key,
  receipt text not null unique,
  account text,
  created_at timestamptz not null,
  withdrawn_at timestamptz
);
create table collect_acceptances (
  person text not null references collect_people (id) on delete cascade,
  terms text not null,
  accepted_at timestamptz not null,
  primary key (person, terms)
);
create index collect_acceptances_by_terms on collect_acceptances (terms);

-- After a withdrawal an account is another person. `account`: keyed hash of the account's id.
create table collect_accounts (account text primary key, generation integer not null default 0);

-- Conversations. `facts`: what the site needs beside (see src/collect/chat/store.ts). A cleared one keeps this row, since a withdrawal must find it.
create table collect_chats (
  id text primary key,
  person text not null,
  kind text not null check (kind in ('chat', 'battle', 'compare')),
  facts jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  is_listed boolean not null default false
);
create index collect_chats_by_person on collect_chats (person, updated_at desc);

create table collect_turns (
  id text primary key,
  chat text not null references collect_chats (id) on delete cascade,
  made_at timestamptz not null,
  data jsonb not null
);
create index collect_turns_by_chat on collect_turns (chat, made_at);

create table collect_shares (
  id text primary key,
  chat text not null unique references collect_chats (id) on delete cascade,
  turn text not null,
  shared_at timestamptz not null
);

-- Votes of battles and comparisons, as the leaderboard reads them.
create table collect_votes (
  battle text primary key,
  number bigserial,
  model_a text not null,
  model_b text not null,
  winner text not null check (winner in ('model_a', 'model_b', 'tie', 'tie (bothbad)')),
  is_anonymous boolean not null,
  judge text not null,
  address text not null,
  voted_at timestamptz not null,
  exclusion text,
  features jsonb
);
create index collect_votes_by_number on collect_votes (number);
create index collect_votes_by_judge on collect_votes (judge, voted_at);
create index collect_votes_by_address on collect_votes (address, voted_at);

create table collect_withdrawals (
  receipt text primary key,
  person text not null,
  conversations jsonb not null,
  recorded_at timestamptz not null,
  is_whole boolean not null,
  told_at timestamptz
);

create table collect_reports (
  id text primary key,
  kind text not null,
  text text not null,
  share text,
  chat text,
  reported_at timestamptz not null,
  closed_at timestamptz
);

create table collect_gateway_keys (
  id text primary key,
  hash text not null unique,
  application text not null,
  consent_statement text not null,
  terms text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
